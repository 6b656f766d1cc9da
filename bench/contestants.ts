import type { Ledger } from '../src/ledger/ledger.ts';
import { type Edge, transferOf } from './world.ts';

/** A way to post a transfer: every one leaves the same rows, and ledgerHealth judges them all at the end. */
export interface Contestant {
  /** Resolves after the commit; rejects when it was not done. */
  transfer(edge: Edge): Promise<void>;
  close(): Promise<void>;
}

/** The house's own. `ledger` is closed with the contestant. */
export function throughQueue(ledger: Ledger & { close(): Promise<void> }): Contestant {
  return {
    async transfer(edge) {
      const outcome = await ledger.post(transferOf(edge));
      if (outcome.status !== 'posted') throw new Error(`a transfer was ${outcome.status}`);
    },
    close: () => ledger.close(),
  };
}
