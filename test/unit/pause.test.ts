import { expect, test } from 'vitest';
import { createPause, pauseAfterMs } from '../../src/domain/pause.ts';
import { monotonicMs } from '../../src/kernel/clock.ts';

test('long work pauses three times as long as it worked while commands wait, at most half a second; alone it does not pause', () => {
  const busy = { ledger: { depth: 1 } };
  expect([pauseAfterMs(busy, 20), pauseAfterMs(busy, 400)]).toEqual([60, 500]);
  expect(pauseAfterMs({ ledger: { depth: 0 } }, 400)).toBe(0);
});

test('a pause ends at once when the work is aborted', async () => {
  const ended = new AbortController();
  ended.abort();
  const pause = createPause({ ledger: { depth: 1 } }, ended.signal);
  // Work that took no time needs no pause.
  for (const beganMs = monotonicMs(); monotonicMs() === beganMs; );
  await expect(pause()).rejects.toThrow();
});
