import { expect, test } from 'vitest';
import { makeFolder } from '../helpers/database.ts';
import { press } from '../soak/overload.ts';

test('four times the load there is capacity for: part of it is accepted, the rest refused OVERLOADED with a time to come back, and readers are answered', async () => {
  const { peak, over, again, reads, signIns, problems } = await press(await makeFolder(), { peakMs: 1_500, overMs: 5_000 });
  for (const { accepted, otherCount, others, withoutRetryTime } of [peak, over, again]) {
    expect({ otherCount, others, withoutRetryTime }).toEqual({ otherCount: 0, others: [], withoutRetryTime: 0 });
    expect(accepted).toBeGreaterThan(0);
  }
  expect(over.accepted + over.overloaded).toBe(over.sent);
  expect(again.overloaded).toBe(0);
  expect(reads.answered).toBeGreaterThan(0);
  expect(signIns.answered).toBeGreaterThan(0);
  expect(problems).toEqual([]);
}, 120_000);
