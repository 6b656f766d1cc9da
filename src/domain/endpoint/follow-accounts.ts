/** Writes deliveries for new entries of accounts. */

import type { RowId } from '../input.ts';
import type { Ports } from '../ports.ts';
import { transact } from '../transact.ts';
import { writtenEvents } from './endpoint.ts';
import { ACCOUNT_EVENTS } from './events.ts';
import { type AccountEventRow, accountEvents, type WriteId } from './payloads.ts';
import { holdForWriting, inSteps, type Step, writeDeliveries } from './write-deliveries.ts';

/** The most entries in one transaction. */
const BATCH_ROWS = 500;

/**
 * Returns whether anything was written. A panel's endpoint needs one look-up by key. An endpoint of a whole tenant reads all its
 * accounts' rows, so it is included only with `tenants`: after a commit of this process, and from time to time.
 */
export async function followAccounts(
  ports: Pick<Ports, 'sql'>,
  writeId: WriteId,
  { tenants, stop }: { readonly tenants: boolean; readonly stop?: AbortSignal },
): Promise<boolean> {
  const behind = await ports.sql<RowId[]>`
    SELECT e.tenant_id AS "tenantId", e.id FROM webhook_endpoint e
    JOIN reseller r ON r.tenant_id = e.tenant_id AND r.id = e.reseller_id AND r.closed_at IS NULL
    WHERE e.disabled_at IS NULL AND e.removed_at IS NULL AND e.events && ${writtenEvents(ACCOUNT_EVENTS)}::text[]
      AND (e.scope = 'PANEL' OR ${tenants}) AND EXISTS (
        SELECT FROM account a LEFT JOIN webhook_account w ON w.tenant_id = e.tenant_id AND w.endpoint_id = e.id AND w.account_id = a.id
        WHERE a.tenant_id = e.tenant_id AND (e.scope = 'TENANT' OR a.id = e.reseller_id)
          AND a.changed_at >= e.accounts_since AND a.version > coalesce(w.version, 0))`;
  let written = false;
  for (const endpoint of behind) written = (await inSteps(() => writeSome(ports, writeId, endpoint), stop)) || written;
  return written;
}

function writeSome(ports: Pick<Ports, 'sql'>, writeId: WriteId, endpoint: RowId): Promise<Step> {
  return transact(ports, async (tx) => {
    const held = await holdForWriting(tx, endpoint);
    if (held === null) return { written: false, isMore: false };
    const { accountsSince, events, id, resellerId, scope, tenantId } = held;
    const rows = await tx<AccountEventRow[]>`
      SELECT a.tenant_id AS "tenantId", a.id AS "accountId", e.version, e.kind, e.delta, e.balance_after AS "balanceAfter",
        a.reserve_threshold AS "reserveThreshold", e.created_at AS at
      FROM account a
      LEFT JOIN webhook_account w ON w.tenant_id = ${tenantId} AND w.endpoint_id = ${id} AND w.account_id = a.id
      CROSS JOIN LATERAL (
        SELECT * FROM entry
        WHERE entry.tenant_id = ${tenantId} AND entry.account_id = a.id AND entry.created_at >= ${accountsSince}
          AND entry.version > coalesce(w.version, version_at(${tenantId}, a.id, ${accountsSince}::timestamptz - interval '1 millisecond'))
        ORDER BY entry.version LIMIT ${BATCH_ROWS}
      ) AS e
      WHERE a.tenant_id = ${tenantId} ${scope === 'PANEL' ? tx`AND a.id = ${resellerId}` : tx``}
        AND a.changed_at >= ${accountsSince} AND a.version > coalesce(w.version, 0)
      ORDER BY a.id, e.version LIMIT ${BATCH_ROWS}`;
    const deliveries = rows.flatMap((row) => accountEvents(writeId, events, row));
    await writeDeliveries(tx, endpoint, deliveries);
    const reached = Object.fromEntries(rows.map(({ accountId, version }) => [accountId, version]));
    await tx`
      INSERT INTO webhook_account (tenant_id, endpoint_id, account_id, version)
      SELECT ${tenantId}, ${id}, key::uuid, value::bigint FROM jsonb_each_text(${JSON.stringify(reached)}::text::jsonb)
      ON CONFLICT (tenant_id, endpoint_id, account_id) DO UPDATE SET version = excluded.version`;
    return { written: deliveries.length > 0, isMore: rows.length === BATCH_ROWS };
  });
}
