import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { openPrivatePostgres } from '../helpers/private-postgres.ts';
import { ask } from './client.ts';
import { Fleet, type Usage } from './fleet.ts';
import { KEY, type LoadJob, type LoadResult, type Waits } from './load-job.ts';
import { transfer } from './operations.ts';
import { say, table } from './report.ts';
import { Undo } from './undo.ts';
import { plantWorld, type World } from './world.ts';

const CONNECTIONS = 256;
const PAYERS = 64;
const TIMES_CAPACITY = 4;
const GOODPUT_FLOOR = 0.8;
/** POSTING_MAX_WAIT_MS, and a batch that was begun: what is accepted is answered within. */
const ACCEPTED_WITHIN_MS = 2_500;
const PROBE_EVERY_MS = 250;
const PROBE_TIMEOUT_MS = 10_000;

const VIEWER = 'query { result: viewer { __typename reseller { account { balance } } } }';
const SIGN_IN =
  'mutation { result: signIn(input: { email: "nobody@soak.test", password: "wrong password" }) { __typename ... on Error { code } } }';

/** Runs the load in a process of its own. */
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

/** How reads and signing in fare meanwhile, asked as a client does that is told when to come back. */
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
        if (reply.kind !== 'overloaded' || performance.now() > untilMs) break;
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

function row(
  name: string,
  { sent, heldBack, acceptedInTime, overloaded, otherCount, seconds, acceptedWaits, overloadedWaits }: LoadResult,
): string[] {
  const rate = (count: number) => String(Math.round(count / seconds));
  return [
    name,
    rate(sent),
    rate(heldBack),
    rate(acceptedInTime),
    rate(overloaded),
    String(otherCount),
    waits(acceptedWaits),
    waits(overloadedWaits),
  ];
}

export interface Pressure {
  readonly peak: LoadResult;
  readonly over: LoadResult;
  readonly again: LoadResult;
  readonly reads: Probe;
  readonly signIns: Probe;
  /** Of the ledger. */
  readonly problems: readonly string[];
  readonly usage: readonly [before: Usage, after: Usage];
}

/**
 * Capacity is what a closed loop over the same connections is answered, with the load on the same machine; then four
 * times as much comes whatever is answered.
 */
export async function press(folder: string, { peakMs, overMs }: { readonly peakMs: number; readonly overMs: number }): Promise<Pressure> {
  const undo = new Undo();
  try {
    const postgres = await openPrivatePostgres(folder, true);
    undo.push(postgres.remove);
    const world = await plantWorld(postgres.url, PAYERS);
    undo.push(() => world.ledger.close());
    const fleet = await Fleet.open([postgres.url]);
    undo.push(() => fleet.close());
    const origin = fleet.origins[0] ?? '';
    const usual = { port: Number(new URL(origin).port), connections: CONNECTIONS, requests: requestsOf(world) };
    // What is not compiled yet is slower.
    await runLoad({ ...usual, forMs: peakMs / 2, perSecond: null });
    const before = await fleet.usage();
    const peak = await runLoad({ ...usual, forMs: peakMs, perSecond: null });
    const [reads, signIns] = [new Probe(), new Probe()];
    const untilMs = performance.now() + overMs;
    const [over] = await Promise.all([
      runLoad({ ...usual, forMs: overMs, perSecond: (TIMES_CAPACITY * peak.acceptedInTime) / peak.seconds }),
      reads.run(origin, world.payers[0]?.token ?? '', VIEWER, untilMs),
      signIns.run(origin, '', SIGN_IN, untilMs),
    ]);
    const again = await runLoad({ ...usual, forMs: peakMs, perSecond: null });
    const { problems } = await world.ledger.health();
    return { peak, over, again, reads, signIns, problems, usage: [before, await fleet.usage()] };
  } finally {
    await undo.run();
  }
}

/** For a minute, or a moment; true when it went as it must. */
export async function overload(folder: string, isQuick: boolean): Promise<boolean> {
  say('More is asked for than there is capacity for …');
  const pressure = await press(folder, isQuick ? { peakMs: 4_000, overMs: 8_000 } : { peakMs: 15_000, overMs: 60_000 });
  const { peak, over, again, reads, signIns, usage } = pressure;
  const goodput = over.acceptedInTime / over.seconds / (peak.acceptedInTime / peak.seconds);
  const problems = [...pressure.problems, ...problemsOf(over, goodput)];
  const head = ['load', 'asked a second', 'held back', 'accepted', 'OVERLOADED', 'other', 'accepted ms: half / 99 % / all', 'refused ms'];
  const rows = [head, row('closed loop', peak), row('4 × as much', over), row('closed loop again', again)];
  const [before, after] = usage;
  process.stdout.write(
    `${table(rows)}\nGoodput ÷ peak: ${goodput.toFixed(2)}. ${before.residentMb} MB before, ${after.residentMb} after.\nReads: ${reads}.\nSigning in: ${signIns}.\n`,
  );
  process.stdout.write(problems.map((problem) => `PROBLEM: ${problem}\n`).join(''));
  return problems.length === 0;
}

function problemsOf(over: LoadResult, goodput: number): string[] {
  const problems: string[] = [];
  if (goodput < GOODPUT_FLOOR) problems.push(`goodput fell to ${goodput.toFixed(2)} of the peak`);
  if (over.acceptedWaits.p99 > ACCEPTED_WITHIN_MS)
    problems.push(`one accepted call in a hundred waited ${Math.round(over.acceptedWaits.p99)} ms`);
  if (over.withoutRetryTime > 0) problems.push(`${over.withoutRetryTime} refusals name no time to come back`);
  if (over.otherCount > 0) problems.push(`${over.otherCount} other answers, as: ${over.others.join(' | ')}`);
  return problems;
}
