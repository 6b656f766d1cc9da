import { expect, test } from 'vitest';
import type { Item } from '../../src/ledger/posting/item.ts';
import { Waiting } from '../../src/ledger/posting/waiting.ts';
import { times } from '../support/worlds/ledger-world.ts';

/** An item of one command that needs these rows; the command itself is never used. */
function item(...rows: string[]): Item {
  const [command] = COMMANDS;
  return {
    commands: [command],
    rows,
    atomic: false,
    alone: false,
    usedValues: null,
    origin: undefined,
    deadlineMs: Number.POSITIVE_INFINITY,
    resolve: () => {},
    reject: () => {},
    state: 'waiting',
  };
}

const COMMANDS: readonly [Item['commands'][number]] = [
  {
    kind: 'transferCredits',
    tenantId: 't',
    scopeTenantId: 't',
    scopeId: 'a',
    key: 'k',
    hash: 'h',
    actorId: 'u',
    roles: ['OWNER'],
    transferId: 'x',
    toId: 'b',
    amount: 1,
    memo: null,
  },
];

const parkNothing = () => false;
const names = (items: readonly Item[]) => items.map(({ rows }) => rows.join());

function waitingFor(items: readonly Item[]): Waiting {
  const waiting = new Waiting();
  for (const one of items) waiting.push(one);
  return waiting;
}

test('no two running batches need the same row, and a skipped command keeps its place among all that need its rows', () => {
  const waiting = waitingFor([item('a', 'b'), item('c', 'd')]);
  const first = waiting.take(1, 1, parkNothing);
  expect(names(first)).toEqual(['a,b']);
  for (const late of [item('b', 'e'), item('e', 'f'), item('g')]) waiting.push(late);
  // b is in use, so b,e waits, and e,f behind it; g is free.
  expect(names(waiting.take(256, 1, parkNothing))).toEqual(['c,d', 'g']);
  expect(waiting.take(256, 1, parkNothing)).toEqual([]);
  waiting.free(first);
  expect(names(waiting.take(256, 1, parkNothing))).toEqual(['b,e', 'e,f']);
  expect(waiting.length).toBe(0);
});

test('many waiting commands are divided among the idle connections, few stay together', () => {
  const many = waitingFor(times(100, (index) => item(`row ${index}`)));
  expect([many.take(256, 2, parkNothing).length, many.take(256, 1, parkNothing).length]).toEqual([50, 50]);
  const few = waitingFor(times(20, (index) => item(`row ${index}`)));
  expect(few.take(256, 2, parkNothing)).toHaveLength(20);
});

test('a batch that would be too small is not taken, and all its commands keep their places', () => {
  const gone = item('c');
  gone.state = 'answered';
  const waiting = waitingFor([item('a', 'b'), item('b', 'd'), gone, item('e'), item('f')]);
  const first = waiting.take(1, 1, parkNothing);
  // b,d waits for the first; two others are free.
  expect(waiting.take(256, 1, parkNothing, 3)).toEqual([]);
  expect(waiting.length).toBe(3);
  waiting.push(item('d'));
  expect(names(waiting.take(256, 1, parkNothing, 2))).toEqual(['e', 'f']);
  waiting.free(first);
  expect(waiting.take(256, 1, parkNothing, 3)).toEqual([]);
  expect(names(waiting.take(256, 1, parkNothing, 2))).toEqual(['b,d', 'd']);
  expect(waiting.take(256, 1, parkNothing)).toEqual([]);
});

test('a settled or parked command no longer waits', () => {
  const gone = item('a');
  gone.state = 'answered';
  const waiting = waitingFor([gone, item('b'), item('c')]);
  expect(names(waiting.take(256, 1, ({ rows }) => rows.includes('b')))).toEqual(['c']);
  expect(waiting.length).toBe(0);
});

test('a batch is bounded, a larger item is alone, and rows that everyone wants do not block the others', () => {
  const hot = times(300, (index) => item('hot', `row ${index}`));
  const waiting = waitingFor(hot);
  const first = waiting.take(256, 1, parkNothing);
  expect(first).toHaveLength(256);
  waiting.push(item('cold'));
  expect(names(waiting.take(256, 1, parkNothing))).toEqual(['cold']);
  const large = waitingFor([{ ...item('a'), commands: times(1000, () => COMMANDS[0]) }, item('b')]);
  expect(names(large.take(256, 1, parkNothing))).toEqual(['a']);
});
