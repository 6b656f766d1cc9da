/** Queues a mail in the transaction of the change that it announces. */

import type { Transaction } from '../../db/sql.ts';
import { uuidv7 } from '../../kernel/uuid.ts';
import type { MailContent, MailLanguage } from '../../mail/mail.ts';
import type { Ports } from '../ports.ts';

/** The channel of mails whose recipient is known. */
export const MAIL_CHANNEL = 'mail';
/** All mail goes to one server. */
export const MAIL_TARGET = 'smtp';

/** The language of mails that the recipient did not request, so that no language is known. */
export const DEFAULT_LANGUAGE: MailLanguage = 'pt';

/** The owner of a mail. If it cannot be delivered, this panel's audit log gets an entry. */
export interface MailOwner {
  readonly tenantId: string;
  /** null for the platform. */
  readonly resellerId: string | null;
  readonly userId: string;
}

/** A mail as it waits in the outbox. */
export interface QueuedMail {
  readonly owner: MailOwner;
  readonly to: string;
  readonly language: MailLanguage;
  readonly content: MailContent;
}

/** Sends a mail if `tx` commits. Does nothing if mail is not set up. Wake the outbox after the commit. */
export async function sendMail({ mail, outbox }: Pick<Ports, 'mail' | 'outbox'>, tx: Transaction, queued: QueuedMail): Promise<void> {
  if (mail === null) return;
  const { owner } = queued;
  await outbox.write(tx, {
    tenantId: owner.tenantId,
    channel: MAIL_CHANNEL,
    target: MAIL_TARGET,
    // Each mail has its own lane, so that a refused one delays no other.
    lane: uuidv7(),
    body: JSON.stringify(queued),
    expiresInMs: null,
  });
}
