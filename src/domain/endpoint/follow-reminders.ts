/** Writes deliveries for webhook reminders to their panel's endpoints, each once (R58, ADR-0110). */

import type { RowId } from '../input.ts';
import type { Ports } from '../ports.ts';
import { lateAfter } from '../reminder/late.ts';
import { stillApplies } from '../reminder/still-applies.ts';
import { type Facts, fillIn } from '../reminder/template.ts';
import { transact } from '../transact.ts';
import { reminderEvent, type WriteId } from './payloads.ts';
import { takesReminders } from './takes-reminders.ts';
import { holdForWriting, inSteps, type Step, writeDeliveries } from './write-deliveries.ts';

/** The most reminders in one transaction, and the most panels in one round. */
const BATCH_ROWS = 200;
const MAX_PANELS = 100;

interface Row extends Facts, RowId {
  readonly number: number;
  readonly customerId: string;
  readonly contact: string | null;
  readonly template: string;
  readonly isTrue: boolean;
}

/** Returns whether anything was written. If a panel has no endpoint for reminders, they wait until they are late. */
export async function followReminders(ports: Pick<Ports, 'sql'>, writeId: WriteId, stop?: AbortSignal): Promise<boolean> {
  const panels = await ports.sql<RowId[]>`
    SELECT DISTINCT m.tenant_id AS "tenantId", m.reseller_id AS id FROM reminder_message m
    WHERE m.channel = 'WEBHOOK' AND m.handed_at IS NULL AND m.due_at > now() - ${lateAfter(ports.sql)}
      AND EXISTS (SELECT FROM webhook_endpoint e WHERE e.tenant_id = m.tenant_id AND e.reseller_id = m.reseller_id AND ${takesReminders(ports.sql)})
    LIMIT ${MAX_PANELS}`;
  let written = false;
  for (const panel of panels) written = (await inSteps(() => writeSome(ports, writeId, panel), stop)) || written;
  return written;
}

/** Writes to all of the panel's endpoints and marks the reminders in one commit. If one endpoint is locked, it writes to none yet. */
function writeSome(ports: Pick<Ports, 'sql'>, writeId: WriteId, { id: resellerId, tenantId }: RowId): Promise<Step> {
  return transact(ports, async (tx) => {
    const endpoints = await tx<RowId[]>`
      SELECT e.tenant_id AS "tenantId", e.id FROM webhook_endpoint e
      WHERE e.tenant_id = ${tenantId} AND e.reseller_id = ${resellerId} AND ${takesReminders(tx)} ORDER BY e.id`;
    for (const endpoint of endpoints) {
      if ((await holdForWriting(tx, endpoint)) === null) return { written: false, isMore: false };
    }
    const rows = await tx<Row[]>`
      SELECT m.tenant_id AS "tenantId", m.id, m.number, m.customer_id AS "customerId", m.due_at AS "dueAt", m.expires_at AS "expiresAt",
        coalesce(r.template, '') AS template, c.name, c.contact, c.next_screens AS screens, a.login, p.name AS seller,
        t.time_zone AS "timeZone", ${stillApplies(tx, tenantId)} AS "isTrue"
      FROM reminder_message m
      JOIN tenant t ON t.id = ${tenantId}
      JOIN reseller p ON p.tenant_id = ${tenantId} AND p.id = m.reseller_id
      JOIN customer c ON c.tenant_id = ${tenantId} AND c.id = m.customer_id
      LEFT JOIN reminder_rule r ON r.tenant_id = ${tenantId} AND r.reseller_id = m.reseller_id AND r.rule = m.rule
      LEFT JOIN customer_access a ON a.tenant_id = ${tenantId} AND a.customer_id = m.customer_id
      WHERE m.tenant_id = ${tenantId} AND m.reseller_id = ${resellerId} AND m.channel = 'WEBHOOK' AND m.handed_at IS NULL
        AND m.due_at > now() - ${lateAfter(tx)}
      ORDER BY m.due_at, m.number LIMIT ${BATCH_ROWS} FOR NO KEY UPDATE OF m SKIP LOCKED`;
    const sent = endpoints.length === 0 ? [] : rows.filter(({ isTrue }) => isTrue);
    const events = sent.map(({ template, ...row }) => reminderEvent(writeId, { ...row, resellerId, text: fillIn(template, row) }));
    for (const endpoint of endpoints) await writeDeliveries(tx, endpoint, events);
    await tx`
      UPDATE reminder_message m SET handed_at = date_trunc('milliseconds', statement_timestamp()),
        sent_at = CASE WHEN given.sent THEN (SELECT date_trunc('milliseconds', statement_timestamp())) END, template = nullif(given.template, '')
      FROM jsonb_to_recordset(${JSON.stringify(rows.map((row) => ({ id: row.id, template: row.template, sent: sent.includes(row) })))}::text::jsonb)
        AS given (id uuid, template text, sent boolean)
      WHERE m.tenant_id = ${tenantId} AND m.id = given.id`;
    return { written: sent.length > 0, isMore: rows.length === BATCH_ROWS };
  });
}
