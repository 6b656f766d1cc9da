/** Reads a long result through a cursor, one page at a time. */

import type postgres from 'postgres';
import type { Sql, Transaction } from './sql.ts';

/** Rows held at once. */
const PAGE_ROWS = 500;

/**
 * Hands all rows of a query to `take`, a page at a time and in one snapshot, and reads on when it is done with a page. A `take`
 * that throws ends the cursor, and is thrown. The cursor is declared in SQL: through the driver's own, one statement lasts for
 * as long as its reader takes and is canceled by `statement_timeout`, and a session that waits for its reader never counts as
 * idle. FETCH is sent unprepared, because what it answers differs from cursor to cursor.
 */
export async function readPages<Row extends postgres.Row>(
  sql: Sql,
  query: (tx: Transaction) => postgres.PendingQuery<postgres.Row[]>,
  take: (rows: readonly Row[]) => Promise<void>,
): Promise<void> {
  await sql.begin('READ ONLY', (tx) => pagesOf(tx, query(tx), take));
}

/** Several long results, one after another, all of the same moment. */
export async function readSnapshot(sql: Sql, read: (tx: Transaction) => Promise<void>): Promise<void> {
  await sql.begin('ISOLATION LEVEL REPEATABLE READ READ ONLY', read);
}

/** Within a transaction: hands all rows to `take`, a page at a time. */
export async function pagesOf<Row extends postgres.Row>(
  tx: Transaction,
  query: postgres.PendingQuery<postgres.Row[]>,
  take: (rows: readonly Row[]) => Promise<void>,
): Promise<void> {
  await tx`DECLARE page NO SCROLL CURSOR FOR ${query}`;
  for (;;) {
    const rows = await tx.unsafe<Row[]>(`FETCH ${PAGE_ROWS} FROM page`);
    if (rows.length > 0) await take(rows);
    if (rows.length < PAGE_ROWS) break;
  }
  await tx.unsafe('CLOSE page');
}
