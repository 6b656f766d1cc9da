import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Sql } from '../../src/db/sql.ts';
import { recordAudit } from '../../src/domain/audit/record.ts';
import { type Api, PASSWORD } from '../support/clients/api.ts';
import { codeOf, colleagueOf } from '../support/clients/people-api.ts';
import { openTestSql } from '../support/sql.ts';
import { type Demo, platformIdOf } from '../support/worlds/demo.ts';
import { startDemo } from '../support/worlds/planted-demo.ts';

let api: Api;
let sql: Sql;
let demo: Demo;

beforeAll(async () => {
  ({ api, demo } = await startDemo());
  sql = openTestSql(api.databaseUrl);
});

afterAll(async () => {
  await sql.end();
  await api[Symbol.asyncDispose]();
});

interface Entry {
  readonly id: string;
  readonly action: string;
  readonly actor: string | null;
  readonly address: string | null;
  readonly subject: string | null;
  readonly at: string;
  readonly reseller: { readonly name: string };
  readonly changes: readonly { readonly field: string; readonly before: string | null; readonly after: string | null }[];
}

const NODE = 'id action actor address subject at reseller { name } changes { field before after }';

async function logOf(token: string, args = 'first: 100'): Promise<{ entries: readonly Entry[]; cursors: readonly string[] }> {
  const { auditLog } = await api.client.query(token, `{ auditLog(${args}) { edges { cursor node { ${NODE} } } } }`);
  return { entries: auditLog.edges.map(({ node }) => node), cursors: auditLog.edges.map(({ cursor }) => cursor) };
}

test('records who changed what of users and keys, before and after, when and from where, and never a secret', async () => {
  const before = Date.now();
  const { id, token } = await colleagueOf(api.client, demo.ana.token, 'logged@audit.test', 'VIEWER');
  await api.client.mutate(demo.ana, 'updateUser', { userId: id, role: 'FINANCE', disabled: false });
  await api.client.mutate(demo.ana, 'updateUser', { userId: id, role: 'FINANCE' });
  await api.client.mutate(token, 'changePassword', { currentPassword: PASSWORD, newPassword: 'another password' });
  const made = await api.client.mutate(demo.ana, 'createApiKey', { name: 'Robot', scope: 'READ' });
  await api.client.mutate(demo.ana, 'revokeApiKey', { apiKeyId: made.apiKey?.id ?? '' });
  await api.client.mutate(demo.ana, 'revokeApiKey', { apiKeyId: made.apiKey?.id ?? '' });
  await api.client.mutate(demo.ana, 'updateUser', { userId: id, disabled: true });

  const by = { actor: demo.ana.email, address: expect.stringContaining('127.0.0.1'), reseller: { name: 'ana' } };
  const { entries } = await logOf(demo.ana.token);
  expect(entries).toMatchObject([
    { ...by, action: 'USER_UPDATED', subject: 'logged@audit.test', changes: [{ field: 'disabled', before: 'false', after: 'true' }] },
    { ...by, action: 'API_KEY_REVOKED', subject: 'Robot', changes: [] },
    {
      ...by,
      action: 'API_KEY_CREATED',
      subject: 'Robot',
      changes: [
        { field: 'scope', before: null, after: 'READ' },
        { field: 'expiresAt', before: null, after: null },
      ],
    },
    { ...by, actor: 'logged@audit.test', action: 'PASSWORD_CHANGED', changes: [] },
    { ...by, action: 'USER_UPDATED', changes: [{ field: 'role', before: 'VIEWER', after: 'FINANCE' }] },
    { ...by, action: 'USER_INVITED', subject: 'logged@audit.test', changes: [{ field: 'role', before: null, after: 'VIEWER' }] },
  ]);
  const at = Date.parse(entries[0]?.at ?? '');
  expect(at).toBeGreaterThanOrEqual(before);
  expect(at).toBeLessThanOrEqual(Date.now());
  const text = JSON.stringify(entries);
  for (const secret of [PASSWORD, 'another password', made.secret ?? '', '$argon2']) expect(text).not.toContain(secret);
});

test('is read by the owners of the branch and the platform, newest first and page by page, and by nobody else', async () => {
  await colleagueOf(api.client, demo.bruno.token, 'one@audit.test', 'VIEWER');
  const { token: operator } = await colleagueOf(api.client, demo.ana.token, 'two@audit.test', 'OPERATOR');
  await colleagueOf(api.client, demo.root.token, 'three@audit.test', 'VIEWER');
  const subjects = async (token: string, args?: string) => (await logOf(token, args)).entries.slice(0, 3).map(({ subject }) => subject);
  expect(await subjects(demo.root.token)).toEqual(['three@audit.test', 'two@audit.test', 'one@audit.test']);
  expect((await subjects(demo.ana.token)).slice(0, 2)).toEqual(['two@audit.test', 'one@audit.test']);
  expect(await subjects(demo.bruno.token)).toEqual(['one@audit.test']);
  expect(await subjects(demo.ana.token, `resellerId: "${demo.bruno.id}"`)).toEqual(['one@audit.test']);
  expect(await subjects(demo.other.token)).toEqual([]);
  const root = await platformIdOf(api.client, demo.platform, 'root');
  expect(await subjects(demo.platform, `resellerId: "${root}"`)).toEqual(['three@audit.test', 'two@audit.test', 'one@audit.test']);

  const whole = (await logOf(demo.root.token)).entries.map(({ id }) => id);
  const first = await logOf(demo.root.token, 'first: 2');
  const rest = await logOf(demo.root.token, `first: 100, after: "${first.cursors[1]}"`);
  expect([...first.entries, ...rest.entries].map(({ id }) => id)).toEqual(whole);
  const last = await logOf(demo.root.token, 'last: 2');
  expect(last.entries.map(({ id }) => id)).toEqual(whole.slice(-2));

  expect(await codeOf(api.client, operator, '{ auditLog { edges { cursor } } }')).toBe('FORBIDDEN');
  expect(await codeOf(api.client, demo.zero.token, '{ auditLog { edges { cursor } } }')).toBe('PANEL_LOCKED');
  expect(await codeOf(api.client, demo.platform, '{ auditLog { edges { cursor } } }')).toBe('BAD_USER_INPUT');
  for (const id of [demo.root.id, demo.other.id, demo.ana.accountId, 'nothing']) {
    const { data, errors } = await api.client.ask(demo.ana.token, `{ auditLog(resellerId: "${id}") { edges { cursor } } }`);
    expect({ data, errors }).toEqual({ data: { auditLog: null }, errors: [] });
  }
});

test('hides the name and address of an actor from above, and is a node to those who may read it', async () => {
  const [panel] = await sql`SELECT tenant_id, id FROM reseller WHERE name = 'bruno'`;
  const [above] = await sql`SELECT id FROM app_user WHERE email = ${demo.ana.email}`;
  await sql.begin((tx) =>
    recordAudit(tx, {
      ...{ tenantId: panel?.tenant_id, resellerId: panel?.id, actorId: above?.id, address: '192.0.2.1' },
      ...{ action: 'RESELLER_SUSPENDED', subject: 'bruno', changes: [] },
    }),
  );
  const [seenBelow] = (await logOf(demo.bruno.token)).entries;
  expect(seenBelow).toMatchObject({ action: 'RESELLER_SUSPENDED', actor: null, address: null, subject: 'bruno' });
  const node = (id: string | undefined) => `{ node(id: "${id}") { ... on AuditEntry { actor address reseller { name } } } }`;
  const [seenAbove] = (await logOf(demo.ana.token)).entries;
  const expected = { actor: demo.ana.email, address: '192.0.2.1', reseller: { name: 'bruno' } };
  expect((await api.client.ask(demo.ana.token, node(seenAbove?.id))).data).toEqual({ node: expected });
  const own = (await logOf(demo.ana.token)).entries.find(({ reseller }) => reseller.name === 'ana');
  expect((await api.client.ask(demo.bruno.token, node(own?.id))).data).toEqual({ node: null });
});

test('cannot be changed or shortened, not even by its owner', async () => {
  for (const statement of ["UPDATE audit_log SET subject = 'x'", 'DELETE FROM audit_log', 'TRUNCATE audit_log']) {
    await expect(sql.unsafe(statement)).rejects.toMatchObject({ code: '42501', message: expect.stringContaining('append-only') });
  }
  const app = openTestSql(api.databaseUrl, { role: 'revenda_app' });
  await expect(app`DELETE FROM audit_log`).rejects.toMatchObject({ code: '42501' });
  await app.end();
});

test('an entry with the old spelling of CANCELED is shown with the new one, and its customer only to its panel (R18)', async () => {
  await sql`
    INSERT INTO audit_log (tenant_id, id, reseller_id, actor_id, action, subject, changes, created_at)
    SELECT tenant_id, gen_random_uuid(), reseller_id, id, 'CUSTOMER_CANCELLED', 'Old Customer', '[]'::jsonb, now()
    FROM app_user WHERE email = ${demo.bruno.email}`;
  const own = (await logOf(demo.bruno.token)).entries.filter(({ action }) => action === 'CUSTOMER_CANCELED');
  expect(own.map(({ subject }) => subject)).toEqual(['Old Customer']);
  const above = (await logOf(demo.ana.token)).entries.filter(({ id }) => id === own[0]?.id);
  expect(above.map(({ subject }) => subject)).toEqual([null]);
});
