/** One caller's commands, and their state in the queue. */

import type { RequestOrigin } from '../../kernel/request-origin.ts';
import type { Command } from '../command.ts';
import type { Outcome } from '../outcome.ts';
import { transferAccountsOf } from '../rules/footprint.ts';
import type { UsedValues } from './unique-values.ts';

/**
 * | state | the item is | next states |
 * |---|---|---|
 * | waiting | in line, in order of arrival (waiting.ts) | posting, parked, answered |
 * | posting | in a batch on a connection | parked, answered |
 * | parked | set aside, because another session has locked a row that it needs (parking.ts) | due, answered |
 * | due | in line for the next retry | posting, answered |
 * | answered | out of the queue: decided, refused or expired | |
 */
export type ItemState = keyof typeof NEXT;

const NEXT = {
  waiting: ['posting', 'parked', 'answered'],
  posting: ['parked', 'answered'],
  parked: ['due', 'answered'],
  due: ['posting', 'answered'],
  answered: [],
} as const satisfies Record<string, readonly string[]>;

/** One caller's commands. They are never split, and answered together. */
export interface Item {
  readonly commands: readonly Command[];
  /** The names of all rows and locks that its commands may wait for. */
  readonly rows: readonly string[];
  /** Whether all commands are posted or none. */
  readonly atomic: boolean;
  /** Whether it is posted in a batch of its own. */
  readonly alone: boolean;
  /** Unique values of its commands that another tenant of a distributed database already uses. */
  readonly usedValues: UsedValues | null;
  /** The request that it belongs to, for log lines and traces; undefined if there is none. */
  readonly origin: RequestOrigin | undefined;
  /** When it expires, in monotonic milliseconds. */
  readonly deadlineMs: number;
  readonly resolve: (outcomes: readonly Outcome[]) => void;
  readonly reject: (error: unknown) => void;
  /** Only `move` changes it. */
  state: ItemState;
}

/** Throws for a change that is not in the table: the item would be posted twice, or never answered. */
export function move(item: Pick<Item, 'state'>, to: ItemState): void {
  const next: readonly ItemState[] = NEXT[item.state];
  if (!next.includes(to)) throw new Error(`an item of the posting queue that is ${item.state} cannot be ${to}`);
  item.state = to;
}

export function commandsOf(items: readonly Item[]): number {
  return items.reduce((sum, { commands }) => sum + commands.length, 0);
}

/** The accounts that their transfers go from and to. */
export function accountsOf(items: readonly Item[]): { tenantId: string; id: string }[] {
  return items.flatMap((item) =>
    item.commands.flatMap((command) => {
      const { fromId, toId } = transferAccountsOf(command);
      return [fromId, toId].flatMap((id) => (id === null ? [] : [{ tenantId: command.tenantId, id }]));
    }),
  );
}
