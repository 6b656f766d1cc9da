/** Counts failed sign-ins by user and network address, and refuses attempts beyond the limits. */

import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { isLockTimeout } from '../../db/retry.ts';
import type { Sql } from '../../db/sql.ts';
import { Overloaded, RateLimited } from '../../kernel/errors.ts';
import { networkOf } from '../../kernel/network.ts';
import { createSemaphore, type Semaphore } from '../../kernel/semaphore.ts';
import { counterStore, pseudonym } from './counter-store.ts';
import { normalEmail } from './email.ts';

/** Failures count for this long from the first of them. */
const WINDOW_SECONDS = 15 * 60;
/** Failures for one user from one address. A person who mistypes stays below it. */
const FAILURES_PER_ACCOUNT_AND_ADDRESS = 10;
/** Failures from one address for all users, because many resellers may share an address. */
const FAILURES_PER_ADDRESS = 100;
/**
 * Failures for one user from all addresses from which that user never signed in. It bounds guessing from many addresses. Attempts
 * from an address of an earlier sign-in do not count here, so strangers who exhaust this limit do not lock the user out.
 */
const FAILURES_PER_ACCOUNT = 50;
/** How long an address counts as one from which the user has signed in. */
const KNOWN_ADDRESS_SECONDS = 30 * 24 * 60 * 60;
/** Concurrently verified attempts of one address, so that no address occupies all hashing. */
const CONCURRENT_PER_ADDRESS = 2;
/** The most waiting attempts of one address. */
const WAITING_PER_ADDRESS = 1_000;
/** The rows that one sweep deletes at most. */
const SWEEP_ROWS = 10_000;

export interface SignInLimits {
  /**
   * Runs `verify` if both the user and the address have attempts left; otherwise throws RateLimited without running it. A null result
   * is a failure and is counted. Any other result clears the user's failures from this address, unless `failures` is 'keep'. If
   * `verify` throws, no count changes. An attempt is counted before it is verified, and the count is reverted afterwards, so that
   * parallel guessing in any number of processes gains nothing. If the database does not answer, this throws: no attempt is verified
   * without being counted.
   */
  attempt<T>(email: string, address: string, verify: () => Promise<T | null>, failures?: 'clear' | 'keep'): Promise<T | null>;
  /** Deletes expired counts. */
  sweep(): Promise<void>;
}

export interface SignInLimitOptions {
  readonly sql: Sql;
  readonly windowSeconds?: number;
  readonly failuresPerAccountAndAddress?: number;
  readonly failuresPerAddress?: number;
  readonly failuresPerAccount?: number;
}

/** A count from which an attempt takes a point. */
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
  const semaphores = new Map<string, Semaphore>();

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
    // The password was right. A count that cannot be cleared now expires by itself, and is no reason to refuse the sign-in.
    const remaining = counts.filter((count) => count !== ofAccountFromNetwork);
    await Promise.allSettled([giveBack(remaining), byBoth.delete(both), known.set(both, 0, KNOWN_ADDRESS_SECONDS)]);
    return result;
  }

  return {
    async attempt(written, address, verify, failures = 'clear') {
      const email = normalEmail(written);
      const network = networkOf(address);
      let semaphore = semaphores.get(network);
      if (semaphore === undefined) {
        semaphore = createSemaphore({ maxConcurrent: CONCURRENT_PER_ADDRESS, maxWaiting: WAITING_PER_ADDRESS }, () => new RateLimited(1));
        semaphores.set(network, semaphore);
      }
      try {
        return await semaphore.run(() => counted(email, network, verify, failures));
      } catch (error) {
        throw isLockTimeout(error) ? new Overloaded(1, 'Too many sign-ins at once: try again.') : error;
      } finally {
        if (semaphore.isIdle()) semaphores.delete(network);
      }
    },
    async sweep() {
      await sql`
        DELETE FROM sign_in_failure WHERE key IN (
          SELECT key FROM sign_in_failure WHERE expire < extract(epoch FROM clock_timestamp()) * 1000 LIMIT ${SWEEP_ROWS})`;
    },
  };
}

/** Refuses by reading, so that an attempt over the limit costs no write. `take` makes the binding decision. */
async function refuseIfSpent(counts: readonly Count[]): Promise<void> {
  const states = await Promise.all(counts.map(({ limiter, key }) => limiter.get(key)));
  refuseFor(states.filter((state) => state !== null && state.remainingPoints <= 0));
}

async function take(counts: readonly Count[]): Promise<void> {
  const results = await Promise.allSettled(counts.map(({ limiter, key }) => limiter.consume(key)));
  const reasons = results.filter((result) => result.status === 'rejected').map((result): unknown => result.reason);
  if (reasons.length === 0) return;
  // A refused attempt has taken points too. Nothing was verified, so all of them are returned.
  await giveBack(counts.filter((_, index) => hasCounted(results[index])));
  for (const reason of reasons) if (!(reason instanceof RateLimiterRes)) throw reason;
  refuseFor(reasons.filter((reason) => reason instanceof RateLimiterRes));
}

function hasCounted(result: PromiseSettledResult<RateLimiterRes> | undefined): boolean {
  return result?.status === 'fulfilled' || result?.reason instanceof RateLimiterRes;
}

/** Returns the points. A point that cannot be returned now counts as a failure until its window ends, which is the safe side. */
async function giveBack(counts: readonly Count[]): Promise<void> {
  await Promise.allSettled(counts.map(({ limiter, key }) => limiter.reward(key)));
}

function refuseFor(spent: readonly (RateLimiterRes | null)[]): void {
  if (spent.length === 0) return;
  const waitMs = Math.max(...spent.map((state) => state?.msBeforeNext ?? 0));
  throw new RateLimited(Math.max(1, Math.ceil(waitMs / 1000)));
}
