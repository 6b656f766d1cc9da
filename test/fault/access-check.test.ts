import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { type Api, PLATFORM_EMAIL, startApi } from '../support/clients/api.ts';
import { eventsOf } from '../support/clients/event-stream.ts';
import { serviceKeyOf } from '../support/clients/people-api.ts';
import { until } from '../support/until.ts';
import { startPrivatePostgres } from '../support/worlds/database.ts';
import { plantTenant } from '../support/worlds/demo.ts';

test('R48, R49: without Postgres checks are refused, not answered from memory; after a restart both servers are right', async () => {
  const postgres = await startPrivatePostgres();
  const servers = await Promise.all([startApi({ databaseUrl: postgres.url }), startApi({ databaseUrl: postgres.url })]);
  const [{ client }, other] = servers;
  const root = await plantTenant(client, await client.signIn(PLATFORM_EMAIL), 'root@check-fault.test', 100);
  const service = await serviceKeyOf(client, root.token);
  const check = async ({ client: { origin } }: Api, secret = 'right secret') => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${service}` };
    const body = JSON.stringify({ login: 'maria', secret });
    const response = await fetch(`${origin}/access/check`, { method: 'POST', headers, body });
    const text = await response.text();
    return { status: response.status, wait: response.headers.get('retry-after'), text, ...(JSON.parse(text) as { active?: boolean }) };
  };
  const maria = { name: 'Maria', periods: 1, login: 'maria', secret: 'right secret' };
  const customerId = (await client.mutate(root, 'activateCustomer', maria)).customer?.id ?? '';
  for (const server of servers) {
    // The first is looked up, the second remembered.
    expect(await check(server)).toMatchObject({ active: true });
    expect(await check(server)).toMatchObject({ active: true });
  }

  await postgres.kill();
  for (const server of servers) {
    const refused = await check(server);
    expect(refused).toMatchObject({ status: 503, text: expect.stringContaining('OVERLOADED') });
    expect(Number(refused.wait)).toBeGreaterThan(0);
  }
  // A customer's page and a payment provider are asked to come again, too.
  const accountId = randomUUID();
  for (const [method, path] of [
    ['GET', `/r/${'a'.repeat(22)}`],
    ['POST', `/r/${'a'.repeat(22)}`],
    ['POST', `/webhooks/payments/stripe?account=${accountId}`],
  ]) {
    const { headers, status } = await fetch(`${client.origin}${path}`, { method, body: method === 'POST' ? '' : null });
    expect([status, Number(headers.get('retry-after')) > 0], `${method} ${path}`).toEqual([503, true]);
  }
  await postgres.restart();
  await until(() =>
    client.mutate(root, 'resetAccess', { customerId, secret: 'another secret' }).then(
      () => true,
      () => false,
    ),
  );
  await until(async () => (await check(other, 'another secret')).active === true);
  for (const server of servers) {
    expect(await check(server, 'another secret')).toMatchObject({ active: true });
    expect(await check(server)).toMatchObject({ active: false });
  }

  for (let time = 0; time < 3; time += 1) await client.mutate(root, 'renewCustomer', { customerId, periods: 1 });
  const events = await followed(servers[0], service, 0, 5);
  expect(events.map(({ version }) => version)).toEqual([1, 2, 3, 4, 5]);
  expect(events.map(({ event }) => event)).toEqual(['CUSTOMER_ACTIVATED', 'ACCESS_RESET', ...Array(3).fill('CUSTOMER_RENEWED')]);
  // From any number, at any process.
  for (const server of servers)
    for (const after of [0, 1, 2, 3, 4]) expect(await followed(server, service, after, 5)).toEqual(events.slice(after));
});

interface Told {
  readonly version: number;
  readonly event: string;
}

/** The events of the feed after one number, up to another. */
async function followed({ client }: Api, key: string, after: number, last: number) {
  const aborted = new AbortController();
  const headers = { 'content-type': 'application/json', accept: 'text/event-stream', authorization: `Bearer ${key}` };
  const query = `subscription { accessChanged(after: ${after}) { version event active expiresAt } }`;
  const init = { method: 'POST', headers, body: JSON.stringify({ query }), signal: aborted.signal };
  const response = await fetch(`${client.origin}/graphql`, init);
  const told: Told[] = [];
  for await (const { data } of eventsOf<{ readonly data: { readonly accessChanged: Told } }>(response)) {
    told.push(data.accessChanged);
    if (data.accessChanged.version >= last) break;
  }
  aborted.abort();
  return told;
}
