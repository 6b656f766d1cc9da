/** Items of commands, and their verdicts from the model and from the ledger. */

import { inject } from 'vitest';
import type { BatchRefused } from '../../src/kernel/errors.ts';
import type { Command } from '../../src/ledger/command.ts';
import type { Outcome } from '../../src/ledger/outcome.ts';
import type { Drafter } from './drafter.ts';
import type { DraftItem } from './drafts.ts';
import type { Model } from './model.ts';

export interface MadeItem {
  readonly mode: DraftItem['mode'];
  readonly commands: readonly Command[];
}

export function makeItem(drafter: Drafter, { mode, drafts }: DraftItem): MadeItem {
  const commands = drafts.map((draft) => drafter.make(draft, mode === 'one'));
  if (inject('topology') === 'single') return { mode, commands };
  // A use case sends the commands of one tenant; a distributed database accepts no others in one call.
  return { mode, commands: commands.filter(({ tenantId }) => tenantId === commands[0]?.tenantId) };
}

/** Splits items into batches as the queue does: a command that closes a panel is posted alone. */
export function batchesOf(items: readonly MadeItem[]): MadeItem[][] {
  const batches: MadeItem[][] = [];
  let joins = false;
  for (const item of items) {
    const alone = item.commands.some(({ kind }) => kind === 'closeReseller');
    const last = batches.at(-1);
    if (joins && !alone && last) last.push(item);
    else batches.push([item]);
    joins = !alone;
  }
  return batches;
}

/** Applies the item to the model and returns its verdicts. */
export function expected(model: Model, { mode, commands }: MadeItem): string[] {
  return mode === 'atomic' ? model.postAtomic(commands) : commands.map((command) => model.post(command));
}

/** The same verdicts for the ledger's outcomes. */
export function verdictOf(outcome: Outcome): string {
  if (outcome.status === 'refused') return outcome.refusal.code;
  return outcome.status === 'replayed' && outcome.own ? 'RECOVERED' : outcome.status.toUpperCase();
}

/** A refused ATOMIC item reports which command was refused, not the verdicts before it; those are the model's. */
export function verdictsOfRefused(refusal: BatchRefused, said: readonly string[]): string[] {
  return [...said.slice(0, refusal.index), refusal.cause.code];
}
