import { queryObjects } from 'node:v8';
import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { startApi } from '../support/clients/api.ts';
import { until } from '../support/until.ts';

const SERVERS = 3;

/** The servers that this process holds in memory: each has one registry of metrics. Collects the garbage first. */
function held(): number {
  const found = queryObjects(Registry);
  return typeof found === 'number' ? found : found.length;
}

async function runServer(): Promise<void> {
  await using api = await startApi();
  expect((await api.client.ask(null, '{ __typename }')).errors).toEqual([]);
  expect(await (await fetch(`${api.client.origin}/metrics`)).text()).toMatch(/^nodejs_heap_size_used_bytes \d+$/m);
}

test('a closed server is not kept in memory', async () => {
  // The first one loads what all share.
  await runServer();
  const before = held();
  for (let server = 0; server < SERVERS; server += 1) await runServer();
  await until(() => held() <= before);
});
