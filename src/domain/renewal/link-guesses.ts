/** Counts tokens that open nothing, by network, so that guessing stops before it reaches the database (R53). */

import { RateLimiterMemory } from 'rate-limiter-flexible';
import { RateLimited } from '../../kernel/errors.ts';
import { networkOf } from '../../kernel/network.ts';
import type { Siblings } from '../../kernel/siblings.ts';

/** Wrong tokens of one network in a window; a person who opens an old link stays far below. */
const WRONG_PER_WINDOW = 30;
const WINDOW_SECONDS = 60;

export interface LinkGuesses {
  /** Throws RateLimited where this address has guessed too often. */
  admit(address: string): Promise<void>;
  /** One more that opened nothing. */
  wrong(address: string): Promise<void>;
}

const TOPIC = 'a wrong link';

/** On this machine alone: 128 bits are not guessed, and what is saved is the look-up. */
export function createLinkGuesses(siblings: Siblings | null = null): LinkGuesses {
  const counter = new RateLimiterMemory({ points: WRONG_PER_WINDOW, duration: WINDOW_SECONDS });
  siblings?.hear(TOPIC, (network) => {
    if (typeof network === 'string') counter.penalty(network).catch(() => {});
  });
  return {
    async admit(address) {
      const count = await counter.get(networkOf(address));
      if (count === null || count.consumedPoints < WRONG_PER_WINDOW) return;
      throw new RateLimited(Math.max(1, Math.ceil(count.msBeforeNext / 1_000)));
    },
    async wrong(address) {
      siblings?.tell(TOPIC, networkOf(address));
      await counter.penalty(networkOf(address));
    },
  };
}
