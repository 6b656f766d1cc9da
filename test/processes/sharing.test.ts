import { Agent, request } from 'node:http';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { ledgerHealth } from '../../src/ledger/health.ts';
import { PLATFORM_EMAIL } from '../support/clients/api.ts';
import { type ServerProcess, startProcess, stopProcesses } from '../support/processes/processes.ts';
import { openTestSql } from '../support/sql.ts';
import { until } from '../support/until.ts';
import { createDatabase, type TestDatabase } from '../support/worlds/database.ts';
import { type Member, plantPanel, plantTenant } from '../support/worlds/demo.ts';

const CALLERS = 12;
/** Transfers that one caller sends together, so that a few callers keep three processes busy on any machine. */
const TOGETHER = 40;
/** Commands that other processes answer before a test continues. */
const SOME = 400;

const TRANSFERS = 'mutation ($input: TransferCreditsBatchInput!) { transferCreditsBatch(input: $input) { __typename } }';

let database: TestDatabase;
let server: ServerProcess;
let root: Member;
let child: Member;
let sent = 0;
const agents: Agent[] = [];

beforeAll(async () => {
  database = await createDatabase();
  server = await startProcess(database.url, { PROCESSES: '3', LOG_LEVEL: 'info' });
  root = await plantTenant(server.client, await server.client.signIn(PLATFORM_EMAIL), 'root@busy.test', 1_000_000);
  child = await plantPanel(server.client, root, 'child@busy.test', 10);
});

afterAll(async () => {
  await stopProcesses([server]);
  await database.drop();
});

function serving(): number[] {
  return server.output.flatMap((line) => (line.includes('"a process serves"') ? [Number(JSON.parse(line).child)] : []));
}

async function handedOn(outcome: string): Promise<number> {
  const text = await (await fetch(`${server.client.origin}/metrics`)).text();
  const name = `revenda_commands_handed_on_total{outcome="${outcome}"} `;
  return Number(
    text
      .split('\n')
      .find((line) => line.startsWith(name))
      ?.slice(name.length) ?? 0,
  );
}

/** Null if the connection broke before the answer. */
function transferTogether(key: string, agent: Agent | false): Promise<string | null> {
  const transfers = Array.from({ length: TOGETHER }, (_, index) => ({
    toResellerId: child.id,
    amount: 1,
    idempotencyKey: `${key} ${index}`,
  }));
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${root.token}` };
  return new Promise((resolve) => {
    const asked = request(server.client.url, { method: 'POST', agent, headers }, async (response) => {
      let text = '';
      try {
        for await (const chunk of response) text += chunk;
        resolve(JSON.parse(text).data.transferCreditsBatch.__typename);
      } catch {
        resolve(null);
      }
    });
    asked.once('error', () => resolve(null));
    asked.end(JSON.stringify({ query: TRANSFERS, variables: { input: { transfers } } }));
  });
}

/**
 * Sends one all-or-nothing batch after another, each until it is answered. Returns the number of transfers, and any
 * other answers.
 */
async function call(isOver: () => boolean, mayBreak: boolean): Promise<{ done: number; others: (string | null)[] }> {
  let done = 0;
  const others: (string | null)[] = [];
  const caller = async () => {
    const agent = mayBreak && new Agent({ keepAlive: true, maxSockets: 1 });
    if (agent) agents.push(agent);
    while (!isOver()) {
      sent += 1;
      const key = `shared ${sent}`;
      let answer = await transferTogether(key, agent);
      while (mayBreak && answer === null) answer = await transferTogether(key, agent);
      if (answer === 'TransferCreditsBatchPayload') done += TOGETHER;
      else others.push(answer);
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
  return { done, others };
}

async function balance(): Promise<number> {
  const query = '{ viewer { reseller { account { balance } } } }';
  return (await server.client.data<{ viewer: { reseller: { account: { balance: number } } } }>(root.token, query)).viewer.reseller.account
    .balance;
}

async function whileCalled(mayBreak: boolean, work: () => Promise<void>): Promise<void> {
  const before = await balance();
  let isOver = false;
  const calling = call(() => isOver, mayBreak);
  try {
    const answered = await handedOn('answered');
    await until(async () => (await handedOn('answered')) > answered + SOME);
    await work();
  } finally {
    isOver = true;
  }
  const { done, others } = await calling;
  expect(others).toEqual([]);
  expect(before - (await balance())).toBe(done);
}

test("if the process that posts for all is killed under load, its siblings' commands are posted once", async () => {
  await whileCalled(true, async () => {
    // The oldest process posts for all; the others follow it.
    for (const killed of serving()) {
      const count = serving().length;
      process.kill(killed, 'SIGKILL');
      await until(() => serving().length > count);
      // Like a caller's time-out: a connection that the first process hands over just when its target is killed is
      // never answered.
      for (const agent of agents) agent.destroy();
    }
  });
});

test('all processes are replaced under load, and no caller is refused or cut off', async () => {
  const count = serving().length;
  await whileCalled(false, async () => {
    server.signal('SIGHUP');
    await until(() => serving().length === count + 3);
  });
  const sql = openTestSql(database.url, { role: 'revenda_app' });
  expect(await ledgerHealth(sql, null, inject('topology'))).toMatchObject({ ok: true, problems: [] });
  await sql.end();
});
