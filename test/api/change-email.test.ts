import { afterAll, beforeAll, expect, test } from 'vitest';
import { ensurePlatformUser } from '../../src/domain/identity/ensure-platform-user.ts';
import { createPasswords } from '../../src/domain/identity/passwords.ts';
import { watchBalance } from '../live/watch.ts';
import { type Api, PASSWORD, PLATFORM_EMAIL, startApi } from '../support/clients/api.ts';
import { codeOf, isSignedIn, signIn } from '../support/clients/people-api.ts';
import { openTestSql } from '../support/sql.ts';
import { until } from '../support/until.ts';
import { type Demo, plantPanel } from '../support/worlds/demo.ts';
import { directoryOf } from '../support/worlds/directory.ts';
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

const change = (token: string, email: string, password = PASSWORD, client = api.client) =>
  client.mutate(token, 'changeEmail', { email, password });

const ownEmail = async (token: string, client = api.client) =>
  (await client.query(token, '{ viewer { user { email } } }')).viewer.user.email;

test('a user, even a locked one, changes its e-mail with the password, signs in with it, and keeps its sessions (R42)', async () => {
  const { zero } = demo;
  const socket = second.client.socket(zero.token);
  const watch = watchBalance(socket);
  await watch.next();
  expect(await change(zero.token, 'new@zero.test', 'not the password')).toMatchObject({ code: 'INVALID_CREDENTIALS' });
  expect(await change(zero.token, ' New@Bücher.Example. ')).toMatchObject({ user: { email: 'new@xn--bcher-kva.example' } });
  for (const { client } of [api, second]) {
    await until(async () => (await ownEmail(zero.token, client)) === 'new@xn--bcher-kva.example');
  }
  expect(await signIn(api.client, zero.email)).toMatchObject({ code: 'INVALID_CREDENTIALS' });
  expect(await signIn(api.client, 'new@bücher.example')).toMatchObject({ __typename: 'SignInPayload' });
  await api.client.transfer(demo.root.token, zero.id, 1, 'the socket lives');
  expect(await watch.next()).toMatchObject({ balance: 1 });
  await socket.dispose();
});

test('an invalid, unchanged or taken address is refused, and keys change nothing', async () => {
  const { token } = await plantPanel(api.client, demo.root, 'refused@mail.test', 10);
  for (const email of ['nobody', 'a b@c.test', `${'a'.repeat(250)}@mail.test`, 'Refused@Mail.test']) {
    expect(await change(token, email), email).toMatchObject({ code: 'INVALID_INPUT', fields: [{ path: 'input.email' }] });
  }
  expect(await change(token, demo.other.email)).toMatchObject({ code: 'ALREADY_EXISTS' });
  const { secret = '' } = await api.client.mutate(demo.ana, 'createApiKey', { name: 'k', scope: 'MANAGE' });
  expect(await change(secret, 'key@mail.test')).toMatchObject({ code: 'FORBIDDEN' });
  expect(await ownEmail(token)).toBe('refused@mail.test');
});

test('trying addresses to learn who has an account is limited like trying passwords, even at sign-in', async () => {
  const { email, token } = await plantPanel(api.client, demo.root, 'curious@mail.test', 10);
  const codes: (string | undefined)[] = [];
  for (let attempt = 0; attempt < 20 && codes.at(-1) !== 'RATE_LIMITED'; attempt += 1) {
    codes.push((await change(token, attempt % 2 === 0 ? demo.other.email : PLATFORM_EMAIL)).code);
  }
  expect(codes.filter((code) => code === 'ALREADY_EXISTS')).toHaveLength(10);
  expect(await change(token, 'free@mail.test')).toMatchObject({ code: 'RATE_LIMITED' });
  expect(await signIn(api.client, email)).toMatchObject({ code: 'RATE_LIMITED' });
  expect(await isSignedIn(api.client, token)).toBe(true);
});

test('of two users that take one address at once one gets it, and a competing invitation is refused', async () => {
  const panels = [
    await plantPanel(api.client, demo.root, 'one@twins.test', 10),
    await plantPanel(api.client, demo.root, 'two@twins.test', 10),
  ];
  const done = await Promise.all([
    ...panels.map(({ token }, at) => change(token, 'twin@twins.test', PASSWORD, [api, second][at]?.client)),
    second.client.mutate(demo.root, 'inviteUser', { email: 'twin@twins.test', password: PASSWORD, role: 'VIEWER' }),
  ]);
  expect(done.filter(({ code }) => code === 'ALREADY_EXISTS')).toHaveLength(2);
});

test('concurrent changes of e-mail and password leave one user who signs in with what was confirmed', async () => {
  const { token } = await plantPanel(api.client, demo.root, 'both@mail.test', 10);
  const [email, password] = await Promise.all([
    change(token, 'moved@mail.test'),
    second.client.mutate(token, 'changePassword', { currentPassword: PASSWORD, newPassword: 'another password' }),
  ]);
  expect(password.__typename).toBe('ChangePasswordPayload');
  expect(['ChangeEmailPayload', 'InvalidStateError', 'InvalidCredentialsError']).toContain(email.__typename);
  const address = email.__typename === 'ChangeEmailPayload' ? 'moved@mail.test' : 'both@mail.test';
  expect(await signIn(api.client, address, undefined, 'another password')).toMatchObject({ __typename: 'SignInPayload' });
});

test('the log has both addresses, and the next start does not create the platform’s first user again', async () => {
  const { token } = await plantPanel(api.client, demo.root, 'logged@mail.test', 10);
  await change(token, 'after@mail.test');
  const { auditLog } = await api.client.query(
    token,
    '{ auditLog(first: 1) { edges { node { action subject changes { field before after } } } } }',
  );
  expect(auditLog.edges[0]?.node).toEqual({
    action: 'EMAIL_CHANGED',
    subject: 'logged@mail.test',
    changes: [{ field: 'email', before: 'logged@mail.test', after: 'after@mail.test' }],
  });
  expect(await change(demo.platform, 'chief@revenda.test')).toMatchObject({ user: { email: 'chief@revenda.test' } });
  const sql = openTestSql(api.databaseUrl, { role: 'revenda_app' });
  const ports = { sql, directory: directoryOf(api.databaseUrl), passwords: createPasswords({ maxConcurrent: 1 }) };
  expect(await ensurePlatformUser(ports, PLATFORM_EMAIL, PASSWORD)).toBe(false);
  await sql.end();
  expect(await signIn(api.client, PLATFORM_EMAIL)).toMatchObject({ code: 'INVALID_CREDENTIALS' });
  expect(await codeOf(api.client, demo.platform, '{ viewer { role } }')).toBeNull();
});
