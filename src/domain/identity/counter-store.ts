/** Where limits count: one table, under hashed keys. */

import { hash } from 'node:crypto';
import type { Sql } from '../../db/sql.ts';

/** What every limiter of ours has in common. Their counts are swept with those of signing in. */
export function counterStore(sql: Sql) {
  return {
    storeClient: storeClient(sql),
    storeType: 'client',
    tableName: 'sign_in_failure',
    tableCreated: true,
    clearExpiredByTimeout: false,
  };
}

/** What is counted under: neither e-mails nor addresses are stored. */
export function pseudonym(text: string): string {
  return hash('sha256', text, 'base64url');
}

interface StoreQuery {
  readonly text: string;
  readonly values: (string | number | null)[];
}

/** What the limiter asks of a client: `pg`'s query, over postgres.js. */
function storeClient(sql: Sql) {
  return {
    async query({ text, values }: StoreQuery) {
      const rows = await sql.unsafe(text, values, { prepare: true });
      return { rows, rowCount: rows.count };
    },
  };
}
