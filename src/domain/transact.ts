/** Runs one transaction of a use case, with retries and typed refusals. */

import { isLockTimeout, retryTransient } from '../db/retry.ts';
import { CARE_LOCK_TIMEOUT_MS } from '../db/session-settings.ts';
import { setLocal } from '../db/set-local.ts';
import type { Transaction } from '../db/sql.ts';
import type { Actor, Panel } from '../kernel/actor.ts';
import { Overloaded } from '../kernel/errors.ts';
import type { Ports } from './ports.ts';
import { type OpenTo, refuseActor } from './who-acts.ts';

const ATTEMPTS = 5;

/** One transaction; a lost deadlock is tried again, and a row that stays locked is Overloaded. */
export async function transact<Result extends object>(
  { sql }: Pick<Ports, 'sql'>,
  work: (tx: Transaction) => Promise<Result>,
): Promise<Result> {
  const done: { result?: Result } = {};
  // By name, whatever the database's default is: what is read after a lock must see what it waited for.
  const attempt = () =>
    sql.begin('ISOLATION LEVEL READ COMMITTED', async (tx) => {
      await setLocal(tx, { lock_timeout: CARE_LOCK_TIMEOUT_MS });
      done.result = await work(tx);
    });
  try {
    await retryTransient(attempt, { attempts: ATTEMPTS });
  } catch (error) {
    throw isLockTimeout(error) ? new Overloaded(Math.ceil(CARE_LOCK_TIMEOUT_MS / 1000)) : error;
  }
  if (done.result === undefined) throw new Error('a transaction ended without a result');
  return done.result;
}

export interface OwnersTransaction extends Pick<OpenTo, 'isOpenWhileLocked'> {
  /** Held as well, before any row, as the ledger holds names. */
  readonly name?: string;
}

/**
 * One transaction of an OWNER on the people and keys of its panel, which happen one after another: the panel's row is held.
 * Who acts is looked at again under it, because who a token belongs to is cached for seconds. A suspended panel may do this.
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
