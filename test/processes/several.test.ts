import { type ClientRequest, request } from 'node:http';
import { createServer } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { readConfig } from '../../src/config.ts';
import { processesFor } from '../../src/processes/how-many.ts';
import { DEFAULT_LIMITS } from '../../src/server/limits.ts';
import { TRANSFER } from '../support/clients/api.ts';
import { type ServerProcess, startProcess, stopProcesses } from '../support/processes/processes.ts';
import { startServer } from '../support/processes/server-process.ts';
import { until } from '../support/until.ts';
import { createDatabase, type TestDatabase } from '../support/worlds/database.ts';
import { type Demo, plantDemo } from '../support/worlds/demo.ts';

let database: TestDatabase;
let server: ServerProcess;
let demo: Demo;

beforeAll(async () => {
  database = await createDatabase();
  server = await startProcess(database.url, { PROCESSES: '2', LOG_LEVEL: 'info' });
  demo = await plantDemo(server.client);
});

afterAll(async () => {
  await stopProcesses([server]);
  await database.drop();
});

interface Line {
  readonly msg: string;
  readonly child?: number;
}

function logged(message: string): Line[] {
  return server.output.flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as Line] : [])).filter(({ msg }) => msg === message);
}

const serving = () => logged('a process serves').map(({ child }) => child ?? 0);

async function metric(name: string): Promise<number> {
  const text = await (await fetch(`${server.client.origin}/metrics`)).text();
  const line = text.split('\n').find((one) => one.startsWith(`${name} `));
  return Number(line?.slice(name.length + 1));
}

/** Asks on a connection of its own; rejects if it breaks before the answer. */
function askAlone<Data>(query: string, variables: object = {}): Promise<Data> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${demo.ana.token}` };
  return new Promise((resolve, reject) => {
    const asked = request(server.client.url, { method: 'POST', agent: false, headers }, async (response) => {
      let text = '';
      try {
        for await (const chunk of response) text += chunk;
        resolve(JSON.parse(text).data);
      } catch (error) {
        reject(error);
      }
    });
    asked.once('error', reject);
    asked.end(JSON.stringify({ query, variables }));
  });
}

async function transferAlone(key: string): Promise<string> {
  const input = { toResellerId: demo.bruno.id, amount: 1, idempotencyKey: key };
  return (await askAlone<{ transferCredits: { __typename: string } }>(TRANSFER, { input })).transferCredits.__typename;
}

async function balance(): Promise<number> {
  const query = '{ viewer { reseller { account { balance } } } }';
  return (await askAlone<{ viewer: { reseller: { account: { balance: number } } } }>(query)).viewer.reseller.account.balance;
}

test('two processes serve one port, with one set of metrics, and count the sockets of an address together', async () => {
  expect(new Set(serving()).size).toBe(2);
  const before = await metric('revenda_http_requests_total{door="json"}');
  for (let asked = 0; asked < 20; asked += 1) await server.client.ask(demo.ana.token, '{ viewer { role } }');
  expect((await metric('revenda_http_requests_total{door="json"}')) - before).toBe(20);

  const sockets: WebSocket[] = [];
  const open = () => {
    const socket = new WebSocket(server.client.socketUrl, 'graphql-transport-ws', {
      headers: { authorization: `Bearer ${demo.ana.token}` },
    });
    sockets.push(socket);
    return new Promise<number>((resolve) => {
      socket.once('open', () => resolve(101));
      socket.once('unexpected-response', (_, { statusCode }) => resolve(statusCode ?? 0));
      socket.once('error', () => resolve(0));
    });
  };
  const most = DEFAULT_LIMITS.socketsPerAddress;
  expect(new Set(await Promise.all(Array.from({ length: most - 20 }, open)))).toEqual(new Set([101]));
  // One after another, so that each process knows of the sockets that the other has admitted.
  const answers: number[] = [];
  while (!answers.includes(429)) answers.push(await open());
  expect(answers.filter((status) => status === 101).length).toBeLessThanOrEqual(20 + 2);
  for (const socket of sockets) socket.terminate();
  await until(async () => (await metric('revenda_sockets')) === 0);
  expect(await open()).toBe(101);
  for (const socket of sockets) socket.terminate();
});

test("a tenant's concurrent exports and uploads are counted over both processes", async () => {
  const headers = { authorization: `Bearer ${demo.root.token}` };
  // Each upload holds one of the tenant's two places until its request ends; an upload that finds an export in the
  // place tries again.
  const uploads = new Map<number, ClientRequest>();
  const hold = (place: number) => {
    const url = `${server.client.origin}/import?source=places`;
    const upload = request(url, { method: 'POST', agent: false, headers: { ...headers, 'content-type': 'text/csv' } });
    upload.on('error', () => {});
    upload.on('response', (refused) => refused.resume().once('close', () => hold(place)));
    upload.write('login');
    uploads.set(place, upload);
  };
  hold(1);
  hold(2);
  const exported = () =>
    new Promise<number | undefined>((resolve, reject) => {
      request(`${server.client.origin}/export/statement.csv`, { agent: false, headers }, (response) => {
        response.resume().once('close', () => resolve(response.statusCode));
      })
        .once('error', reject)
        .end();
    });
  const all = async () => [await exported(), await exported(), await exported(), await exported()];
  await until(async () => (await all()).every((status) => status === 429));
  for (const upload of uploads.values()) upload.destroy();
  await until(async () => (await all()).every((status) => status === 200));
});

test('SIGHUP replaces every process under load, and no request is refused, broken or posted twice', async () => {
  const old = serving();
  let isOver = false;
  let sent = 0;
  const outcomes: string[] = [];
  const callers = Array.from({ length: 4 }, async () => {
    while (!isOver) {
      sent += 1;
      if (sent <= 80) outcomes.push(await transferAlone(`rolling ${sent}`));
      else await balance();
    }
  });
  server.signal('SIGHUP');
  await until(() => serving().length === old.length + 2);
  isOver = true;
  await Promise.all(callers);
  expect(new Set(outcomes)).toEqual(new Set(['TransferCreditsPayload']));
  expect(await balance()).toBe(100 - outcomes.length);
});

test('a killed process is started again, and the other serves meanwhile', async () => {
  const [, killed = 0] = serving().slice(-2);
  const count = serving().length;
  process.kill(killed, 'SIGKILL');
  await until(() => logged('a process ended, and will be restarted').some(({ child }) => child === killed));
  const answers = await Promise.all(Array.from({ length: 8 }, (_, index) => transferAlone(`after a kill ${index}`)));
  expect(new Set(answers)).toEqual(new Set(['TransferCreditsPayload']));
  await until(() => serving().length === count + 1);
  expect(serving().at(-1)).not.toBe(killed);
});

test('SIGTERM drains all processes, and the first process ends last, with code 0', async () => {
  const children = serving().slice(-2);
  server.signal('SIGTERM');
  expect(await server.exited).toBe(0);
  for (const child of children) expect(() => process.kill(child, 0)).toThrow('ESRCH');
});

test('a start that cannot succeed says so in one line, whichever process notices', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await until(() => taken.listening);
  const address = taken.address();
  const PORT = String(address !== null && typeof address === 'object' ? address.port : 0);
  const { code, stderr } = await startServer({ DATABASE_URL: database.url, PROCESSES: '2', PORT, HOST: '127.0.0.1', LOG_LEVEL: 'warn' })
    .ended;
  taken.close();
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/^revenda: Port \d+ of 127\.0\.0\.1 is taken[^\n]*\n$/) });
});

test("auto uses the number of cores, within the database's connections; a number is used as it is", async () => {
  const auto = readConfig({ DATABASE_URL: database.url, READ_CONNECTIONS: '1', WRITE_CONNECTIONS: '1' });
  expect(auto.processes).toBe('auto');
  expect(await processesFor(auto, database.url)).toBeGreaterThan(0);
  expect(await processesFor(readConfig({ DATABASE_URL: database.url, READ_CONNECTIONS: '500' }), database.url)).toBe(1);
  expect(await processesFor(readConfig({ DATABASE_URL: database.url, PROCESSES: '7' }), database.url)).toBe(7);
  expect(readConfig({}).processes).toBe(1);
  for (const PROCESSES of ['0', '65', 'two', '1.5']) {
    expect(() => readConfig({ PROCESSES })).toThrow('PROCESSES must be auto, or a whole number from 1 to 64');
  }
});
