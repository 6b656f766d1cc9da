/** Stores the counts of rate limits in one table, under hashed keys. */

import { hash } from 'node:crypto';
import type { Sql } from '../../db/sql.ts';

/** The options that all our limiters share. Old counts are deleted together with those of signing in. */
export function counterStore(sql: Sql) {
  return {
    storeClient: storeClient(sql),
    storeType: 'client',
    tableName: 'sign_in_failure',
    tableCreated: true,
    clearExpiredByTimeout: false,
  };
}

/** The hashed key of a count: neither e-mails nor network addresses are stored. */
export function pseudonym(text: string): string {
  return hash('sha256', text, 'base64url');
}

interface StoreQuery {
  readonly text: string;
  readonly values: (string | number | null)[];
}

/** The client that the limiter expects: the query function of `pg`, implemented with postgres.js. */
function storeClient(sql: Sql) {
  return {
    async query({ text, values }: StoreQuery) {
      const rows = await sql.unsafe(text, values, { prepare: true });
      return { rows, rowCount: rows.count };
    },
  };
}
