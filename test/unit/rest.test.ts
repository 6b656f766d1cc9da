import { expect, test } from 'vitest';
import { createRest, restMs } from '../../src/domain/rest.ts';
import { monotonicMs } from '../../src/kernel/clock.ts';

test('long work rests three times as long as it worked while commands wait, at most half a second; alone it does not rest', () => {
  const busy = { ledger: { depth: 1 } };
  expect([restMs(busy, 20), restMs(busy, 400)]).toEqual([60, 500]);
  expect(restMs({ ledger: { depth: 0 } }, 400)).toBe(0);
});

test('a rest ends at once when the work is aborted', async () => {
  const ended = new AbortController();
  ended.abort();
  const rest = createRest({ ledger: { depth: 1 } }, ended.signal);
  // Work that took no time needs no rest.
  for (const beganMs = monotonicMs(); monotonicMs() === beganMs; );
  await expect(rest()).rejects.toThrow();
});
