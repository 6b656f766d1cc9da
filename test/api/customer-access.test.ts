import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { giveAccess } from '../../src/domain/access/give-access.ts';
import { resealAccess } from '../../src/domain/access/reseal-access.ts';
import { createSecretBox } from '../../src/kernel/secrets.ts';
import { type CustomerSeen, CustomersWorld, customerOf, uuidOf } from '../support/clients/customers-api.ts';
import type { Answered, Given } from '../support/clients/mutation.ts';
import { openTestSql } from '../support/sql.ts';
import { issue, type Member, plantPanel, platformIdOf } from '../support/worlds/demo.ts';
import { OBJECT_FIELDS } from './gate-rules.ts';
import { ACCESS_ANSWERS, namesOf, selection } from './gate-witnesses.ts';

let world: CustomersWorld;

beforeAll(async () => {
  world = await CustomersWorld.open();
  const { client, demo } = world;
  await issue(client, demo.platform, await platformIdOf(client, demo.platform, 'root'), 10_000, 'for access');
});

afterAll(async () => {
  const { ledgerHealth } = await world.client.query(world.demo.platform, '{ ledgerHealth { ok problems } }');
  expect(ledgerHealth).toEqual({ ok: true, problems: [] });
  await world[Symbol.asyncDispose]();
});

let panels = 0;
function panel(credits = 30, parent: Member = world.demo.root): Promise<Member> {
  panels += 1;
  return plantPanel(world.client, parent, `p${panels}@access.test`, credits);
}

interface Access {
  readonly login: string;
  readonly secret: string;
}

/** The credentials as the caller sees them. */
async function accessOf(token: string, { id }: { readonly id: string }): Promise<Access | null | undefined> {
  const { customer } = await world.client.query(token, 'query ($id: ID!) { customer(id: $id) { access { login secret } } }', { id });
  return customer?.access;
}

function reset(
  member: Member,
  { id }: { readonly id: string },
  given: Partial<Given<'resetAccess'>> = {},
): Promise<Answered<'resetAccess'>> {
  return world.client.mutate(member, 'resetAccess', { customerId: id, ...given });
}

const MADE = { login: expect.stringMatching(/^\d{8}$/), secret: expect.stringMatching(/^[a-z2-9]{8}$/) };

test('R46: an activation and a trial make a login and a secret, which later changes of the customer do not affect', async () => {
  const member = await panel();
  const maria = await world.activated(member);
  const made = await accessOf(member.token, maria);
  expect(made).toEqual(MADE);
  const trial = await world.trial(member, 'try@access.test');
  const tried = await accessOf(member.token, trial);
  expect(tried).toEqual(MADE);
  await world.client.mutate(member, 'activateCustomer', { customerId: trial.id, periods: 1 });
  await world.client.mutate(member, 'renewCustomer', { customerId: trial.id, periods: 1 });
  const mistake = await world.client.mutate(member, 'addScreens', { customerId: trial.id, screens: 1 });
  await world.client.mutate(member, 'undoSpending', { transferId: mistake.transfer?.id ?? '' });
  await world.client.mutate(member, 'cancelCustomer', { customerId: trial.id });
  expect(await accessOf(member.token, trial)).toEqual(tried);
  // The parent takes over a closed panel's customers with their credentials.
  const { closed } = await world.client.data<{ closed: { __typename: string } }>(
    world.demo.root.token,
    'mutation ($id: ID!) { closed: closeReseller(input: { resellerId: $id, idempotencyKey: "close" }) { __typename } }',
    { id: member.id },
  );
  expect(closed.__typename).toBe('CloseResellerPayload');
  const { customers } = await world.client.query(
    world.demo.root,
    '{ customers: viewer { reseller { customers(first: 2) { edges { node { access { login secret } } } } } } }',
  );
  expect(customers.reseller.customers.edges.map(({ node }) => node.access)).toEqual(expect.arrayContaining([made, tried]));
});

test('R46: a replay makes no new credentials; the same key with other credentials is a conflict and stores none', async () => {
  const member = await panel();
  const input = { name: 'M', periods: 1, login: 'maria.1_x-2', secret: 'Very secret ção', idempotencyKey: 'once' };
  const first = await world.client.mutate(member, 'activateCustomer', input);
  const given = { login: input.login, secret: input.secret };
  const again = await world.client.mutate(member, 'activateCustomer', input);
  expect(again).toMatchObject({ replayed: true, customer: { id: first.customer?.id } });
  expect(await accessOf(member.token, customerOf(first))).toEqual(given);
  for (const other of [{ login: 'another' }, { secret: 'another one' }]) {
    expect(await world.client.mutate(member, 'activateCustomer', { ...input, ...other })).toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' });
  }
  const unnamed = await world.client.mutate(member, 'activateCustomer', { name: 'U', periods: 1, idempotencyKey: 'made' });
  const made = await accessOf(member.token, customerOf(unnamed));
  await world.client.mutate(member, 'activateCustomer', { name: 'U', periods: 1, idempotencyKey: 'made' });
  expect(await accessOf(member.token, customerOf(unnamed))).toEqual(made);
});

test('R46: a login taken by any panel is refused without its owner, even in a race; another tenant may have it', async () => {
  const [member, other] = [await panel(), await panel()];
  const give = (by: Member, login: string) => world.client.mutate(by, 'activateCustomer', { name: 'n', periods: 1, login });
  const firsts = await Promise.all([member, other, member, other].map((by) => give(by, 'raced')));
  expect(firsts.filter(({ code }) => code === undefined)).toHaveLength(1);
  const message = 'This login is taken: choose another.';
  const refused = firsts.filter(({ code }) => code !== undefined);
  expect(refused.map(({ code, message: said }) => [code, said])).toEqual(times3(['ALREADY_EXISTS', message]));
  const trial = { name: 't', contact: 'taken@access.test', login: 'raced' };
  expect(await world.client.mutate(other, 'startTrial', trial)).toMatchObject({ code: 'ALREADY_EXISTS', message });
  const mine = await world.activated(other);
  expect(await reset(other, mine, { login: 'raced' })).toMatchObject({ code: 'ALREADY_EXISTS', message });
  expect(await world.balance(member)).toBe(30 - firsts.filter((done, index) => index % 2 === 0 && done.code === undefined).length);
  const stranger = await world.client.mutate(world.demo.other, 'activateCustomer', { name: 'n', periods: 1, login: 'raced' });
  expect(stranger).toMatchObject({ __typename: 'ActivateCustomerPayload' });
});

function times3<Value>(value: Value): Value[] {
  return [value, value, value];
}

test('R46: bad logins and secrets are named, even for an existing customer, and nothing is spent', async () => {
  const member = await panel();
  const bad = {
    login: ['ab', 'x'.repeat(65), 'Maria', 'ma ria', 'maría', 'a@b.test'],
    secret: [
      '12345',
      'x'.repeat(65),
      'tab\there',
      'line\nbreak',
      ' around ',
      'nul\0here',
      'bell\u0007',
      '\u001b[31mred',
      'delete\u007f',
      'c1\u0085here',
    ],
  };
  for (const [field, values] of Object.entries(bad)) {
    for (const value of values) {
      const path = `input.${field}`;
      const given = { [field]: value };
      const refusal = { code: 'INVALID_INPUT', fields: [{ path }] };
      expect(await world.client.mutate(member, 'activateCustomer', { name: 'n', periods: 1, ...given }), value).toMatchObject(refusal);
      expect(await world.client.mutate(member, 'startTrial', { name: 'n', contact: 'c@access.test', ...given }), value).toMatchObject(
        refusal,
      );
    }
  }
  const one = await world.activated(member);
  const both = { login: 'theirs', secret: 'their secret' };
  expect(await world.client.mutate(member, 'activateCustomer', { customerId: one.id, periods: 1, ...both })).toMatchObject({
    fields: [{ path: 'input.login' }, { path: 'input.secret' }],
  });
  expect(await reset(member, one, { login: 'AB' })).toMatchObject({ code: 'INVALID_INPUT' });
  expect(await world.balance(member)).toBe(29);
});

test("R46: resetAccess sets a new or given secret, is audited without it, and is only for the customer's own panel", async () => {
  const member = await panel();
  const maria = await world.activated(member);
  const before = await accessOf(member.token, maria);
  const done = await reset(member, maria);
  expect(done).toMatchObject({ __typename: 'ResetAccessPayload', customer: { id: maria.id } });
  const after = await accessOf(member.token, maria);
  expect(after).toEqual({ login: before?.login, secret: MADE.secret });
  expect(after?.secret).not.toBe(before?.secret);
  const given = { login: 'maria', secret: 'abc def' };
  await reset(member, maria, given);
  expect(await accessOf(member.token, maria)).toEqual(given);
  expect(await world.balance(member)).toBe(29);
  const stranger = await panel();
  expect(await reset(stranger, maria)).toMatchObject({ code: 'NOT_FOUND' });
  expect(await reset(world.demo.root, maria)).toMatchObject({ code: 'NOT_FOUND' });
  const { auditLog } = await world.client.query(
    member,
    '{ auditLog(first: 2) { edges { node { action subject changes { field before after } } } } }',
  );
  const entry = { node: { action: 'ACCESS_RESET', subject: 'Maria', changes: [] } };
  expect(auditLog.edges).toEqual([entry, entry]);
  for (const type of ACCESS_ANSWERS) {
    const call = `resetAccess(input: { customerId: "${maria.id}" })`;
    const all = selection(type, namesOf(OBJECT_FIELDS[type], 'answer'));
    const { errors } = await world.client.ask(member.token, `mutation { answer: ${call} { __typename ... on ${type} ${all} } }`);
    expect(errors).toEqual([]);
  }
});

test('R46: only the own panel sees credentials: the platform gets null, a support session a mask, searches and exports nothing', async () => {
  const member = await panel();
  const given = { login: 'only-for-us', secret: 'only for us too' };
  const customer = customerOf(await world.client.mutate(member, 'activateCustomer', { name: 'n', periods: 1, ...given }));
  expect(await accessOf(member.token, customer)).toEqual(given);
  const seenAbove = await world.client.query(
    world.demo.platform,
    'query ($id: ID!) { panel: reseller(id: $id) { customers(first: 1) { edges { node { access { login secret } } } } } }',
    { id: await platformIdOf(world.client, world.demo.platform, 'root') },
  );
  for (const { node } of seenAbove.panel.customers.edges) expect(node.access).toBeNull();
  const { support } = await world.client.data<{ support: { token: string } }>(
    world.demo.root.token,
    'mutation ($id: ID!) { support: openSupportSession(input: { resellerId: $id, reason: "r" }) { ... on OpenSupportSessionPayload { token } } }',
    { id: member.id },
  );
  const masked = await world.client.query(
    support,
    '{ viewer { reseller { customers(first: 1) { edges { node { access { login secret } } } } } } }',
  );
  expect(masked.viewer.reseller.customers.edges[0]?.node.access).toEqual({ login: '•••', secret: '•••' });
  const found = await world.client.query(member, '{ viewer { reseller { customers(search: "only-for-us") { totalCount } } } }');
  expect(found.viewer.reseller.customers.totalCount).toBe(0);
  const csv = await fetch(`${world.client.origin}/export/customers.csv`, { headers: { authorization: `Bearer ${member.token}` } });
  expect(await csv.text()).not.toMatch(/only.for.us/);
});

test('R46: older customers get credentials from several servers at once, and secrets are resealed with a newer key', async () => {
  const member = await panel(100);
  const [first] = await Promise.all(Array.from({ length: 3 }, () => world.activated(member)));
  if (!first) throw new Error('nobody was activated');
  const owner = await ownerOf(first);
  await world.sql`DELETE FROM customer_access WHERE tenant_id = ${owner.tenantId} AND customer_id = ${owner.id}`;
  await world.sql`UPDATE customer SET has_access = false WHERE tenant_id = ${owner.tenantId} AND id = ${owner.id}`;
  await world.sql`INSERT INTO customer (tenant_id, id, reseller_id, name, search_key, screens, next_screens, is_trial, expires_at, created_at)
    SELECT tenant_id, gen_random_uuid(), reseller_id, 'of before', 'of before', 1, 1, false, now(), now() FROM customer, generate_series(1, 700)
    WHERE id = ${owner.id}`;
  expect(await accessOf(member.token, first)).toBeNull();
  const [OLD, NEW] = [Buffer.alloc(32, 'old'), Buffer.alloc(32, 'new')];
  const sql = openTestSql(world.databaseUrl, { max: 4, role: 'revenda_app' });
  await giveAccess({ sql, topology: inject('topology'), secrets: createSecretBox([]) });
  const secrets = createSecretBox([OLD]);
  await Promise.all([
    giveAccess({ sql, topology: inject('topology'), secrets }),
    giveAccess({ sql, topology: inject('topology'), secrets }),
  ]);
  await giveAccess({ sql, topology: inject('topology'), secrets });
  const [counts] = await sql<{ without: number; given: number }[]>`
    SELECT count(*) FILTER (WHERE NOT has_access)::integer AS without, count(a.login)::integer AS given
    FROM customer c LEFT JOIN customer_access a ON a.tenant_id = c.tenant_id AND a.customer_id = c.id WHERE c.name IN ('of before', 'Maria')`;
  expect(counts?.without).toBe(0);
  expect(counts?.given).toBeGreaterThanOrEqual(703);
  const both = createSecretBox([NEW, OLD]);
  await resealAccess({ sql, topology: inject('topology'), secrets: both });
  const sealed = await sql<{ secret: string; proof: string; tenantId: string; id: string }[]>`
    SELECT secret, proof, tenant_id AS "tenantId", customer_id AS id FROM customer_access WHERE secret LIKE ${`%.${keyIdOf(NEW)}.%`}`;
  expect(sealed).toHaveLength(701);
  const newest = createSecretBox([NEW]);
  for (const { id, proof, secret, tenantId } of sealed) {
    const context = `customer_access ${tenantId} ${id}`;
    expect(proof).toBe(newest.prove(newest.open(secret, context), context));
  }
  await sql.end();
  // A secret that this server's key cannot open is reset, and then can be opened.
  await reset(member, first);
  expect(await accessOf(member.token, first)).toEqual(MADE);
});

function keyIdOf(key: Buffer): string {
  return createSecretBox([key]).prove('x', 'y').split('.')[1] ?? '';
}

async function ownerOf({ id }: CustomerSeen): Promise<{ tenantId: string; id: string }> {
  const [row] = await world.sql<
    { tenantId: string; id: string }[]
  >`SELECT tenant_id AS "tenantId", id FROM customer WHERE id = ${uuidOf(id)}`;
  if (!row) throw new Error('no such customer');
  return row;
}
