/** The interface of everything that can post a transfer, and our own queue behind it. */

import type { Ledger } from '../src/ledger/ledger.ts';
import { type Edge, transferOf } from './world.ts';

/** A way to post a transfer. Every contestant leaves the same rows, and ledgerHealth checks them all at the end. */
export interface Contestant {
  /** Resolves after the commit; rejects if nothing was committed. */
  transfer(edge: Edge): Promise<void>;
  close(): Promise<void>;
}

/** Revenda's own posting queue. Closing the contestant closes `ledger`. */
export function throughQueue(ledger: Ledger & { close(): Promise<void> }): Contestant {
  return {
    async transfer(edge) {
      const outcome = await ledger.post(transferOf(edge));
      if (outcome.status !== 'posted') throw new Error(`a transfer was ${outcome.status}`);
    },
    close: () => ledger.close(),
  };
}
