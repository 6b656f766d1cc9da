import { expect, test } from 'vitest';
import { press } from '../soak/overload.ts';
import { copyCluster, makeFolder } from '../support/worlds/database.ts';

test('at four times the capacity accepted commands commit once, others are OVERLOADED, and reads and sign-ins are answered', async () => {
  const folder = await copyCluster(await makeFolder());
  const { peak, over, again, reads, signIns, lost, doubled, problems } = await press(folder, { peakMs: 2_000, overMs: 5_000 });
  for (const { accepted, otherCount, others, withoutRetryTime } of [peak, over, again]) {
    expect({ otherCount, others, withoutRetryTime }).toEqual({ otherCount: 0, others: [], withoutRetryTime: 0 });
    expect(accepted).toBeGreaterThan(0);
  }
  expect(over.sent).toBeGreaterThan(peak.acceptedInTime);
  expect(over.accepted + over.overloaded).toBe(over.sent);
  expect(over.overloaded).toBeGreaterThan(0);
  expect(lost).toBe(0);
  // A transfer that the server could not confirm may exist or not: its caller retries it by its key.
  expect(doubled).toBeLessThanOrEqual(over.unconfirmed);
  // Relative to the server's CPU, not to time: a refusal costs less than half of an accepted transfer. It is 0.07, also while other
  // work takes most of the machine, and many more than three of four are refused.
  const transferCpu = peak.serverCpuSeconds / peak.accepted;
  const refusals = Math.max(3 * over.accepted, over.overloaded);
  expect(over.serverCpuSeconds - over.accepted * transferCpu).toBeLessThan((refusals * transferCpu) / 2);
  expect(again.overloaded).toBe(0);
  for (const { asked, answered } of [reads, signIns]) {
    expect(answered).toBe(asked);
    expect(asked).toBeGreaterThan(0);
  }
  expect(problems).toEqual([]);
});
