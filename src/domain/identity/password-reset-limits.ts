/** Limits requests for a new password, by e-mail and by network (R42). */

import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { isLockTimeout } from '../../db/retry.ts';
import type { Sql } from '../../db/sql.ts';
import { Overloaded } from '../../kernel/errors.ts';
import { networkOf } from '../../kernel/network.ts';
import { counterStore, pseudonym } from './counter-store.ts';

const WINDOW_SECONDS = 60 * 60;
/** The most mails that one person gets in an hour, whoever requests them. */
const REQUESTS_PER_EMAIL = 5;
/** Higher than the limit of an e-mail, because many people may share a network. */
const REQUESTS_PER_NETWORK = 50;

export interface PasswordResetLimits {
  /** Counts a request. Returns false if there were too many for this e-mail or from this network. */
  take(email: string, address: string): Promise<boolean>;
}

export interface PasswordResetLimitOptions {
  readonly sql: Sql;
  readonly requestsPerEmail?: number;
  readonly requestsPerNetwork?: number;
}

export function createPasswordResetLimits({ sql, ...limits }: PasswordResetLimitOptions): PasswordResetLimits {
  const counter = (keyPrefix: string, points: number) =>
    new RateLimiterPostgres({ ...counterStore(sql), keyPrefix, points, duration: WINDOW_SECONDS });
  const byEmail = counter('reset-email', limits.requestsPerEmail ?? REQUESTS_PER_EMAIL);
  const byNetwork = counter('reset-network', limits.requestsPerNetwork ?? REQUESTS_PER_NETWORK);

  return {
    async take(email, address) {
      // The network is counted first: a network over its limit cannot use up other people's requests.
      const isNetworkWithin = await isWithin(byNetwork, networkOf(address));
      return isNetworkWithin && (await isWithin(byEmail, email));
    },
  };
}

async function isWithin(limiter: RateLimiterPostgres, key: string): Promise<boolean> {
  try {
    await limiter.consume(pseudonym(key));
    return true;
  } catch (error) {
    if (error instanceof RateLimiterRes) return false;
    throw isLockTimeout(error) ? new Overloaded(1, 'Too many requests at once: try again.') : error;
  }
}
