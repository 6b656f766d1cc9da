/** Writes an endpoint's deliveries, in the transaction that moves the endpoint's position (ADR-0086). */

import { readArray } from '../../db/arrays/literal.ts';
import type { Transaction } from '../../db/sql.ts';
import { uuidv7 } from '../../kernel/uuid.ts';
import type { RowId } from '../input.ts';
import { typeOf, type WebhookEvent, type WebhookScope } from './events.ts';

/** The most waiting deliveries of one endpoint. Beyond it, events stay in their sources. */
export const MAX_WAITING = 10_000;

/** An endpoint whose row is locked for writing deliveries. */
export interface Held extends RowId {
  readonly resellerId: string;
  readonly scope: WebhookScope;
  readonly events: ReadonlySet<string>;
  readonly accessVersion: number;
  readonly accountsSince: Date;
}

/** The result of one transaction. */
export interface Step {
  readonly written: boolean;
  /** Whether there may be more to do. */
  readonly isMore: boolean;
}

/** Runs one transaction after another until nothing is left. Returns whether anything was written. */
export async function inSteps(step: () => Promise<Step>, stop: AbortSignal | undefined): Promise<boolean> {
  let written = false;
  let isMore = true;
  while (isMore && !stop?.aborted) {
    const done = await step();
    written ||= done.written;
    isMore = done.isMore;
  }
  return written;
}

export interface NewDelivery {
  readonly event: WebhookEvent;
  /** Deliveries of one subject keep their order. For example "customer <id>". */
  readonly subject: string;
  readonly version: number;
  readonly at: Date;
  readonly data: object;
  /** A fictitious event, which the owner requested. */
  readonly isTest?: true;
}

/**
 * Locks an endpoint for writing. Returns null if another transaction has locked it, if it is disabled or removed, or if too many
 * deliveries wait. Settling a delivery locks the endpoint too, so the first delivery of a subject cannot change meanwhile.
 */
export async function holdForWriting(tx: Transaction, { id, tenantId }: RowId): Promise<Held | null> {
  const [row] = await tx<(Omit<Held, 'events'> & { readonly events: string })[]>`
    SELECT tenant_id AS "tenantId", id, reseller_id AS "resellerId", scope, events::text AS events, access_version AS "accessVersion",
      accounts_since AS "accountsSince"
    FROM webhook_endpoint e
    WHERE tenant_id = ${tenantId} AND id = ${id} AND disabled_at IS NULL AND removed_at IS NULL
    FOR NO KEY UPDATE SKIP LOCKED`;
  if (row === undefined) return null;
  const full = await tx`
    SELECT FROM webhook_delivery WHERE tenant_id = ${tenantId} AND endpoint_id = ${id} AND finished_at IS NULL OFFSET ${MAX_WAITING - 1} LIMIT 1`;
  return full.count > 0 ? null : { ...row, events: new Set(readArray(row.events).map(String)) };
}

/** Writes deliveries in the given order. An event that was already delivered is sent again with the same id. */
export async function writeDeliveries(
  tx: Transaction,
  { id: endpointId, tenantId }: RowId,
  deliveries: readonly NewDelivery[],
): Promise<void> {
  if (deliveries.length === 0) return;
  const rows = deliveries.map((delivery, place) => {
    const { event, subject, version } = delivery;
    return { place, id: uuidv7(), event, subject, version, body: bodyOf(delivery) };
  });
  await tx`
    INSERT INTO webhook_delivery (tenant_id, id, endpoint_id, event, subject, version, body, created_at)
    SELECT ${tenantId}, w.id, ${endpointId}, w.event, w.subject, w.version, w.body, date_trunc('milliseconds', statement_timestamp())
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
      AS w (place integer, id uuid, event text, subject text, version bigint, body text)
    ORDER BY w.place
    ON CONFLICT (tenant_id, endpoint_id, subject, version, event) DO UPDATE
      SET status = 'PENDING', attempts = 0, position = excluded.position, finished_at = NULL, last_status = NULL, last_error = NULL
      WHERE webhook_delivery.finished_at IS NOT NULL`;
  await makeFirstsDue(tx, { tenantId, id: endpointId }, [...new Set(rows.map(({ subject }) => subject))]);
}

/** Makes the first waiting delivery of each of these subjects due, if it is not. The caller has locked the endpoint. */
export async function makeFirstsDue(tx: Transaction, { id, tenantId }: RowId, subjects: readonly string[]): Promise<void> {
  const { count } = await tx`
    UPDATE webhook_delivery d SET due_at = statement_timestamp()
    FROM jsonb_array_elements_text(${JSON.stringify(subjects)}::text::jsonb) AS s (subject)
    CROSS JOIN LATERAL (
      SELECT f.id, f.due_at FROM webhook_delivery f
      WHERE f.tenant_id = ${tenantId} AND f.endpoint_id = ${id} AND f.subject = s.subject AND f.finished_at IS NULL
      ORDER BY f.position LIMIT 1
    ) AS first
    WHERE d.tenant_id = ${tenantId} AND d.id = first.id AND first.due_at IS NULL`;
  if (count > 0) {
    await tx`
      UPDATE webhook_endpoint SET due_at = least(due_at, statement_timestamp()) WHERE tenant_id = ${tenantId} AND id = ${id}`;
  }
}

/** The body of the message, which is the same at every attempt. */
function bodyOf({ at, data, event, isTest, version }: NewDelivery): string {
  return JSON.stringify({
    type: typeOf(event),
    timestamp: at.toISOString(),
    ...(isTest ? { test: true } : {}),
    data: { version, ...data },
  });
}
