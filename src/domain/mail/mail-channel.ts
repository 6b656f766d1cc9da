/** Delivers the mails that use cases asked for, and tells in an audit log what could not be delivered. */

import type { Mailer } from '../../mail/mail.ts';
import type { Channel } from '../../outbox/outbox.ts';
import { type AuditEntry, recordAudit } from '../audit/record.ts';
import type { MailOwner, QueuedMail } from './send-mail.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** About eighteen hours: a mail server that was down over night. */
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
/** Shorter than a drain. */
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
      // What could not be opened does not tell whose it was: the log and the metrics do.
      if (body === null) return;
      const { owner, to } = readQueued(body);
      await recordAudit(tx, undelivered(owner, to, why));
    },
  };
}

/** For the OWNERs of the panel to see, or the platform. */
export function undelivered(owner: MailOwner, email: string, why: string): AuditEntry {
  const { resellerId, tenantId, userId } = owner;
  const changes = [{ field: 'reason', before: null, after: why }];
  return { tenantId, resellerId, actorId: userId, address: null, action: 'MAIL_NOT_DELIVERED', subject: email, changes };
}

/** As `sendMail` wrote it. */
function readQueued(body: string): QueuedMail {
  return JSON.parse(body);
}
