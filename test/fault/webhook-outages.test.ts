import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Sql } from '../../src/db/sql.ts';
import { type Client, PLATFORM_EMAIL, SECRETS_KEY, startApi } from '../support/clients/api.ts';
import { uuidOf } from '../support/clients/customers-api.ts';
import type { Given } from '../support/clients/mutation.ts';
import { MailCatcher } from '../support/processes/mail-catcher.ts';
import { startProcess } from '../support/processes/processes.ts';
import { openTestSql } from '../support/sql.ts';
import { until } from '../support/until.ts';
import { type PrivatePostgres, startPrivatePostgres } from '../support/worlds/database.ts';
import { type Member, plantTenant } from '../support/worlds/demo.ts';
import { hook } from '../webhooks/hook-api.ts';
import { type Received, Receiver } from '../webhooks/receiver.ts';

/** The longest pauses after the first and the following attempts (R50). */
const PAUSES_S = [5, 30, 300, 1_800, 7_200].map((seconds) => seconds * 1.2);
const FIVE_DAYS_S = 5 * 86_400;
const CUSTOMERS = 3;

let postgres: PrivatePostgres;
let catcher: MailCatcher;
let receiver: Receiver;
let sql: Sql;
let client: Client;
let root: Member;
let endpointId: string;
const customers: string[] = [];

/** The first server dies in the first test, and the second one keeps running. */
beforeAll(async () => {
  postgres = await startPrivatePostgres();
  [catcher, receiver] = await Promise.all([MailCatcher.open(), Receiver.open()]);
  sql = openTestSql(postgres.url);
});

afterAll(async () => {
  await sql.end();
});

const accepted: Received[] = [];
/** Messages whose acceptance could not be recorded. */
const underWay = new Set<string>();
function accept(got: Received): number {
  accepted.push(got);
  return 204;
}

type Spend = 'activateCustomer' | 'renewCustomer';
let commands = 0;
/** Repeats a mutation until it is answered, as clients do. */
async function spend(mutation: Spend, input: Given<Spend>): Promise<string> {
  commands += 1;
  const keyed = { idempotencyKey: `${commands}`, ...input };
  return until(() =>
    client.mutate<Spend>(root.token, mutation, keyed).then(
      ({ customer }) => customer?.id,
      () => false,
    ),
  );
}

async function renewAll(): Promise<void> {
  for (const customerId of customers) await spend('renewCustomer', { customerId, periods: 1 });
}

/** Moves time on, once no worker has the endpoint. */
async function pass(seconds: number): Promise<void> {
  await until(async () => (await sql`SELECT FROM webhook_endpoint WHERE taken_by IS NOT NULL`).count === 0);
  await sql.begin(async (tx) => {
    const ago = tx`${seconds}::float8 * interval '1 second'`;
    await tx`UPDATE webhook_endpoint SET due_at = due_at - ${ago}, failing_since = failing_since - ${ago}`;
    await tx`UPDATE webhook_delivery SET due_at = due_at - ${ago}`;
  });
}

/** Whether every change of a customer has its number. */
const allNumbered = () =>
  until(async () => {
    const [row] = await sql<
      { waits: boolean }[]
    >`SELECT EXISTS (SELECT 1 FROM access_waiting) OR EXISTS (SELECT 1 FROM access_posted) AS waits`;
    return row?.waits === false;
  });

const allDelivered = () =>
  until(async () => {
    const [row] = await sql<{ isBehind: boolean; waits: number }[]>`
      SELECT EXISTS (SELECT 1 FROM access_waiting) OR EXISTS (SELECT 1 FROM access_posted) OR access_version < (SELECT max(version) FROM access_event) AS "isBehind",
        (SELECT count(*)::integer FROM webhook_delivery WHERE status <> 'DELIVERED') AS waits FROM webhook_endpoint`;
    return row?.isBehind === false && row.waits === 0;
  });

/** The accepted messages are the tenant's events, in order for each customer, and only interrupted messages came twice. */
async function expectAll(): Promise<void> {
  const firsts = [...new Map(accepted.map((got) => [got.id, got])).values()];
  const twice = accepted.filter((got) => !firsts.includes(got));
  expect(twice.filter(({ id }) => !underWay.has(id))).toEqual([]);
  for (const id of customers) {
    const events = await sql<{ version: number }[]>`SELECT version FROM access_event WHERE customer_id = ${uuidOf(id)} ORDER BY version`;
    const told = firsts.filter(({ data }) => data.customerId === id);
    expect(told.map(({ data }) => data.version)).toEqual(events.map(({ version }) => version));
  }
  expect(accepted.every(({ verified }) => verified)).toBe(true);
}

test('after a process is killed between posting and settling a webhook another posts it again, then the next (R50)', async () => {
  const doomed = await startProcess(postgres.url, { SECRETS_KEY });
  client = doomed.client;
  root = await plantTenant(client, await client.signIn(PLATFORM_EMAIL), 'root@outage.test', 1_000);
  const events = ['CUSTOMER_ACTIVATED', 'CUSTOMER_RENEWED'];
  const made = await hook(client, root.token, 'createWebhookEndpoint', { url: receiver.origin, scope: 'TENANT', events });
  receiver.secrets.push(made.secret ?? '');
  endpointId = made.endpoint?.id ?? '';
  receiver.answer = () => undefined;
  const beganMs = performance.now();
  const customerId = await spend('activateCustomer', { name: 'Maria', periods: 1 });
  customers.push(customerId);
  await until(() => receiver.got.length > 0);
  await spend('renewCustomer', { customerId, periods: 1 });
  doomed.signal('SIGKILL');
  await doomed.exited;
  const livedMs = performance.now() - beganMs;

  receiver.answer = accept;
  // Its lease is over.
  await sql`UPDATE webhook_endpoint SET taken_until = now() WHERE taken_by IS NOT NULL`;
  const api = await startApi({ databaseUrl: postgres.url, settings: catcher.settings, limits: { webhooks: { allowLoopback: true } } });
  client = api.client;
  await allDelivered();
  const [first] = receiver.got;
  const again = receiver.got.filter(({ id }) => id === first?.id);
  // A slow process posts it again itself whenever its lease of five seconds (patient.child.ts) is over.
  expect(again.length).toBeGreaterThanOrEqual(2);
  expect(again.length).toBeLessThanOrEqual(2 + Math.floor(livedMs / 5_000));
  expect(new Set(again.map(({ type }) => type))).toEqual(new Set(['customer.activated']));
  expect(receiver.got.slice(again.length).map(({ id, type }) => [type, id === first?.id])).toEqual([['customer.renewed', false]]);
  await expectAll();
});

test('a receiver that was away for three hours afterwards gets every message, in order and once (R50)', async () => {
  const set = (enabled: boolean) => hook(client, root.token, 'updateWebhookEndpoint', { endpointId, enabled });
  // The first events of all customers are written, and sent, together.
  await set(false);
  for (let index = 1; index < CUSTOMERS; index += 1) customers.push(await spend('activateCustomer', { name: `c${index}`, periods: 1 }));
  await renewAll();
  await allNumbered();
  const refused: Received[] = [];
  receiver.answer = (got, response) => {
    refused.push(got);
    response.destroy();
  };
  await set(true);
  for (const [index, pauseS] of PAUSES_S.entries()) {
    await until(() => refused.length === (index + 1) * CUSTOMERS);
    await renewAll();
    if (index === PAUSES_S.length - 1) receiver.answer = accept;
    await pass(pauseS);
  }
  await allDelivered();
  const attempts = Map.groupBy(refused, ({ id }) => id);
  expect([...attempts.values()].map(({ length }) => length)).toEqual(Array(CUSTOMERS).fill(PAUSES_S.length));
  await expectAll();
});

test('after Postgres is killed while webhooks are posted none is lost, and only those in flight come twice (R50)', async () => {
  const goOn = Promise.withResolvers<void>();
  receiver.answer = async (got) => {
    underWay.add(got.id);
    await goOn.promise;
    return accept(got);
  };
  await renewAll();
  await until(() => underWay.size > 0);
  await postgres.kill();
  receiver.answer = accept;
  goOn.resolve();
  await until(() => accepted.some(({ id }) => underWay.has(id)));
  await postgres.restart();
  await until(() =>
    sql`SELECT`.then(
      () => true,
      () => false,
    ),
  );
  await renewAll();
  await allDelivered();
  await expectAll();
});

test('owners get a mail when five days of failures, or a 410, disable an endpoint; enabled again it misses nothing (R50)', async () => {
  const failed = Promise.withResolvers<void>();
  receiver.answer = () => {
    failed.resolve();
    return 500;
  };
  await renewAll();
  await failed.promise;
  await pass(FIVE_DAYS_S);
  const { mail } = await catcher.mailTo(root.email, 0);
  expect(mail.subject).toBe('Um webhook do seu painel foi desativado');
  expect(mail.text).toContain(new URL(receiver.origin).host);
  expect(mail.text).toContain('cinco dias');
  const enabled = Promise.withResolvers<void>();
  receiver.answer = async () => {
    await enabled.promise;
    return 410;
  };
  const enable = () => hook(client, root.token, 'updateWebhookEndpoint', { endpointId, enabled: true });
  expect(await enable()).toMatchObject({ endpoint: { enabled: true, disabledReason: null } });
  enabled.resolve();
  expect((await catcher.mailTo(root.email, 1)).mail.text).toContain('não existe mais');
  receiver.answer = accept;
  await enable();
  await allDelivered();
  await expectAll();
});
