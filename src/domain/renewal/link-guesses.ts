/** Counts wrong tokens by network, to stop guessing before it reaches the database (R53). */

import { RateLimiterMemory } from 'rate-limiter-flexible';
import { RateLimited } from '../../kernel/errors.ts';
import { networkOf } from '../../kernel/network.ts';
import type { Siblings } from '../../kernel/siblings.ts';

/** The most wrong tokens of one network in a window. A person who opens an old link stays far below it. */
const WRONG_PER_WINDOW = 30;
const WINDOW_SECONDS = 60;

export interface LinkGuesses {
  /** Throws RateLimited if this address has guessed too often. */
  admit(address: string): Promise<void>;
  /** Counts one more wrong token. */
  wrong(address: string): Promise<void>;
}

const TOPIC = 'a wrong link';

/** Counts on this machine only: 128 bits cannot be guessed, and the limit only saves queries. */
export function createLinkGuesses(siblings: Siblings | null = null): LinkGuesses {
  const counter = new RateLimiterMemory({ points: WRONG_PER_WINDOW, duration: WINDOW_SECONDS });
  siblings?.receive(TOPIC, (network) => {
    if (typeof network === 'string') counter.penalty(network).catch(() => {});
  });
  return {
    async admit(address) {
      const count = await counter.get(networkOf(address));
      if (count === null || count.consumedPoints < WRONG_PER_WINDOW) return;
      throw new RateLimited(Math.max(1, Math.ceil(count.msBeforeNext / 1_000)));
    },
    async wrong(address) {
      siblings?.broadcast(TOPIC, networkOf(address));
      await counter.penalty(networkOf(address));
    },
  };
}
