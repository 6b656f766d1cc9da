/** The use case transferCreditsBatch: many transfers in one call. */

import type { Actor } from '../../kernel/actor.ts';
import type { Outcome } from '../../ledger/outcome.ts';
import { type BatchMode, postBatch, refuseBadList } from '../batch.ts';
import { type RowId, requirePanel } from '../input.ts';
import type { Ports } from '../ports.ts';
import { TRANSFER_ROLES, type TransferCreditsInput, transferCommand } from './transfer-credits.ts';

/** The most transfers in one call. */
const MAX_BATCH_TRANSFERS = 1000;

export interface TransferCreditsBatchInput {
  readonly mode: BatchMode;
  readonly transfers: readonly TransferCreditsInput[];
}

/**
 * Posts up to 1000 transfers from the acting panel in one commit. ATOMIC: posts all, or throws BatchRefused with the first refusal
 * in input order. BEST_EFFORT: returns an outcome for each. `targets` are the rows that the ids name.
 */
export async function transferCreditsBatch(
  ports: Pick<Ports, 'ledger'>,
  actor: Actor,
  { mode, transfers }: TransferCreditsBatchInput,
  targets: readonly (RowId | null)[],
): Promise<readonly Outcome[]> {
  requirePanel(actor, TRANSFER_ROLES);
  refuseBadList('input.transfers', transfers, MAX_BATCH_TRANSFERS);
  return postBatch(ports, mode, transfers, (transfer, index) =>
    transferCommand(actor, transfer, targets[index] ?? null, `input.transfers.${index}`),
  );
}
