import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CustomerSeen, CustomersWorld, customerOf, uuidOf } from '../support/clients/customers-api.ts';
import type { Answered, Given, MutationName } from '../support/clients/mutation.ts';
import { type Member, plantPanel } from '../support/worlds/demo.ts';
import { addColleague, colleague } from './gate-world.ts';

let world: CustomersWorld;
let member: Member;
let customer: CustomerSeen;
let others: CustomerSeen;

beforeAll(async () => {
  world = await CustomersWorld.open();
  member = await plantPanel(world.client, world.demo.root, 'member@refusals.test', 50);
  customer = await world.activated(member, 1, 2);
  others = await world.activated(world.demo.bruno);
});

afterAll(() => world[Symbol.asyncDispose]());

/** Every mutation of customers, with a valid input. */
function calls(customerId: string): readonly (readonly [MutationName, Given<MutationName>])[] {
  return [
    ['startTrial', { name: 'Try', contact: world.key() }],
    ['activateCustomer', { name: 'New', periods: 1 }],
    ['renewCustomer', { customerId, periods: 1 }],
    ['addScreens', { customerId, screens: 1 }],
    ['updateCustomer', { customerId, name: 'Other' }],
    ['setNextScreens', { customerId, screens: 1 }],
    ['cancelCustomer', { customerId }],
  ];
}

function codeOf({ __typename, code }: Answered<MutationName>): string {
  return code ?? __typename;
}

async function codes(token: string, customerId: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const [mutation, input] of calls(customerId)) found[mutation] = codeOf(await world.client.mutate({ token }, mutation, input));
  return found;
}

const ALL = ['startTrial', 'activateCustomer', 'renewCustomer', 'addScreens', 'updateCustomer', 'setNextScreens', 'cancelCustomer'];
const all = (code: string) => Object.fromEntries(ALL.map((mutation) => [mutation, code]));

describe('bad input names its field', () => {
  test.each<readonly [MutationName, Given<MutationName>, string]>([
    ['startTrial', { name: ' ', contact: 'c' }, 'input.name'],
    ['startTrial', { name: 'n', contact: '  ' }, 'input.contact'],
    ['startTrial', { name: 'n', contact: 'c'.repeat(201) }, 'input.contact'],
    ['startTrial', { name: 'n', contact: 'c', hours: 0 }, 'input.hours'],
    ['startTrial', { name: 'n', contact: 'c', hours: 25 }, 'input.hours'],
    ['startTrial', { name: 'n', contact: 'c', idempotencyKey: '' }, 'input.idempotencyKey'],
    ['activateCustomer', { periods: 1 }, 'input.name'],
    ['activateCustomer', { name: 'n'.repeat(101), periods: 1 }, 'input.name'],
    ['activateCustomer', { name: 'n', notes: 'n'.repeat(2001), periods: 1 }, 'input.notes'],
    ['activateCustomer', { name: 'n', notes: '\u{1f600}'.repeat(2001), periods: 1 }, 'input.notes'],
    ['activateCustomer', { name: 'n', contact: 'a\0b', periods: 1 }, 'input.contact'],
    ['activateCustomer', { customerId: 'x', name: 'n', periods: 1 }, 'input.name'],
    ['activateCustomer', { customerId: 'x', contact: 'c', periods: 1 }, 'input.contact'],
    ['activateCustomer', { name: 'n', periods: 0 }, 'input.periods'],
    ['activateCustomer', { name: 'n', periods: 37 }, 'input.periods'],
    ['activateCustomer', { name: 'n', periods: 1, screens: 0 }, 'input.screens'],
    ['activateCustomer', { name: 'n', periods: 1, screens: 1001 }, 'input.screens'],
    ['renewCustomer', { customerId: 'x', periods: -1 }, 'input.periods'],
    ['renewCustomer', { customerId: 'x', periods: 1, idempotencyKey: 'k'.repeat(256) }, 'input.idempotencyKey'],
    ['addScreens', { customerId: 'x', screens: 0 }, 'input.screens'],
    ['cancelCustomer', { customerId: 'x', idempotencyKey: '' }, 'input.idempotencyKey'],
    ['updateCustomer', { customerId: 'x', name: '' }, 'input.name'],
    ['setNextScreens', { customerId: 'x', screens: 0 }, 'input.screens'],
  ])('%s of %j: %s', async (mutation, input, path) => {
    expect(await world.client.mutate(member, mutation, input)).toMatchObject({ __typename: 'InvalidInputError', fields: [{ path }] });
  });

  test('a value that cannot be coerced is BAD_USER_INPUT', async () => {
    const { errors } = await world.client.ask(
      member.token,
      'mutation { renewCustomer(input: { customerId: "x", periods: 1.5, idempotencyKey: "k" }) { __typename } }',
    );
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });
});

test('a customer of another panel, even of the branch below or above, is like an unknown id (R18)', async () => {
  const { ana, bruno, root, other } = world.demo;
  const mine = [customer.id, others.id, 'nothing', '', root.id, other.id];
  for (const [token, id] of [
    [ana.token, others.id],
    [root.token, customer.id],
    [bruno.token, customer.id],
    [other.token, customer.id],
    ...mine.slice(2).map((wrong) => [member.token, wrong] as const),
  ] as const) {
    const { startTrial, activateCustomer, ...answers } = await codes(token, id);
    expect(startTrial).toBe('StartTrialPayload');
    expect(activateCustomer).toBe('ActivateCustomerPayload');
    const { startTrial: _, activateCustomer: __, ...expected } = all('NOT_FOUND');
    expect(answers).toEqual(expected);
    expect(codeOf(await world.client.mutate({ token }, 'activateCustomer', { customerId: id || 'x', periods: 1 }))).toBe('NOT_FOUND');
    expect(await world.seen({ token }, id)).toBeNull();
  }
});

test('customers are for OWNER and OPERATOR; FINANCE, VIEWER and the platform are FORBIDDEN, whatever they send', async () => {
  for (const role of ['FINANCE', 'VIEWER', 'OPERATOR'] as const) {
    await addColleague(world.sql, member, role);
    const token = await world.client.signIn(colleague(member, role));
    if (role !== 'OPERATOR') expect(await codes(token, customer.id), role).toEqual(all('FORBIDDEN'));
    else
      expect(codeOf(await world.client.mutate({ token }, 'renewCustomer', { customerId: customer.id, periods: 1 }))).toBe(
        'RenewCustomerPayload',
      );
    expect(await world.seen({ token }, customer.id), role).toMatchObject({ id: customer.id });
    const bad = await world.client.mutate({ token }, 'activateCustomer', { name: '', periods: 0 });
    expect(codeOf(bad)).toBe(role === 'OPERATOR' ? 'INVALID_INPUT' : 'FORBIDDEN');
  }
  expect(await codes(world.demo.platform, customer.id)).toEqual(all('FORBIDDEN'));
});

test('a locked panel may neither change nor read its customers, and their service goes on (R8, R10)', async () => {
  const locked = await plantPanel(world.client, world.demo.root, 'locked@refusals.test', 10);
  const { id } = await world.activated(locked, 10);
  expect(await codes(locked.token, id)).toEqual(all('PANEL_LOCKED'));
  const { data, errors } = await world.client.ask<object>(
    locked.token,
    `{ one: customer(id: "${id}") { id } node(id: "${id}") { id } viewer { reseller { id customers { edges { node { id } } } account { statement(first: 1) { edges { node { transfer { kind customer { id } } } } } } } } }`,
  );
  expect(data).toEqual({
    one: null,
    node: null,
    viewer: {
      reseller: {
        id: locked.id,
        customers: null,
        account: { statement: { edges: [{ node: { transfer: { kind: 'ACTIVATION', customer: null } } }] } },
      },
    },
  });
  expect(errors.map(({ extensions }) => extensions.code)).toEqual(['PANEL_LOCKED', 'PANEL_LOCKED', 'PANEL_LOCKED']);
  // Credits unlock it, and the customer is unchanged.
  await world.client.transfer(world.demo.root.token, locked.id, 1, 'unlock');
  expect(await world.seen(locked, id)).toMatchObject({ status: 'ACTIVE', screens: 1, creditsSpent: 10 });
});

test('a suspended panel reads its customers and changes none; suspension is reported before the lock (R11, R35)', async () => {
  const halted = await plantPanel(world.client, world.demo.root, 'halted@refusals.test', 20);
  const below = await plantPanel(world.client, halted, 'below@refusals.test', 10);
  const { id } = await world.activated(below, 2, 3);
  await world.sql`UPDATE reseller SET suspended_at = now(), suspension_reason = 'late' WHERE id = ${uuidOf(halted.id)}`;
  expect(await codes(below.token, id)).toEqual(all('PANEL_SUSPENDED'));
  expect(await world.seen(below, id)).toMatchObject({ status: 'ACTIVE', nextScreens: 3 });
  await world.sql`UPDATE account SET balance = 0, locked_since = now() WHERE id = ${uuidOf(below.id)}`;
  expect(await codes(below.token, id)).toEqual(all('PANEL_SUSPENDED'));
  // Bad input is reported before both, and an unknown id after them.
  expect(codeOf(await world.client.mutate(below, 'setNextScreens', { customerId: id, screens: 0 }))).toBe('INVALID_INPUT');
  expect(codeOf(await world.client.mutate(below, 'updateCustomer', { customerId: 'nothing', name: 'n' }))).toBe('PANEL_SUSPENDED');
});

test('a cost above the balance is refused with the required and the available credits', async () => {
  const poor = await plantPanel(world.client, world.demo.root, 'poor@refusals.test', 10);
  const { id: customerId } = await world.activated(poor, 1, 2);
  const refused = { __typename: 'InsufficientCreditsError', balance: 8 };
  expect(await world.client.mutate(poor, 'activateCustomer', { name: 'n', periods: 3, screens: 3 })).toMatchObject({
    ...refused,
    required: 9,
  });
  expect(await world.client.mutate(poor, 'renewCustomer', { customerId, periods: 5 })).toMatchObject({ ...refused, required: 10 });
  expect(await world.client.mutate(poor, 'addScreens', { customerId, screens: 9 })).toMatchObject({ ...refused, required: 9 });
  expect(await world.balance(poor)).toBe(8);
});

describe('the same key', () => {
  test('returns the earlier result and does nothing, for each command that takes a key', async () => {
    const panel = await plantPanel(world.client, world.demo.root, 'replay@refusals.test', 20);
    const { id: customerId } = await world.activated(panel, 1);
    for (const [mutation, input, another] of [
      ['startTrial', { name: 'Try', contact: 'replay@trial.test' }, { name: 'Try', contact: 'other@trial.test' }],
      ['activateCustomer', { name: ' New ', contact: 'c', periods: 1 }, { name: 'New', contact: 'c', periods: 2 }],
      ['renewCustomer', { customerId, periods: 1 }, { customerId, periods: 2 }],
      ['addScreens', { customerId, screens: 1 }, { customerId, screens: 2 }],
      ['cancelCustomer', { customerId }, { customerId: 'other' }],
    ] as const) {
      const idempotencyKey = `replay ${mutation}`;
      const first = await world.client.mutate(panel, mutation, { ...input, idempotencyKey });
      const balance = await world.balance(panel);
      const again = await world.client.mutate(panel, mutation, { ...input, idempotencyKey });
      expect(again, mutation).toEqual({ ...first, replayed: true });
      expect(codeOf(await world.client.mutate(panel, mutation, { ...another, idempotencyKey })), mutation).toBe('IDEMPOTENCY_CONFLICT');
      expect(await world.balance(panel)).toBe(balance);
    }
    // Spaces around a name do not count, and an absent field is like null.
    const spelled = { name: 'New', contact: ' c ', notes: null, customerId: null, periods: 1, idempotencyKey: 'replay activateCustomer' };
    expect(await world.client.mutate(panel, 'activateCustomer', spelled)).toMatchObject({ replayed: true });
  });

  test('gets the earlier result even if the panel is locked or suspended or the customer has changed since (R31)', async () => {
    const panel = await plantPanel(world.client, world.demo.root, 'late@refusals.test', 10);
    const { id: customerId } = await world.activated(panel, 1);
    const renewal = { customerId, periods: 2, idempotencyKey: 'late' };
    const first = await world.client.mutate(panel, 'renewCustomer', renewal);
    await world.activated(panel, 7);
    const again = await world.client.mutate(panel, 'renewCustomer', renewal);
    expect(again).toMatchObject({ replayed: true, transfer: { id: first.transfer?.id }, account: { balance: 0, locked: true } });
    expect(again.customer).toEqual(first.customer);
    await world.sql`UPDATE reseller SET suspended_at = now(), suspension_reason = 'late' WHERE id = ${uuidOf(panel.id)}`;
    expect(await world.client.mutate(panel, 'renewCustomer', renewal)).toMatchObject({ replayed: true });
    expect(codeOf(await world.client.mutate(panel, 'renewCustomer', { ...renewal, idempotencyKey: 'new' }))).toBe('PANEL_SUSPENDED');
  });

  test('is free again after a refusal', async () => {
    const panel = await plantPanel(world.client, world.demo.root, 'topped@refusals.test', 10);
    const order = { name: 'Big', periods: 11, idempotencyKey: 'big' };
    expect(codeOf(await world.client.mutate(panel, 'activateCustomer', order))).toBe('INSUFFICIENT_CREDITS');
    await world.client.transfer(world.demo.root.token, panel.id, 5, 'top-up');
    expect(await world.client.mutate(panel, 'activateCustomer', order)).toMatchObject({ replayed: false, account: { balance: 4 } });
  });
});

test("a closed panel's customers belong to its parent from then on, with all their data (R17)", async () => {
  const parent = await plantPanel(world.client, world.demo.root, 'parent@refusals.test', 40);
  const child = await plantPanel(world.client, parent, 'child@refusals.test', 20);
  const { id: customerId, expiresAt } = await world.activated(child, 2, 2, 'Handed over');
  expect(await world.seen(parent, customerId)).toBeNull();
  await world.client.data(
    parent.token,
    `mutation { closeReseller(input: { resellerId: "${child.id}", idempotencyKey: "close" }) { ... on CloseResellerPayload { reseller { id } } ... on Error { code } } }`,
  );
  expect(await world.seen(parent, customerId)).toMatchObject({ name: 'Handed over', expiresAt, creditsSpent: 4 });
  const renewed = await world.client.mutate(parent, 'renewCustomer', { customerId, periods: 1 });
  expect(renewed).toMatchObject({ transfer: { amount: 2 }, account: { balance: 34 }, customer: { creditsSpent: 6 } });
  expect(await world.client.mutate(parent, 'updateCustomer', { customerId, notes: 'ours' })).toMatchObject({ customer: { notes: 'ours' } });
  expect(customerOf(await world.client.mutate(parent, 'setNextScreens', { customerId, screens: 1 })).nextScreens).toBe(1);
  expect(await world.client.mutate(parent, 'cancelCustomer', { customerId })).toMatchObject({ customer: { status: 'CANCELED' } });
  const { errors } = await world.client.ask(child.token, `{ customer(id: "${customerId}") { id } }`);
  expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
});
