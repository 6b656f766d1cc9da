import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Client } from '../support/clients/api.ts';
import { type ServerProcess, startProcesses, stopProcesses } from '../support/processes/processes.ts';
import { type Demo, issue, type Member, plantPanel, plantTenant, platformIdOf } from '../support/worlds/demo.ts';
import { createDemoDatabase, type DemoDatabase } from '../support/worlds/planted-demo.ts';

let database: DemoDatabase;
let processes: ServerProcess[];
let clients: Client[];
let client: Client;
let demo: Demo;

beforeAll(async () => {
  database = await createDemoDatabase();
  processes = await startProcesses(4, database.url);
  clients = processes.map((server) => server.client);
  [client] = clients as [Client];
  ({ demo } = database);
  await issue(client, demo.platform, await platformIdOf(client, demo.platform, 'root'), 100_000, 'for races');
});

afterAll(async () => {
  await stopProcesses(processes);
  await database.drop();
});

/** The server for request number `index`: the servers take turns. */
function server(index: number): Client {
  const chosen = clients[index % clients.length];
  if (!chosen) throw new Error('there is no server');
  return chosen;
}

/** Runs all at once, each at the next server. */
function race<Result>(count: number, run: (server: Client, index: number) => Promise<Result>): Promise<Result[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => run(server(index), index)));
}

/** Counts the answers by a payload's type or a refusal's code. */
function tally(answers: readonly { __typename: string; code?: string }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { __typename, code } of answers) counts[code ?? __typename] = (counts[code ?? __typename] ?? 0) + 1;
  return counts;
}

interface AccountNow {
  readonly balance: number;
  readonly version: number;
  readonly locked: boolean;
}

async function accountOf({ token, accountId }: Member): Promise<AccountNow> {
  const { node } = await client.query(token, 'query ($id: ID!) { node(id: $id) { ... on Account { balance version locked } } }', {
    id: accountId,
  });
  return node;
}

async function expectHealth(): Promise<void> {
  const { ledgerHealth } = await client.query(demo.platform, '{ ledgerHealth { ok problems } }');
  expect(ledgerHealth).toEqual({ ok: true, problems: [] });
}

test('of 400 one-credit transfers racing for 100 credits exactly 100 are made, and the others find the panel locked', async () => {
  const payer = await plantPanel(client, demo.root, 'payer@demo.test', 110);
  const child = await plantPanel(client, payer, 'child@demo.test', 10);
  const answers = await race(400, (at, index) => at.transfer(payer.token, child.id, 1, `race ${index}`));
  expect(tally(answers)).toEqual({ TransferCreditsPayload: 100, PANEL_LOCKED: 300 });
  // Each of the hundred answers has another version: the account as that transfer left it.
  const left = answers.flatMap(({ from }) => (from ? [[from.version, from.balance]] : []));
  const expected = Array.from({ length: 100 }, (_, index) => [index + 3, 99 - index]);
  expect(left.sort(([a = 0], [b = 0]) => a - b)).toEqual(expected);
  expect(await accountOf(payer)).toEqual({ balance: 0, version: 102, locked: true });
  expect(await accountOf(child)).toEqual({ balance: 110, version: 101, locked: false });
});

test('one key sent 100 times moves credits once, is replayed 99 times, and with another input is a conflict', async () => {
  const before = await accountOf(demo.bruno);
  const answers = await race(100, (at) => at.transfer(demo.ana.token, demo.bruno.id, 7, 'only once'));
  expect(answers.filter(({ replayed }) => replayed === false)).toHaveLength(1);
  expect(answers.filter(({ replayed }) => replayed === true)).toHaveLength(99);
  expect(new Set(answers.map(({ transfer }) => transfer?.id)).size).toBe(1);
  expect(await accountOf(demo.bruno)).toEqual({ balance: before.balance + 7, version: before.version + 1, locked: false });
  const conflicts = await race(20, (at) => at.transfer(demo.ana.token, demo.bruno.id, 8, 'only once'));
  expect(tally(conflicts)).toEqual({ IDEMPOTENCY_CONFLICT: 20 });
});

test('one new key raced with two inputs is one transfer with replays, and conflicts for the other input', async () => {
  const answers = await race(40, (at, index) => at.transfer(demo.ana.token, demo.bruno.id, 1 + (Math.floor(index / 4) % 2), 'two inputs'));
  const moved = answers.filter(({ transfer }) => transfer);
  expect(tally(answers)).toEqual({ TransferCreditsPayload: 20, IDEMPOTENCY_CONFLICT: 20 });
  expect(moved.filter(({ replayed }) => replayed === false)).toHaveLength(1);
  expect(new Set(moved.map(({ transfer }) => transfer?.id)).size).toBe(1);
});

const CREATE = `mutation ($input: CreateResellerInput!) { made: createReseller(input: $input) {
  __typename ... on Error { code } ... on CreateResellerPayload { reseller { id account { balance } } from { balance locked } }
} }`;

test('of two panels created at once with 10 credits on a balance of 10 one is created, and its creator is locked (R13)', async () => {
  const creator = await plantPanel(client, demo.root, 'creator@demo.test', 10);
  const answers = await race(2, async (at, index) => {
    const input = {
      name: 'n',
      email: `made${index}@demo.test`,
      password: '1234567890',
      initialCredits: 10,
      idempotencyKey: `make ${index}`,
    };
    return (await at.data<{ made: { __typename: string; code?: string } }>(creator.token, CREATE, { input })).made;
  });
  expect(tally(answers)).toEqual({ CreateResellerPayload: 1, PANEL_LOCKED: 1 });
  expect(answers.find(({ code }) => code === undefined)).toMatchObject({
    reseller: { account: { balance: 10 } },
    from: { balance: 0, locked: true },
  });
  expect(await accountOf(creator)).toMatchObject({ balance: 0, locked: true });
});

test('one e-mail that ten new panels race for is given once', async () => {
  const answers = await race(10, async (at, index) => {
    const input = { name: 'n', email: 'Wanted@Demo.test', password: '1234567890', initialCredits: 10, idempotencyKey: `wanted ${index}` };
    return (await at.data<{ made: { __typename: string; code?: string } }>(demo.root.token, CREATE, { input })).made;
  });
  expect(tally(answers)).toEqual({ CreateResellerPayload: 1, ALREADY_EXISTS: 9 });
});

test('concurrent crossing writes, up and down the tree and in batches, are all answered and lose no credit', async () => {
  const top = await plantTenant(client, demo.platform, 'crossing@cross.test', 100_000);
  const middle = await plantPanel(client, top, 'middle@cross.test', 20_000);
  const leaves = await Promise.all([0, 1, 2].map((index) => plantPanel(client, middle, `leaf${index}@cross.test`, 100)));
  const seen: { __typename: string; code?: string }[] = [];
  let key = 0;
  const batch = async (at: Client, order: readonly Member[]) => {
    const transfers = order.map(({ id }) => ({ toResellerId: id, amount: 1, idempotencyKey: `cross ${key++}` }));
    const { done } = await at.data<{ done: { __typename: string; code?: string } }>(
      middle.token,
      'mutation ($input: TransferCreditsBatchInput!) { done: transferCreditsBatch(input: $input) { __typename ... on Error { code } } }',
      { input: { transfers } },
    );
    return done;
  };
  const move = async (at: Client, index: number) => {
    const [panel, parent] = [leaves[2], index % 2 === 0 ? leaves[1] : middle];
    const { done } = await at.data<{ done: { __typename: string; code?: string } }>(
      top.token,
      'mutation ($input: MoveResellerInput!) { done: moveReseller(input: $input) { __typename ... on Error { code } } }',
      { input: { resellerId: panel?.id, newParentId: parent?.id } },
    );
    return done;
  };
  const untilMs = performance.now() + 3_000;
  const [first, second] = leaves as [Member, Member];
  const worker = async (index: number) => {
    for (let round = 0; performance.now() < untilMs || seen.length <= 100; round += 1) {
      const at = server(index + round);
      if (index === 0) seen.push(await move(at, round));
      else if (index % 4 === 1) seen.push(await batch(at, [first, second]));
      else if (index % 4 === 2) seen.push(await batch(at, [second, first]));
      else if (index % 4 === 3) seen.push(await at.transfer(top.token, middle.id, 2, `cross ${key++}`));
      else seen.push(await at.transfer(middle.token, first.id, 1, `cross ${key++}`));
    }
  };
  await Promise.all(Array.from({ length: 24 }, (_, index) => worker(index)));
  expect(Object.keys(tally(seen)).sort()).toEqual(['MoveResellerPayload', 'TransferCreditsBatchPayload', 'TransferCreditsPayload']);
  expect(seen.length).toBeGreaterThan(100);
  const { ledgerHealth, viewer } = await client.query(
    top,
    '{ ledgerHealth { ok issued held problems } viewer { reseller { branch { creditsHeld } } } }',
  );
  expect(ledgerHealth).toEqual({ ok: true, issued: 100_000, held: 100_000, problems: [] });
  expect(viewer.reseller.branch.creditsHeld).toBe(100_000);
  await expectHealth();
});
