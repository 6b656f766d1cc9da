/** Delivers queued mails, and records in the audit log those that could not be delivered. */

import type { Mailer } from '../../mail/mail.ts';
import type { Channel } from '../../outbox/outbox.ts';
import { type AuditEntry, recordAudit } from '../audit/record.ts';
import type { MailOwner, QueuedMail } from './send-mail.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** About eighteen hours in all, enough for a mail server that is down overnight. */
export const MAIL_RETRY_DELAYS_MS: readonly number[] = [
  5_000,
  30_000,
  2 * MINUTE_MS,
  5 * MINUTE_MS,
  15 * MINUTE_MS,
  HOUR_MS,
  2 * HOUR_MS,
  6 * HOUR_MS,
  8 * HOUR_MS,
];
/** Shorter than a drain of the server. */
export const MAIL_ATTEMPT_TIMEOUT_MS = 20_000;

export function mailChannel(mailer: Mailer): Channel {
  return {
    retryDelaysMs: MAIL_RETRY_DELAYS_MS,
    attemptTimeoutMs: MAIL_ATTEMPT_TIMEOUT_MS,
    deliver({ body }, signal) {
      const { content, language, to } = readQueued(body);
      return mailer.send({ ...content, to, language }, signal);
    },
    async died(tx, { body }, why) {
      // A body that could not be opened does not show its owner. The log and the metrics report it.
      if (body === null) return;
      const { owner, to } = readQueued(body);
      await recordAudit(tx, undelivered(owner, to, why));
    },
  };
}

/** The audit entry of a mail that was not delivered, for the OWNERs of the panel or for the platform. */
export function undelivered(owner: MailOwner, email: string, why: string): AuditEntry {
  const { resellerId, tenantId, userId } = owner;
  const changes = [{ field: 'reason', before: null, after: why }];
  return { tenantId, resellerId, actorId: userId, address: null, action: 'MAIL_NOT_DELIVERED', subject: email, changes };
}

/** Reads the body that `sendMail` wrote. */
function readQueued(body: string): QueuedMail {
  return JSON.parse(body);
}
