import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type Api, type Client, startApi } from '../support/clients/api.ts';
import { importNow, preview } from '../support/clients/import-api.ts';
import type { Demo } from '../support/worlds/demo.ts';
import { startDemo } from '../support/worlds/planted-demo.ts';
import { Watch } from './watch.ts';

/** Two servers on one database: imports at one are watched at the other. */
let api: Api;
let elsewhere: Api;
let client: Client;
let demo: Demo;

beforeAll(async () => {
  ({ api, demo } = await startDemo());
  elsewhere = await startApi({ databaseUrl: api.databaseUrl });
  ({ client } = api);
});

afterAll(async () => {
  await elsewhere[Symbol.asyncDispose]();
  await api[Symbol.asyncDispose]();
});

interface ImportEvent {
  readonly id: string;
  readonly status: string;
  readonly version: number;
  readonly reseller: { readonly name: string };
}

function watch(token: string): Watch<ImportEvent> {
  const socket = elsewhere.client.socket(token);
  onTestFinished(() => void socket.dispose());
  return new Watch(socket, 'subscription { event: importChanged { id status version reseller { name } } }', {});
}

/** The next event of a panel's import with this status; the versions of each import must rise. */
async function upTo(watched: Watch<ImportEvent>, name: string, status: string): Promise<ImportEvent> {
  const versions = new Map<string, number>();
  for (;;) {
    const event = await watched.next();
    if (event.reseller.name !== name) continue;
    expect(event.version).toBeGreaterThan(versions.get(event.id) ?? 0);
    versions.set(event.id, event.version);
    if (event.status === status) return event;
  }
}

const customers = (login: string) => `login,expiry_date\n${login},2099-01-01`.replace('2099', String(new Date().getUTCFullYear() + 1));

test("a root's owners see its imports and the platform sees all, at any server, from preview to proof (R55, R18)", async () => {
  const [root, other, platform] = [watch(demo.root.token), watch(demo.other.token), watch(demo.platform)];
  const mine = await preview(client, demo.root.token, customers('live.one'));
  const theirs = await preview(client, demo.other.token, customers('live.two'));
  expect((await upTo(root, 'root', 'PREVIEWED')).id).toBe(mine.id);
  const first = await other.next();
  expect([first.id, first.reseller.name]).toEqual([theirs.id, 'other']);
  // The platform's form of an id also contains the tenant.
  const { id } = await upTo(platform, 'root', 'PREVIEWED');
  const found = await importNow(client, demo.platform, id);
  const input = { importId: id, hash: found?.hash ?? '', idempotencyKey: 'live' };
  expect((await client.mutate(demo.platform, 'commitImport', input)).__typename).toBe('CommitImportPayload');
  for (const watched of [root, platform]) await upTo(watched, 'root', 'COMMITTED');
  // A later subscriber first gets the recent changes.
  expect((await upTo(watch(demo.root.token), 'root', 'COMMITTED')).id).toBe(mine.id);
});

test('no other panel and no role below OWNER may watch, and the end of the session ends the subscription (R55, R18)', async () => {
  expect(await watch(demo.ana.token).end()).toBe('FORBIDDEN');
  const invited = { email: 'finance@demo.test', password: 'revenda-demo', role: 'FINANCE' } as const;
  await client.mutate(demo.root, 'inviteUser', invited);
  expect(await watch(await client.signIn('finance@demo.test')).end()).toBe('FORBIDDEN');
  const token = await client.signIn('root@demo.test');
  const watched = watch(token);
  await preview(client, demo.root.token, customers('live.three'));
  await upTo(watched, 'root', 'PREVIEWED');
  await client.data(token, 'mutation { signOut { __typename } }');
  expect(await watched.end()).toBe(4403);
});
