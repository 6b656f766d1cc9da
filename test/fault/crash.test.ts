import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Overloaded } from '../../src/kernel/errors.ts';
import type { TransferCredits } from '../../src/ledger/command.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { PostingProcess } from '../ledger/posting-process.ts';
import { readAllTables } from '../property/database-tables.ts';
import { expectSound } from '../property/invariants.ts';
import { PATIENT_QUEUE } from '../support/patient.ts';
import { until } from '../support/until.ts';
import { type PrivatePostgres, startPrivatePostgres } from '../support/worlds/database.ts';
import { LedgerWorld, type Panel, times } from '../support/worlds/ledger-world.ts';

const CALLERS = 24;
const CRASHES = 3;
const ACKNOWLEDGED_BETWEEN_CRASHES = 150;

let postgres: PrivatePostgres;
let world: LedgerWorld;
let root: Panel;
let children: Panel[];

beforeAll(async () => {
  postgres = await startPrivatePostgres();
  world = await LedgerWorld.open(postgres.url);
  root = await world.root(1_000_000);
  children = await Promise.all(times(6, () => world.child(root, 10)));
});

afterAll(async () => {
  await world?.close();
  await postgres?.remove();
});

/** The calls, and those that were acknowledged, by key. */
interface Calls {
  readonly asked: Map<string, readonly TransferCredits[]>;
  readonly acknowledged: Set<string>;
}

function newCalls(): Calls {
  return { asked: new Map(), acknowledged: new Set() };
}

/** One transfer, or several in one ATOMIC call; the key of the first one names the call. */
function someTransfers(calls: Calls): { readonly name: string; readonly transfers: readonly TransferCredits[] } {
  const child = () => children[randomInt(children.length)] ?? root;
  const transfers = times(randomInt(4) === 0 ? 1 + randomInt(20) : 1, () => world.transfer(root, child(), 1));
  const name = transfers[0]?.key ?? '';
  calls.asked.set(name, transfers);
  return { name, transfers };
}

/** Repeats a call like a caller without an answer. */
async function settle(ledger: Ledger, transfers: readonly TransferCredits[]): Promise<void> {
  const outcomes = await ledger.postAtomic(transfers.map((transfer) => ({ ...transfer, transferId: crypto.randomUUID() })));
  // All or none.
  expect(new Set(outcomes.map(({ status }) => status)).size).toBe(1);
}

/** The number of each call's transfers in the journal, by the name of the call. */
async function inJournal({ asked }: Calls): Promise<Map<string, number>> {
  const rows = await world.sql<{ key: string }[]>`
    SELECT key FROM command_key k JOIN transfer t ON t.tenant_id = k.tenant_id AND t.id = k.transfer_id WHERE k.scope_id = ${root.id}`;
  const written = new Set(rows.map(({ key }) => key));
  return new Map([...asked].map(([name, transfers]) => [name, transfers.filter(({ key }) => written.has(key)).length]));
}

/**
 * Checks that every acknowledged call exists and any other is whole or absent; then settles each by its keys, and
 * checks that it exists once.
 */
async function expectSettled(calls: Calls): Promise<void> {
  const before = await inJournal(calls);
  for (const [name, transfers] of calls.asked) {
    const wanted = calls.acknowledged.has(name) ? [transfers.length] : [0, transfers.length];
    expect(wanted).toContain(before.get(name));
  }
  await Promise.all(
    [...calls.asked].filter(([name]) => !calls.acknowledged.has(name)).map(([, transfers]) => settle(world.queue, transfers)),
  );
  const total = [...calls.asked.values()].reduce((sum, transfers) => sum + transfers.length, 0);
  expect([...(await inJournal(calls)).values()].reduce((sum, count) => sum + count, 0)).toBe(total);
  expectSound(await readAllTables(world.sql));
  expect(await world.health()).toMatchObject({ ok: true, problems: [] });
}

async function transfersInJournal(): Promise<number> {
  return (await world.sql`SELECT FROM transfer WHERE kind = 'TRANSFER'`).length;
}

test('after Postgres is killed under load, acknowledged calls exist, others are whole or absent, and keys settle them', async () => {
  const calls = newCalls();
  const before = await transfersInJournal();
  let crashing = true;
  const caller = async () => {
    while (crashing) {
      const { name, transfers } = someTransfers(calls);
      await world.queue.postAtomic(transfers).then(
        () => calls.acknowledged.add(name),
        (error: unknown) => {
          if (!(error instanceof Overloaded)) throw error;
        },
      );
    }
  };
  const load = Promise.all(times(CALLERS, caller));
  for (let crash = 0; crash < CRASHES; crash += 1) {
    const goal = calls.acknowledged.size + ACKNOWLEDGED_BETWEEN_CRASHES;
    await until(() => calls.acknowledged.size >= goal);
    await postgres.kill();
    const silent = calls.acknowledged.size;
    await postgres.restart();
    // It serves again by itself.
    await until(() => calls.acknowledged.size > silent + CALLERS);
  }
  crashing = false;
  await load;
  await expectSettled(calls);
  expect(await transfersInJournal()).toBe(before + [...calls.asked.values()].flat().length);
  expect(world.retries.length).toBeGreaterThan(0);
});

test('after a process is killed under load, acknowledged calls exist, others are whole or absent, and keys settle them', async () => {
  const calls = newCalls();
  for (let crash = 0; crash < CRASHES; crash += 1) {
    const victim = await PostingProcess.start(postgres.url);
    const goal = calls.acknowledged.size + ACKNOWLEDGED_BETWEEN_CRASHES;
    let alive = true;
    const caller = async () => {
      while (alive) {
        const { name, transfers } = someTransfers(calls);
        const words = await victim.post('atomic', transfers);
        if (words === null) return;
        expect(new Set(words)).toEqual(new Set(['POSTED']));
        calls.acknowledged.add(name);
      }
    };
    const load = Promise.all(times(CALLERS, caller));
    await until(() => calls.acknowledged.size >= goal);
    await victim.kill();
    alive = false;
    await load;
  }
  await expectSettled(calls);
});

test('in an outage longer than every deadline callers are refused OVERLOADED, and served when Postgres is back', async () => {
  const child = children[0] ?? root;
  const { balance } = await world.account(child);
  await postgres.stop();
  const queue = world.openQueue({ ...PATIENT_QUEUE, deadlineMs: 500 });
  try {
    const command = world.transfer(root, child, 1);
    await expect(queue.post(command)).rejects.toThrow(Overloaded);
    await postgres.restart();
    const outcome = await until(() => queue.post({ ...command, transferId: crypto.randomUUID() }).catch(() => undefined));
    // An attempt that was refused at its deadline may have been on its way to the commit.
    expect(outcome.status).toMatch(/^(posted|replayed)$/);
    expect(await world.account(child)).toMatchObject({ balance: balance + 1 });
  } finally {
    await queue.close();
  }
});
