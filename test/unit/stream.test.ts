import { expect, test } from 'vitest';
import { Stream, streamOf } from '../../src/kernel/stream.ts';

/** A stream whose events a test supplies. */
class Given extends Stream<number> {
  readonly at: number[] = [];
  isOver = false;
  failure: Error | null = null;

  take(): number | undefined {
    if (this.failure) {
      const { failure } = this;
      this.failure = null;
      this.isOver = true;
      throw failure;
    }
    return this.at.shift();
  }

  close(): void {
    this.isOver = true;
    this.reader?.ready();
  }

  give(...events: number[]): void {
    this.at.push(...events);
    this.reader?.ready();
  }
}

test('concurrent calls of next get their own events, in order', async () => {
  const stream = new Given();
  const asked = [stream.next(), stream.next(), stream.next()];
  stream.give(1);
  stream.give(2, 3);
  expect(await Promise.all(asked)).toEqual([1, 2, 3].map((value) => ({ done: false, value })));
});

test('return ends every waiting call, and an error that ends the stream is thrown once', async () => {
  const stream = new Given();
  const asked = [stream.next(), stream.next()];
  await stream.return();
  expect(await Promise.all(asked)).toEqual([
    { done: true, value: undefined },
    { done: true, value: undefined },
  ]);
  const failing = new Given();
  const waiting = failing.next();
  failing.failure = new Error('lost');
  failing.give();
  await expect(waiting).rejects.toThrow('lost');
  expect(await failing.next()).toEqual({ done: true, value: undefined });
});

test('an iterator is not asked for more before its last event was taken', async () => {
  let given = 0;
  async function* count() {
    for (given = 1; ; given += 1) yield given;
  }
  const stream = streamOf(count());
  expect(given).toBe(0);
  expect(await stream.next()).toEqual({ done: false, value: 1 });
  expect(given).toBe(1);
  expect(await stream.next()).toEqual({ done: false, value: 2 });
  await stream.return();
  expect(await stream.next()).toEqual({ done: true, value: undefined });
  expect(streamOf(stream)).toBe(stream);
});
