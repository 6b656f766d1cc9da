import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Sql } from '../../src/db/sql.ts';
import { type Api, startApi } from '../support/clients/api.ts';
import { preview, settled } from '../support/clients/import-api.ts';
import { type Answered, type Given, requestOf } from '../support/clients/mutation.ts';
import { openTestSql } from '../support/sql.ts';
import { type Demo, platformIdOf } from '../support/worlds/demo.ts';
import { startDemo } from '../support/worlds/planted-demo.ts';

/** Two servers on one database; either may answer. */
let api: Api;
let elsewhere: Api;
let demo: Demo;
let sql: Sql;
/** The import's id as the platform sees it. */
let importId: string;

const PANELS = ['in', 'reset', 'closed', 'disabled', 'halted', 'late', 'mail'] as const;
type Name = (typeof PANELS)[number];

type Done = Answered<'createImportInvitations'>;

const invite = (input: Partial<Given<'createImportInvitations'>> = {}, on = api) =>
  on.client.mutate(demo.platform, 'createImportInvitations', { importId, ...input });
const namesOf = ({ invitations = [] }: Done) => invitations.map(({ resellerName }) => resellerName).sort();
const tokenOf = (done: Done, name: Name) => done.invitations?.find(({ resellerName }) => resellerName === name)?.token ?? '';
const accept = (token: string, newPassword = 'chosen by the owner', on = api) =>
  on.client.mutate(null, 'resetPassword', { token, newPassword });
const signIn = (name: Name, password = 'chosen by the owner') =>
  api.client.ask<{ signIn: { token?: string } }>(
    null,
    'mutation ($input: SignInInput!) { signIn(input: $input) { ... on SignInPayload { token } } }',
    { input: { email: `${name}@invite.test`, password } },
  );
const waiting = async () => {
  const { node } = await api.client.query(demo.platform, 'query ($id: ID!) { node(id: $id) { ... on Import { ownersWithoutPassword } } }', {
    id: importId,
  });
  return node.ownersWithoutPassword;
};

beforeAll(async () => {
  ({ api, demo } = await startDemo());
  elsewhere = await startApi({ databaseUrl: api.databaseUrl });
  sql = openTestSql(api.databaseUrl);
  const root = await platformIdOf(api.client, demo.platform, 'root');
  const file = ['id,email,name,credits', ...PANELS.map((name) => `${name},${name}@invite.test,${name},5`)].join('\n');
  const previewed = await preview(api.client, demo.platform, file, { tenant: root });
  importId = previewed.id;
  expect(await invite()).toMatchObject({ code: 'INVALID_STATE' });
  await api.client.mutate(demo.platform, 'commitImport', { importId, hash: previewed.hash, idempotencyKey: 'invite' });
  expect(await settled(api.client, demo.platform, importId)).toMatchObject({ status: 'COMMITTED' });
});

afterAll(async () => {
  await sql.end();
  await elsewhere[Symbol.asyncDispose]();
  await api[Symbol.asyncDispose]();
});

test('each owner of an imported panel has one link, shown once and stored as a hash (R55, R42)', async () => {
  expect(await waiting()).toBe(PANELS.length);
  // Of two concurrent calls on two servers, one gets the list.
  const both = await Promise.all([invite({}, api), invite({}, elsewhere)]);
  const list = both.find(({ invitations }) => invitations?.length) ?? Promise.reject(new Error('nobody has the list'));
  const made = await list;
  expect(both.map((done) => done.invitations?.length).sort()).toEqual([0, PANELS.length]);
  expect(namesOf(made)).toEqual([...PANELS].sort());
  expect(made.hasMore).toBe(false);
  const days = made.invitations?.map(({ expiresAt }) => Math.round((Date.parse(expiresAt) - Date.now()) / 86_400_000));
  expect(new Set(days)).toEqual(new Set([14]));
  const token = tokenOf(made, 'in');
  const [kept] = await sql<
    { text: string }[]
  >`SELECT string_agg(t.text, ' ') AS text FROM (SELECT p::text AS text FROM password_reset p UNION ALL SELECT a::text FROM audit_log a) AS t`;
  for (const { token: secret } of made.invitations ?? []) expect(kept?.text).not.toContain(secret);

  // Of two owners who use the link at once, one succeeds.
  const brought = await Promise.all([accept(token, 'the first of the two'), accept(token, 'the second of the two', elsewhere)]);
  expect(brought.map(({ __typename, code }) => code ?? __typename).sort()).toEqual(['INVALID_CREDENTIALS', 'ResetPasswordPayload']);
  expect(await accept(token)).toMatchObject({ code: 'INVALID_CREDENTIALS' });
  const entered = await Promise.all(['the first of the two', 'the second of the two'].map((password) => signIn('in', password)));
  expect(entered.filter(({ data }) => data?.signIn.token)).toHaveLength(1);
  const log = await sql<{ action: string; subject: string; changes: unknown }[]>`
    SELECT action, subject, changes FROM audit_log WHERE action IN ('OWNERS_INVITED', 'INVITATION_ACCEPTED', 'PASSWORD_RESET') ORDER BY id`;
  expect([...log]).toMatchObject([
    { action: 'OWNERS_INVITED', subject: 'csv', changes: [{ field: 'invitations', before: null, after: '7' }] },
    { action: 'INVITATION_ACCEPTED', subject: 'in@invite.test' },
  ]);

  // A lost list is made again for owners without a password, and then the older links stop working.
  const again = await invite({ renew: true });
  expect(namesOf(again)).toEqual(PANELS.filter((name) => name !== 'in').sort());
  expect(await accept(tokenOf(made, 'late'))).toMatchObject({ code: 'INVALID_CREDENTIALS' });
  expect((await accept(tokenOf(again, 'late'))).__typename).toBe('ResetPasswordPayload');
  expect((await signIn('late')).data?.signIn.token).toBeTruthy();
  const after = again.invitations?.[0]?.resellerId;
  expect(namesOf(await invite({ renew: true, after }))).toHaveLength(
    again.invitations?.filter(({ resellerId, resellerName }) => resellerId !== after && resellerName !== 'late').length ?? -1,
  );
});

test('a link stops working once its panel is closed, its owner got in otherwise, or its time is over (R55, R41)', async () => {
  const made = await invite({ renew: true });
  const idOf = (name: Name) => made.invitations?.find(({ resellerName }) => resellerName === name)?.resellerId ?? '';
  const rows = await sql<{ name: Name; id: string; userId: string; tenantId: string }[]>`
    SELECT r.name, r.id, u.id AS "userId", r.tenant_id AS "tenantId" FROM reseller r JOIN app_user u ON u.tenant_id = r.tenant_id AND u.reseller_id = r.id WHERE u.email LIKE '%@invite.test'`;
  const { children } = (
    await api.client.query(demo.root, '{ viewer { reseller { children(first: 50) { edges { node { id name owners { id } } } } } } }')
  ).viewer.reseller;
  const own = (name: Name) => children.edges.find(({ node }) => node.name === name)?.node ?? { id: '', owners: [{ id: '' }] };
  expect(idOf('reset')).not.toBe('');
  const given = await api.client.mutate(demo.root, 'resetUserAccess', { userId: own('reset').owners[0]?.id ?? '' });
  await api.client.mutate(demo.root, 'closeReseller', { resellerId: own('closed').id, idempotencyKey: 'close' });
  await api.client.mutate(demo.root, 'suspendReseller', { resellerId: own('halted').id, reason: 'not paid' });
  await sql`UPDATE app_user SET disabled_at = now() WHERE email = 'disabled@invite.test'`;
  await sql`UPDATE password_reset SET expires_at = now() WHERE user_id = ${rows.find(({ name }) => name === 'mail')?.userId ?? ''}`;
  for (const name of ['reset', 'closed', 'disabled', 'mail'] as const) {
    expect(await accept(tokenOf(made, name)), name).toMatchObject({ code: 'INVALID_CREDENTIALS' });
  }
  expect((await signIn('reset', given.oneTimePassword)).data?.signIn.token).toBeTruthy();
  expect(await waiting()).toBe(2);
  // An owner whose link has expired gets a new one, without renewing the others; a suspended panel keeps its link.
  expect(namesOf(await invite())).toEqual(['mail']);
  expect((await accept(tokenOf(made, 'halted'))).__typename).toBe('ResetPasswordPayload');
  expect(namesOf(await invite({ renew: true }))).toEqual(['mail']);
});

test('only the platform invites owners, and nobody below a root learns of them (R55, R18)', async () => {
  for (const token of [demo.root.token, demo.ana.token, demo.other.token, null]) {
    const { query, variables } = requestOf('createImportInvitations', { importId });
    const answer = await api.client.ask(token, query, variables);
    expect(answer.text).toMatch(/FORBIDDEN|UNAUTHENTICATED/);
    expect(answer.text).not.toContain('token');
  }
  expect(await invite({ importId: await platformIdOf(api.client, demo.platform, 'root') })).toMatchObject({ code: 'NOT_FOUND' });
});
