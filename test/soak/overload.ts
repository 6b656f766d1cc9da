/** The stage of the soak with more load than capacity. */

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { Sql } from '../../src/db/sql.ts';
import { openStranger } from '../fault/stranger.ts';
import { openPrivatePostgres } from '../support/processes/private-postgres.ts';
import { PATIENCE_MS } from '../support/until.ts';
import { CleanUp } from './clean-up.ts';
import { ask, rowOf } from './client.ts';
import { Fleet, type Usage } from './fleet.ts';
import { KEY, type LoadJob, type LoadResult, type Waits } from './load-job.ts';
import { transfer } from './operations.ts';
import { say, table } from './report.ts';
import { plantWorld, type World } from './world.ts';

const CONNECTIONS = 256;
const PAYERS = 64;
export const TIMES_CAPACITY = 4;
const GOODPUT_FLOOR = 0.8;
/** POSTING_MAX_WAIT_MS plus one running batch: accepted commands are answered within this time. */
const ACCEPTED_WITHIN_MS = 2_500;
const PROBE_EVERY_MS = 250;
const PROBE_TIMEOUT_MS = PATIENCE_MS;

const VIEWER = 'query { result: viewer { __typename reseller { account { balance } } } }';
const SIGN_IN =
  'mutation { result: signIn(input: { email: "nobody@soak.test", password: "wrong password" }) { __typename ... on Error { code } } }';

/** Runs the load in its own process. */
async function runLoad(job: LoadJob): Promise<LoadResult> {
  const child = fork(new URL('load.child.ts', import.meta.url), { execArgv: [] });
  child.send(job);
  const [result] = await Promise.race([once(child, 'message'), once(child, 'exit').then(() => [null])]);
  if (result === null) throw new Error('the load ended without a result');
  return result;
}

function requestsOf(world: World): LoadJob['requests'] {
  return world.payers.map(({ token, childId }) => {
    const { query, variables } = transfer(token, childId);
    const body = JSON.stringify({ query, variables }).replace(/soak [0-9a-f-]{36}/, KEY);
    return { token, body };
  });
}

/** Measures reads and sign-ins meanwhile, with a client that waits as long as the server asks. */
class Probe {
  asked = 0;
  answered = 0;
  refusals = 0;
  slowestMs = 0;

  async run(origin: string, token: string, query: string, untilMs: number): Promise<void> {
    while (performance.now() < untilMs) {
      const startedMs = performance.now();
      this.asked += 1;
      for (;;) {
        const reply = await ask(origin, token, query, {}, PROBE_TIMEOUT_MS);
        if (reply.kind === 'answered') {
          this.answered += 1;
          break;
        }
        // The last question may still be refused when the load ends, and is answered soon after.
        if (reply.kind !== 'overloaded' || performance.now() > untilMs + PATIENCE_MS) break;
        this.refusals += 1;
        await delay(reply.retryAfterMs);
      }
      this.slowestMs = Math.max(this.slowestMs, performance.now() - startedMs);
      await delay(PROBE_EVERY_MS);
    }
  }

  toString(): string {
    return `${this.answered} of ${this.asked} answered, ${this.refusals} attempts refused, the slowest after ${Math.round(this.slowestMs)} ms`;
  }
}

const waits = ({ p50, p99, max }: Waits) => `${Math.round(p50)} / ${Math.round(p99)} / ${Math.round(max)}`;

const HEAD = ['load', 'offered a second', 'accepted', 'OVERLOADED', 'other', 'server µs a request', "load's CPU"];
const WAITS_HEAD = ['ms (half / 99 % / all)', 'since due', 'since sent', 'since its turn on the connection'];

function row(name: string, load: Measured): string[] {
  const { sent, acceptedInTime, overloaded, otherCount, seconds, cpuShare, serverCpuSeconds } = load;
  const rate = (count: number) => String(Math.round(count / seconds));
  const each = Math.round((serverCpuSeconds * 1e6) / sent);
  return [name, rate(sent), rate(acceptedInTime), rate(overloaded), String(otherCount), String(each), `${Math.round(cpuShare * 100)} %`];
}

function waitsRows(name: string, { acceptedAfter, overloadedAfter }: LoadResult): string[][] {
  return (
    [
      [`${name}: accepted`, acceptedAfter],
      [`${name}: OVERLOADED`, overloadedAfter],
    ] as const
  ).map(([what, { sinceDue, sinceSent, sinceItsTurn }]) => [what, waits(sinceDue), waits(sinceSent), waits(sinceItsTurn)]);
}

/** A load's result, and the CPU time it cost the server. */
interface Measured extends LoadResult {
  readonly serverCpuSeconds: number;
}

export interface Pressure {
  readonly peak: Measured;
  readonly over: Measured;
  readonly again: Measured;
  readonly reads: Probe;
  readonly signIns: Probe;
  /** Lost: acknowledged transfers that are missing. Doubled: transfers that exist without an acknowledgment. */
  readonly lost: number;
  readonly doubled: number;
  /** Problems that the ledger's health check found. */
  readonly problems: readonly string[];
  readonly usage: readonly [before: Usage, after: Usage];
}

interface Loads {
  readonly peakMs: number;
  readonly overMs: number;
  /** How many times the capacity is offered; four by default. */
  readonly times?: number;
}

/**
 * Capacity is the rate of answers to a closed loop over the same connections, with the load on the same machine. Then
 * a multiple of that rate is offered, whatever the server answers.
 */
export async function press(folder: string, { peakMs, overMs, times = TIMES_CAPACITY }: Loads): Promise<Pressure> {
  const cleanUp = new CleanUp();
  try {
    const postgres = await openPrivatePostgres(folder, true);
    cleanUp.push(postgres.remove);
    const world = await plantWorld(postgres.url, PAYERS);
    cleanUp.push(() => world.ledger.close());
    const stranger = openStranger(postgres.url);
    cleanUp.push(() => stranger.end({ timeout: 0 }));
    const planted = await transfersIn(stranger);
    const fleet = await Fleet.open([postgres.url]);
    cleanUp.push(() => fleet.close());
    const origin = fleet.origins[0] ?? '';
    const usual = { port: Number(new URL(origin).port), connections: CONNECTIONS, requests: requestsOf(world) };
    const measure = async (forMs: number, perSecond: number | null): Promise<Measured> => {
      const { cpuSeconds } = await fleet.usage();
      const result = await runLoad({ ...usual, forMs, perSecond });
      return { ...result, serverCpuSeconds: (await fleet.usage()).cpuSeconds - cpuSeconds };
    };
    // Code that is not compiled yet is slower, so the first load is not counted.
    const warm = await measure(peakMs / 2, null);
    const before = await fleet.usage();
    const peak = await measure(peakMs, null);
    const [reads, signIns] = [new Probe(), new Probe()];
    const untilMs = performance.now() + overMs;
    const [over] = await Promise.all([
      measure(overMs, (times * peak.acceptedInTime) / peak.seconds),
      reads.run(origin, world.payers[0]?.token ?? '', VIEWER, untilMs),
      signIns.run(origin, '', SIGN_IN, untilMs),
    ]);
    const again = await measure(peakMs, null);
    const usage = await fleet.usage();
    const acknowledged = [warm, peak, over, again].flatMap(({ transfers }) => transfers.map(rowOf));
    const { problems } = await world.ledger.health();
    return {
      peak,
      over,
      again,
      reads,
      signIns,
      ...compare(planted, await transfersIn(stranger), acknowledged),
      problems,
      usage: [before, usage],
    };
  } finally {
    await cleanUp.run();
  }
}

async function transfersIn(sql: Sql): Promise<ReadonlySet<string>> {
  const rows = await sql<{ id: string }[]>`SELECT id FROM transfer`;
  return new Set(rows.map(({ id }) => id));
}

function compare(
  planted: ReadonlySet<string>,
  there: ReadonlySet<string>,
  acknowledged: readonly string[],
): { lost: number; doubled: number } {
  const once = new Set(acknowledged);
  const lost = acknowledged.filter((id) => !there.has(id)).length;
  const unasked = [...there].filter((id) => !once.has(id) && !planted.has(id)).length;
  return { lost, doubled: unasked + acknowledged.length - once.size };
}

/** Runs the stage for a minute, or briefly. Returns true if everything went as it must. */
export async function overload(folder: string, isQuick: boolean): Promise<boolean> {
  say('Offering more load than the capacity …');
  const pressure = await press(folder, isQuick ? { peakMs: 4_000, overMs: 8_000 } : { peakMs: 15_000, overMs: 60_000 });
  const { peak, over, again, reads, signIns, lost, doubled, usage } = pressure;
  const goodput = over.acceptedInTime / over.seconds / (peak.acceptedInTime / peak.seconds);
  const problems = [...pressure.problems, ...problemsOf(pressure, goodput)];
  const rows = [HEAD, row('closed loop', peak), row('4 × as much', over), row('closed loop again', again)];
  const [before, after] = usage;
  process.stdout.write(`${table(rows)}${table([WAITS_HEAD, ...waitsRows('closed loop', peak).slice(0, 1), ...waitsRows('4 × as much', over)])}
Goodput ÷ peak: ${goodput.toFixed(2)}. Lost: ${lost}, doubled: ${doubled}. ${before.residentMb} MB before, ${after.residentMb} after.
Reads: ${reads}.
Signing in: ${signIns}.
`);
  process.stdout.write(problems.map((problem) => `PROBLEM: ${problem}\n`).join(''));
  return problems.length === 0;
}

function problemsOf({ over, again, lost, doubled, reads, signIns }: Pressure, goodput: number): string[] {
  const problems: string[] = [];
  if (goodput < GOODPUT_FLOOR) problems.push(`goodput fell to ${goodput.toFixed(2)} of the peak`);
  const acceptedMs = over.acceptedAfter.sinceSent.p99;
  if (acceptedMs > ACCEPTED_WITHIN_MS) problems.push(`one accepted call in a hundred waited ${Math.round(acceptedMs)} ms`);
  if (over.overloaded === 0) problems.push('nothing was refused');
  if (over.withoutRetryTime > 0) problems.push(`${over.withoutRetryTime} refusals have no retry time`);
  if (over.otherCount > 0) problems.push(`${over.otherCount} other answers, for example: ${over.others.join(' | ')}`);
  if (again.overloaded > 0) problems.push(`${again.overloaded} refusals when it was over`);
  if (lost > 0) problems.push(`${lost} acknowledged transfers are missing`);
  if (doubled > over.unconfirmed) problems.push(`${doubled} transfers exist without an acknowledgment`);
  if (reads.answered < reads.asked) problems.push(`${reads.asked - reads.answered} reads were not answered`);
  if (signIns.answered < signIns.asked) problems.push(`${signIns.asked - signIns.answered} sign-ins were not answered`);
  return problems;
}
