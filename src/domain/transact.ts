/** Runs one transaction of a use case, with retries and typed refusals. */

import { isLockTimeout, retryTransient } from '../db/retry.ts';
import { ADMIN_LOCK_TIMEOUT_MS } from '../db/session-settings.ts';
import { setLocal } from '../db/set-local.ts';
import type { Transaction } from '../db/sql.ts';
import type { Actor, Panel } from '../kernel/actor.ts';
import { Overloaded } from '../kernel/errors.ts';
import type { Ports } from './ports.ts';
import { type OpenTo, refuseActor } from './refuse-actor.ts';

const ATTEMPTS = 5;

/** Runs one transaction. A deadlock is retried; a row that stays locked throws Overloaded. */
export async function transact<Result extends object>(
  { sql }: Pick<Ports, 'sql'>,
  work: (tx: Transaction) => Promise<Result>,
): Promise<Result> {
  const done: { result?: Result } = {};
  // The isolation level is explicit, whatever the database's default is: a read after a lock must see the commit it waited for.
  const attempt = () =>
    sql.begin('ISOLATION LEVEL READ COMMITTED', async (tx) => {
      await setLocal(tx, { lock_timeout: ADMIN_LOCK_TIMEOUT_MS });
      done.result = await work(tx);
    });
  try {
    await retryTransient(attempt, { attempts: ATTEMPTS });
  } catch (error) {
    throw isLockTimeout(error) ? new Overloaded(Math.ceil(ADMIN_LOCK_TIMEOUT_MS / 1000)) : error;
  }
  if (done.result === undefined) throw new Error('a transaction ended without a result');
  return done.result;
}

export interface OwnersTransaction extends Pick<OpenTo, 'isOpenWhileLocked'> {
  /** The key of an advisory lock, which is taken before any row. The ledger takes the same lock for this name. */
  readonly name?: string;
}

/**
 * Runs one transaction in which an OWNER changes the users or keys of its panel. It locks the panel's row, so these transactions
 * run one after another. It checks the actor again under the lock, because sessions are cached for seconds. A suspended panel may do this.
 */
export function transactAsOwner<Result extends object>(
  ports: Pick<Ports, 'sql'>,
  actor: Actor,
  panel: Panel,
  work: (tx: Transaction) => Promise<Result>,
  { isOpenWhileLocked = false, name }: OwnersTransaction = {},
): Promise<Result> {
  const { tenantId } = actor;
  return transact(ports, async (tx) => {
    if (name !== undefined) await tx`SELECT pg_advisory_xact_lock(hashtextextended(${name}, 0))`;
    await tx`SELECT FROM reseller WHERE tenant_id = ${tenantId} AND id = ${panel.id} FOR NO KEY UPDATE`;
    await refuseActor(tx, actor, panel.id, ['OWNER'], { isOpenWhileLocked, isOpenWhileSuspended: true });
    return work(tx);
  });
}
