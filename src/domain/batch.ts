/** Posts a batch mutation's items in ATOMIC or BEST_EFFORT mode. */

import { BatchRefused, Refusal } from '../kernel/errors.ts';
import type { Command } from '../ledger/command.ts';
import type { Outcome } from '../ledger/outcome.ts';
import { refuseList } from './input.ts';
import type { Ports } from './ports.ts';

export type BatchMode = 'ATOMIC' | 'BEST_EFFORT';

/** Refuses a list that is empty, longer than `max`, or uses a key twice, by its `path` in the input. */
export function refuseBadList(path: string, items: readonly { readonly idempotencyKey: string }[], max: number): void {
  if (items.length === 0) refuseList(path, 'must not be empty.');
  if (items.length > max) refuseList(path, `must hold at most ${max}.`);
  const keys = new Set<string>();
  for (const [index, { idempotencyKey }] of items.entries()) {
    if (keys.has(idempotencyKey)) refuseList(`${path}.${index}.idempotencyKey`, 'is used twice in this call.');
    keys.add(idempotencyKey);
  }
}

/**
 * Posts a command for each item, all in one commit. ATOMIC: posts all of them, or throws BatchRefused with the first refusal in
 * input order; every item's values are checked before any item's rights (R35). BEST_EFFORT: returns an outcome for each item, in
 * input order. `toCommand` refuses an item by throwing a Refusal.
 */
export async function postBatch<Item>(
  { ledger }: Pick<Ports, 'ledger'>,
  mode: BatchMode,
  items: readonly Item[],
  toCommand: (item: Item, index: number) => Command,
): Promise<readonly Outcome[]> {
  const checked = items.map((item, index): Command | Refusal => {
    try {
      return toCommand(item, index);
    } catch (error) {
      if (error instanceof Refusal) return error;
      throw error;
    }
  });
  const commands = checked.filter((command): command is Command => !(command instanceof Refusal));
  if (mode === 'ATOMIC') {
    for (const [index, command] of checked.entries()) if (command instanceof Refusal) throw new BatchRefused(index, command);
    return ledger.postAtomic(commands);
  }
  const posted = commands.length === 0 ? [] : await ledger.postEach(commands);
  const outcomes = posted.values();
  return checked.map((command): Outcome => {
    if (command instanceof Refusal) return { status: 'refused', refusal: command };
    const next = outcomes.next();
    if (next.done) throw new Error('the ledger returned fewer outcomes than it received commands');
    return next.value;
  });
}
