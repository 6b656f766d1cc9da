import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CustomerSeen, CustomersWorld, customerOf, DAY_MS, uuidOf } from '../support/clients/customers-api.ts';
import type { Answered, Given, MutationName } from '../support/clients/mutation.ts';
import { order, PRICES, setPrices } from '../support/worlds/buying.ts';
import { issue, type Member, plantPanel, platformIdOf } from '../support/worlds/demo.ts';
import { times } from '../support/worlds/ledger-world.ts';
import { OBJECT_FIELDS } from './gate-rules.ts';
import { namesOf, selection, UNDO_ANSWERS } from './gate-witnesses.ts';
import { addColleague, colleague } from './gate-world.ts';

let world: CustomersWorld;

beforeAll(async () => {
  world = await CustomersWorld.open();
  const { client, demo } = world;
  await issue(client, demo.platform, await platformIdOf(client, demo.platform, 'root'), 10_000, 'to undo');
  await setPrices(client, demo.platform, PRICES);
});

afterAll(async () => {
  const { ledgerHealth } = await world.client.query(world.demo.platform, '{ ledgerHealth { ok problems } }');
  expect(ledgerHealth).toEqual({ ok: true, problems: [] });
  await world[Symbol.asyncDispose]();
});

let panels = 0;
/** A new panel, so that tests do not affect each other. */
function panel(credits: number, parent: Member = world.demo.root): Promise<Member> {
  panels += 1;
  return plantPanel(world.client, parent, `p${panels}@undo.test`, credits);
}

type Spent = Pick<Answered<MutationName>, 'transfer' | 'customer'>;

function undo(
  member: Pick<Member, 'token'>,
  { transfer }: Spent,
  input: Partial<Given<'undoSpending'>> = {},
): Promise<Answered<'undoSpending'>> {
  return world.client.mutate(member, 'undoSpending', { transferId: transfer?.id ?? '', ...input });
}

/** The fields of a customer that a spend changes. */
function serviceOf({ creditsSpent, expiresAt, nextScreens, screens, screensChangeAt, spans, status }: CustomerSeen) {
  return { creditsSpent, expiresAt, nextScreens, screens, screensChangeAt, spans, status };
}

interface Undoing {
  readonly id: string;
  readonly undoneBy: { readonly id: string; readonly kind: string } | null;
  readonly undoableUntil: string | null;
}

/** The newest transfers of a panel's statement, as the caller sees them. */
async function statement(
  { token }: Pick<Member, 'token'>,
  { id }: Member,
): Promise<readonly (Undoing & { kind: string; amount: number })[]> {
  const { reseller } = await world.client.query(
    token,
    `{ reseller(id: "${id}") { account { statement(first: 20) { edges { node { transfer {
      id kind amount undoableUntil undoneBy { id kind } } } } } } } }`,
  );
  return reseller.account.statement.edges.map(({ node }) => node.transfer);
}

/** Moves the spend this many milliseconds into the past. */
async function spentEarlier({ transfer }: Spent, ms: number): Promise<void> {
  const by = `${ms} milliseconds`;
  await world.sql.begin(async (tx) => {
    // Nobody may change the journal; here the test replaces the passing of time.
    await tx`SET LOCAL session_replication_role = replica`;
    const id = uuidOf(transfer?.id ?? '');
    const [row] = await tx<{ at: Date }[]>`SELECT created_at - ${by}::interval AS at FROM transfer WHERE id = ${id}`;
    await tx`UPDATE transfer SET created_at = ${row?.at ?? null} WHERE id = ${id}`;
    await tx`UPDATE entry SET created_at = ${row?.at ?? null} WHERE transfer_id = ${id}`;
  });
}

describe('what comes back (R45)', () => {
  test('of an activation all credits come back, and the new customer is canceled and expires now', async () => {
    const member = await panel(20);
    const spent = await world.client.mutate(member, 'activateCustomer', { name: 'By mistake', periods: 3, screens: 2 });
    const done = await undo(member, spent);
    expect(done).toMatchObject({
      __typename: 'UndoSpendingPayload',
      replayed: false,
      account: { balance: 20, version: 3, locked: false },
      transfer: { kind: 'UNDO', amount: 6 },
      customer: { status: 'EXPIRED', creditsSpent: 0, spans: [] },
    });
    expect(customerOf(done).expiresAt).toBe(done.transfer?.createdAt);
    expect(await world.client.mutate(member, 'renewCustomer', { customerId: customerOf(done).id, periods: 1 })).toMatchObject({
      customer: { status: 'ACTIVE', creditsSpent: 2 },
    });
  });

  test.each(['renewCustomer', 'addScreens'] as const)('of %s, and the customer’s spans are exactly as before (R22)', async (kind) => {
    const member = await panel(60);
    const customer = await world.activated(member, 2, 3);
    await world.client.mutate(member, 'setNextScreens', { customerId: customer.id, screens: 1 });
    const { customer: before } = await world.client.mutate(member, 'renewCustomer', { customerId: customer.id, periods: 4 });
    if (!before) throw new Error('it was renewed');
    expect(before.spans).toHaveLength(2);
    const input = kind === 'renewCustomer' ? { periods: 5 } : { screens: 2 };
    const spent = await world.client.mutate(member, kind, { customerId: customer.id, ...input });
    expect(serviceOf(customerOf(spent))).not.toEqual(serviceOf(before));
    const done = await undo(member, spent);
    expect(serviceOf(customerOf(done))).toEqual(serviceOf(before));
    expect(done).toMatchObject({ account: { balance: 50 }, transfer: { amount: spent.transfer?.amount } });
  });

  test('of the renewal of an expired or canceled customer, who is expired or canceled again, since the same time', async () => {
    const member = await panel(20);
    const expired = await world.activated(member);
    const end = await world.endsIn(expired, -DAY_MS);
    const renewed = await world.client.mutate(member, 'renewCustomer', { customerId: expired.id, periods: 2 });
    expect(customerOf(await undo(member, renewed))).toMatchObject({ status: 'EXPIRED', expiresAt: end.toISOString(), creditsSpent: 1 });
    const canceled = await world.activated(member);
    await world.client.mutate(member, 'cancelCustomer', { customerId: canceled.id });
    const again = await world.client.mutate(member, 'renewCustomer', { customerId: canceled.id, periods: 2 });
    expect(customerOf(await undo(member, again))).toMatchObject({ status: 'CANCELED', expiresAt: canceled.expiresAt });
  });

  test('of an activated trial, and the trial goes on without counting as another one (R24)', async () => {
    const member = await panel(20);
    const trial = await world.trial(member, 'an undone activation');
    const paid = await world.client.mutate(member, 'activateCustomer', { customerId: trial.id, periods: 1, screens: 4 });
    expect(serviceOf(customerOf(await undo(member, paid)))).toEqual(serviceOf(trial));
    expect(await world.client.mutate(member, 'startTrial', { name: 'Again', contact: 'an undone activation' })).toMatchObject({
      code: 'TRIAL_ALREADY_USED',
    });
    expect(await world.client.mutate(member, 'renewCustomer', { customerId: trial.id, periods: 1 })).toMatchObject({
      code: 'INVALID_STATE',
    });
  });

  test('to a panel locked by its last credit: it sees the time limit, undoes, and is no longer locked (R7, R8)', async () => {
    const member = await panel(10);
    const spent = await world.client.mutate(member, 'activateCustomer', { name: 'All', periods: 10 });
    expect(spent).toMatchObject({ account: { locked: true } });
    const [last] = await statement(member, member);
    expect(Date.parse(last?.undoableUntil ?? '') - Date.parse(spent.transfer?.createdAt ?? '')).toBe(10 * 60_000);
    expect(await undo(member, spent)).toMatchObject({ account: { balance: 10, locked: false }, customer: { status: 'EXPIRED' } });
    expect(await world.activated(member)).toMatchObject({ status: 'ACTIVE' });
  });

  test('to a suspended panel', async () => {
    const member = await panel(20);
    const spent = await world.client.mutate(member, 'activateCustomer', { name: 'Before', periods: 2 });
    await world.client.mutate(world.demo.root, 'suspendReseller', { resellerId: member.id, reason: 'r' });
    expect(await undo(member, spent)).toMatchObject({ account: { balance: 20 } });
  });

  test('repays a debt first, and the rest unlocks (R29)', async () => {
    const { client, demo } = world;
    const member = await panel(10);
    await order(client, member.token, { quantity: 10, idempotencyKey: 'owed' });
    const { viewer } = await client.query(demo.platform, '{ viewer { sales(first: 50) { edges { node { id buyer { name } } } } } }');
    const purchaseId = viewer.sales.edges.find(({ node }) => member.email.startsWith(`${node.buyer.name}@`))?.node.id;
    await client.mutate(demo.platform, 'confirmPurchase', { purchaseId: purchaseId ?? '' });
    const kept = await world.client.mutate(member, 'activateCustomer', { name: 'Kept', periods: 4 });
    const spent = await world.client.mutate(member, 'activateCustomer', { name: 'All the rest', periods: 16 });
    await client.mutate(demo.platform, 'chargeBackPurchase', { purchaseId: purchaseId ?? '', reason: 'disputed' });
    // In debt by 10, locked, and suspended for the debt.
    expect(await undo(member, kept)).toMatchObject({ account: { balance: 0, locked: true }, customer: { status: 'EXPIRED' } });
    expect(await undo(member, spent)).toMatchObject({ account: { balance: 10, locked: false } });
    expect(await world.activated(member)).toMatchObject({ status: 'ACTIVE' });
  });

  test('to a panel that was moved meanwhile, of a customer that moved with it (R16)', async () => {
    const member = await panel(20);
    const spent = await world.client.mutate(member, 'activateCustomer', { name: 'With it', periods: 2 });
    await world.client.mutate(world.demo.root, 'moveReseller', { resellerId: member.id, newParentId: world.demo.ana.id });
    expect(await undo(member, spent)).toMatchObject({ account: { balance: 20 } });
  });
});

describe('what cannot be undone (R45)', () => {
  const LATER: Readonly<Record<string, (member: Member, spent: Spent) => Promise<unknown>>> = {
    'a later renewal': (member, { customer }) =>
      world.client.mutate(member, 'renewCustomer', { customerId: customer?.id ?? '', periods: 1 }),
    'later screens': (member, { customer }) => world.client.mutate(member, 'addScreens', { customerId: customer?.id ?? '', screens: 1 }),
    'a cancel': (member, { customer }) => world.client.mutate(member, 'cancelCustomer', { customerId: customer?.id ?? '' }),
    'another number of screens': (member, { customer }) =>
      world.client.mutate(member, 'setNextScreens', { customerId: customer?.id ?? '', screens: 1 }),
    'an undo': (member, spent) => undo(member, spent),
    'a later spend that was undone': async (member, { customer }) =>
      undo(member, await world.client.mutate(member, 'renewCustomer', { customerId: customer?.id ?? '', periods: 1 })),
  };

  test.each(Object.entries(LATER))('a spend after %s', async (_, later) => {
    const member = await panel(30);
    const spent = await world.client.mutate(member, 'activateCustomer', { name: 'Changed', periods: 1, screens: 2 });
    await later(member, spent);
    const balance = await world.balance(member);
    expect(await undo(member, spent)).toMatchObject({ code: 'INVALID_STATE' });
    expect(await world.balance(member)).toBe(balance);
    expect((await statement(member, member)).find(({ id }) => id === spent.transfer?.id)).toMatchObject({ undoableUntil: null });
  });

  test('but a new name, contact or notes do not prevent it, as they change nothing that is paid for', async () => {
    const member = await panel(20);
    const spent = await world.client.mutate(member, 'activateCustomer', { name: 'Typo', periods: 1 });
    await world.client.mutate(member, 'updateCustomer', {
      customerId: customerOf(spent).id,
      name: 'No typo',
      notes: 'n',
      contact: 'c@undo.test',
    });
    expect(await undo(member, spent)).toMatchObject({ account: { balance: 20 }, customer: { name: 'No typo' } });
  });

  test("a closed panel's spend: its users are gone, and its parent did not spend it (R17)", async () => {
    const parent = await panel(30);
    const member = await panel(10, parent);
    const spent = await world.client.mutate(member, 'activateCustomer', { name: 'Handed over', periods: 2 });
    await world.client.mutate(world.demo.root, 'closeReseller', { resellerId: member.id, idempotencyKey: 'close' });
    const { errors } = await world.client.ask(
      member.token,
      `mutation { undoSpending(input: { transferId: "${spent.transfer?.id}", idempotencyKey: "k" }) { __typename } }`,
    );
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
    expect(await undo(parent, spent)).toMatchObject({ code: 'NOT_FOUND' });
    expect(await world.seen(parent, customerOf(spent).id)).toMatchObject({ status: 'ACTIVE' });
  });

  test("another panel's spend, which does not exist for the caller, and anything that is not a spend", async () => {
    const parent = await panel(40);
    const member = await panel(10, parent);
    const spent = await world.client.mutate(member, 'activateCustomer', { name: 'Mine', periods: 1 });
    for (const other of [parent, world.demo.root, world.demo.ana]) expect(await undo(other, spent)).toMatchObject({ code: 'NOT_FOUND' });
    const [, grant] = await statement(member, member);
    expect(grant?.kind).toBe('GRANT');
    for (const transferId of [grant?.id, customerOf(spent).id, member.id, 'nothing', '']) {
      expect(await world.client.mutate(member, 'undoSpending', { transferId: transferId ?? '' })).toMatchObject({ code: 'NOT_FOUND' });
    }
  });

  test('by a role that may not spend on customers; a colleague with the role may undo it, whoever spent', async () => {
    const member = await panel(20);
    const spent = await world.client.mutate(member, 'activateCustomer', { name: 'Ours', periods: 1 });
    for (const role of ['FINANCE', 'VIEWER', 'OPERATOR'] as const) {
      await addColleague(world.sql, member, role);
      const done = await undo({ token: await world.client.signIn(colleague(member, role)) }, spent);
      expect(done).toMatchObject(role === 'OPERATOR' ? { account: { balance: 20 } } : { code: 'FORBIDDEN' });
    }
    expect(await undo({ token: world.demo.platform }, spent)).toMatchObject({ code: 'FORBIDDEN' });
  });

  test("a spend older than the policy's minutes, and any spend if they are 0", async () => {
    const member = await panel(30);
    const { root } = world.demo;
    const [late, early] = [
      await world.client.mutate(member, 'activateCustomer', { name: 'Late', periods: 1 }),
      await world.client.mutate(member, 'activateCustomer', { name: 'Early', periods: 1 }),
    ];
    await spentEarlier(late, 10 * 60_000);
    expect(await undo(member, late)).toMatchObject({ code: 'INVALID_STATE' });
    expect((await statement(member, member)).map(({ undoableUntil }) => undoableUntil !== null)).toEqual([true, false, false]);
    await world.client.mutate(root, 'setTenantPolicy', { undoMinutes: 0 });
    expect(await undo(member, early)).toMatchObject({ code: 'INVALID_STATE' });
    expect((await statement(member, member)).map(({ undoableUntil }) => undoableUntil)).toEqual([null, null, null]);
    await world.client.mutate(root, 'setTenantPolicy', { undoMinutes: 60 });
    expect(await undo(member, late)).toMatchObject({ account: { balance: 29 } });
    await world.client.mutate(root, 'setTenantPolicy', { undoMinutes: 10 });
    // Restored, so that the journal is in order.
    await spentEarlier(late, -10 * 60_000);
  });

  test('the sixth in 24 hours', async () => {
    const member = await panel(30);
    const spent: Spent[] = [];
    for (const index of times(7, (at) => at))
      spent.push(await world.client.mutate(member, 'activateCustomer', { name: `n${index}`, periods: 1 }));
    for (const one of spent.slice(0, 5)) expect(await undo(member, one)).toMatchObject({ __typename: 'UndoSpendingPayload' });
    const sixth = spent.slice(5);
    for (const one of sixth) {
      expect(await undo(member, one)).toMatchObject({ code: 'LIMIT_REACHED', limit: 'undosPerDay', allowed: 5, used: 5 });
    }
    expect((await statement(member, member)).every(({ undoableUntil }) => undoableUntil === null)).toBe(true);
    expect(await world.balance(member)).toBe(28);
  });
});

describe('one key (R31)', () => {
  test('undoes once, is replayed even to a panel that is locked by now, and is refused for another spend', async () => {
    const member = await panel(10);
    const [one, other] = [
      await world.client.mutate(member, 'activateCustomer', { name: 'One', periods: 2 }),
      await world.client.mutate(member, 'activateCustomer', { name: 'Other', periods: 1 }),
    ];
    const first = await undo(member, one, { idempotencyKey: 'once' });
    const again = await undo(member, one, { idempotencyKey: 'once' });
    expect(again).toMatchObject({ replayed: true, transfer: first.transfer, account: { balance: 9 }, customer: { name: 'One' } });
    expect(await undo(member, other, { idempotencyKey: 'once' })).toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' });
    await world.client.mutate(member, 'activateCustomer', { name: 'The rest', periods: 9 });
    expect(await undo(member, one, { idempotencyKey: 'once' })).toMatchObject({ replayed: true, account: { balance: 0, locked: true } });
    for (const idempotencyKey of ['', 'k'.repeat(256)]) {
      expect(await undo(member, other, { idempotencyKey })).toMatchObject({ code: 'INVALID_INPUT' });
    }
  });
});

test('statement, history, report and export show what was undone, and the customer does not count as new', async () => {
  const parent = await panel(40);
  const member = await panel(20, parent);
  const from = new Date(Date.now() - DAY_MS).toISOString();
  const spent = await world.client.mutate(member, 'activateCustomer', { name: 'Undone', periods: 3 });
  const kept = await world.activated(member, 2);
  const renewed = await world.client.mutate(member, 'renewCustomer', { customerId: kept.id, periods: 4 });
  const [first, second] = [await undo(member, spent), await undo(member, renewed)];
  expect(first.transfer?.amount).toBe(3);
  for (const reader of [member, parent]) {
    const seen = await statement(reader, member);
    expect(seen.slice(0, 5)).toMatchObject([
      { kind: 'UNDO', amount: 4, undoneBy: null },
      { kind: 'UNDO', amount: 3, undoneBy: null },
      { kind: 'RENEWAL', undoneBy: { kind: 'UNDO', id: second.transfer?.id } },
      { kind: 'ACTIVATION', amount: 2, undoneBy: null },
      { kind: 'ACTIVATION', amount: 3, undoneBy: { kind: 'UNDO', id: first.transfer?.id } },
    ]);
    // Only a caller who may undo sees the time limit.
    expect(seen[3]?.undoableUntil).toBeNull();
    expect(seen.map(({ undoableUntil }) => undoableUntil)).toEqual(seen.map(() => null));
  }
  const to = new Date(Date.now() + DAY_MS).toISOString();
  const { reseller, customer } = await world.client.query(
    member,
    `{ reseller(id: "${member.id}") { report(from: "${from}", to: "${to}") { total { activation renewal undone refunded newCustomers renewedCustomers lostCustomers } } }
      customer(id: "${kept.id}") { history(first: 9) { edges { node { kind undoneBy { kind } } } } } }`,
  );
  expect(reseller).toEqual({
    report: { total: { activation: 5, renewal: 4, undone: 7, refunded: 0, newCustomers: 1, renewedCustomers: 0, lostCustomers: 0 } },
  });
  expect(customer).toMatchObject({
    history: {
      edges: [{ node: { kind: 'UNDO' } }, { node: { kind: 'RENEWAL', undoneBy: { kind: 'UNDO' } } }, { node: { undoneBy: null } }],
    },
  });
  const file = await fetch(`${world.client.origin}/export/statement.csv`, { headers: { authorization: `Bearer ${member.token}` } });
  const lines = (await file.text()).trim().split('\r\n');
  expect(lines[0]).toMatch(/,undoneAt$/);
  expect(lines.filter((line) => line.includes(',UNDO,'))).toHaveLength(2);
  expect(lines.filter((line) => /,(ACTIVATION|RENEWAL),.*Z$/.test(line))).toHaveLength(2);
});

test('every answer has all its fields', async () => {
  const member = await panel(20);
  const customer = await world.activated(member);
  const answer = async (type: string) => {
    const spent = await world.client.mutate(member, 'renewCustomer', { customerId: customer.id, periods: 1 });
    const all = selection(type, namesOf(OBJECT_FIELDS[type], 'answer'));
    return world.client.ask(
      member.token,
      `mutation { answer: undoSpending(input: { transferId: "${spent.transfer?.id}", idempotencyKey: "${world.key()}" }) { __typename ... on ${type} ${all} } }`,
    );
  };
  for (const type of [...times(5, () => 'UndoSpendingPayload'), 'LimitReachedError']) {
    expect(await answer(type)).toMatchObject({ errors: [], data: { answer: { __typename: type } } });
  }
  expect(UNDO_ANSWERS).toEqual(['UndoSpendingPayload', 'LimitReachedError']);
});

test('after a concurrent undo and move of the panel both are done, and the credits are back once (R16)', async () => {
  const parents = [await panel(40), await panel(40)];
  const member = await panel(20);
  for (let round = 0; round < 5; round += 1) {
    const spent = await world.client.mutate(member, 'activateCustomer', { name: `n${round}`, periods: 2 });
    const moves = parents.map((parent) =>
      world.client.mutate(world.demo.root, 'moveReseller', { resellerId: member.id, newParentId: parent.id }),
    );
    const [done] = await Promise.all([undo(member, spent), ...moves]);
    expect(done).toMatchObject({ account: { balance: 20 } });
  }
  expect(await world.balance(member)).toBe(20);
});
