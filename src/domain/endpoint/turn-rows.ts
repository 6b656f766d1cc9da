/** SQL statements of a turn: take endpoints, read due deliveries, and release the endpoints (ADR-0089). */

import { isOf, tenantOr } from '../../db/by-tenant.ts';
import type { Sql, Transaction } from '../../db/sql.ts';
import type { RowId } from '../input.ts';
import type { Ports } from '../ports.ts';

/** An endpoint that this process works on, until its lease ends. */
export interface Taken extends RowId {
  readonly takenBy: string;
}

/** A due delivery: the first waiting one of its subject. */
export interface Due {
  readonly id: string;
  readonly subject: string;
  readonly body: string;
  readonly attempts: number;
  readonly url: string;
  readonly secret: string;
  readonly oldSecret: string | null;
  /** Seconds since 1970. */
  readonly timestamp: number;
}

/**
 * Takes endpoints with a due delivery, the longest waiting first; only one process gets each. It reads one index range, so endpoints
 * that are not due cost nothing.
 */
export async function takeEndpoints({ sql, topology }: Pick<Ports, 'sql' | 'topology'>, options: TakeOptions): Promise<readonly Taken[]> {
  if (topology === 'single') return takeIn(sql, null, options);
  const { limit } = options;
  const due = await sql<{ tenantId: string }[]>`
    SELECT tenant_id AS "tenantId" FROM webhook_endpoint
    WHERE due_at <= now() AND disabled_at IS NULL AND removed_at IS NULL AND (taken_until IS NULL OR taken_until <= now())
    GROUP BY tenant_id ORDER BY min(due_at) LIMIT ${limit}`;
  const taken: Taken[] = [];
  for (const { tenantId } of due) {
    if (taken.length < limit) taken.push(...(await takeIn(sql, tenantId, { ...options, limit: limit - taken.length })));
  }
  return taken;
}

interface TakeOptions {
  readonly leaseMs: number;
  readonly limit: number;
  readonly takenBy: string;
}

function takeIn(sql: Sql, tenantId: string | null, { leaseMs, limit, takenBy }: TakeOptions): Promise<Taken[]> {
  return sql<Taken[]>`
    WITH due AS (
      SELECT e.tenant_id, e.id FROM webhook_endpoint e JOIN reseller r ON r.tenant_id = e.tenant_id AND r.id = e.reseller_id
      WHERE ${isOf(sql, tenantId, 'e.tenant_id')} AND e.due_at <= now() AND e.disabled_at IS NULL AND e.removed_at IS NULL AND r.closed_at IS NULL
        AND (e.taken_until IS NULL OR e.taken_until <= now())
      ORDER BY e.due_at LIMIT ${limit} FOR NO KEY UPDATE OF e SKIP LOCKED
    )
    UPDATE webhook_endpoint e SET taken_by = ${takenBy}, taken_until = statement_timestamp() + ${leaseMs}::float8 * interval '1 millisecond'
    FROM due WHERE e.tenant_id = ${tenantOr(sql, tenantId, 'due.tenant_id')} AND e.id = due.id
    RETURNING e.tenant_id AS "tenantId", e.id, e.taken_by AS "takenBy"`;
}

export function readDue(sql: Sql | Transaction, { id, takenBy, tenantId }: Taken, limit: number) {
  return sql<Due[]>`
    SELECT d.id, d.subject, d.body, d.attempts, e.url, e.secret,
      CASE WHEN e.old_secret_until > clock_timestamp() THEN e.old_secret END AS "oldSecret",
      floor(extract(epoch FROM clock_timestamp()))::bigint AS timestamp
    FROM webhook_endpoint e JOIN webhook_delivery d ON d.tenant_id = e.tenant_id AND d.endpoint_id = e.id
    WHERE e.tenant_id = ${tenantId} AND e.id = ${id} AND e.taken_by = ${takenBy} AND e.taken_until > clock_timestamp()
      AND e.disabled_at IS NULL AND e.removed_at IS NULL AND d.due_at <= clock_timestamp()
    ORDER BY d.due_at, d.position LIMIT ${limit}`;
}

/** An endpoint that this process still has. Its row is locked until the transaction ends. */
export interface HeldTaken {
  readonly resellerId: string;
  readonly url: string;
  readonly isEnabled: boolean;
  readonly isFailing: boolean;
  /** The days since its failures began. */
  readonly failingDays: number;
  readonly failedTurns: number;
}

export async function holdTaken(tx: Transaction, { id, takenBy, tenantId }: Taken): Promise<HeldTaken | null> {
  const [row] = await tx<HeldTaken[]>`
    SELECT reseller_id AS "resellerId", url, disabled_at IS NULL AND removed_at IS NULL AS "isEnabled", failing_since IS NOT NULL AS "isFailing",
      coalesce(extract(epoch FROM clock_timestamp() - failing_since) / 86400, 0)::float8 AS "failingDays", failed_turns AS "failedTurns"
    FROM webhook_endpoint WHERE tenant_id = ${tenantId} AND id = ${id} AND taken_by = ${takenBy} FOR NO KEY UPDATE`;
  return row ?? null;
}

/**
 * Releases the endpoint. It is due again with its next delivery, but not before the pause. Only one row is read, however many
 * deliveries wait.
 */
export async function giveBack(
  tx: Transaction,
  { id, tenantId }: Taken,
  { failedTurns, pauseMs }: { failedTurns: number; pauseMs: number },
) {
  await tx`
    UPDATE webhook_endpoint SET taken_by = NULL, taken_until = NULL, failed_turns = ${failedTurns}, due_at = (
      SELECT greatest(d.due_at, statement_timestamp() + ${pauseMs}::float8 * interval '1 millisecond') FROM webhook_delivery d
      WHERE d.tenant_id = ${tenantId} AND d.endpoint_id = ${id} AND d.due_at IS NOT NULL ORDER BY d.due_at, d.position LIMIT 1)
    WHERE tenant_id = ${tenantId} AND id = ${id}`;
}
