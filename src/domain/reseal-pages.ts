/** Reseals a table's values with the newest key, page by page, so that an older key can be removed. */

import type { Transaction } from '../db/sql.ts';
import { NIL_UUID } from '../kernel/nil-uuid.ts';
import type { RowId } from './input.ts';
import type { Ports } from './ports.ts';
import { type TenantWithWork, tenantsWithWork } from './tenants-with-work.ts';
import { transact } from './transact.ts';

/** Rows in one transaction. It keeps the transaction short, because others may wait for one of these rows. */
export const RESEALED_ROWS = 500;

/**
 * Does nothing if there is only one key. `page` seals at most RESEALED_ROWS rows of `table` that follow `last`, and returns them in
 * the order of their ids.
 */
export async function resealPages(
  ports: Pick<Ports, 'sql' | 'topology' | 'secrets'>,
  table: 'customer_access' | 'renewal_link',
  page: (tx: Transaction, last: RowId, ofTenant: string | null) => Promise<readonly RowId[]>,
  stop?: AbortSignal,
): Promise<void> {
  if (ports.secrets.keys < 2) return;
  const tenants = await tenantsWithWork(ports, () =>
    ports.sql.unsafe<TenantWithWork[]>(`SELECT DISTINCT tenant_id AS "tenantId" FROM ${table}`),
  );
  for (const tenantId of tenants) {
    let last: RowId | undefined = { tenantId: tenantId ?? NIL_UUID, id: NIL_UUID };
    while (last !== undefined && !stop?.aborted) {
      const above: RowId = last;
      const { rows } = await transact(ports, async (tx) => ({ rows: await page(tx, above, tenantId) }));
      last = rows.at(-1);
    }
  }
}
