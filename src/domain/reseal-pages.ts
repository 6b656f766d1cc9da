/** Goes once over a table of sealed values, so that they can be sealed with the newest key and an older one removed. */

import type { Transaction } from '../db/sql.ts';
import { NIL_UUID } from '../kernel/nil-uuid.ts';
import type { RowId } from './input.ts';
import type { Ports } from './ports.ts';
import { transact } from './transact.ts';

/** Rows of one transaction: whoever changes one of them waits for no longer than they take. */
export const RESEALED_ROWS = 500;

/** Nothing where there is one key. `page` seals the rows after `last`, at most RESEALED_ROWS, and answers them in the order of their ids. */
export async function resealPages(
  ports: Pick<Ports, 'sql' | 'secrets'>,
  page: (tx: Transaction, last: RowId) => Promise<readonly RowId[]>,
  stop?: AbortSignal,
): Promise<void> {
  if (ports.secrets.keys < 2) return;
  let last: RowId = { tenantId: NIL_UUID, id: NIL_UUID };
  while (!stop?.aborted) {
    const { rows } = await transact(ports, async (tx) => ({ rows: await page(tx, last) }));
    const end = rows.at(-1);
    if (end === undefined) return;
    last = end;
  }
}
