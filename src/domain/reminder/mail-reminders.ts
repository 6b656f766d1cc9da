/** Passes e-mail reminders to the outbox, each once, and delivers them (R58, ADR-0110). */

import { isOf, tenantOr } from '../../db/by-tenant.ts';
import type { Sql } from '../../db/sql.ts';
import type { Mailer, MailLanguage } from '../../mail/mail.ts';
import type { Channel } from '../../outbox/outbox.ts';
import { MAIL_ATTEMPT_TIMEOUT_MS, MAIL_RETRY_DELAYS_MS } from '../mail/mail-channel.ts';
import { MAIL_TARGET } from '../mail/send-mail.ts';
import type { Ports } from '../ports.ts';
import { transact } from '../transact.ts';
import { LATE_MS, lateAfter } from './late.ts';
import { stillApplies } from './still-applies.ts';
import { type Facts, fillIn, languageOf } from './template.ts';

export const REMINDER_CHANNEL = 'reminder';
/** The most messages in one transaction. */
const BATCH_ROWS = 100;
/** A contact that is an e-mail address: it has one @, and a domain with a dot. */
const EMAIL = /^[^\s@<>,;:"\\]{1,64}@[^\s@<>,;:"\\]+\.[^\s@<>,;:"\\.]+$/;

interface Waiting {
  readonly tenantId: string;
  readonly id: string;
  readonly contact: string | null;
}

/**
 * Runs one transaction of bounded length. Returns whether there may be more to do at once. If mail is not set up, messages wait
 * until they are late.
 */
export async function mailReminders(ports: Pick<Ports, 'sql' | 'topology' | 'mail' | 'outbox'>): Promise<boolean> {
  const { mail, sql, topology } = ports;
  if (mail === null) return false;
  if (topology === 'single') return (await isAnyWaiting(sql)) && mailIn(ports, null);
  const tenants = await sql<{ tenantId: string }[]>`
    SELECT tenant_id AS "tenantId" FROM reminder_message WHERE channel = 'EMAIL' AND handed_at IS NULL AND due_at > now() - ${lateAfter(sql)}
    GROUP BY tenant_id ORDER BY min(due_at) LIMIT ${BATCH_ROWS}`;
  let isMore = false;
  for (const { tenantId } of tenants) isMore = (await mailIn(ports, tenantId)) || isMore;
  return isMore;
}

async function mailIn({ outbox, sql }: Pick<Ports, 'sql' | 'outbox'>, ofTenant: string | null): Promise<boolean> {
  const { rows } = await transact({ sql }, async (tx) => {
    const waiting = await tx<Waiting[]>`
      SELECT m.tenant_id AS "tenantId", m.id, c.contact FROM reminder_message m
      JOIN customer c ON c.tenant_id = m.tenant_id AND c.id = m.customer_id
      WHERE ${isOf(tx, ofTenant, 'm.tenant_id')} AND m.channel = 'EMAIL' AND m.handed_at IS NULL AND m.due_at > now() - ${lateAfter(tx)}
      ORDER BY m.due_at, m.number LIMIT ${BATCH_ROWS} FOR NO KEY UPDATE OF m SKIP LOCKED`;
    // A customer without an e-mail address gets no e-mail. Each message has its own lane, so that messages do not wait for each other.
    const addressed = waiting.filter(({ contact }) => emailOf(contact) !== null);
    await Promise.all(
      addressed.map(({ id, tenantId }) => {
        const body = JSON.stringify({ tenantId, id });
        return outbox.write(tx, { tenantId, channel: REMINDER_CHANNEL, target: MAIL_TARGET, lane: id, body, expiresInMs: LATE_MS });
      }),
    );
    const ids = JSON.stringify(waiting);
    await tx`
      UPDATE reminder_message m SET handed_at = date_trunc('milliseconds', statement_timestamp())
      FROM jsonb_to_recordset(${ids}::text::jsonb) AS given ("tenantId" uuid, id uuid) WHERE m.tenant_id = ${tenantOr(tx, ofTenant, 'given."tenantId"')} AND m.id = given.id`;
    return { rows: waiting.length };
  });
  if (rows > 0) outbox.wake();
  return rows === BATCH_ROWS;
}

async function isAnyWaiting(sql: Sql): Promise<boolean> {
  const { count } = await sql`
    SELECT FROM reminder_message WHERE channel = 'EMAIL' AND handed_at IS NULL AND due_at > now() - ${lateAfter(sql)} LIMIT 1`;
  return count > 0;
}

function emailOf(contact: string | null): string | null {
  const typed = contact?.trim() ?? '';
  return EMAIL.test(typed) ? typed : null;
}

interface Outgoing extends Facts {
  readonly contact: string | null;
  readonly template: string;
}

/** Each attempt decides anew whether to send: not if the customer has renewed meanwhile, or if the message is late. */
export function reminderChannel({ mailer, sql }: { readonly sql: Sql; readonly mailer: Mailer }): Channel {
  return {
    retryDelaysMs: MAIL_RETRY_DELAYS_MS,
    attemptTimeoutMs: MAIL_ATTEMPT_TIMEOUT_MS,
    async deliver({ body }, signal) {
      const { id, tenantId } = readBody(body);
      const [row] = await sql<Outgoing[]>`
        SELECT m.due_at AS "dueAt", m.expires_at AS "expiresAt", r.template, c.name, c.contact, c.next_screens AS screens, a.login,
          p.name AS seller, t.time_zone AS "timeZone"
        FROM reminder_message m
        JOIN tenant t ON t.id = ${tenantId}
        JOIN reseller p ON p.tenant_id = ${tenantId} AND p.id = m.reseller_id
        JOIN customer c ON c.tenant_id = m.tenant_id AND c.id = m.customer_id
        JOIN reminder_rule r ON r.tenant_id = ${tenantId} AND r.reseller_id = m.reseller_id AND r.rule = m.rule
        LEFT JOIN customer_access a ON a.tenant_id = ${tenantId} AND a.customer_id = m.customer_id
        WHERE m.tenant_id = ${tenantId} AND m.id = ${id} AND m.sent_at IS NULL AND ${stillApplies(sql, tenantId)}`;
      const to = row === undefined ? null : emailOf(row.contact);
      if (row === undefined || to === null) return { kind: 'delivered' };
      const { seller, template } = row;
      const language: MailLanguage = languageOf(template);
      const outcome = await mailer.send({ template: 'reminder', text: fillIn(template, row), seller, to, language }, signal);
      if (outcome.kind === 'delivered') {
        await sql`
          UPDATE reminder_message SET sent_at = date_trunc('milliseconds', statement_timestamp()), template = ${template}
          WHERE tenant_id = ${tenantId} AND id = ${id}`;
      }
      return outcome;
    },
    // The message stays without `sent_at`. An audit entry for each failed message would flood the log and hide other entries.
    died: async () => {},
  };
}

function readBody(body: string): { readonly tenantId: string; readonly id: string } {
  return JSON.parse(body);
}
