import type { Actor } from '../../kernel/actor.ts';
import { BatchRefused, Refusal } from '../../kernel/errors.ts';
import type { Outcome, TransferCredits } from '../../ledger/command.ts';
import { type RowId, refuseList, requirePanel } from '../input.ts';
import type { Ports } from '../ports.ts';
import { TRANSFER_ROLES, type TransferCreditsInput, transferCommand } from './transfer-credits.ts';

/** Transfers in one call. */
const MAX_BATCH_TRANSFERS = 1000;

export interface TransferCreditsBatchInput {
  readonly mode: 'ATOMIC' | 'BEST_EFFORT';
  readonly transfers: readonly TransferCreditsInput[];
}

/**
 * Up to 1000 transfers from the acting panel, as one item of the ledger: one commit. ATOMIC: all, or BatchRefused with the
 * first refusal in input order, bad input first (R35). BEST_EFFORT: an outcome for each. `targets` are what the ids name.
 */
export async function transferCreditsBatch(
  ports: Pick<Ports, 'ledger'>,
  actor: Actor,
  input: TransferCreditsBatchInput,
  targets: readonly (RowId | null)[],
): Promise<readonly Outcome[]> {
  const panel = requirePanel(actor, TRANSFER_ROLES);
  refuseBadList(input.transfers);
  const checked = input.transfers.map((transfer, index): TransferCredits | Refusal => {
    try {
      return transferCommand(actor, panel, transfer, targets[index] ?? null, `input.transfers.${index}`);
    } catch (error) {
      if (error instanceof Refusal) return error;
      throw error;
    }
  });
  const commands = checked.filter((command): command is TransferCredits => !(command instanceof Refusal));
  if (input.mode === 'ATOMIC') {
    for (const [index, command] of checked.entries()) if (command instanceof Refusal) throw new BatchRefused(index, command);
    return ports.ledger.postAtomic(commands);
  }
  const posted = commands.length === 0 ? [] : await ports.ledger.postEach(commands);
  const outcomes = posted.values();
  return checked.map((command): Outcome => {
    if (command instanceof Refusal) return { status: 'refused', refusal: command };
    const next = outcomes.next();
    if (next.done) throw new Error('the ledger answered fewer outcomes than it was given commands');
    return next.value;
  });
}

function refuseBadList(transfers: readonly TransferCreditsInput[]): void {
  if (transfers.length === 0) refuseList('input.transfers', 'must hold at least one transfer.');
  if (transfers.length > MAX_BATCH_TRANSFERS) refuseList('input.transfers', `must hold at most ${MAX_BATCH_TRANSFERS} transfers.`);
  const keys = new Set<string>();
  for (const [index, { idempotencyKey }] of transfers.entries()) {
    if (keys.has(idempotencyKey)) refuseList(`input.transfers.${index}.idempotencyKey`, 'is used twice in this call.');
    keys.add(idempotencyKey);
  }
}
