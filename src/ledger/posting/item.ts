/** One caller's commands, and where they are on their way through the queue. */

import type { RequestOrigin } from '../../kernel/request-origin.ts';
import type { Command } from '../command.ts';
import type { Outcome } from '../outcome.ts';
import { sidesOf } from '../rules/footprint.ts';
import type { Elsewhere } from './words.ts';

/**
 * | state | the item is | and goes on to |
 * |---|---|---|
 * | waiting | in line, in order of arrival (waiting.ts) | posting, parked, answered |
 * | posting | in a batch on a connection | parked, answered |
 * | parked | aside, because another session holds a row of its (parking.ts) | due, answered |
 * | due | to be tried again, in the next retry | posting, answered |
 * | answered | out of the queue: decided, refused or given up | |
 */
export type ItemState = keyof typeof NEXT;

const NEXT = {
  waiting: ['posting', 'parked', 'answered'],
  posting: ['parked', 'answered'],
  parked: ['due', 'answered'],
  due: ['posting', 'answered'],
  answered: [],
} as const satisfies Record<string, readonly string[]>;

/** One caller's commands: never split, answered together. */
export interface Item {
  readonly commands: readonly Command[];
  /** The names of all rows and locks that its commands may wait for. */
  readonly rows: readonly string[];
  /** All or none. */
  readonly atomic: boolean;
  /** It is posted in a batch of its own. */
  readonly alone: boolean;
  /** What of its words is somebody else's, in another tenant of a distributed database. */
  readonly elsewhere: Elsewhere | null;
  /** Whose it is, for log lines and traces; undefined: no request's. */
  readonly origin: RequestOrigin | undefined;
  /** When it is given up, in monotonic milliseconds. */
  readonly deadlineMs: number;
  readonly resolve: (outcomes: readonly Outcome[]) => void;
  readonly reject: (error: unknown) => void;
  /** Moved by `move` only. */
  state: ItemState;
}

/** Throws at a move that is not in the table: the item would be posted twice, or never answered. */
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
      const { fromId, toId } = sidesOf(command);
      return [fromId, toId].flatMap((id) => (id === null ? [] : [{ tenantId: command.tenantId, id }]));
    }),
  );
}
