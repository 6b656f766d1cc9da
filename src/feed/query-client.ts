/** Runs queries with a deadline, and replaces a client whose connections may be dead. */

import type { Sql } from '../db/sql.ts';
import { NoAnswer, within } from '../db/within.ts';

export interface QueryClient {
  query<T>(run: (sql: Sql) => Promise<T>): Promise<T>;
  /** For fragments, from which queries are built before they are run. */
  readonly sql: Sql;
  close(): Promise<void>;
}

/** A query without an answer for `deadlineMs` is given up, together with its client, whose connections may be half dead. */
export function openQueryClient(open: () => Sql, deadlineMs: number): QueryClient {
  const first = open();
  let sql = first;
  return {
    async query(run) {
      const used = sql;
      try {
        return await within(run(used), deadlineMs);
      } catch (error) {
        if (error instanceof NoAnswer && used === sql) {
          sql = open();
          used.end({ timeout: 0 }).catch(() => {});
        }
        throw error;
      }
    },
    sql: first,
    close: () => sql.end({ timeout: 0 }),
  };
}
