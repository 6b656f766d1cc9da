import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { watchBalance } from '../live/watch.ts';
import { type Client, PASSWORD, startApi } from '../support/clients/api.ts';
import { codeOf, colleagueOf, isSignedIn } from '../support/clients/people-api.ts';
import type { ApiKeyScope } from '../support/gql/schema.ts';
import { until } from '../support/until.ts';
import { type Member, plantPanel, plantTenant } from '../support/worlds/demo.ts';
import { ROOT_FIELDS } from './gate-rules.ts';
import { GateWorld, refusalOf, rootFields, UNKNOWN_ID } from './gate-world.ts';

/** Two servers on one database: a change at one must take effect at the other. */
let world: GateWorld;
let client: Client;
let second: Client;

beforeAll(async () => {
  world = await GateWorld.open();
  client = world.both.interpreting;
  second = world.both.compiling;
});

afterAll(() => world[Symbol.asyncDispose]());

async function keyOf({ token }: Pick<Member, 'token'>, scope: ApiKeyScope, expiresAt?: Date): Promise<{ id: string; secret: string }> {
  const input = { name: `For ${scope}`, scope, ...(expiresAt === undefined ? {} : { expiresAt: expiresAt.toISOString() }) };
  const { apiKey, secret } = await client.mutate(token, 'createApiKey', input);
  if (apiKey === undefined || secret === undefined) throw new Error('no key was made');
  return { id: apiKey.id, secret };
}

const revoke = ({ token }: Pick<Member, 'token'>, apiKeyId: string) => client.mutate(token, 'revokeApiKey', { apiKeyId });

async function keysOf(token: string): Promise<readonly { id: string; lastUsedAt: string | null; revokedAt: string | null }[]> {
  const { viewer } = await client.query(
    token,
    '{ viewer { apiKeys(first: 100) { edges { node { id name prefix scope createdAt expiresAt lastUsedAt revokedAt } } } } }',
  );
  return viewer.apiKeys.edges.map(({ node }) => node);
}

/** A key that ends soon, but after its first use; on a slow machine it ends later. */
async function watchedByKey(through: Client, lifeMs: number) {
  const expiresAt = new Date(Date.now() + lifeMs).toISOString();
  const { code, secret = '' } = await client.mutate(world.demo.ana, 'createApiKey', { name: 'For READ', scope: 'READ', expiresAt });
  if (code === 'INVALID_INPUT') return watchedByKey(through, 4 * lifeMs);
  if (code !== undefined) throw new Error(`no key was made: ${code}`);
  const socket = through.socket(secret);
  const watch = watchBalance(socket);
  const isUsed =
    (await isSignedIn(client, secret)) &&
    (await watch.next().then(
      () => true,
      () => false,
    ));
  if (isUsed) return { secret, socket, watch };
  await socket.dispose();
  return watchedByKey(through, 4 * lifeMs);
}

describe('a key', () => {
  test('is shown once, is recognized by its prefix, and is stored only as a hash', async () => {
    const { ana } = world.demo;
    const made = await client.mutate(ana, 'createApiKey', { name: ' Robot ', scope: 'READ' });
    expect(made.secret).toMatch(/^rvk_[0-9a-f]{12}_[\w-]{43}$/);
    expect(made.apiKey).toMatchObject({ prefix: made.secret?.slice(0, 16), scope: 'READ', expiresAt: null, revokedAt: null });
    await world.prepare(async (sql) => {
      const [row] =
        await sql`SELECT (SELECT string_agg(k::text, ' ') FROM api_key k) || (SELECT string_agg(l::text, ' ') FROM audit_log l) AS everything`;
      expect(row?.everything).toContain(made.apiKey?.prefix);
      expect(row?.everything).not.toContain(made.secret?.slice(17));
    });
    const { data } = await client.ask(made.secret ?? '', '{ viewer { role user { email } reseller { id } } }');
    expect(data).toEqual({ viewer: { role: 'OWNER', user: { email: ana.email }, reseller: { id: ana.id } } });
    const wrong = `${made.secret?.slice(0, -1)}${made.secret?.endsWith('A') ? 'B' : 'A'}`;
    for (const token of [wrong, made.apiKey?.prefix ?? '', `rvk_000000000000_${'A'.repeat(43)}`])
      expect(await isSignedIn(client, token)).toBe(false);
  });

  test('must have a name and a future end, or the invalid fields are named', async () => {
    const make = (input: object) => client.mutate(world.demo.ana, 'createApiKey', { name: 'x', scope: 'READ', ...input });
    expect(await make({ name: ' ' })).toMatchObject({ code: 'INVALID_INPUT', fields: [{ path: 'input.name' }] });
    expect(await make({ expiresAt: '2020-01-01T00:00:00Z' })).toMatchObject({
      code: 'INVALID_INPUT',
      fields: [{ path: 'input.expiresAt' }],
    });
    expect(await client.mutate(world.tokens.FINANCE, 'createApiKey', { name: 'x', scope: 'READ' })).toMatchObject({ code: 'FORBIDDEN' });
  });

  test('ends when its time is over', async () => {
    await using api = await startApi({ databaseUrl: world.both.databaseUrl, limits: { sessionRecheckMs: 200 } });
    const { secret, socket, watch } = await watchedByKey(api.client, 1_500);
    await until(async () => !(await isSignedIn(client, secret)));
    // Nothing announces this: the next check of open sockets finds it.
    expect(await watch.end()).toBe(4403);
    await socket.dispose();
  });

  test('that is revoked is refused at once here and at every server, and its sockets are closed', async () => {
    const { ana } = world.demo;
    const key = await keyOf(ana, 'READ');
    for (const server of [client, second]) expect(await isSignedIn(server, key.secret)).toBe(true);
    const sockets = [client, second].map((server) => server.socket(key.secret));
    const watches = sockets.map((socket) => watchBalance(socket));
    for (const watch of watches) await watch.next();
    const [revoked] = await Promise.all([
      revoke(ana, key.id),
      ...Array.from({ length: 20 }, () => second.ask(key.secret, '{ viewer { role } }')),
    ]);
    expect(revoked.apiKey?.revokedAt).not.toBeNull();
    expect(await isSignedIn(client, key.secret)).toBe(false);
    await until(async () => !(await isSignedIn(second, key.secret)));
    for (const watch of watches) expect(await watch.end()).toBe(4403);
    for (const socket of sockets) await socket.dispose();
    expect((await revoke(ana, key.id)).apiKey?.revokedAt).toBe(revoked.apiKey?.revokedAt);
  });

  test('ends for good when its creator loses the role or is disabled', async () => {
    const { ana } = world.demo;
    for (const change of [{ role: 'FINANCE' }, { disabled: true }] as const) {
      const maker = await colleagueOf(client, ana.token, `maker.${Object.keys(change)[0]}@keys.test`);
      const key = await keyOf(maker, 'MANAGE');
      expect(await isSignedIn(second, key.secret)).toBe(true);
      await client.mutate(ana, 'updateUser', { userId: maker.id, ...change });
      expect(await isSignedIn(client, key.secret)).toBe(false);
      await until(async () => !(await isSignedIn(second, key.secret)));
      await client.mutate(ana, 'updateUser', { userId: maker.id, role: 'OWNER', disabled: false });
      expect(await isSignedIn(client, key.secret)).toBe(false);
    }
  });

  test('stops working when its panel is closed', async () => {
    const panel = await plantPanel(client, world.demo.root, 'closes@keys.test', 20);
    const key = await keyOf(panel, 'READ');
    await world.prepare((sql) => sql`UPDATE reseller SET closed_at = now() WHERE name = 'closes'`);
    expect(await isSignedIn(client, key.secret)).toBe(false);
  });

  test('records its last use at most once a minute', async () => {
    const { ana } = world.demo;
    const key = await keyOf(ana, 'READ');
    const lastUse = async () => (await keysOf(ana.token)).find(({ id }) => id === key.id)?.lastUsedAt;
    expect(await lastUse()).toBeNull();
    const before = Date.now();
    await isSignedIn(client, key.secret);
    const first = await lastUse();
    expect(Date.parse(first ?? '')).toBeGreaterThanOrEqual(before);
    expect(Date.parse(first ?? '')).toBeLessThanOrEqual(Date.now());
    await isSignedIn(second, key.secret);
    expect(await lastUse()).toBe(first);
  });

  test("is listed to its panel's owners, newest first, and is a node to them; others' ids are like unknown ids", async () => {
    const { ana, bruno, other } = world.demo;
    const older = await keyOf(bruno, 'READ');
    const newer = await keyOf(bruno, 'SPEND');
    expect((await keysOf(bruno.token)).map(({ id }) => id)).toEqual([newer.id, older.id]);
    expect(await keysOf(other.token)).toEqual([]);
    const node = `{ node(id: "${older.id}") { ... on ApiKey { name } } }`;
    expect((await client.ask(bruno.token, node)).data).toEqual({ node: { name: 'For READ' } });
    for (const token of [ana.token, world.tokens.VIEWER, newer.secret])
      expect((await client.ask(token, node)).data).toEqual({ node: null });
    expect(await revoke(ana, older.id)).toEqual({ __typename: 'NotFoundError', code: 'NOT_FOUND', message: expect.any(String) });
    expect(await codeOf(client, world.tokens.VIEWER, '{ viewer { apiKeys { edges { cursor } } } }')).toBe('FORBIDDEN');
    for (const { id } of [older, newer]) await revoke(bruno, id);
  });
});

/** Mutations that no key may call, whatever its scope. */
const FOR_PERSONS = [
  ...['signOut', 'changePassword', 'revokeSession', 'revokeOtherSessions', 'inviteUser', 'updateUser', 'createApiKey', 'revokeApiKey'],
  ...['startTotp', 'confirmTotp', 'disableTotp', 'regenerateRecoveryCodes', 'changeEmail', 'resetUserAccess', 'openSupportSession'],
  ...['previewImport', 'discardImport', 'commitImport', 'createImportInvitations'],
  ...['createWebhookEndpoint', 'updateWebhookEndpoint', 'removeWebhookEndpoint', 'rotateWebhookSecret', 'sendTestEvent', 'replayEvents'],
]
  .map((name) => `Mutation.${name}`)
  .concat('Subscription.webhookEndpointChanged');

describe('what a key may do', () => {
  test.each(['READ', 'SPEND', 'MANAGE'] as const)('of the scope %s, of every field of the schema', async (scope) => {
    const { ana } = world.demo;
    const { secret } = await keyOf(ana, scope);
    const answers: Record<string, boolean> = {};
    const expected: Record<string, boolean> = {};
    for (const root of rootFields()) {
      const rule = ROOT_FIELDS[root];
      const id = root.startsWith('Subscription') ? ana.id : UNKNOWN_ID;
      answers[root] = refusalOf(await world.askRoot(secret, root, id)) !== 'FORBIDDEN';
      const asOwner = rule?.allowed.includes('OWNER') ?? false;
      const asSpender = asOwner && (rule?.allowed.includes('OPERATOR') === true || rule?.allowed.includes('FINANCE') === true);
      const byScope = { READ: false, SPEND: asSpender, MANAGE: asOwner }[scope];
      const mayKeys = !FOR_PERSONS.includes(root);
      expected[root] = root.startsWith('Mutation') ? Boolean(rule?.public) || (byScope && mayKeys) : asOwner && mayKeys;
    }
    expect(answers).toEqual(expected);
    for (const field of ['sessions { id }', 'team { edges { cursor } }', 'apiKeys { edges { cursor } }']) {
      expect(await codeOf(client, secret, `{ viewer { ${field} } }`)).toBe('FORBIDDEN');
    }
    expect(
      (
        await client.ask(
          secret,
          '{ viewer { reseller { branch { resellers } children { edges { node { name } } } account { balance } } } }',
        )
      ).errors,
    ).toEqual([]);
  });

  test('R49: a SERVICE key is created only by an OWNER of the root panel, and reaches only what services may', async () => {
    const { ana, root } = world.demo;
    const make = (token: string) => client.mutate(token, 'createApiKey', { name: 'server', scope: 'SERVICE' });
    for (const token of [ana.token, world.tokens.PLATFORM, (await keyOf(root, 'MANAGE')).secret])
      expect(await make(token)).toMatchObject({ code: 'FORBIDDEN' });
    const { apiKey, secret = '' } = await make(root.token);
    expect(secret).toMatch(/^rva_[0-9a-f]{12}_[\w-]{43}$/);
    expect(apiKey).toMatchObject({ scope: 'SERVICE' });
    const answers: Record<string, string | null> = {};
    for (const name of rootFields())
      answers[name] = refusalOf(await world.askRoot(secret, name, name.startsWith('Subscription') ? root.id : UNKNOWN_ID));
    expect(answers).toEqual(
      Object.fromEntries(rootFields().map((name) => [name, name === 'Subscription.accessChanged' ? null : 'FORBIDDEN'])),
    );
    for (const path of ['/export/customers.csv', '/export/statement.csv']) {
      const { status } = await fetch(client.origin + path, { headers: { authorization: `Bearer ${secret}` } });
      expect(status, path).toBe(403);
    }
  });

  test("is done as the key's creator, for its panel, and replayed under the same idempotency key", async () => {
    const { ana, bruno } = world.demo;
    const { secret } = await keyOf(ana, 'SPEND');
    expect(await client.transfer(secret, bruno.id, 1, 'by key')).toMatchObject({ __typename: 'TransferCreditsPayload', replayed: false });
    expect(await client.transfer(ana.token, bruno.id, 1, 'by key')).toMatchObject({ replayed: true });
    const { data } = await client.ask(
      ana.token,
      '{ viewer { reseller { account { statement(first: 1) { edges { node { transfer { actor amount } } } } } } } }',
    );
    expect(data).toMatchObject({
      viewer: { reseller: { account: { statement: { edges: [{ node: { transfer: { actor: ana.email, amount: 1 } } }] } } } },
    });
  });

  test('is limited to what the panel may do while it is locked', async () => {
    const { root } = world.demo;
    const { token } = await plantPanel(client, root, 'locks@keys.test', 10);
    const { secret } = await keyOf({ token }, 'MANAGE');
    const { viewer } = await client.query(token, '{ viewer { reseller { id } } }');
    const child = await plantPanel(client, { email: '', token: secret, id: viewer.reseller.id, accountId: '' }, 'child@keys.test', 10);
    expect(child.id).not.toBe('');
    expect(await codeOf(client, secret, '{ viewer { reseller { children { edges { cursor } } } } }')).toBe('PANEL_LOCKED');
    expect(await codeOf(client, secret, '{ viewer { reseller { account { balance } } } }')).toBeNull();
  });
});

test('a panel has a bounded number of open keys, even if they are created at once, and a new password leaves them', async () => {
  await using api = await startApi();
  const owner = await plantTenant(api.client, await api.client.signIn('platform@revenda.test'), 'root@many.test', 10);
  const make = () => api.client.mutate(owner, 'createApiKey', { name: 'one', scope: 'READ' });
  const made = await Promise.all(Array.from({ length: 105 }, make));
  expect(made.filter(({ __typename }) => __typename === 'CreateApiKeyPayload')).toHaveLength(100);
  expect(made.filter(({ code }) => code === 'INVALID_STATE')).toHaveLength(5);
  expect(await api.client.mutate(owner, 'changePassword', { currentPassword: PASSWORD, newPassword: PASSWORD })).toMatchObject({
    endedSessions: 0,
  });
  expect(await isSignedIn(api.client, made[0]?.secret ?? '')).toBe(true);
});
