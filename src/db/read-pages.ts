/** Reads a long result through a cursor, one page at a time. */

import type postgres from 'postgres';
import type { Sql, Transaction } from './sql.ts';

/** The rows in memory at a time. */
const PAGE_ROWS = 500;

/**
 * Passes all rows of a query to `take`, one page at a time and in one snapshot, and reads the next page when `take` has finished. If
 * `take` throws, the cursor ends and the error is thrown. The cursor is declared in SQL: with the driver's own cursor, one
 * statement would last as long as its reader needs, so `statement_timeout` would cancel it, and a session that waits for its
 * reader would never count as idle. FETCH is sent unprepared, because its columns differ from cursor to cursor.
 */
export async function readPages<Row extends postgres.Row>(
  sql: Sql,
  query: (tx: Transaction) => postgres.PendingQuery<postgres.Row[]>,
  take: (rows: readonly Row[]) => Promise<void>,
): Promise<void> {
  await sql.begin('READ ONLY', (tx) => pagesOf(tx, query(tx), take));
}

/** Reads several long results one after another, all in the same snapshot. */
export async function readSnapshot(sql: Sql, read: (tx: Transaction) => Promise<void>): Promise<void> {
  await sql.begin('ISOLATION LEVEL REPEATABLE READ READ ONLY', read);
}

/** Passes all rows to `take`, one page at a time, within the given transaction. */
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
