import { expect, test } from 'vitest';
import { monotonicMs } from '../../src/kernel/clock.ts';
import { FairScheduler, type Worker } from '../../src/server/graphql-ws/fair-scheduler.ts';

/** Has this much work, in pieces of a millisecond; reports each share it gets. */
function work(pieces: number, onShare: () => void): Worker {
  let left = pieces;
  return {
    work(untilMs) {
      onShare();
      while (left > 0) {
        const doneMs = monotonicMs() + 1;
        while (monotonicMs() < doneMs);
        left -= 1;
        if (monotonicMs() >= untilMs) return left > 0;
      }
      return false;
    },
  };
}

const turnOfTheLoop = () => new Promise((resolve) => setImmediate(resolve));

test('a worker with much to do continues behind those that have not run, and everybody finishes', async () => {
  const turns = new FairScheduler();
  const log: string[] = [];
  let shares = 0;
  turns.add(
    work(100, () => {
      shares += 1;
      log.push('much');
      if (shares === 5) turns.add(work(0, () => log.push('late')));
    }),
  );
  for (let index = 0; index < 20; index += 1) turns.add(work(0, () => log.push('little')));
  // Before `much` runs a third time: the first may have ended a turn, and so began a second one.
  while (log.filter((name) => name === 'much').length < 3) await turnOfTheLoop();
  expect(log.filter((name) => name === 'little').length).toBe(20);
  while (!log.includes('late')) await turnOfTheLoop();
  expect(shares).toBeLessThanOrEqual(6);
  // A hundred pieces of a millisecond do not fit into six shares of 5.
  while (shares < 7) await turnOfTheLoop();
});

test('between two turns the event loop is free for others', async () => {
  const turns = new FairScheduler();
  let done = 0;
  for (let index = 0; index < 100; index += 1) {
    turns.add(
      work(1, () => {
        done += 1;
      }),
    );
  }
  let seen = 0;
  for (; done < 100; seen += 1) await turnOfTheLoop();
  expect(seen).toBeGreaterThan(5);
});

test('newcomers are served in order, and many of them do not keep others from running', async () => {
  const turns = new FairScheduler();
  const log: (number | string)[] = [];
  for (let index = 0; index < 30; index += 1) {
    turns.addNewcomer(
      work(1, () => {
        log.push(index);
        if (index === 4) turns.add(work(0, () => log.push('other')));
      }),
    );
  }
  while (log.length < 31) await turnOfTheLoop();
  expect(log.indexOf('other')).toBeLessThan(10);
  expect(log.filter((one) => one !== 'other')).toEqual(Array.from({ length: 30 }, (_, index) => index));
});
