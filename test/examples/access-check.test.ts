import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CustomersWorld } from '../support/clients/customers-api.ts';
import { serviceKeyOf } from '../support/clients/people-api.ts';
import { until } from '../support/until.ts';

const fileOf = (name: string) => fileURLToPath(new URL(`../../examples/access-check/${name}`, import.meta.url));

let world: CustomersWorld;
let checkServer: string;
let stop: () => Promise<unknown>;

beforeAll(async () => {
  world = await CustomersWorld.open();
  const secret = await serviceKeyOf(world.client, world.demo.root.token);
  const child = spawn(process.execPath, [fileOf('check-server.ts')], {
    env: { REVENDA_URL: world.client.origin, SERVICE_KEY: secret, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const [line] = await once(createInterface(child.stdout), 'line');
  checkServer = `http://127.0.0.1:${/\d+/.exec(String(line))?.[0]}`;
  stop = () => {
    child.kill();
    return exited;
  };
});

afterAll(async () => {
  await stop();
  await world[Symbol.asyncDispose]();
});

async function enter(credentials: string | null): Promise<[number, string | null]> {
  const headers: Record<string, string> = { 'x-customer-address': '203.0.113.7' };
  if (credentials !== null) headers.authorization = `Basic ${Buffer.from(credentials).toString('base64')}`;
  // The example waits five seconds for an answer, and then says that it does not know now.
  const response = await until(async () => {
    const answer = await fetch(checkServer, { headers });
    return answer.status !== 503 && answer;
  });
  return [response.status, response.headers.get('x-screens')];
}

test('R47, R49: the example admits an active customer, and nobody with a wrong secret, an ended term or an unknown login', async () => {
  const { ana } = world.demo;
  const customer = await world.activated(ana, 1, 2);
  await world.client.mutate(ana, 'resetAccess', { customerId: customer.id, login: 'maria.s', secret: 'sêgredo: 7' });
  expect(await enter('maria.s:sêgredo: 7')).toEqual([204, '2']);
  for (const wrong of [null, 'maria.s', 'maria.s:', 'maria.s:wrong secret', 'Maria.S:sêgredo: 7', 'nobody:wrong secret'])
    expect(await enter(wrong), String(wrong)).toEqual([401, null]);
  await world.endsIn(customer, 0);
  expect(await enter('maria.s:sêgredo: 7')).toEqual([403, null]);
  await world.client.mutate(ana, 'renewCustomer', { customerId: customer.id, periods: 1, idempotencyKey: 'again' });
  expect(await enter('maria.s:sêgredo: 7')).toEqual([204, '2']);
});

test('the nginx example asks the check server before the site, in balanced blocks, and sends it no body', async () => {
  const text = (await readFile(fileOf('nginx.conf'), 'utf8')).replaceAll(/#.*/g, '');
  const statements = text
    .split(/(?<=[;{}])/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
  for (const statement of statements) expect(statement).toMatch(/^(?:[\w=/ .:$"-]+[;{]|\})$/);
  expect(statements.filter((part) => part.endsWith('{'))).toHaveLength(statements.filter((part) => part === '}').length);
  for (const needed of ['auth_request /_access;', 'location = /_access {', 'internal;', 'proxy_pass_request_body off;'])
    expect(statements).toContain(needed);
  expect(text).toContain('proxy_set_header X-Customer-Address $remote_addr;');
});
