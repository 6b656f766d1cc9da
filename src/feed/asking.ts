/** Asks the database what it may never answer. */

import type { Sql } from '../db/sql.ts';
import { NoAnswer, within } from '../db/within.ts';

export interface Asking {
  ask<T>(query: (sql: Sql) => Promise<T>): Promise<T>;
  /** For pieces of queries, which are put together before they are asked. */
  readonly sql: Sql;
  close(): Promise<void>;
}

/** A query without an answer for `deadlineMs` is given up, and with it the client: its connections may be half dead. */
export function askPatiently(open: () => Sql, deadlineMs: number): Asking {
  const first = open();
  let sql = first;
  return {
    async ask(query) {
      const asked = sql;
      try {
        return await within(query(asked), deadlineMs);
      } catch (error) {
        if (error instanceof NoAnswer && asked === sql) {
          sql = open();
          asked.end({ timeout: 0 }).catch(() => {});
        }
        throw error;
      }
    },
    sql: first,
    close: () => sql.end({ timeout: 0 }),
  };
}
