/** Reads the day's list of prepared messages (R58). */

import type { Sql, Transaction } from '../../db/sql.ts';
import { contactKeyOf } from '../customer/contact.ts';
import type { RowId } from '../input.ts';
import { lateAfter } from './late.ts';
import { type Facts, fillIn } from './template.ts';

/** The most messages that are read at once. */
export const MAX_MESSAGES = 500;

export interface QueuedMessage extends RowId {
  readonly customerId: string;
  readonly template: string;
  readonly facts: Facts;
  readonly contact: string | null;
  readonly sentAt: Date | null;
}

interface Row extends Facts, Omit<QueuedMessage, 'facts'> {}

/** A phone number in international format. */
const E164 = /^\+[1-9]\d{7,14}$/;

export function textOf({ facts, template }: Pick<QueuedMessage, 'facts' | 'template'>): string {
  return fillIn(template, facts);
}

/** A link that opens WhatsApp with the text filled in. null if the contact is not a phone number. */
export function whatsappUrlOf(message: QueuedMessage): string | null {
  const key = message.contact === null ? '' : contactKeyOf(message.contact);
  return E164.test(key) ? `https://wa.me/${key.slice(1)}?${new URLSearchParams({ text: textOf(message) })}` : null;
}

/**
 * Returns the messages of a day in the tenant's time zone, unsent ones first. An unsent message is shown only while it applies: not
 * after its customer was renewed, muted, canceled or moved to another panel, or after its rule was deleted.
 */
export async function messageQueue(sql: Sql, panel: RowId, day: Date | null, limit: number): Promise<QueuedMessage[]> {
  const rows = await sql<Row[]>`
    SELECT ${columns(sql)} ${tables(sql, panel)} ${ofDay(sql, panel, day)} AND (m.sent_at IS NOT NULL OR ${isTrue(sql)})
    ORDER BY m.sent_at IS NOT NULL, m.due_at, m.expires_at, m.customer_id LIMIT ${limit}`;
  return rows.map(messageOf);
}

/** Counts the unsent ones of these messages. */
export async function countUnsent(sql: Sql, panel: RowId, day: Date | null): Promise<number> {
  const [row] = await sql<{ unsent: number }[]>`
    SELECT count(*)::integer AS unsent ${tables(sql, panel)} ${ofDay(sql, panel, day)} AND m.sent_at IS NULL AND ${isTrue(sql)}`;
  return row?.unsent ?? 0;
}

/** Returns the panel's message with this id, sent or unsent, or null. */
export async function findMessage(sql: Sql | Transaction, panel: RowId, id: string): Promise<QueuedMessage | null> {
  const [row] = await sql<Row[]>`
    SELECT ${columns(sql)} ${tables(sql, panel)}
    WHERE m.tenant_id = ${panel.tenantId} AND m.id = ${id} AND m.reseller_id = ${panel.id} AND m.channel = 'QUEUE'
      AND coalesce(m.template, r.template) IS NOT NULL`;
  return row ? messageOf(row) : null;
}

function columns(sql: Sql | Transaction) {
  return sql`m.tenant_id AS "tenantId", m.id, m.customer_id AS "customerId", m.sent_at AS "sentAt", m.due_at AS "dueAt",
    m.expires_at AS "expiresAt", coalesce(m.template, r.template) AS template, c.name, c.contact, c.next_screens AS screens, a.login,
    p.name AS seller, t.time_zone AS "timeZone"`;
}

/** Reads each customer by its key, even if the planner's statistics are out of date because the tables grew within the hour. */
function tables(sql: Sql | Transaction, { tenantId }: RowId) {
  return sql`
    FROM reminder_message m
    JOIN tenant t ON t.id = ${tenantId}
    JOIN reseller p ON p.tenant_id = ${tenantId} AND p.id = m.reseller_id
    JOIN LATERAL (
      SELECT reseller_id, name, contact, next_screens, expires_at, muted, canceled_at FROM customer
      WHERE tenant_id = ${tenantId} AND id = m.customer_id OFFSET 0
    ) AS c ON c.reseller_id = m.reseller_id
    LEFT JOIN reminder_rule r ON r.tenant_id = ${tenantId} AND r.reseller_id = m.reseller_id AND r.rule = m.rule
    LEFT JOIN LATERAL (
      SELECT login FROM customer_access WHERE tenant_id = ${tenantId} AND customer_id = m.customer_id OFFSET 0
    ) AS a ON true`;
}

/** Today includes messages of the previous evening that are not late yet, so that midnight does not cut their six hours short. */
function ofDay(sql: Sql, { id, tenantId }: RowId, day: Date | null) {
  return sql`
    CROSS JOIN LATERAL (
      SELECT CASE WHEN ${day}::timestamptz IS NULL THEN least(begins, clock_timestamp() - ${lateAfter(sql)}) ELSE begins END AS begins, ends
      FROM (SELECT date_trunc('day', coalesce(${day}::timestamptz, clock_timestamp()) AT TIME ZONE t.time_zone) AS day) AS local,
        LATERAL (SELECT day AT TIME ZONE t.time_zone AS begins, (day + interval '1 day') AT TIME ZONE t.time_zone AS ends) AS bounds
    ) AS local
    WHERE m.tenant_id = ${tenantId} AND m.reseller_id = ${id} AND m.channel = 'QUEUE' AND m.due_at >= local.begins AND m.due_at < local.ends`;
}

function isTrue(sql: Sql) {
  return sql`(r.rule IS NOT NULL AND c.expires_at = m.expires_at AND NOT c.muted AND c.canceled_at IS NULL)`;
}

function messageOf({ contact, customerId, id, sentAt, template, tenantId, ...facts }: Row): QueuedMessage {
  return { tenantId, id, customerId, contact, sentAt, template, facts };
}
