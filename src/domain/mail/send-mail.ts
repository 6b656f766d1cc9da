/** Asks for a mail in the transaction of what it tells. */

import type { Transaction } from '../../db/sql.ts';
import { uuidv7 } from '../../kernel/uuid.ts';
import type { MailContent, MailLanguage } from '../../mail/mail.ts';
import type { Ports } from '../ports.ts';

/** The channel of mails whose reader is known. */
export const MAIL_CHANNEL = 'mail';
/** All mail goes to one server. */
export const MAIL_TARGET = 'smtp';

/** Of whom no language is known: nobody who reads the mail has asked for it. */
export const DEFAULT_LANGUAGE: MailLanguage = 'pt';

/** Whose mail it is: in this panel's audit log it is told when it cannot be delivered. */
export interface MailOwner {
  readonly tenantId: string;
  /** null: the platform's own. */
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

/** Sends a mail if `tx` commits; nothing where mail is not set up. Wake the outbox after the commit. */
export async function sendMail({ mail, outbox }: Pick<Ports, 'mail' | 'outbox'>, tx: Transaction, queued: QueuedMail): Promise<void> {
  if (mail === null) return;
  const { owner } = queued;
  await outbox.write(tx, {
    tenantId: owner.tenantId,
    channel: MAIL_CHANNEL,
    target: MAIL_TARGET,
    // Mails stand for themselves: one that is refused holds up no other.
    lane: uuidv7(),
    body: JSON.stringify(queued),
    expiresInMs: null,
  });
}
