import { expect, test } from 'vitest';
import type { Submission } from '../../src/ledger/posting/submission.ts';
import { Waiting } from '../../src/ledger/posting/waiting.ts';
import { times } from '../support/worlds/ledger-world.ts';

/** A submission of one command that needs these rows; the command itself is never used. */
function submission(...rows: string[]): Submission {
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

const COMMANDS: readonly [Submission['commands'][number]] = [
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
const names = (submissions: readonly Submission[]) => submissions.map(({ rows }) => rows.join());

function waitingFor(submissions: readonly Submission[]): Waiting {
  const waiting = new Waiting();
  for (const one of submissions) waiting.push(one);
  return waiting;
}

test('no two running batches need the same row, and a skipped command keeps its place among all that need its rows', () => {
  const waiting = waitingFor([submission('a', 'b'), submission('c', 'd')]);
  const first = waiting.take(1, 1, parkNothing);
  expect(names(first)).toEqual(['a,b']);
  for (const late of [submission('b', 'e'), submission('e', 'f'), submission('g')]) waiting.push(late);
  // b is in use, so b,e waits, and e,f behind it; g is free.
  expect(names(waiting.take(256, 1, parkNothing))).toEqual(['c,d', 'g']);
  expect(waiting.take(256, 1, parkNothing)).toEqual([]);
  waiting.free(first);
  expect(names(waiting.take(256, 1, parkNothing))).toEqual(['b,e', 'e,f']);
  expect(waiting.length).toBe(0);
});

test('many waiting commands are divided among the idle connections, few stay together', () => {
  const many = waitingFor(times(100, (index) => submission(`row ${index}`)));
  expect([many.take(256, 2, parkNothing).length, many.take(256, 1, parkNothing).length]).toEqual([50, 50]);
  const few = waitingFor(times(20, (index) => submission(`row ${index}`)));
  expect(few.take(256, 2, parkNothing)).toHaveLength(20);
});

test('a batch that would be too small is not taken, and all its commands keep their places', () => {
  const gone = submission('c');
  gone.state = 'answered';
  const waiting = waitingFor([submission('a', 'b'), submission('b', 'd'), gone, submission('e'), submission('f')]);
  const first = waiting.take(1, 1, parkNothing);
  // b,d waits for the first; two others are free.
  expect(waiting.take(256, 1, parkNothing, 3)).toEqual([]);
  expect(waiting.length).toBe(3);
  waiting.push(submission('d'));
  expect(names(waiting.take(256, 1, parkNothing, 2))).toEqual(['e', 'f']);
  waiting.free(first);
  expect(waiting.take(256, 1, parkNothing, 3)).toEqual([]);
  expect(names(waiting.take(256, 1, parkNothing, 2))).toEqual(['b,d', 'd']);
  expect(waiting.take(256, 1, parkNothing)).toEqual([]);
});

test('a settled or parked command no longer waits', () => {
  const gone = submission('a');
  gone.state = 'answered';
  const waiting = waitingFor([gone, submission('b'), submission('c')]);
  expect(names(waiting.take(256, 1, ({ rows }) => rows.includes('b')))).toEqual(['c']);
  expect(waiting.length).toBe(0);
});

test('a batch is bounded, a larger submission is alone, and rows that everyone wants do not block the others', () => {
  const hot = times(300, (index) => submission('hot', `row ${index}`));
  const waiting = waitingFor(hot);
  const first = waiting.take(256, 1, parkNothing);
  expect(first).toHaveLength(256);
  waiting.push(submission('cold'));
  expect(names(waiting.take(256, 1, parkNothing))).toEqual(['cold']);
  const large = waitingFor([{ ...submission('a'), commands: times(1000, () => COMMANDS[0]) }, submission('b')]);
  expect(names(large.take(256, 1, parkNothing))).toEqual(['a']);
});
