import { getNamedType, isLeafType, isObjectType } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { schema } from '../../schema/index.ts';
import { watchBalance } from '../live/watch.ts';
import { type Api, overSocket, PASSWORD, startApi } from '../support/clients/api.ts';
import { codeOf, colleagueOf, isSignedIn, signIn } from '../support/clients/people-api.ts';
import { openTestSql } from '../support/sql.ts';
import { until } from '../support/until.ts';
import { type Demo, type Member, plantPanel, platformIdOf } from '../support/worlds/demo.ts';
import { noteEmails } from '../support/worlds/directory.ts';
import { startDemo } from '../support/worlds/planted-demo.ts';
import { CALLS, ROOT_FIELDS } from './gate-rules.ts';
import { rootFields, UNKNOWN_ID } from './gate-world.ts';

/** Two servers on one database: a change at one must take effect at the other. */
let api: Api;
let second: Api;
let demo: Demo;

beforeAll(async () => {
  ({ api, demo } = await startDemo());
  second = await startApi({ databaseUrl: api.databaseUrl });
  await api.client.transfer(demo.root.token, demo.ana.id, 300, 'for panels');
});

afterAll(async () => {
  await second[Symbol.asyncDispose]();
  await api[Symbol.asyncDispose]();
});

const NEW_PASSWORD = 'chosen by its user';
const reset = (token: string, userId: string) => api.client.mutate(token, 'resetUserAccess', { userId });

interface Owner {
  readonly id: string;
  readonly email: string;
  readonly mustChangePassword: boolean;
  readonly lastSignInAt: string | null;
}

/** The owners of a panel as the viewer with this token sees them, or null if the viewer may not. */
async function ownersOf(token: string, resellerId: string): Promise<readonly Owner[] | null> {
  const { reseller } = await api.client.query(
    token,
    `{ reseller(id: "${resellerId}") { owners { id email mustChangePassword lastSignInAt } } }`,
  );
  return reseller?.owners ?? null;
}

async function ownerOf(parent: string, child: Pick<Member, 'id' | 'email'>): Promise<string> {
  const owner = (await ownersOf(parent, child.id))?.find(({ email }) => email === child.email);
  return owner?.id ?? Promise.reject(new Error(`${child.email} is not shown`));
}

async function ownId(token: string): Promise<string> {
  const { viewer } = await api.client.query(token, '{ viewer { user { id } } }');
  return viewer.user.id;
}

/** A panel below the given one, which has just reset its owner's access. */
async function helpless(parent: Member, email: string): Promise<{ panel: Member; userId: string; oneTimePassword: string }> {
  const panel = await plantPanel(api.client, parent, email, 10);
  const userId = await ownerOf(parent.token, panel);
  const { oneTimePassword = '' } = await reset(parent.token, userId);
  return { panel, userId, oneTimePassword };
}

async function signedIn(email: string, password: string): Promise<string> {
  const { token, __typename } = await signIn(api.client, email, undefined, password);
  return token ?? Promise.reject(new Error(`${email} was answered ${__typename}`));
}

function audited(sql: ReturnType<typeof openTestSql>, email: string) {
  return sql<{ name: string | null; actor: string }[]>`
    SELECT r.name, u.email AS actor FROM audit_log a LEFT JOIN reseller r ON r.tenant_id = a.tenant_id AND r.id = a.reseller_id
    JOIN app_user u ON u.tenant_id = a.tenant_id AND u.id = a.actor_id WHERE a.action = 'USER_ACCESS_RESET' AND a.subject = ${email} ORDER BY r.name`;
}

describe('resetUserAccess (R41)', () => {
  test('a parent gives a child’s last OWNER a one-time password, which must be changed first; both logs record it', async () => {
    const panel = await plantPanel(api.client, demo.ana, 'lost@reset.test', 20);
    const [owner] = (await ownersOf(demo.ana.token, panel.id)) ?? [];
    expect(owner).toMatchObject({ email: panel.email, mustChangePassword: false, lastSignInAt: expect.any(String) });
    const { oneTimePassword = '', user } = await reset(demo.ana.token, owner?.id ?? '');
    expect(user).toMatchObject({ email: panel.email, role: 'OWNER', totpEnabled: false });
    expect(oneTimePassword).toMatch(/^[a-z2-9]{4}(-[a-z2-9]{4}){3}$/);
    expect((await ownersOf(demo.ana.token, panel.id))?.[0]).toMatchObject({ mustChangePassword: true });
    expect(await isSignedIn(api.client, panel.token)).toBe(false);
    expect(await signIn(api.client, panel.email)).toMatchObject({ code: 'INVALID_CREDENTIALS' });

    const token = await signedIn(panel.email, oneTimePassword);
    expect(await codeOf(api.client, token, '{ viewer { role } }')).toBe('PASSWORD_CHANGE_REQUIRED');
    const change = (newPassword: string, currentPassword = oneTimePassword) =>
      api.client.mutate(token, 'changePassword', { currentPassword, newPassword });
    expect(await change(oneTimePassword)).toMatchObject({ code: 'INVALID_INPUT', fields: [{ path: 'input.newPassword' }] });
    expect(await change(NEW_PASSWORD, 'not that password')).toMatchObject({ code: 'INVALID_CREDENTIALS' });
    expect(await change(NEW_PASSWORD)).toMatchObject({ __typename: 'ChangePasswordPayload' });
    // At once, at both servers, with the same session.
    for (const { client } of [api, second]) {
      expect((await client.ask(token, '{ viewer { role user { mustChangePassword } } }')).data).toEqual({
        viewer: { role: 'OWNER', user: { mustChangePassword: false } },
      });
    }
    expect(await signIn(api.client, panel.email, undefined, oneTimePassword)).toMatchObject({ code: 'INVALID_CREDENTIALS' });
    expect(await signIn(api.client, panel.email, undefined, NEW_PASSWORD)).toMatchObject({ __typename: 'SignInPayload' });
    const sql = openTestSql(api.databaseUrl);
    expect([...(await audited(sql, panel.email))]).toEqual([
      { name: 'ana', actor: demo.ana.email },
      { name: 'lost', actor: demo.ana.email },
    ]);
    await sql.end();
  });

  test('afterwards one-time and recovery codes are off, and API keys work as before', async () => {
    const panel = await plantPanel(api.client, demo.ana, 'keys@reset.test', 20);
    const { secret: key = '' } = await api.client.mutate(panel, 'createApiKey', { name: 'k', scope: 'READ' });
    const sql = openTestSql(api.databaseUrl);
    await sql`UPDATE app_user SET totp_secret = 'sealed', totp_confirmed_at = now() WHERE email = ${panel.email}`;
    await sql`INSERT INTO recovery_code SELECT tenant_id, id, sha256('code') FROM app_user WHERE email = ${panel.email}`;
    const { oneTimePassword = '', user } = await reset(demo.ana.token, await ownerOf(demo.ana.token, panel));
    expect(user).toMatchObject({ totpEnabled: false });
    expect(
      await sql`SELECT FROM recovery_code c JOIN app_user u ON u.tenant_id = c.tenant_id AND u.id = c.user_id WHERE u.email = ${panel.email}`,
    ).toHaveLength(0);
    await sql.end();
    expect(await isSignedIn(api.client, key)).toBe(true);
    expect(await signIn(api.client, panel.email, undefined, oneTimePassword)).toMatchObject({ __typename: 'SignInPayload' });
  });

  test('open sockets of the user end at every server', async () => {
    const panel = await plantPanel(api.client, demo.ana, 'sockets@reset.test', 20);
    const sockets = [api, second].map(({ client }) => client.socket(panel.token));
    const watches = sockets.map((socket) => watchBalance(socket));
    for (const watch of watches) await watch.next();
    await reset(demo.ana.token, await ownerOf(demo.ana.token, panel));
    expect(await Promise.all(watches.map((watch) => watch.end()))).toEqual([4403, 4403]);
  });

  test('an owner resets colleagues of every role, even in a locked or suspended panel; the platform resets owners of roots', async () => {
    const { token: zero } = demo.zero;
    const colleague = await colleagueIn(zero, 'colleague@zero.test');
    expect(await reset(zero, colleague)).toMatchObject({ __typename: 'ResetUserAccessPayload' });
    const halted = await plantPanel(api.client, demo.ana, 'halted@reset.test', 20);
    const { id: viewer } = await colleagueOf(api.client, halted.token, 'viewer@halted.test', 'VIEWER');
    await api.client.mutate(demo.ana, 'suspendReseller', { resellerId: halted.id, reason: 'r' });
    expect(await reset(halted.token, viewer)).toMatchObject({ __typename: 'ResetUserAccessPayload' });

    const root = await platformIdOf(api.client, demo.platform, 'other');
    const owner = await ownerOf(demo.platform, { id: root, email: demo.other.email });
    const { oneTimePassword = '' } = await reset(demo.platform, owner);
    expect(await signIn(api.client, demo.other.email, undefined, oneTimePassword)).toMatchObject({ __typename: 'SignInPayload' });
  });

  test('oneself, siblings, grandchildren, ancestors, non-owners, closed panels and disabled users are refused by name', async () => {
    const { ana, bruno, root, zero } = demo;
    const [anaId, brunoId, rootId] = await Promise.all([ana, bruno, root].map(({ token }) => ownId(token)));
    expect(await reset(ana.token, anaId ?? '')).toMatchObject({ code: 'INVALID_STATE' });
    expect(await reset(root.token, brunoId ?? '')).toMatchObject({ code: 'NOT_FOUND' });
    expect(await reset(bruno.token, anaId ?? '')).toMatchObject({ code: 'NOT_FOUND' });
    expect(await reset(ana.token, rootId ?? '')).toMatchObject({ code: 'NOT_FOUND' });
    expect(await reset(ana.token, UNKNOWN_ID)).toMatchObject({ code: 'NOT_FOUND' });
    const sibling = await plantPanel(api.client, root, 'sibling@reset.test', 10);
    expect(await reset(sibling.token, anaId ?? '')).toMatchObject({ code: 'NOT_FOUND' });
    expect(await reset(zero.token, anaId ?? '')).toMatchObject({ code: 'PANEL_LOCKED' });

    const panel = await plantPanel(api.client, ana, 'states@reset.test', 20);
    const { id: viewer } = await colleagueOf(api.client, panel.token, 'viewer@states.test', 'VIEWER');
    expect(await reset(ana.token, viewer)).toMatchObject({ code: 'NOT_FOUND' });
    const { id: second } = await colleagueOf(api.client, panel.token, 'second@states.test');
    await api.client.mutate(panel, 'updateUser', { userId: second, disabled: true });
    expect(await reset(ana.token, second)).toMatchObject({ code: 'INVALID_STATE' });
    const owner = await ownerOf(ana.token, panel);
    await api.client.mutate(ana, 'suspendReseller', { resellerId: panel.id, reason: 'r' });
    expect(await reset(ana.token, owner)).toMatchObject({ code: 'INVALID_STATE' });
    await api.client.mutate(ana, 'resumeReseller', { resellerId: panel.id });
    await api.client.mutate(ana, 'closeReseller', { resellerId: panel.id, idempotencyKey: 'close' });
    expect(await reset(ana.token, owner)).toMatchObject({ code: 'INVALID_STATE' });

    const below = await ownersOf(demo.platform, await platformPanel('states@reset.test'));
    expect(await reset(demo.platform, below?.[0]?.id ?? '')).toMatchObject({ code: 'NOT_DIRECT_CHILD' });
    expect(await reset(demo.platform, await ownId(demo.platform))).toMatchObject({ code: 'INVALID_STATE' });
    const { secret = '' } = await api.client.mutate(ana, 'createApiKey', { name: 'k', scope: 'MANAGE' });
    expect(await reset(secret, brunoId ?? '')).toMatchObject({ code: 'FORBIDDEN' });
    expect(await ownersOf(root.token, bruno.id)).toBeNull();
  });

  test('an expired one-time password stops working, and so does the session it opened', async () => {
    const { oneTimePassword, panel } = await helpless(demo.ana, 'late@reset.test');
    const token = await signedIn(panel.email, oneTimePassword);
    const sql = openTestSql(api.databaseUrl);
    await sql`UPDATE app_user SET one_time_password_until = now() WHERE email = ${panel.email}`;
    await sql.end();
    expect(await signIn(api.client, panel.email, undefined, oneTimePassword)).toMatchObject({ code: 'INVALID_CREDENTIALS' });
    expect(await codeOf(api.client, token, '{ viewer { role } }')).toBe('UNAUTHENTICATED');
  });
});

/** Inserts a colleague into the database, because a locked panel cannot invite. */
async function colleagueIn(owner: string, email: string): Promise<string> {
  const sql = openTestSql(api.databaseUrl);
  await sql`
    INSERT INTO app_user (tenant_id, id, reseller_id, email, password_hash, role, created_at)
    SELECT tenant_id, gen_random_uuid(), reseller_id, ${email}, password_hash, 'VIEWER', created_at
    FROM app_user WHERE email = ${demo.zero.email}`;
  await noteEmails(sql, email);
  await sql.end();
  expect(await isSignedIn(api.client, owner)).toBe(true);
  return ownId(await api.client.signIn(email));
}

async function platformPanel(email: string): Promise<string> {
  const root = await platformIdOf(api.client, demo.platform, 'root');
  const { reseller } = await api.client.query(
    demo.platform,
    `{ reseller(id: "${root}") { descendants(first: 100) { edges { node { id name } } } } }`,
  );
  const name = email.replace(/@.*/, '');
  return reseller.descendants.edges.find(({ node }) => node.name === name)?.node.id ?? '';
}

describe('before a one-time password is changed (R41)', () => {
  test('only changePassword, signOut and public fields are allowed, over HTTP, streams and sockets', async () => {
    const { oneTimePassword, panel } = await helpless(demo.ana, 'gate@reset.test');
    const token = await signedIn(panel.email, oneTimePassword);
    const socket = api.client.socket(token);
    // Public fields need no session.
    const open = ['Mutation.signOut', 'Mutation.changePassword', ...rootFields().filter((root) => ROOT_FIELDS[root]?.public !== undefined)];
    const codes: Record<string, string[]> = {};
    for (const root of rootFields().filter((name) => !open.includes(name))) {
      const [kind = '', name = ''] = root.split('.');
      const field = CALLS[root]?.({ id: kind === 'Subscription' ? panel.id : UNKNOWN_ID, key: root });
      const document = `${kind.toLowerCase()} { answer: ${field} ${isLeaf(kind, name) ? '' : '{ __typename }'} }`;
      const answers = [await overSocket(socket, document)];
      if (kind === 'Subscription') answers.push(await api.client.ask(token, document, {}, 'yoga'));
      else for (const door of ['json', 'yoga'] as const) answers.push(await api.client.ask(token, document, {}, door));
      codes[root] = [...new Set(answers.map(({ errors, text }) => errors[0]?.extensions.code ?? /"code":"(\w+)"/.exec(text)?.[1] ?? text))];
    }
    await socket.dispose();
    expect(codes).toEqual(Object.fromEntries(Object.keys(codes).map((root) => [root, ['PASSWORD_CHANGE_REQUIRED']])));
    for (const path of ['statement', 'customers']) {
      const query = 'from=2030-01-01T00:00:00Z&to=2030-01-02T00:00:00Z';
      const response = await fetch(`${api.client.origin}/export/${path}.csv?${query}`, { headers: { authorization: `Bearer ${token}` } });
      expect([response.status, await response.text()]).toEqual([403, expect.stringContaining('PASSWORD_CHANGE_REQUIRED')]);
    }
    expect((await api.client.ask(token, 'mutation { signOut { ok } }')).data).toEqual({ signOut: { ok: true } });
    expect(await codeOf(api.client, token, '{ viewer { role } }')).toBe('UNAUTHENTICATED');
  });

  test('the operation that signs in does not reach the panel either', async () => {
    const { oneTimePassword, panel } = await helpless(demo.ana, 'inside@reset.test');
    const { data, errors } = await api.client.ask(
      null,
      `mutation {
        signIn(input: { email: "${panel.email}", password: "${oneTimePassword}" }) {
          ... on SignInPayload { viewer { role user { email mustChangePassword } reseller { name } } }
        }
        revokeOtherSessions { endedSessions }
      }`,
    );
    // revokeOtherSessions is not nullable: its error removes the whole answer.
    expect(data).toBeNull();
    expect(errors.map(({ path, extensions }) => [path?.at(-1), extensions.code])).toContainEqual([
      'revokeOtherSessions',
      'PASSWORD_CHANGE_REQUIRED',
    ]);
    const alone = await api.client.ask(
      null,
      `mutation { signIn(input: { email: "${panel.email}", password: "${oneTimePassword}" }) {
        ... on SignInPayload { viewer { role user { email mustChangePassword } reseller { name } } } } }`,
    );
    expect(alone.data).toEqual({
      signIn: { viewer: { role: 'OWNER', user: { email: panel.email, mustChangePassword: true }, reseller: null } },
    });
    expect(alone.errors).toMatchObject([{ path: ['signIn', 'viewer', 'reseller'], extensions: { code: 'PASSWORD_CHANGE_REQUIRED' } }]);
  });
});

function isLeaf(kind: string, name: string): boolean {
  const type = schema.getType(kind);
  if (!isObjectType(type)) throw new Error(kind);
  return isLeafType(getNamedType(type.getFields()[name]?.type));
}

describe('at once', () => {
  test('of two concurrent resets of one user only one password opens a session, and only one session', async () => {
    for (const round of [1, 2, 3]) {
      const panel = await plantPanel(api.client, demo.root, `twice${round}@reset.test`, 10);
      const userId = await ownerOf(demo.root.token, panel);
      const done = await Promise.all([api, second].map(({ client }) => client.mutate(demo.root, 'resetUserAccess', { userId })));
      const opened: string[] = [];
      for (const { oneTimePassword } of done) {
        const { __typename } = await signIn(api.client, panel.email, undefined, oneTimePassword);
        opened.push(__typename);
      }
      expect(opened.sort()).toEqual(['InvalidCredentialsError', 'SignInPayload']);
    }
  });

  test('a concurrent reset, password change and sign-ins leave no session of the old password, and one working password', async () => {
    for (const round of [1, 2, 3, 4]) {
      const panel = await plantPanel(api.client, demo.root, `race${round}@reset.test`, 10);
      const userId = await ownerOf(demo.root.token, panel);
      const [{ oneTimePassword = '' }, changed, ...signedInAt] = await Promise.all([
        api.client.mutate(demo.root, 'resetUserAccess', { userId }),
        codeOfChange(second, panel.token),
        signIn(second.client, panel.email),
        signIn(api.client, panel.email),
      ]);
      expect([null, 'INVALID_STATE', 'INVALID_CREDENTIALS', 'UNAUTHENTICATED']).toContain(changed);
      // In any order: the reset ended all open sessions, and no later change knew its password.
      for (const token of [panel.token, ...signedInAt.map(({ token }) => token)]) {
        if (typeof token === 'string')
          await until(async () => !(await isSignedIn(second.client, token)) && !(await isSignedIn(api.client, token)));
      }
      for (const password of [PASSWORD, NEW_PASSWORD]) {
        expect(await signIn(api.client, panel.email, undefined, password)).toMatchObject({ code: 'INVALID_CREDENTIALS' });
      }
      const token = await signedIn(panel.email, oneTimePassword);
      expect(await codeOf(second.client, token, '{ viewer { role } }')).toBe('PASSWORD_CHANGE_REQUIRED');
    }
  });
});

/** Null if the password was changed. */
async function codeOfChange({ client }: Api, token: string): Promise<string | null> {
  const input = `{ currentPassword: "${PASSWORD}", newPassword: "${NEW_PASSWORD}" }`;
  const { text } = await client.ask(token, `mutation { changePassword(input: ${input}) { ... on Error { code } } }`);
  return /"code":"(\w+)"/.exec(text)?.[1] ?? null;
}
