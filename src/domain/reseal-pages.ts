/** Goes once over a table of sealed values, so that they can be sealed with the newest key and an older one removed. */

import type { Transaction } from '../db/sql.ts';
import { NIL_UUID } from '../kernel/nil-uuid.ts';
import type { RowId } from './input.ts';
import type { Ports } from './ports.ts';
import { transact } from './transact.ts';
import { type HasWork, whereToWork } from './where-to-work.ts';

/** Rows of one transaction: whoever changes one of them waits for no longer than they take. */
export const RESEALED_ROWS = 500;

/** Nothing where there is one key. `page` seals the rows of `table` after `last`, at most RESEALED_ROWS, and answers them in the order of their ids. */
export async function resealPages(
  ports: Pick<Ports, 'sql' | 'topology' | 'secrets'>,
  table: 'customer_access' | 'renewal_link',
  page: (tx: Transaction, last: RowId, ofTenant: string | null) => Promise<readonly RowId[]>,
  stop?: AbortSignal,
): Promise<void> {
  if (ports.secrets.keys < 2) return;
  const tenants = await whereToWork(ports, () => ports.sql.unsafe<HasWork[]>(`SELECT DISTINCT tenant_id AS "tenantId" FROM ${table}`));
  for (const tenantId of tenants) {
    let last: RowId | undefined = { tenantId: tenantId ?? NIL_UUID, id: NIL_UUID };
    while (last !== undefined && !stop?.aborted) {
      const above: RowId = last;
      const { rows } = await transact(ports, async (tx) => ({ rows: await page(tx, above, tenantId) }));
      last = rows.at(-1);
    }
  }
}
