import type { BatchRefused } from '../../src/kernel/errors.ts';
import type { Command, Outcome } from '../../src/ledger/command.ts';
import type { Drafter, DraftItem, Meddling } from './drafts.ts';
import type { Model, ModelPanel } from './model.ts';

export interface MadeItem {
  readonly mode: DraftItem['mode'];
  readonly commands: readonly Command[];
}

export function makeItem(drafter: Drafter, { mode, drafts }: DraftItem): MadeItem {
  return { mode, commands: drafts.map((draft) => drafter.make(draft)) };
}

/** What the model says of the item, and does. */
export function expected(model: Model, { mode, commands }: MadeItem): string[] {
  return mode === 'atomic' ? model.postAtomic(commands) : commands.map((command) => model.post(command));
}

/** The same words for what the ledger answered. */
export function verdictOf(outcome: Outcome): string {
  if (outcome.status === 'refused') return outcome.refusal.code;
  return outcome.status === 'replayed' && outcome.own ? 'RECOVERED' : outcome.status.toUpperCase();
}

/** An ATOMIC item says what was refused and where, not what came before: the model's words stand for that. */
export function verdictsOfRefused(refusal: BatchRefused, said: readonly string[]): string[] {
  return [...said.slice(0, refusal.index), refusal.cause.code];
}

/** Changes the model's panel as later use cases will; null when there is none to change. */
export function meddleInModel(model: Model, { what, pick }: Meddling): ModelPanel | null {
  const panel = model.panels[pick % Math.max(1, model.panels.length)];
  const user = panel && model.user(panel.userId);
  if (!panel || !user) return null;
  if (what === 'suspend' || what === 'resume') panel.suspended = what === 'suspend';
  if (what === 'close' || what === 'reopen') panel.closed = what === 'close';
  if (what === 'disable' || what === 'enable') user.disabled = what === 'disable';
  if (what === 'demote' || what === 'promote') user.role = what === 'demote' ? 'VIEWER' : 'FINANCE';
  return panel;
}
