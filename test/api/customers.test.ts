import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PERIOD_MS } from '../../src/ledger/rules/spans.ts';
import { moreScreens } from '../../src/ledger/rules/terms.ts';
import { CustomersWorld, customerOf, DAY_MS, termOf, uuidOf } from '../support/clients/customers-api.ts';
import { plantPanel } from '../support/worlds/demo.ts';
import { OBJECT_FIELDS } from './gate-rules.ts';
import { namesOf, SERVICE_ANSWERS, selection } from './gate-witnesses.ts';

let world: CustomersWorld;

beforeAll(async () => {
  world = await CustomersWorld.open();
});

afterAll(() => world[Symbol.asyncDispose]());

let panels = 0;
/** A new panel below the root, so that tests do not affect each other. */
function panel(credits: number) {
  panels += 1;
  return plantPanel(world.client, world.demo.root, `p${panels}@customers.test`, credits);
}

describe('activating', () => {
  test.each([
    { periods: 1, screens: 1, cost: 1 },
    { periods: 3, screens: 1, cost: 3 },
    { periods: 12, screens: 1, cost: 12 },
    { periods: 1, screens: 3, cost: 3 },
  ])('a new customer for $periods periods on $screens screens costs $cost, and lasts 30 days a period (R1, R2, R19)', async (term) => {
    const { periods, screens, cost } = term;
    const member = await panel(20);
    const details = { name: '  Maria  ', contact: ' maria@x.test ', notes: 'second floor' };
    const done = await world.client.mutate(member, 'activateCustomer', { ...details, periods, screens });
    expect(done).toMatchObject({
      replayed: false,
      customer: { name: 'Maria', contact: 'maria@x.test', notes: 'second floor', status: 'ACTIVE' },
      account: { balance: 20 - cost, version: 2, locked: false },
      transfer: { kind: 'ACTIVATION', amount: cost },
    });
    expect(done.customer).toMatchObject({ screens, nextScreens: screens, creditsSpent: cost });
    expect(termOf(done)).toBe(periods * 30 * DAY_MS);
    expect(await world.seen(member, customerOf(done).id)).toEqual(done.customer);
  });

  test('that spends the last credit locks the panel, and the answer is complete (R7)', async () => {
    const member = await panel(10);
    const done = await world.client.mutate(member, 'activateCustomer', { name: 'Last', periods: 10 });
    expect(done).toMatchObject({ customer: { name: 'Last', status: 'ACTIVE' }, account: { balance: 0, locked: true } });
    expect(await world.client.mutate(member, 'activateCustomer', { name: 'Next', periods: 1 })).toMatchObject({ code: 'PANEL_LOCKED' });
  });

  test('a trial begins a paid term now, and so does a customer whose service ran out, canceled or not (R19, R24)', async () => {
    const member = await panel(20);
    const trial = await world.trial(member, 'a trial to activate');
    const paid = await world.client.mutate(member, 'activateCustomer', { customerId: trial.id, periods: 2 });
    expect(paid).toMatchObject({ customer: { id: trial.id, status: 'ACTIVE', name: 'Try', creditsSpent: 2 } });
    expect(termOf(paid)).toBe(2 * PERIOD_MS);
    await world.endsIn(trial, 0);
    const again = await world.client.mutate(member, 'activateCustomer', { customerId: trial.id, periods: 1, screens: 2 });
    expect(again).toMatchObject({ customer: { screens: 2, creditsSpent: 4 }, account: { balance: 16 } });
    expect(termOf(again)).toBe(PERIOD_MS);
    expect(await world.client.mutate(member, 'cancelCustomer', { customerId: trial.id })).toMatchObject({
      customer: { status: 'CANCELED' },
    });
    await world.endsIn(trial, -DAY_MS);
    expect(await world.seen(member, trial.id)).toMatchObject({ status: 'EXPIRED' });
    expect(await world.client.mutate(member, 'activateCustomer', { customerId: trial.id, periods: 1 })).toMatchObject({
      customer: { status: 'ACTIVE', screens: 1 },
    });
  });

  test('a customer with paid time left is renewed instead, canceled or not (R19)', async () => {
    const member = await panel(20);
    const customer = await world.activated(member);
    const activate = { customerId: customer.id, periods: 1 };
    expect(await world.client.mutate(member, 'activateCustomer', activate)).toMatchObject({ code: 'INVALID_STATE' });
    await world.client.mutate(member, 'cancelCustomer', { customerId: customer.id });
    expect(await world.client.mutate(member, 'activateCustomer', activate)).toMatchObject({ code: 'INVALID_STATE' });
    const renewed = await world.client.mutate(member, 'renewCustomer', activate);
    expect(renewed).toMatchObject({ customer: { status: 'ACTIVE' } });
    expect(Date.parse(customerOf(renewed).expiresAt)).toBe(Date.parse(customer.expiresAt) + PERIOD_MS);
  });
});

describe('adding screens', () => {
  test.each([
    { left: 30 * DAY_MS, screens: 1, cost: 1 },
    { left: 30 * DAY_MS + 60_000, screens: 1, cost: 2 },
    { left: 45 * DAY_MS, screens: 1, cost: 2 },
    { left: 45 * DAY_MS, screens: 3, cost: 6 },
    { left: 60 * DAY_MS + 60_000, screens: 1, cost: 3 },
  ])('with $left ms left, $screens more cost $cost (R21)', async ({ left, screens, cost }) => {
    const member = await panel(20);
    const customer = await world.activated(member);
    const end = await world.endsIn(customer, left);
    const done = await world.client.mutate(member, 'addScreens', { customerId: customer.id, screens });
    expect(done).toMatchObject({ transfer: { kind: 'SCREENS', amount: cost }, account: { balance: 19 - cost } });
    expect(done.customer).toMatchObject({ screens: 1 + screens, nextScreens: 1 + screens, creditsSpent: 1 + cost });
    expect(Date.parse(customerOf(done).expiresAt)).toBe(end.getTime());
  });

  test.each([
    [1, 1],
    [PERIOD_MS, 1],
    [PERIOD_MS + 1, 2],
    [45 * DAY_MS, 2],
    [2 * PERIOD_MS, 2],
    [2 * PERIOD_MS + 1, 3],
  ])('to the millisecond: %i ms left is %i credits a screen', (left, cost) => {
    const now = Date.parse('2026-03-01T00:00:00Z');
    const at = { expiresAtMs: now + left, createdAtMs: now, canceledAtMs: null, creditsSpent: 1, lastSpending: null };
    const customer = { ...at, tenantId: 't', id: 'c', resellerId: 'r', screens: 1, laterSpans: [], nextScreens: 1, isTrial: false };
    expect(moreScreens(customer, 1, now)).toMatchObject({ cost });
    expect(moreScreens(customer, 5, now)).toMatchObject({ cost: 5 * cost });
  });

  test('is only for an active customer (R21)', async () => {
    const member = await panel(20);
    const customer = await world.activated(member);
    await world.endsIn(customer, 0);
    expect(await world.client.mutate(member, 'addScreens', { customerId: customer.id, screens: 1 })).toMatchObject({
      code: 'INVALID_STATE',
    });
    await world.endsIn(customer, DAY_MS);
    await world.client.mutate(member, 'cancelCustomer', { customerId: customer.id });
    expect(await world.client.mutate(member, 'addScreens', { customerId: customer.id, screens: 1 })).toMatchObject({
      code: 'INVALID_STATE',
    });
  });
});

describe('canceling', () => {
  test('stops renewals, and the service runs out without a refund (R22)', async () => {
    const member = await panel(20);
    const customer = await world.activated(member, 3);
    const done = await world.client.mutate(member, 'cancelCustomer', { customerId: customer.id });
    expect(done).toMatchObject({
      customer: { status: 'CANCELED', expiresAt: customer.expiresAt },
      transfer: null,
      account: { balance: 17 },
    });
    expect(await world.client.mutate(member, 'cancelCustomer', { customerId: customer.id })).toMatchObject({ code: 'INVALID_STATE' });
    await world.endsIn(customer, 0);
    expect(await world.client.mutate(member, 'cancelCustomer', { customerId: customer.id })).toMatchObject({ code: 'INVALID_STATE' });
  });

  test('refunds the periods that have not begun, where the policy allows it (R22)', async () => {
    const root = world.demo.other;
    await world.sql`UPDATE tenant SET refund_policy = 'UNUSED_PERIODS' WHERE id = ${uuidOf(root.id)}`;
    const customer = await world.activated(root, 3, 2);
    const before = await world.balance(root);
    const done = await world.client.mutate(root, 'cancelCustomer', { customerId: customer.id });
    expect(done).toMatchObject({
      transfer: { kind: 'REFUND', amount: 4 },
      account: { balance: before + 4 },
      customer: { creditsSpent: 2 },
    });
    expect(Date.parse(customerOf(done).expiresAt)).toBe(Date.parse(customer.expiresAt) - 2 * PERIOD_MS);
    const replay = { customerId: customer.id, idempotencyKey: 'refund' };
    await world.client.mutate(root, 'renewCustomer', { customerId: customer.id, periods: 1 });
    const once = await world.client.mutate(root, 'cancelCustomer', replay);
    expect(await world.client.mutate(root, 'cancelCustomer', replay)).toEqual({ ...once, replayed: true });
  });
});

describe('a trial', () => {
  test('is free, on one screen, for 4 hours by default (R24)', async () => {
    const member = await panel(10);
    const done = await world.client.mutate(member, 'startTrial', { name: 'Try', contact: 'trial@length.test' });
    expect(done).toMatchObject({ replayed: false, customer: { status: 'TRIAL', screens: 1, nextScreens: 1, creditsSpent: 0 } });
    expect(termOf(done)).toBe(4 * 3_600_000);
    const day = await world.client.mutate(member, 'startTrial', { name: 'Try', contact: 'trial2@length.test', hours: 24 });
    expect(termOf(day)).toBe(DAY_MS);
    expect(await world.balance(member)).toBe(10);
    await world.endsIn(customerOf(day), 0);
    expect(await world.seen(member, customerOf(day).id)).toMatchObject({ status: 'EXPIRED' });
  });

  test('is given once per contact in the whole tree, in any spelling, even after the contact changed (R24)', async () => {
    const [one, other] = [await panel(10), await panel(10)];
    const { id: customerId } = await world.trial(one, '+55 (11) 97777-0001');
    const start = (contact: string) => world.client.mutate(other, 'startTrial', { name: 'Again', contact });
    for (const contact of ['11977770001', '011 97777 0001', ' 55 11 97777-0001 ']) {
      expect(await start(contact)).toMatchObject({ __typename: 'TrialRefusedError', code: 'TRIAL_ALREADY_USED' });
    }
    await world.client.mutate(one, 'updateCustomer', { customerId, contact: 'another' });
    expect(await start('(11) 97777-0001')).toMatchObject({ code: 'TRIAL_ALREADY_USED' });
    await world.trial(one, 'Ana@trial.test');
    expect(await start('ana+2@TRIAL.test')).toMatchObject({ code: 'TRIAL_ALREADY_USED' });
    const elsewhere = await world.client.mutate(world.demo.other, 'startTrial', { name: 'Other tenant', contact: '11977770001' });
    expect(elsewhere).toMatchObject({ customer: { status: 'TRIAL' } });
  });

  test("is started at most 25 times per panel in 24 hours, and within the tenant's policy (R24)", async () => {
    const member = await panel(10);
    for (let index = 0; index < 25; index += 1) await world.trial(member, `quota ${index}`);
    const over = { name: 'Over', contact: 'quota over' };
    expect(await world.client.mutate(member, 'startTrial', over)).toMatchObject({ __typename: 'TrialRefusedError', code: 'TRIAL_QUOTA' });
    await world.sql`UPDATE trial SET started_at = now() - interval '24 hours' WHERE contact_key = 'quota3'`;
    expect(await world.client.mutate(member, 'startTrial', over)).toMatchObject({ customer: { status: 'TRIAL' } });
    await world.sql`UPDATE tenant SET trial_max_hours = 6 WHERE id = ${uuidOf(world.demo.other.id)}`;
    expect(await world.client.mutate(world.demo.other, 'startTrial', { name: 'Long', contact: 'long', hours: 7 })).toMatchObject({
      code: 'INVALID_INPUT',
      fields: [{ path: 'input.hours' }],
    });
  });
});

describe('changing a customer', () => {
  test('changes the given fields, clears those set to null, and leaves the rest', async () => {
    const member = await panel(10);
    const made = await world.client.mutate(member, 'activateCustomer', { name: 'Ana', contact: 'ana@x.test', notes: 'n', periods: 1 });
    const { id: customerId } = customerOf(made);
    const change = (input: object) => world.client.mutate(member, 'updateCustomer', { customerId, ...input });
    expect(await change({ name: ' Beatriz ' })).toMatchObject({ customer: { name: 'Beatriz', contact: 'ana@x.test', notes: 'n' } });
    expect(await change({ contact: null })).toMatchObject({ customer: { name: 'Beatriz', contact: null, notes: 'n' } });
    expect(await change({ notes: '  ' })).toMatchObject({ customer: { notes: null } });
    expect(await change({ notes: 'é'.repeat(2000), contact: 'b@x.test' })).toMatchObject({ customer: { contact: 'b@x.test' } });
    expect(await change({})).toMatchObject({ customer: { name: 'Beatriz' } });
    expect(await change({ name: null })).toMatchObject({ code: 'INVALID_INPUT', fields: [{ path: 'input.name' }] });
  });

  test('is in the audit log with before and after for its own panel; panels above only see that it happened (R18)', async () => {
    const member = await panel(10);
    const { id: customerId } = await world.activated(member, 1, 2, 'Secret Name');
    await world.client.mutate(member, 'updateCustomer', { customerId, notes: 'secret note' });
    await world.client.mutate(member, 'setNextScreens', { customerId, screens: 1 });
    await world.client.mutate(member, 'cancelCustomer', { customerId });
    await world.trial(member, 'secret@contact.test');
    const log = async (token: string) => {
      const document =
        'query ($id: ID!) { auditLog(resellerId: $id) { edges { node { action subject actor changes { field before after } } } } }';
      return (await world.client.query(token, document, { id: member.id })).auditLog.edges.map(({ node }) => node);
    };
    const actor = member.email;
    expect(await log(member.token)).toEqual([
      { action: 'TRIAL_STARTED', subject: 'Try', actor, changes: [] },
      { action: 'CUSTOMER_CANCELED', subject: 'Secret Name', actor, changes: [{ field: 'canceled', before: 'false', after: 'true' }] },
      { action: 'NEXT_SCREENS_SET', subject: 'Secret Name', actor, changes: [{ field: 'nextScreens', before: '2', after: '1' }] },
      { action: 'CUSTOMER_UPDATED', subject: 'Secret Name', actor, changes: [{ field: 'notes', before: null, after: 'secret note' }] },
    ]);
    const above = await log(world.demo.root.token);
    expect(above).toHaveLength(4);
    expect(JSON.stringify(above)).not.toMatch(/secret/i);
    expect(above[2]).toEqual({
      action: 'NEXT_SCREENS_SET',
      subject: null,
      actor,
      changes: [{ field: 'nextScreens', before: null, after: null }],
    });
  });
});

test('every field in the answers of customer mutations is returned to the caller', async () => {
  const member = await panel(30);
  const { id } = await world.activated(member, 1, 2);
  const of = `customerId: "${id}"`;
  const key = () => `idempotencyKey: "${world.key()}"`;
  const trial = () => `startTrial(input: { name: "n", contact: "fields@trial.test", ${key()} })`;
  const calls: Readonly<Record<string, string>> = {
    StartTrialPayload: trial(),
    TrialRefusedError: trial(),
    ActivateCustomerPayload: `activateCustomer(input: { name: "n", periods: 1, ${key()} })`,
    RenewCustomerPayload: `renewCustomer(input: { ${of}, periods: 1, ${key()} })`,
    RenewCustomersPayload: `renewCustomers(input: { renewals: [{ ${of}, periods: 1, ${key()} }] })`,
    AddScreensPayload: `addScreens(input: { ${of}, screens: 1, ${key()} })`,
    UpdateCustomerPayload: `updateCustomer(input: { ${of}, name: "n" })`,
    ResetRenewalLinkPayload: `resetRenewalLink(input: { ${of} })`,
    SetPlansPayload: 'setPlans(input: { currency: "BRL", plans: [{ name: "n", periods: 1, priceMinor: 1 }] })',
    SetNextScreensPayload: `setNextScreens(input: { ${of}, screens: 1 })`,
    CancelCustomerPayload: `cancelCustomer(input: { ${of}, ${key()} })`,
  };
  expect(Object.keys(calls).sort()).toEqual([...SERVICE_ANSWERS].sort());
  // The order matters: a contact gets one trial.
  for (const [type, call] of Object.entries(calls)) {
    const all = selection(type, namesOf(OBJECT_FIELDS[type], 'answer'));
    const { data, errors } = await world.client.ask(member.token, `mutation { answer: ${call} { __typename ... on ${type} ${all} } }`);
    expect(errors).toEqual([]);
    expect(data).toMatchObject({ answer: { __typename: type } });
  }
  const whole = selection('Customer', namesOf(OBJECT_FIELDS.Customer, 'beyond'));
  const { errors } = await world.client.ask(
    member.token,
    `{ customer(id: "${id}") ${whole} node(id: "${id}") { ... on Customer ${whole} } }`,
  );
  expect(errors).toEqual([]);
});

test("a customer's own history is newest first, and each entry of the statement names its customer", async () => {
  const member = await panel(20);
  const { id } = await world.activated(member);
  await world.client.mutate(member, 'renewCustomer', { customerId: id, periods: 2 });
  await world.client.mutate(member, 'addScreens', { customerId: id, screens: 1 });
  await world.activated(member, 1, 1, 'Somebody else');
  const { customer } = await world.client.query(
    member,
    `{ customer(id: "${id}") { reseller { id } history(first: 2) { edges { node { kind amount actor counterparty from { id } to { id } customer { id } } } pageInfo { hasNextPage } } } }`,
  );
  const spent = { actor: member.email, counterparty: null, from: { id: member.accountId }, to: null, customer: { id } };
  expect(customer).toEqual({
    reseller: { id: member.id },
    history: {
      edges: [{ node: { ...spent, kind: 'SCREENS', amount: 3 } }, { node: { ...spent, kind: 'RENEWAL', amount: 2 } }],
      pageInfo: { hasNextPage: true },
    },
  });
  const statement = `query ($id: ID!) { reseller(id: $id) { account { statement(first: 2) { edges { node { transfer { kind counterparty customer { id name } } } } } } } }`;
  const entries = async (token: string) => {
    const { reseller } = await world.client.query(token, statement, { id: member.id });
    return reseller.account.statement.edges;
  };
  expect(await entries(member.token)).toMatchObject([
    { node: { transfer: { kind: 'ACTIVATION', counterparty: 'CUSTOMER', customer: { name: 'Somebody else' } } } },
    { node: { transfer: { kind: 'SCREENS', counterparty: 'CUSTOMER', customer: { id } } } },
  ]);
  expect(await entries(world.demo.root.token)).toMatchObject([
    { node: { transfer: { kind: 'ACTIVATION', customer: null } } },
    { node: { transfer: { kind: 'SCREENS', customer: null } } },
  ]);
});
