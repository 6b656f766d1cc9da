import { expect, test } from 'vitest';
import { press } from '../soak/overload.ts';
import { copyCluster, makeFolder } from '../support/worlds/database.ts';

test('four times the load there is capacity for: what is accepted is committed once, the rest is refused OVERLOADED with a time to come back, and who reads or signs in is answered', async () => {
  const folder = await copyCluster(await makeFolder());
  const { peak, over, again, reads, signIns, lost, doubled, problems } = await press(folder, { peakMs: 2_000, overMs: 5_000 });
  for (const { accepted, otherCount, others, withoutRetryTime } of [peak, over, again]) {
    expect({ otherCount, others, withoutRetryTime }).toEqual({ otherCount: 0, others: [], withoutRetryTime: 0 });
    expect(accepted).toBeGreaterThan(0);
  }
  expect(over.sent).toBeGreaterThan(peak.acceptedInTime);
  expect(over.accepted + over.overloaded).toBe(over.sent);
  expect(over.overloaded).toBeGreaterThan(0);
  expect({ lost, doubled: doubled - over.unconfirmed }).toEqual({ lost: 0, doubled: 0 });
  // For the CPU that the server had, not for the time: at 0.9 where nothing else runs, and others may take what they like of the machine.
  expect(over.accepted / over.serverCpuSeconds).toBeGreaterThan(peak.accepted / peak.serverCpuSeconds / 3);
  expect(again.overloaded).toBe(0);
  for (const { asked, answered } of [reads, signIns]) {
    expect(answered).toBe(asked);
    expect(asked).toBeGreaterThan(0);
  }
  expect(problems).toEqual([]);
});
