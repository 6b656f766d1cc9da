import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { uuidOf } from '../support/clients/customers-api.ts';
import { closedAtEnd } from '../support/leftovers.ts';
import { startProcess, startProcesses } from '../support/processes/processes.ts';
import { openTestSql } from '../support/sql.ts';
import { until } from '../support/until.ts';
import { createDemoDatabase } from '../support/worlds/planted-demo.ts';
import { hook } from '../webhooks/hook-api.ts';
import { Receiver } from '../webhooks/receiver.ts';

const CUSTOMERS = 12;
const SETTINGS = { SECRETS_KEY: Buffer.alloc(32, 'test').toString('base64') };

test('of three processes one is killed while posting: no webhook is lost, order is kept, a term ends once (R48, R50)', async () => {
  const { demo, url } = await createDemoDatabase();
  const [doomed, ...others] = await startProcesses(3, url, SETTINGS);
  const sql = openTestSql(url);
  closedAtEnd(() => sql.end());
  const [client] = others.map((one) => one.client);
  if (!doomed || !client) throw new Error('no processes');
  const receiver = await Receiver.open();
  const events = ['CUSTOMER_ACTIVATED', 'CUSTOMER_RENEWED', 'CUSTOMER_EXPIRED'];
  const made = await hook(client, demo.root.token, 'createWebhookEndpoint', { url: `${receiver.origin}/all`, scope: 'TENANT', events });
  receiver.secrets.push(made.secret ?? '');
  let count = 0;
  const attempts = new Map<string, number>();
  receiver.answer = async ({ id }, response) => {
    count += 1;
    attempts.set(id, (attempts.get(id) ?? 0) + 1);
    // Any process may work on the endpoint; if it is this one, the message it just posted was not settled.
    if (count === 10) doomed.signal('SIGKILL');
    // A delivery is given up after eight attempts.
    if ((attempts.get(id) ?? 0) > 3) return 204;
    if (count % 7 === 3) return 500;
    if (count % 7 === 4) return void response.writeHead(200, { 'content-length': '9' }).write('half', () => response.destroy());
    if (count % 7 === 5) return void response.destroy();
    if (count % 7 === 6) await delay(20);
    return 204;
  };
  const call = (mutation: string, input: object) =>
    client.data<{ done: { customer: { id: string } } }>(
      demo.root.token,
      `mutation { done: ${mutation}(input: ${JSON.stringify(input).replace(/"(\w+)":/g, '$1:')}) { ... on ${mutation === 'activateCustomer' ? 'ActivateCustomerPayload' : 'RenewCustomerPayload'} { customer { id } } } }`,
    );
  const ids = await Promise.all(
    Array.from({ length: CUSTOMERS }, async (_, index) => {
      const { done } = await call('activateCustomer', { name: `c${index}`, periods: 1, idempotencyKey: `a${index}` });
      for (const round of [1, 2])
        await call('renewCustomer', { customerId: done.customer.id, periods: 1, idempotencyKey: `r${index} ${round}` });
      return done.customer.id;
    }),
  );
  await until(() => count >= 10);
  await doomed.exited;
  const again = await startProcess(url, SETTINGS);
  await sql`UPDATE customer SET expires_at = now() - interval '1 second', later_spans = NULL WHERE id = ANY (${`{${ids.map(uuidOf).join(',')}}`}::uuid[])`;
  const firsts = await until(() => {
    const found = [...new Map(receiver.got.map((got) => [got.id, got])).values()];
    return found.length >= 4 * CUSTOMERS && found;
  });
  const waits = async () =>
    (await sql<{ waits: number }[]>`SELECT count(*)::integer AS waits FROM webhook_delivery WHERE status <> 'DELIVERED'`)[0]?.waits;
  await until(async () => (await waits()) === 0);
  expect(receiver.got.every(({ verified }) => verified)).toBe(true);
  for (const id of ids) {
    const told = firsts.filter(({ data }) => data.customerId === id);
    expect(told.map(({ type }) => type)).toEqual(['customer.activated', 'customer.renewed', 'customer.renewed', 'customer.expired']);
    expect(told.map(({ data }) => data.version)).toEqual(told.map(({ data }) => data.version).sort((one, other) => one - other));
  }
  const [log] = await sql<{ events: number; deliveries: number }[]>`
    SELECT (SELECT count(*)::integer FROM access_event WHERE event = ANY (${`{${events.join(',')}}`}::text[])) AS events,
      (SELECT count(*)::integer FROM webhook_delivery) AS deliveries`;
  expect(log).toEqual({ events: 4 * CUSTOMERS, deliveries: 4 * CUSTOMERS });
  expect(again.output.join('\n')).not.toMatch(/"level":50/);
});
