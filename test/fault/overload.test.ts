import { expect, test } from 'vitest';
import { type Pressure, press, TIMES_CAPACITY } from '../soak/overload.ts';
import { copyCluster, makeFolder } from '../support/worlds/database.ts';

/** Other work that begins between the two loads lowers the ratio of their efficiencies, and nothing raises it: the best one counts. */
const ATTEMPTS = 3;
/** Other work that ends between them leaves a greater capacity than was measured. Then nothing is refused, and more must be offered. */
const ATTEMPTS_TO_OVERLOAD = 5;
/** The ratio is 0.8 where nothing else runs. */
const LEAST_EFFICIENCY = 1 / 3;

/** Accepted transfers for each second of the server's CPU, with four times the capacity offered, relative to the capacity alone. */
function efficiencyOf({ over, peak }: Pressure): number {
  return over.accepted / over.serverCpuSeconds / (peak.accepted / peak.serverCpuSeconds);
}

function expectFair({ peak, over, again, reads, signIns, lost, doubled, problems }: Pressure): void {
  for (const { accepted, otherCount, others, withoutRetryTime } of [peak, over, again]) {
    expect({ otherCount, others, withoutRetryTime }).toEqual({ otherCount: 0, others: [], withoutRetryTime: 0 });
    expect(accepted).toBeGreaterThan(0);
  }
  expect(over.sent).toBeGreaterThan(peak.acceptedInTime);
  expect(over.accepted + over.overloaded).toBe(over.sent);
  expect(lost).toBe(0);
  // A transfer that the server could not confirm may exist or not: its caller retries it by its key.
  expect(doubled).toBeLessThanOrEqual(over.unconfirmed);
  // A refusal costs 0.07 of an accepted transfer, also while other work takes most of the machine and far more are refused.
  const transferCpu = peak.serverCpuSeconds / peak.accepted;
  const refusals = Math.max(3 * over.accepted, over.overloaded);
  expect(over.serverCpuSeconds - over.accepted * transferCpu).toBeLessThan((refusals * transferCpu) / 2);
  expect(again.overloaded).toBe(0);
  for (const { asked, answered } of [reads, signIns]) {
    expect(answered).toBe(asked);
    expect(asked).toBeGreaterThan(0);
  }
  expect(problems).toEqual([]);
}

test('at four times the capacity accepted commands commit once, others are OVERLOADED, and reads and sign-ins are answered', async () => {
  const efficiencies: number[] = [];
  let times = TIMES_CAPACITY;
  for (let attempt = 0; attempt < ATTEMPTS_TO_OVERLOAD && efficiencies.length < ATTEMPTS; attempt += 1) {
    const pressure = await press(await copyCluster(await makeFolder()), { peakMs: 2_000, overMs: 5_000, times });
    // A machine that stood still during the measurement proves nothing either.
    if (pressure.peak.acceptedInTime === 0) continue;
    expectFair(pressure);
    if (pressure.over.overloaded === 0) {
      times *= 2;
      continue;
    }
    efficiencies.push(efficiencyOf(pressure));
    if (Math.max(...efficiencies) > LEAST_EFFICIENCY) break;
  }
  // Relative to the server's CPU, not to time: other work may use any part of the machine.
  expect(Math.max(...efficiencies)).toBeGreaterThan(LEAST_EFFICIENCY);
});
