import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { Api, Client } from '../support/clients/api.ts';
import type { Given } from '../support/clients/mutation.ts';
import { outcomeOf } from '../support/clients/mutation.ts';
import { openTestSql } from '../support/sql.ts';
import { type Demo, issue, type Member, plantPanel, platformIdOf } from '../support/worlds/demo.ts';
import { startDemo } from '../support/worlds/planted-demo.ts';
import { OBJECT_FIELDS } from './gate-rules.ts';
import { MANAGEMENT_ANSWERS, namesOf, selection } from './gate-witnesses.ts';

let api: Api;
let client: Client;
let demo: Demo;

beforeAll(async () => {
  ({ api, demo } = await startDemo());
  ({ client } = api);
  await issue(client, demo.platform, await platformIdOf(client, demo.platform, 'root'), 100_000, 'to care for');
});

afterAll(() => api[Symbol.asyncDispose]());

async function statusOf(token: string, id: string): Promise<{ status: string; statusReason: string | null }> {
  const { reseller } = await client.query(token, 'query ($id: ID!) { reseller(id: $id) { status statusReason } }', { id });
  return reseller;
}

/** Writes what has no mutation, such as a debt as a charge-back leaves it. */
async function prepare(work: (sql: ReturnType<typeof openTestSql>) => Promise<unknown>): Promise<void> {
  const sql = openTestSql(api.databaseUrl);
  onTestFinished(() => sql.end());
  await work(sql);
}

/** A chain of three panels below the root: top, middle, leaf. */
async function line(name: string): Promise<[Member, Member, Member]> {
  const top = await plantPanel(client, demo.root, `${name}.top@care.test`, 100);
  const middle = await plantPanel(client, top, `${name}.middle@care.test`, 50);
  return [top, middle, await plantPanel(client, middle, `${name}.leaf@care.test`, 20)];
}

const suspend = (by: Member, panel: Member, reason = 'unpaid') => client.mutate(by, 'suspendReseller', { resellerId: panel.id, reason });
const resume = (by: Member, panel: Member) => client.mutate(by, 'resumeReseller', { resellerId: panel.id });
const transfer = (by: Member, to: Member, key: string) =>
  client.mutate(by, 'transferCredits', { toResellerId: to.id, amount: 1, idempotencyKey: key });

test('an owner renames its own panel and those below, and sets reserve thresholds; absent fields stay', async () => {
  const [top, middle, leaf] = await line('update');
  const update = (by: Member, input: Given<'updateReseller'>) => client.mutate(by, 'updateReseller', input);
  expect(await update(top, { resellerId: leaf.id, name: '  New name ' })).toMatchObject({ reseller: { id: leaf.id, name: 'New name' } });
  expect(await update(top, { resellerId: top.id, reserveThreshold: 50 })).toMatchObject({ reseller: { name: 'update.top' } });
  const { viewer } = await client.query(top, '{ viewer { reseller { name account { balance reserveThreshold lowBalance } } } }');
  expect(viewer).toEqual({ reseller: { name: 'update.top', account: { balance: 50, reserveThreshold: 50, lowBalance: true } } });
  // R18: panels above and on other branches do not exist for the caller.
  expect(outcomeOf(await update(middle, { resellerId: top.id, name: 'x' }))).toBe('NOT_FOUND');
  expect(outcomeOf(await update(middle, { resellerId: demo.ana.id, name: 'x' }))).toBe('NOT_FOUND');
  expect(await update(top, { resellerId: leaf.id })).toMatchObject({ code: 'INVALID_INPUT', fields: [{ path: 'input.name' }] });
  expect(await update(top, { resellerId: leaf.id, name: ' ' })).toMatchObject({ code: 'INVALID_INPUT', fields: [{ path: 'input.name' }] });
  expect(await update(top, { resellerId: leaf.id, name: 'n'.repeat(101) })).toMatchObject({ code: 'INVALID_INPUT' });
});

test('a suspended branch reads, pays and receives, shows the reason everywhere in it, and does not spend', async () => {
  const [top, middle, leaf] = await line('suspend');
  expect(await suspend(top, middle, ' late since May ')).toMatchObject({
    __typename: 'SuspendResellerPayload',
    reseller: { id: middle.id, status: 'SUSPENDED', statusReason: 'late since May' },
  });
  for (const [by, panel] of [
    [top, middle],
    [middle, middle],
    [leaf, leaf],
    [demo.root, leaf],
  ] as const)
    expect(await statusOf(by.token, panel.id)).toEqual({ status: 'SUSPENDED', statusReason: 'late since May' });
  expect(await statusOf(top.token, top.id)).toEqual({ status: 'ACTIVE', statusReason: null });
  expect(outcomeOf(await transfer(middle, leaf, 's1'))).toBe('PANEL_SUSPENDED');
  expect(outcomeOf(await transfer(leaf, middle, 's1'))).toBe('PANEL_SUSPENDED');
  for (const mutation of ['suspendReseller', 'updateReseller', 'resumeReseller'] as const) {
    const input = {
      resellerId: leaf.id,
      ...(mutation === 'suspendReseller' ? { reason: 'r' } : {}),
      ...(mutation === 'updateReseller' ? { name: 'n' } : {}),
    };
    expect(outcomeOf(await client.mutate(middle, mutation, input)), mutation).toBe('PANEL_SUSPENDED');
  }
  expect(outcomeOf(await transfer(top, middle, 's2'))).toBe('TransferCreditsPayload');
  expect(await resume(top, middle)).toMatchObject({ reseller: { status: 'ACTIVE', statusReason: null } });
  expect(outcomeOf(await transfer(middle, leaf, 's3'))).toBe('TransferCreditsPayload');
});

test('only the panel that suspended, or one above it, resumes; one above takes over', async () => {
  const [top, middle, leaf] = await line('who');
  expect(outcomeOf(await suspend(middle, leaf, 'mine'))).toBe('SuspendResellerPayload');
  expect(outcomeOf(await suspend(middle, leaf, 'again'))).toBe('INVALID_STATE');
  expect(await suspend(top, leaf, 'taken over')).toMatchObject({ reseller: { statusReason: 'taken over' } });
  expect(outcomeOf(await suspend(middle, leaf, 'back'))).toBe('INVALID_STATE');
  expect(outcomeOf(await resume(middle, leaf))).toBe('INVALID_STATE');
  expect(await statusOf(middle.token, leaf.id)).toEqual({ status: 'SUSPENDED', statusReason: 'taken over' });
  expect(await resume(demo.root, leaf)).toMatchObject({ reseller: { status: 'ACTIVE' } });
  expect(outcomeOf(await resume(demo.root, leaf))).toBe('INVALID_STATE');
});

test('a panel cannot suspend itself or one that is not below it, and a reason has 1 to 500 characters', async () => {
  const [top, middle, leaf] = await line('not');
  expect(outcomeOf(await suspend(top, top))).toBe('INVALID_STATE');
  expect(outcomeOf(await suspend(leaf, middle))).toBe('NOT_FOUND');
  expect(outcomeOf(await suspend(top, demo.ana))).toBe('NOT_FOUND');
  expect(outcomeOf(await suspend(top, demo.other))).toBe('NOT_FOUND');
  for (const reason of ['', '  ', 'r'.repeat(501)]) {
    expect(await suspend(top, middle, reason)).toMatchObject({ code: 'INVALID_INPUT', fields: [{ path: 'input.reason' }] });
  }
  expect(outcomeOf(await suspend(top, middle, 'é'.repeat(500)))).toBe('SuspendResellerPayload');
});

test('a suspension for debt names the debt, cannot be ended by hand, and outlasts a suspension by hand', async () => {
  const [top, middle] = await line('debt');
  await prepare(async (sql) => {
    await sql`UPDATE reseller SET in_debt = true, suspended_at = now() WHERE name = 'debt.middle'`;
    await sql`UPDATE account SET debt = 5 WHERE id = (SELECT id FROM reseller WHERE name = 'debt.middle')`;
    await sql`
      WITH bought AS (
        INSERT INTO purchase (tenant_id, id, buyer_id, quantity, total_minor, currency, provider, status, created_by, created_at, expires_at,
          settled_at, transfer_id, charged_back)
        SELECT tenant_id, gen_random_uuid(), id, 10, 1000, 'BRL', 'MANUAL', 'CHARGED_BACK', id, now(), now(), now(), gen_random_uuid(), 10
        FROM reseller WHERE name = 'debt.middle' RETURNING tenant_id, id, buyer_id)
      INSERT INTO claim (tenant_id, id, purchase_id, debtor_id, quantity, owed, set_off, created_at)
      SELECT tenant_id, gen_random_uuid(), id, buyer_id, 10, 5, 0, now() FROM bought`;
  });
  expect(await statusOf(top.token, middle.id)).toMatchObject({ status: 'SUSPENDED', statusReason: expect.stringContaining('owed') });
  const refused = await resume(top, middle);
  expect(refused).toMatchObject({ code: 'INVALID_STATE', message: expect.stringContaining('owes') });
  expect(outcomeOf(await suspend(top, middle, 'by hand, too'))).toBe('SuspendResellerPayload');
  expect(await statusOf(top.token, middle.id)).toEqual({ status: 'SUSPENDED', statusReason: 'by hand, too' });
  expect(await resume(top, middle)).toMatchObject({ reseller: { status: 'SUSPENDED', statusReason: expect.stringContaining('owed') } });
  // New credits repay the debt, and with the last of it the suspension ends.
  const paid = await client.mutate(top, 'transferCredits', { toResellerId: middle.id, amount: 5, idempotencyKey: 'repays' });
  expect(outcomeOf(paid)).toBe('TransferCreditsPayload');
  expect(await statusOf(top.token, middle.id)).toEqual({ status: 'ACTIVE', statusReason: null });
});

test('the audit log has each actor and action, with before and after', async () => {
  const [top, middle, leaf] = await line('log');
  await client.mutate(top, 'updateReseller', { resellerId: middle.id, name: 'renamed', reserveThreshold: 3 });
  await suspend(top, middle, 'why');
  await resume(top, middle);
  await client.mutate(top, 'moveReseller', { resellerId: leaf.id, newParentId: top.id });
  await client.mutate(top, 'closeReseller', { resellerId: leaf.id, idempotencyKey: 'log' });
  const { auditLog } = await client.query(
    top,
    '{ auditLog { edges { node { action actor subject reseller { id } changes { field before after } } } } }',
  );
  const by = { actor: top.email };
  expect(auditLog.edges.map(({ node }) => node)).toMatchObject([
    { ...by, action: 'RESELLER_CLOSED', subject: 'log.leaf', reseller: { id: leaf.id } },
    { ...by, action: 'RESELLER_MOVED', subject: 'log.leaf', changes: [{ field: 'parent', before: 'renamed', after: 'log.top' }] },
    { ...by, action: 'RESELLER_RESUMED', subject: 'renamed', changes: [{ field: 'reason', before: 'why', after: null }] },
    { ...by, action: 'RESELLER_SUSPENDED', subject: 'renamed', changes: [{ field: 'reason', before: null, after: 'why' }] },
    {
      ...by,
      action: 'RESELLER_UPDATED',
      subject: 'log.middle',
      reseller: { id: middle.id },
      changes: [
        { field: 'name', before: 'log.middle', after: 'renamed' },
        { field: 'reserveThreshold', before: '1', after: '3' },
      ],
    },
  ]);
});

test('every field in the answers of suspending, resuming and closing is returned to the caller', async () => {
  const [top, middle, leaf] = await line('fields');
  const inputs: Readonly<Record<string, string>> = {
    SuspendResellerPayload: `suspendReseller(input: { resellerId: "${leaf.id}", reason: "r" })`,
    ResumeResellerPayload: `resumeReseller(input: { resellerId: "${leaf.id}" })`,
    CloseResellerPayload: `closeReseller(input: { resellerId: "${leaf.id}", idempotencyKey: "fields" })`,
  };
  for (const type of MANAGEMENT_ANSWERS) {
    const by = type === 'CloseResellerPayload' ? top : middle;
    const all = selection(type, namesOf(OBJECT_FIELDS[type], 'answer'));
    const { data, errors } = await client.ask(by.token, `mutation { answer: ${inputs[type]} { __typename ... on ${type} ${all} } }`);
    expect(errors).toEqual([]);
    expect(data).toMatchObject({ answer: { __typename: type } });
  }
});
