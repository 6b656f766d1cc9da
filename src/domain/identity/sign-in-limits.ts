/** Counts failed sign-ins by account and address, and refuses more than the limit. */

import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { isLockTimeout } from '../../db/retry.ts';
import type { Sql } from '../../db/sql.ts';
import { Overloaded, RateLimited } from '../../kernel/errors.ts';
import { networkOf } from '../../kernel/network.ts';
import { createGate, type Gate } from '../../kernel/semaphore.ts';
import { counterStore, pseudonym } from './counter-store.ts';
import { normalEmail } from './email.ts';

/** Failures count for this long from the first of them. */
const WINDOW_SECONDS = 15 * 60;
/** Wrong guesses at one account from one address: a person who mistypes stays below. */
const FAILURES_PER_ACCOUNT_AND_ADDRESS = 10;
/** From one address at all accounts: many resellers may share one. */
const FAILURES_PER_ADDRESS = 100;
/**
 * At one account from all addresses that never signed in to it. It bounds guessing from many addresses; whoever signed
 * in from where they are is not counted here, so strangers who exhaust it do not lock the account's user out.
 */
const FAILURES_PER_ACCOUNT = 50;
/** How long an address counts as one that its user signs in from. */
const KNOWN_ADDRESS_SECONDS = 30 * 24 * 60 * 60;
/** Attempts of one address that are verified at once, so that no address takes every turn at hashing. */
const CONCURRENT_PER_ADDRESS = 2;
/** Attempts of one address that wait their turn. */
const WAITING_PER_ADDRESS = 1_000;
/** Rows removed by one sweep. */
const SWEEP_ROWS = 10_000;

export interface SignInLimits {
  /**
   * Runs `verify` if both the account and the address have attempts left, else throws RateLimited without running it.
   * null from `verify` is a failure and is counted; anything else clears the account's failures from this address, unless they are
   * to be kept; what throws changes no count. An attempt is counted before it is verified and given back afterwards, so that guessing in parallel, in whatever number of processes, wins nothing.
   * If the database does not answer, this throws: nobody is verified uncounted.
   */
  attempt<T>(email: string, address: string, verify: () => Promise<T | null>, failures?: 'clear' | 'keep'): Promise<T | null>;
  /** Removes counts whose time is over. */
  sweep(): Promise<void>;
}

export interface SignInLimitOptions {
  readonly sql: Sql;
  readonly windowSeconds?: number;
  readonly failuresPerAccountAndAddress?: number;
  readonly failuresPerAddress?: number;
  readonly failuresPerAccount?: number;
}

/** One count that an attempt takes a point of. */
interface Count {
  readonly limiter: RateLimiterPostgres;
  readonly key: string;
}

export function createSignInLimits(options: SignInLimitOptions): SignInLimits {
  const { sql, windowSeconds = WINDOW_SECONDS } = options;
  const counter = (keyPrefix: string, points: number, duration: number) =>
    new RateLimiterPostgres({ ...counterStore(sql), keyPrefix, points, duration });
  const byAddress = counter('address', options.failuresPerAddress ?? FAILURES_PER_ADDRESS, windowSeconds);
  const byBoth = counter('both', options.failuresPerAccountAndAddress ?? FAILURES_PER_ACCOUNT_AND_ADDRESS, windowSeconds);
  const byAccount = counter('account', options.failuresPerAccount ?? FAILURES_PER_ACCOUNT, windowSeconds);
  const known = counter('known', 1, KNOWN_ADDRESS_SECONDS);
  const gates = new Map<string, Gate>();

  async function counted<T>(
    email: string,
    network: string,
    verify: () => Promise<T | null>,
    failures: 'clear' | 'keep',
  ): Promise<T | null> {
    const both = pseudonym(`${email} ${network}`);
    const fromNetwork = { limiter: byAddress, key: pseudonym(network) };
    const ofAccountFromNetwork = { limiter: byBoth, key: both };
    const ofAccount = { limiter: byAccount, key: pseudonym(email) };
    const isKnown = (await known.get(both)) !== null;
    const counts = isKnown ? [fromNetwork, ofAccountFromNetwork] : [fromNetwork, ofAccountFromNetwork, ofAccount];
    await refuseIfSpent(counts);
    await take(counts);
    let result: T | null;
    try {
      result = await verify();
    } catch (error) {
      await giveBack(counts);
      throw error;
    }
    if (result === null) return null;
    if (failures === 'keep') {
      await giveBack(counts);
      return result;
    }
    // The right password was given: a count that cannot be cleared now expires by itself, and is no reason to refuse.
    const remaining = counts.filter((count) => count !== ofAccountFromNetwork);
    await Promise.allSettled([giveBack(remaining), byBoth.delete(both), known.set(both, 0, KNOWN_ADDRESS_SECONDS)]);
    return result;
  }

  return {
    async attempt(written, address, verify, failures = 'clear') {
      const email = normalEmail(written);
      const network = networkOf(address);
      let gate = gates.get(network);
      if (gate === undefined) {
        gate = createGate({ maxConcurrent: CONCURRENT_PER_ADDRESS, maxWaiting: WAITING_PER_ADDRESS }, () => new RateLimited(1));
        gates.set(network, gate);
      }
      try {
        return await gate.run(() => counted(email, network, verify, failures));
      } catch (error) {
        throw isLockTimeout(error) ? new Overloaded(1, 'Too many sign-ins at once: try again.') : error;
      } finally {
        if (gate.isIdle()) gates.delete(network);
      }
    },
    async sweep() {
      await sql`
        DELETE FROM sign_in_failure WHERE key IN (
          SELECT key FROM sign_in_failure WHERE expire < extract(epoch FROM clock_timestamp()) * 1000 LIMIT ${SWEEP_ROWS})`;
    },
  };
}

/** A refusal by reading, so that whoever is over the limit costs no write. The decision proper is `take`'s. */
async function refuseIfSpent(counts: readonly Count[]): Promise<void> {
  const states = await Promise.all(counts.map(({ limiter, key }) => limiter.get(key)));
  refuseFor(states.filter((state) => state !== null && state.remainingPoints <= 0));
}

async function take(counts: readonly Count[]): Promise<void> {
  const results = await Promise.allSettled(counts.map(({ limiter, key }) => limiter.consume(key)));
  const reasons = results.filter((result) => result.status === 'rejected').map((result): unknown => result.reason);
  if (reasons.length === 0) return;
  // A refused attempt has left its point too: nothing was verified, so all are given back.
  await giveBack(counts.filter((_, index) => hasCounted(results[index])));
  for (const reason of reasons) if (!(reason instanceof RateLimiterRes)) throw reason;
  refuseFor(reasons.filter((reason) => reason instanceof RateLimiterRes));
}

function hasCounted(result: PromiseSettledResult<RateLimiterRes> | undefined): boolean {
  return result?.status === 'fulfilled' || result?.reason instanceof RateLimiterRes;
}

/** A point that cannot be given back now counts as a failure until its window ends: the safe side. */
async function giveBack(counts: readonly Count[]): Promise<void> {
  await Promise.allSettled(counts.map(({ limiter, key }) => limiter.reward(key)));
}

function refuseFor(spent: readonly (RateLimiterRes | null)[]): void {
  if (spent.length === 0) return;
  const waitMs = Math.max(...spent.map((state) => state?.msBeforeNext ?? 0));
  throw new RateLimited(Math.max(1, Math.ceil(waitMs / 1000)));
}
