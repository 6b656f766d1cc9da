/** Database sessions that are not ours, which hold locks or end other sessions. */

import { isAlive } from '../../src/db/embedded/process-identity.ts';
import type { Sql, Transaction } from '../../src/db/sql.ts';
import { openTestSql } from '../support/sql.ts';
import { until } from '../support/until.ts';

/** A client that is not ours: it waits for ever, and pauses as long as it likes between two statements. */
export function openStranger(url: string): Sql {
  return openTestSql(url, { name: 'stranger', max: 4 });
}

/** Ends a session's server process, and waits until it has gone. Postgres could wait too, but checks only ten times a second. */
export async function endSession(sql: Sql, backendPid: number): Promise<void> {
  await sql`SELECT pg_terminate_backend(${backendPid})`;
  await until(async () => !(await isAlive(backendPid)));
}

export interface Hold {
  /** Ends the transaction, and with it its locks. */
  release(): Promise<void>;
}

/** Opens a transaction, runs `locks` in it, and keeps it open. */
export async function hold(sql: Sql, locks: (tx: Transaction) => Promise<unknown>): Promise<Hold> {
  const released = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  const transaction = sql.begin(async (tx) => {
    await locks(tx);
    held.resolve();
    await released.promise;
  });
  transaction.catch(held.reject);
  await held.promise;
  return {
    async release() {
      released.resolve();
      await transaction;
    },
  };
}

export const lockAccount =
  ({ tenantId, id }: { readonly tenantId: string; readonly id: string }) =>
  (tx: Transaction): Promise<unknown> =>
    tx`SELECT FROM account WHERE tenant_id = ${tenantId} AND id = ${id} FOR UPDATE`;

/** Whether a session of this database waits for a lock. A transaction would get its first answer again. */
export async function lockIsAwaited(sql: Sql): Promise<boolean> {
  // Row locks have no database in pg_locks.
  return (await sql`SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`).length > 0;
}
