import { afterAll, beforeAll, expect, test } from 'vitest';
import { InsufficientCredits } from '../../src/kernel/errors.ts';
import type { Outcome } from '../../src/ledger/outcome.ts';
import type { PostingQueue } from '../../src/ledger/posting/queue.ts';
import { SharedLedger } from '../../src/ledger/sharing/shared-ledger.ts';
import { readAllTables } from '../property/database-tables.ts';
import { expectSound } from '../property/invariants.ts';
import { PATIENT_QUEUE } from '../support/patient.ts';
import { Port } from '../support/processes/port.ts';
import { until } from '../support/until.ts';
import { createDatabase, type TestDatabase } from '../support/worlds/database.ts';
import { LedgerWorld, type Panel, tally, times } from '../support/worlds/ledger-world.ts';

const PROCESSES = 3;
/** One round of calls is enough to count as busy, however slow the machine is. */
const CALLERS_EACH = 32;
/** Commands that other processes answer before a test continues. */
const SOME = 200;
/** How often messages in transit between processes are lost. */
const LOSSES = 5;

let database: TestDatabase;
let world: LedgerWorld;

beforeAll(async () => {
  database = await createDatabase();
  world = await LedgerWorld.open(database.url);
});

afterAll(async () => {
  await world?.close();
  await database?.drop();
});

interface Shared {
  readonly port: Port;
  readonly ledgers: readonly SharedLedger[];
  readonly queues: readonly PostingQueue[];
  readonly counts: Record<'answered' | 'taken back', number>;
  close(): Promise<void>;
}

function openShared(): Shared {
  const port = new Port();
  const counts = { answered: 0, 'taken back': 0 };
  const queues = times(PROCESSES, () => world.openQueue());
  const ledgers = queues.map(
    (local, index) =>
      new SharedLedger({
        local,
        siblings: port.join(index + 1),
        deadlineMs: PATIENT_QUEUE.deadlineMs,
        observe: (outcome, commands) => {
          counts[outcome] += commands;
        },
      }),
  );
  return { port, ledgers, queues, counts, close: async () => void (await Promise.all(ledgers.map((ledger) => ledger.close()))) };
}

/** Runs callers of these processes, who transfer one credit after another until `isOver`. */
async function call(ledgers: readonly SharedLedger[], [from, to]: readonly [Panel, Panel], isOver: () => boolean): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const caller = async (ledger: SharedLedger) => {
    while (!isOver()) outcomes.push(await ledger.post(world.transfer(from, to, 1)));
  };
  await Promise.all(ledgers.flatMap((ledger) => times(CALLERS_EACH, () => caller(ledger))));
  return outcomes;
}

async function pair(balance: number): Promise<readonly [Panel, Panel]> {
  const root = await world.root(balance);
  return [root, await world.child(root, 10)];
}

test('callers of three processes that debit one panel all get the decided outcome, wherever it was decided', async () => {
  const [root, child] = await pair(1_000_000);
  const shared = openShared();
  const outcomes = await call(shared.ledgers, [root, child], () => shared.counts.answered > SOME);
  expect(tally(outcomes)).toEqual({ POSTED: outcomes.length });
  expect(await world.account(root)).toMatchObject({ balance: 1_000_000 - 10 - outcomes.length, version: 2 + outcomes.length });
  const versions = outcomes.map((outcome) => (outcome.status === 'refused' ? 0 : (outcome.from?.version ?? 0)));
  expect(new Set(versions).size).toBe(outcomes.length);

  const kept = outcomes.flatMap((outcome) => (outcome.status === 'posted' ? outcome : []));
  for (const { from, steps, to, transfer } of kept) expect(steps).toEqual([{ transfer, from, to }]);
  const all = shared.ledgers.map((ledger) => ledger.post(world.transfer(root, child, 5_000_000)));
  for (const outcome of await Promise.all(all)) {
    expect(outcome).toMatchObject({ status: 'refused', refusal: { required: 5_000_000 } });
    if (outcome.status === 'refused') expect(outcome.refusal).toBeInstanceOf(InsufficientCredits);
  }
  const atomic = shared.ledgers.map((ledger) =>
    ledger.postAtomic([world.transfer(root, child, 1), world.transfer(root, child, 5_000_000)]),
  );
  for (const result of await Promise.allSettled(atomic)) {
    expect(result).toMatchObject({
      status: 'rejected',
      reason: { code: 'BATCH_REFUSED', index: 1, cause: { code: 'INSUFFICIENT_CREDITS' } },
    });
  }
  await shared.close();
});

test('commands handed to a process that ended are posted by those who sent them, once each, even if it goes on', async () => {
  const [root, child] = await pair(1_000_000);
  const shared = openShared();
  let cut = -1;
  let answered = Number.POSITIVE_INFINITY;
  const isOver = (index: number) => index === cut || (shared.counts['taken back'] > 0 && shared.counts.answered > answered + SOME);
  const calling = shared.ledgers.map((ledger, index) => call([ledger], [root, child], () => isOver(index)));
  // Which process posts depends on their speed: it has more commands than its own callers can have sent.
  const { poster } = await until(() => {
    const poster = shared.queues.findIndex(({ depth }) => depth > CALLERS_EACH);
    return shared.counts.answered > SOME && poster >= 0 && { poster };
  });
  shared.port.cut(poster + 1);
  expect(shared.counts['taken back']).toBeGreaterThan(0);
  cut = poster;
  // The two remaining processes share again.
  answered = shared.counts.answered;
  const outcomes = (await Promise.all(calling)).flat();
  await shared.close();
  expect(tally(outcomes)).toEqual({ POSTED: outcomes.length });
  expect(await world.account(root)).toMatchObject({ balance: 1_000_000 - 10 - outcomes.length, version: 2 + outcomes.length });
});

test('commands lost on the way to another process, or back, are posted where they came from, once each', async () => {
  const [root, child] = await pair(1_000_000);
  const shared = openShared();
  let losses = 0;
  const { counts } = shared;
  const calling = call(shared.ledgers, [root, child], () => losses === LOSSES && counts.answered > SOME);
  while (losses < LOSSES) {
    const { answered, 'taken back': takenBack } = counts;
    await until(() => counts.answered > answered && shared.queues.some(({ depth }) => depth > CALLERS_EACH));
    shared.port.loseLines();
    expect(counts['taken back']).toBeGreaterThan(takenBack);
    losses += 1;
  }
  const outcomes = await calling;
  await shared.close();
  expect(tally(outcomes)).toEqual({ POSTED: outcomes.length });
  expect(await world.account(root)).toMatchObject({ balance: 1_000_000 - 10 - outcomes.length, version: 2 + outcomes.length });
});

test('a process that stops answers what it accepted and accepts no more, and no caller of another is refused', async () => {
  const [root, child] = await pair(1_000_000);
  const shared = openShared();
  const [first, ...others] = shared.ledgers;
  let isOver = false;
  const calling = call(others, [root, child], () => isOver);
  const besides = await call(shared.ledgers.slice(0, 1), [root, child], () => shared.counts.answered > SOME);
  await first?.close();
  const answered = shared.counts.answered;
  // The two remaining processes share again.
  await until(() => shared.counts.answered > answered + SOME);
  isOver = true;
  const outcomes = [...besides, ...(await calling)];
  await shared.close();
  expect(tally(outcomes)).toEqual({ POSTED: outcomes.length });
  expect(await world.account(root)).toMatchObject({ balance: 1_000_000 - 10 - outcomes.length, version: 2 + outcomes.length });
  expectSound(await readAllTables(world.sql));
  expect(await world.health()).toMatchObject({ ok: true, problems: [] });
});
