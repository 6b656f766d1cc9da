/** Counts tokens that open nothing, by network, so that guessing stops before it reaches the database (R53). */

import { RateLimiterMemory } from 'rate-limiter-flexible';
import { RateLimited } from '../../kernel/errors.ts';
import { networkOf } from '../../kernel/network.ts';

/** Wrong tokens of one network in a window; a person who opens an old link stays far below. */
const WRONG_PER_WINDOW = 30;
const WINDOW_SECONDS = 60;

export interface LinkGuesses {
  /** Throws RateLimited where this address has guessed too often. */
  admit(address: string): Promise<void>;
  /** One more that opened nothing. */
  wrong(address: string): Promise<void>;
}

/** In this process alone: 128 bits are not guessed, and what is saved is the look-up. */
export function createLinkGuesses(): LinkGuesses {
  const counter = new RateLimiterMemory({ points: WRONG_PER_WINDOW, duration: WINDOW_SECONDS });
  return {
    async admit(address) {
      const count = await counter.get(networkOf(address));
      if (count === null || count.consumedPoints < WRONG_PER_WINDOW) return;
      throw new RateLimited(Math.max(1, Math.ceil(count.msBeforeNext / 1_000)));
    },
    async wrong(address) {
      await counter.penalty(networkOf(address));
    },
  };
}
