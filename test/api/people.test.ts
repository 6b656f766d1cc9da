import { generateSync } from 'otplib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { watchBalance } from '../live/watch.ts';
import { type Api, PASSWORD, PLATFORM_EMAIL, startApi } from '../support/clients/api.ts';
import { codeOf, colleagueOf, isSignedIn, signIn } from '../support/clients/people-api.ts';
import type { Role } from '../support/gql/schema.ts';
import { openTestSql } from '../support/sql.ts';
import { until } from '../support/until.ts';
import { type Demo, plantTenant } from '../support/worlds/demo.ts';
import { startDemo } from '../support/worlds/planted-demo.ts';

/** Two servers on one database: a change at one must take effect at the other. */
let api: Api;
let second: Api;
let demo: Demo;

beforeAll(async () => {
  ({ api, demo } = await startDemo());
  second = await startApi({ databaseUrl: api.databaseUrl });
});

afterAll(async () => {
  await second[Symbol.asyncDispose]();
  await api[Symbol.asyncDispose]();
});

const invite = (token: string, email: string, role: Role, password = PASSWORD) =>
  api.client.mutate(token, 'inviteUser', { email, password, role });

interface Session {
  readonly id: string;
  readonly current: boolean;
  readonly userAgent: string | null;
  readonly address: string | null;
}

async function sessionsOf(token: string): Promise<readonly Session[]> {
  const { viewer } = await api.client.query(token, '{ viewer { sessions { id current userAgent address createdAt expiresAt } } }');
  return viewer.sessions;
}

describe('the team', () => {
  test('an owner invites a user of any role but PLATFORM, who signs in with the first password and the role', async () => {
    for (const role of ['OWNER', 'OPERATOR', 'FINANCE', 'VIEWER'] as const) {
      const invited = await invite(demo.ana.token, `Any.${role}@Team.test`, role);
      expect(invited).toMatchObject({
        __typename: 'InviteUserPayload',
        user: { email: `any.${role}@team.test`.toLowerCase(), role, disabled: false },
      });
      const token = await api.client.signIn(`any.${role}@team.test`);
      expect((await api.client.ask(token, '{ viewer { role reseller { id } } }')).data).toEqual({
        viewer: { role, reseller: { id: demo.ana.id } },
      });
    }
    expect(await invite(demo.ana.token, 'god@team.test', 'PLATFORM')).toMatchObject({
      code: 'INVALID_INPUT',
      fields: [{ path: 'input.role' }],
    });
  });

  test('bad fields are named, an e-mail taken by anybody is refused, and only owners invite', async () => {
    expect(await invite(demo.ana.token, 'nobody', 'VIEWER', 'short')).toMatchObject({
      code: 'INVALID_INPUT',
      fields: [{ path: 'input.email' }, { path: 'input.password' }],
    });
    expect(await invite(demo.ana.token, demo.other.email, 'VIEWER')).toMatchObject({ code: 'ALREADY_EXISTS' });
    const { token } = await colleagueOf(api.client, demo.ana.token, 'finance@team.test', 'FINANCE');
    expect(await invite(token, 'new@team.test', 'VIEWER')).toMatchObject({ code: 'FORBIDDEN' });
    expect(await invite(demo.platform, 'new@team.test', 'VIEWER')).toMatchObject({ code: 'FORBIDDEN' });
    expect(await codeOf(api.client, token, '{ viewer { team { edges { cursor } } } }')).toBe('FORBIDDEN');
  });

  test('of two concurrent invitations of one e-mail one is made', async () => {
    const both = await Promise.all([
      invite(demo.ana.token, 'twin@team.test', 'VIEWER'),
      invite(demo.root.token, 'twin@team.test', 'VIEWER'),
    ]);
    expect(both.map(({ __typename }) => __typename).sort()).toEqual(['AlreadyExistsError', 'InviteUserPayload']);
  });

  test('the team is listed to its owners in the order it was made, page by page; each user is a node only to them', async () => {
    const read = async (args: string) => {
      const { viewer } = await api.client.query(
        demo.bruno,
        `{ viewer { team(${args}) { edges { cursor node { id email role disabled createdAt totpEnabled } } } } }`,
      );
      return viewer.team.edges;
    };
    await invite(demo.bruno.token, 'b1@team.test', 'VIEWER');
    await invite(demo.bruno.token, 'b2@team.test', 'VIEWER');
    const [first] = await read('first: 1');
    const rest = await read(`after: "${first?.cursor}"`);
    expect([first, ...rest].map((edge) => edge?.node.email)).toEqual([demo.bruno.email, 'b1@team.test', 'b2@team.test']);
    const node = `{ node(id: "${rest[0]?.node.id}") { ... on User { email } } }`;
    expect((await api.client.ask(demo.bruno.token, node)).data).toEqual({ node: { email: 'b1@team.test' } });
    expect((await api.client.ask(demo.ana.token, node)).data).toEqual({ node: null });
  });

  test('a new role takes effect at once at every server, and a disabled user is out of all of them until enabled', async () => {
    const { id, token } = await colleagueOf(api.client, demo.ana.token, 'changed@team.test', 'VIEWER');
    const create = `mutation { createReseller(input: { name: "n", email: "n@n.test", password: "1234567890", initialCredits: 9, idempotencyKey: "n" }) { ... on Error { code } } }`;
    const attempt = async (client: typeof api.client) =>
      (await client.ask<{ createReseller: { code: string } }>(token, create)).data?.createReseller.code;
    for (const client of [api.client, second.client]) expect(await attempt(client)).toBe('FORBIDDEN');
    expect(await api.client.mutate(demo.ana, 'updateUser', { userId: id, role: 'FINANCE' })).toMatchObject({
      user: { role: 'FINANCE' },
    });
    expect(await attempt(api.client)).toBe('BELOW_MINIMUM');
    await until(async () => (await attempt(second.client)) === 'BELOW_MINIMUM');

    const sockets = [api, second].map(({ client }) => client.socket(token));
    const watches = sockets.map((socket) => watchBalance(socket));
    for (const watch of watches) await watch.next();
    expect(await api.client.mutate(demo.ana, 'updateUser', { userId: id, disabled: true })).toMatchObject({
      user: { disabled: true },
    });
    expect(await isSignedIn(api.client, token)).toBe(false);
    await until(async () => !(await isSignedIn(second.client, token)));
    for (const watch of watches) expect(await watch.end()).toBe(4403);
    for (const socket of sockets) await socket.dispose();
    expect(await signIn(api.client, 'changed@team.test')).toMatchObject({ code: 'INVALID_CREDENTIALS' });
    await api.client.mutate(demo.ana, 'updateUser', { userId: id, disabled: false });
    expect(await isSignedIn(api.client, token)).toBe(false);
    expect(await signIn(api.client, 'changed@team.test')).toMatchObject({ __typename: 'SignInPayload' });
  });

  test('the last enabled owner stays, and of two owners who demote each other at once one stays', async () => {
    const own = await api.client.query(demo.caio, '{ viewer { user { id } } }');
    const { id: ownId } = own.viewer.user;
    for (const change of [{ role: 'VIEWER' }, { disabled: true }] as const) {
      expect(await api.client.mutate(demo.caio, 'updateUser', { userId: ownId, ...change })).toMatchObject({ code: 'INVALID_STATE' });
    }
    for (let round = 0; round < 5; round += 1) {
      const rival = await colleagueOf(api.client, demo.caio.token, `rival${round}@team.test`);
      const demoted = await Promise.all([
        api.client.mutate(demo.caio, 'updateUser', { userId: rival.id, role: 'VIEWER' }),
        second.client.mutate(rival, 'updateUser', { userId: ownId, role: 'VIEWER' }),
      ]);
      expect(demoted.filter(({ __typename }) => __typename === 'UpdateUserPayload')).toHaveLength(1);
      const winner = demoted[0]?.__typename === 'UpdateUserPayload' ? demo.caio.token : rival.token;
      await api.client.mutate(winner, 'updateUser', { userId: ownId, role: 'OWNER' });
    }
  });

  test('users of other panels and tenants are like unknown users', async () => {
    const idOf = async (token: string) => (await api.client.query(token, '{ viewer { user { id } } }')).viewer.user.id;
    for (const userId of [
      await idOf(demo.bruno.token),
      await idOf(demo.other.token),
      await idOf(demo.root.token),
      demo.ana.id,
      'nothing',
    ]) {
      expect(await api.client.mutate(demo.ana, 'updateUser', { userId, disabled: true })).toEqual({
        __typename: 'NotFoundError',
        code: 'NOT_FOUND',
        message: expect.any(String),
      });
    }
    const userId = await idOf(demo.ana.token);
    expect(await api.client.mutate(demo.ana, 'updateUser', { userId })).toMatchObject({
      code: 'INVALID_INPUT',
      fields: [{ path: 'input.role' }],
    });
  });
});

describe('passwords and sessions', () => {
  test('a changed password ends the other sessions everywhere, and the old password stops working', async () => {
    const { token } = await colleagueOf(api.client, demo.ana.token, 'pass@team.test', 'VIEWER');
    const other = await api.client.signIn('pass@team.test');
    expect(await isSignedIn(second.client, other)).toBe(true);
    const change = (currentPassword: string, newPassword: string) =>
      api.client.mutate(token, 'changePassword', { currentPassword, newPassword });
    expect(await change(PASSWORD, 'short')).toMatchObject({ code: 'INVALID_INPUT', fields: [{ path: 'input.newPassword' }] });
    expect(await change('not the password', 'another password')).toMatchObject({ code: 'INVALID_CREDENTIALS' });
    expect(await change(PASSWORD, 'another password')).toMatchObject({ __typename: 'ChangePasswordPayload', endedSessions: 1 });
    expect(await isSignedIn(api.client, token)).toBe(true);
    expect(await isSignedIn(api.client, other)).toBe(false);
    await until(async () => !(await isSignedIn(second.client, other)));
    expect(await signIn(api.client, 'pass@team.test')).toMatchObject({ code: 'INVALID_CREDENTIALS' });
    expect(await signIn(api.client, 'pass@team.test', undefined, 'another password')).toMatchObject({ __typename: 'SignInPayload' });
  });

  test('wrong current passwords are limited like sign-ins', async () => {
    const { token } = await colleagueOf(api.client, demo.ana.token, 'guess@team.test', 'VIEWER');
    const codes: (string | undefined)[] = [];
    for (let index = 0; index < 12; index += 1) {
      const { code } = await api.client.mutate(token, 'changePassword', { currentPassword: 'not the password', newPassword: PASSWORD });
      codes.push(code);
    }
    expect(codes.slice(0, 10)).toEqual(Array(10).fill('INVALID_CREDENTIALS'));
    expect(codes.slice(10)).toEqual(['RATE_LIMITED', 'RATE_LIMITED']);
  });

  test('a session opened while the password changes belongs to the new password, or is ended', async () => {
    for (const email of ['race@team.test', 'again@team.test']) {
      const { token } = await colleagueOf(api.client, demo.ana.token, email, 'VIEWER');
      // There and back. Sign-ins that lose the race are failures, and ten of them would refuse the user's next password change.
      const [first, other] = [PASSWORD, 'the second password'];
      for (const [from, to] of [
        [first, other],
        [other, first],
      ] as const) {
        const [changed, ...opened] = await Promise.all([
          api.client.mutate(token, 'changePassword', { currentPassword: from, newPassword: to }),
          ...[1, 2, 3].map(() => signIn(second.client, email, undefined, from)),
        ]);
        expect(changed.__typename).toBe('ChangePasswordPayload');
        expect(await sessionsOf(token)).toHaveLength(1);
        for (const { token: old } of opened) if (old) await until(async () => !(await isSignedIn(second.client, old)));
      }
    }
  });

  test("a user's sessions are listed with their origin, and ended one by one or all but the current one", async () => {
    const email = 'sessions@team.test';
    const { token } = await colleagueOf(api.client, demo.ana.token, email, 'VIEWER');
    const response = await fetch(api.client.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': `Phone ${'é'.repeat(300)}`.replaceAll('é', 'e') },
      body: JSON.stringify({
        query: `mutation { signIn(input: { email: "${email}", password: "${PASSWORD}" }) { ... on SignInPayload { token } } }`,
      }),
    });
    const { data } = await response.json();
    const phone: string = data.signIn.token;
    const listed = await sessionsOf(token);
    expect(listed).toMatchObject([
      { current: false, userAgent: expect.stringMatching(/^Phone e{194}$/), address: expect.stringContaining('127.0.0.1') },
      { current: true },
    ]);
    const [session] = listed;
    const socket = api.client.socket(phone);
    const watch = watchBalance(socket);
    await watch.next();
    expect((await api.client.ask(phone, `{ node(id: "${session?.id}") { ... on Session { current } } }`)).data).toEqual({
      node: { current: true },
    });
    expect((await api.client.ask(demo.ana.token, `{ node(id: "${session?.id}") { id } }`)).data).toEqual({ node: null });
    expect(await api.client.mutate(demo.ana, 'revokeSession', { sessionId: session?.id ?? '' })).toMatchObject({ code: 'NOT_FOUND' });
    expect(await api.client.mutate(token, 'revokeSession', { sessionId: session?.id ?? '' })).toEqual({
      __typename: 'RevokeSessionPayload',
      sessionId: session?.id,
    });
    expect(await watch.end()).toBe(4403);
    await socket.dispose();
    expect(await isSignedIn(api.client, phone)).toBe(false);
    expect(await api.client.mutate(token, 'revokeSession', { sessionId: session?.id ?? '' })).toMatchObject({ code: 'NOT_FOUND' });

    const others = await Promise.all([1, 2, 3].map(() => api.client.signIn(email)));
    expect((await api.client.ask(token, 'mutation { revokeOtherSessions { endedSessions } }')).data).toEqual({
      revokeOtherSessions: { endedSessions: 3 },
    });
    for (const one of others) expect(await isSignedIn(api.client, one)).toBe(false);
    expect(await sessionsOf(token)).toMatchObject([{ current: true }]);
  });

  test('the platform changes its own password and sees its sessions', async () => {
    const token = await api.client.signIn(PLATFORM_EMAIL);
    expect((await sessionsOf(token)).length).toBeGreaterThan(1);
    expect(await second.client.mutate(token, 'changePassword', { currentPassword: PASSWORD, newPassword: PASSWORD })).toMatchObject({
      user: { role: 'PLATFORM' },
    });
  });
});

test('R8: a user of a locked panel, such as a new root, manages its own password, sessions and one-time codes', async () => {
  const email = 'new@root.test';
  await plantTenant(api.client, await api.client.signIn(PLATFORM_EMAIL), email, 0);
  const [token, other] = [await api.client.signIn(email), await api.client.signIn(email)];
  const sessions = await api.client.query(token, '{ viewer { sessions { id current } } }');
  const own = sessions.viewer.sessions.find(({ current }) => current);
  expect(sessions.viewer.sessions).toHaveLength(3);
  expect(await api.client.query(token, `{ node(id: "${own?.id}") { __typename id } }`)).toEqual({
    node: { __typename: 'Session', id: own?.id },
  });
  const [first] = sessions.viewer.sessions.filter(({ current }) => !current);
  expect(await api.client.mutate(token, 'revokeSession', { sessionId: first?.id ?? '' })).toMatchObject({ sessionId: first?.id });
  expect(await api.client.mutate(token, 'changePassword', { currentPassword: PASSWORD, newPassword: PASSWORD })).toMatchObject({
    endedSessions: 1,
  });
  expect(await codeOf(api.client, other, '{ viewer { role } }')).toBe('UNAUTHENTICATED');
  const { secret = '' } = await api.client.mutate(token, 'startTotp', { password: PASSWORD });
  const { recoveryCodes = [] } = await api.client.mutate(token, 'confirmTotp', { otp: generateSync({ secret }) });
  const renewed = await api.client.mutate(token, 'regenerateRecoveryCodes', { password: PASSWORD, otp: recoveryCodes[0] ?? '' });
  expect(await api.client.mutate(token, 'disableTotp', { password: PASSWORD, otp: renewed.recoveryCodes?.[0] ?? '' })).toMatchObject({
    user: { totpEnabled: false },
  });
});

test('a locked panel may change nothing of its team and keys (R8)', async () => {
  const { token } = demo.zero;
  expect(await invite(token, 'locked@team.test', 'VIEWER')).toMatchObject({ code: 'PANEL_LOCKED' });
  expect(await api.client.mutate(token, 'createApiKey', { name: 'k', scope: 'READ' })).toMatchObject({ code: 'PANEL_LOCKED' });
  for (const field of ['team { edges { cursor } }', 'apiKeys { edges { cursor } }']) {
    expect(await codeOf(api.client, token, `{ viewer { role ${field} } }`)).toBe('PANEL_LOCKED');
  }
});

test('a suspended panel still manages its users and keys', async () => {
  const sql = openTestSql(api.databaseUrl);
  await sql`UPDATE reseller SET suspended_at = now(), suspension_reason = 'late' WHERE name = 'other'`;
  const { id, token } = await colleagueOf(api.client, demo.other.token, 'suspended@team.test', 'VIEWER');
  expect(await api.client.mutate(token, 'changePassword', { currentPassword: PASSWORD, newPassword: PASSWORD })).toMatchObject({
    endedSessions: 0,
  });
  expect(await api.client.mutate(demo.other, 'updateUser', { userId: id, disabled: true })).toMatchObject({
    user: { disabled: true },
  });
  const { apiKey } = await api.client.mutate(demo.other, 'createApiKey', { name: 'k', scope: 'READ' });
  expect(await api.client.mutate(demo.other, 'revokeApiKey', { apiKeyId: apiKey?.id ?? '' })).toMatchObject({
    __typename: 'RevokeApiKeyPayload',
  });
  await sql.end();
});
