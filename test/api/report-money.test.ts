import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CustomerSeen, CustomersWorld, customerOf, DAY_MS, uuidOf } from '../support/clients/customers-api.ts';
import type { Answered } from '../support/clients/mutation.ts';
import { parseCsv } from '../support/csv.ts';
import { order, PRICES, rowIdOf, setPrices } from '../support/worlds/buying.ts';
import { openedPayment } from '../support/worlds/customer-payments.ts';
import { type Member, plantPanel, platformIdOf } from '../support/worlds/demo.ts';
import { addColleague, colleague } from './gate-world.ts';

let world: CustomersWorld;
let panels = 0;

beforeAll(async () => {
  world = await CustomersWorld.open();
  await setPrices(world.client, world.demo.platform, PRICES);
});

afterAll(() => world?.[Symbol.asyncDispose]());

interface Money {
  readonly receivedMinor: number | null;
  readonly creditCostMinor: number | null;
  readonly profitMinor: number | null;
}

interface MoneyReport {
  readonly currency: string | null;
  readonly boughtCredits: number | null;
  readonly boughtMinor: number | null;
  readonly expectedMinor: number | null;
  readonly total: Money;
  readonly intervals: readonly { readonly start: string; readonly sums: Money }[];
}

const SUMS = '{ receivedMinor creditCostMinor profitMinor }';
const SELECTED = `currency boughtCredits boughtMinor expectedMinor total ${SUMS} intervals { start sums ${SUMS} }`;
const NOTHING: Money = { receivedMinor: null, creditCostMinor: null, profitMinor: null };
const HIDDEN = { currency: null, boughtCredits: null, boughtMinor: null, expectedMinor: null, total: NOTHING };

/** The report of the last two days and the next day. */
async function reportOf(token: string, id: string, args = ''): Promise<MoneyReport> {
  const [from, to] = [new Date(Date.now() - 2 * DAY_MS), new Date(Date.now() + DAY_MS)].map((time) => time.toISOString());
  const { reseller } = await world.client.query(
    token,
    `query ($id: ID!) { reseller(id: $id) { report(from: "${from}", to: "${to}" ${args}) { ${SELECTED} } } }`,
    { id },
  );
  return reseller.report;
}

/** A panel with credits from above, which have no price. */
async function panel(credits: number): Promise<Member> {
  panels += 1;
  return plantPanel(world.client, world.demo.root, `money${panels}@money.test`, credits);
}

async function setPlan(member: Member, priceMinor: number, currency = 'BRL'): Promise<string> {
  const { plans } = await world.client.mutate(member, 'setPlans', { currency, plans: [{ name: 'Mensal', periods: 1, priceMinor }] });
  return plans?.[0]?.id ?? '';
}

async function buy(member: Member, quantity: number): Promise<number> {
  const { id, totalMinor } = await order(world.client, member.token, { quantity, idempotencyKey: world.key() });
  const { viewer } = await world.client.query(world.demo.platform, '{ viewer { sales(first: 1) { edges { node { id } } } } }');
  const purchaseId = viewer.sales.edges[0]?.node.id;
  expect(rowIdOf(purchaseId ?? '')).toBe(rowIdOf(id));
  expect(await world.client.mutate(world.demo.platform, 'confirmPurchase', { purchaseId: purchaseId ?? '' })).toMatchObject({
    purchase: { status: 'PAID' },
  });
  return totalMinor;
}

/** A customer pays for one period, and the panel confirms it: one renewal for one credit. */
async function pays(member: Member, customer: CustomerSeen): Promise<string> {
  const [row] = await world.sql<{ tenantId: string }[]>`SELECT tenant_id AS "tenantId" FROM reseller WHERE id = ${uuidOf(member.id)}`;
  const { id } = await openedPayment(world.sql, { id: uuidOf(member.id), tenantId: row?.tenantId ?? '', userId: '' }, uuidOf(customer.id));
  const { viewer } = await world.client.query(member, '{ viewer { customerPayments(first: 1) { edges { node { id } } } } }');
  const paymentId = viewer.customerPayments.edges[0]?.node.id;
  const done = await world.client.mutate(member, 'confirmCustomerPayment', { paymentId: paymentId ?? '' });
  expect(done).toMatchObject({ payment: { status: 'APPLIED' } });
  return id;
}

function activate(member: Member, periods: number, planId: string | null = null): Promise<Answered<'activateCustomer'>> {
  return world.client.mutate(member, 'activateCustomer', { name: 'Maria', periods, planId });
}

describe('the money of a report (R54)', () => {
  test('R54: received is what customers paid and kept paid, cost the average price of the credits, profit the difference', async () => {
    const member = await panel(10);
    const planId = await setPlan(member, 3_000);
    // 60 credits for 9,000 + 45,000 minor units: 900 each, and 10 for 10,000: 64,000 / 70 = 914.28… each.
    const paid = (await buy(member, 50)) + (await buy(member, 10)) + (await buy(member, 10));
    const maria = customerOf(await activate(member, 1, planId));
    await pays(member, maria);
    const back = await pays(member, maria);
    await world.sql`UPDATE customer_payment SET status = 'REFUNDED' WHERE id = ${back}`;
    const part = await pays(member, maria);
    await world.sql`UPDATE customer_payment SET returned_minor = 1000 WHERE id = ${part}`;
    const undone = await activate(member, 7);
    await world.client.mutate(member, 'undoSpending', { transferId: undone.transfer?.id ?? '' });

    const report = await reportOf(member.token, member.id);
    expect(report).toMatchObject({ currency: 'BRL', boughtCredits: 70, boughtMinor: paid });
    // Activated with one credit, and renewed three times. The refund returns no credit, and the undone spend costs
    // nothing.
    const cost = Math.round((4 * paid) / 70);
    expect((4 * paid) % 70).not.toBe(0);
    expect(report.total).toEqual({ receivedMinor: 4_000, creditCostMinor: cost, profitMinor: 4_000 - cost });
    expect(report.intervals.filter(({ sums }) => sums.receivedMinor !== 0)).toMatchObject([{ sums: report.total }]);
    for (const { sums } of report.intervals) expect(sums.profitMinor).toBe((sums.receivedMinor ?? 0) - (sums.creditCostMinor ?? 0));
  });

  test('R45: a spend costs nothing in the interval in which it was made, even if it is undone in the next one', async () => {
    const member = await panel(10);
    await setPlan(member, 3_000);
    await buy(member, 10);
    const spent = await activate(member, 4);
    await world.client.mutate(member, 'undoSpending', { transferId: spent.transfer?.id ?? '' });
    const to = spent.transfer?.createdAt ?? '';
    const ended = new Date(Date.parse(to) + 1).toISOString();
    const from = new Date(Date.parse(to) - DAY_MS).toISOString();
    const { viewer } = await world.client.query(
      member,
      `{ viewer { reseller { report(from: "${from}", to: "${ended}") { total { activation undone creditCostMinor } } } } }`,
    );
    expect(viewer).toEqual({ reseller: { report: { total: { activation: 4, undone: 0, creditCostMinor: 0 } } } });
  });

  test('without a purchase at a price, or with money in two currencies, the unknown sums are null', async () => {
    const member = await panel(20);
    const unknown = await reportOf(member.token, member.id);
    expect(unknown).toMatchObject({ currency: null, boughtCredits: 0, boughtMinor: 0, expectedMinor: 0 });
    expect(unknown.total).toEqual({ receivedMinor: 0, creditCostMinor: null, profitMinor: null });
    await setPlan(member, 3_000);
    await pays(member, customerOf(await activate(member, 1)));
    expect((await reportOf(member.token, member.id)).total).toEqual({ receivedMinor: 2_500, creditCostMinor: null, profitMinor: null });
    await buy(member, 10);
    await setPlan(member, 900, 'USD');
    const mixed = await reportOf(member.token, member.id);
    expect(mixed).toMatchObject({ currency: 'USD', boughtCredits: 0, total: NOTHING });
  });

  test('an amount beyond 32 bits has no profitMinor, and its parts stay exact', async () => {
    const member = await panel(10);
    await setPlan(member, 3_000);
    await buy(member, 10);
    const id = await pays(member, customerOf(await activate(member, 1)));
    await world.sql`UPDATE customer_payment SET price_minor = ${Number.MAX_SAFE_INTEGER} WHERE id = ${id}`;
    const { total } = await reportOf(member.token, member.id);
    expect(total).toEqual({ receivedMinor: Number.MAX_SAFE_INTEGER, creditCostMinor: 2_000, profitMinor: null });
    const other = await pays(member, customerOf(await activate(member, 1)));
    await world.sql`UPDATE customer_payment SET price_minor = ${Number.MAX_SAFE_INTEGER} WHERE id = ${other}`;
    expect((await reportOf(member.token, member.id)).total).toMatchObject({ receivedMinor: null, profitMinor: null });
  });

  test('R52: expected in 30 days is the plan of each customer whose paid term ends within them, and of no other', async () => {
    const member = await panel(60);
    const planId = await setPlan(member, 3_000);
    const ids = [];
    for (let index = 0; index < 6; index += 1) ids.push(customerOf(await activate(member, 1, index === 5 ? null : planId)));
    const [soon, , later, over, canceled] = ids;
    if (!soon || !later || !over || !canceled) throw new Error('six were activated');
    await world.endsIn(soon, DAY_MS);
    await world.endsIn(later, 31 * DAY_MS);
    await world.endsIn(over, -60_000);
    await world.client.mutate(member, 'cancelCustomer', { customerId: canceled.id });
    const trial = await world.trial(member, 'trial@money.test');
    await world.client.mutate(member, 'updateCustomer', { customerId: trial.id, planId });
    expect((await reportOf(member.token, member.id)).expectedMinor).toBe(2 * 3_000);
  });

  test('R18: the money is visible to the whole panel, and to no parent, platform, branch or support session', async () => {
    const member = await panel(20);
    const planId = await setPlan(member, 3_000);
    await buy(member, 10);
    await pays(member, customerOf(await activate(member, 1, planId)));
    const own = await reportOf(member.token, member.id);
    expect(own.total.receivedMinor).toBe(2_500);
    for (const role of ['OPERATOR', 'FINANCE', 'VIEWER'] as const) {
      await addColleague(world.sql, member, role);
      const token = await world.client.signIn(colleague(member, role));
      expect(await reportOf(token, member.id), role).toEqual({ ...own, intervals: expect.anything() });
    }
    expect(await reportOf(member.token, member.id, 'branch: true')).toMatchObject(HIDDEN);
    expect(await reportOf(world.demo.root.token, member.id)).toMatchObject(HIDDEN);
    const asPlatform = await platformIdOf(world.client, world.demo.platform, 'root');
    expect(await reportOf(world.demo.platform, asPlatform)).toMatchObject(HIDDEN);
    const document =
      'mutation ($input: OpenSupportSessionInput!) { done: openSupportSession(input: $input) { ... on OpenSupportSessionPayload { token } } }';
    const { done } = await world.client.data<{ done: { token: string } }>(world.demo.root.token, document, {
      input: { resellerId: member.id, reason: 'to help' },
    });
    const { viewer } = await world.client.query(
      done,
      `{ viewer { reseller { report(from: "2026-01-01T00:00:00Z", to: "2027-01-01T00:00:00Z", by: MONTH) { ${SELECTED} } } } }`,
    );
    expect(viewer.reseller.report).toMatchObject(HIDDEN);
  });
});

/** The rows of the file, by its headings. */
async function rowsOf(token: string, query = '', file?: string): Promise<Record<string, string>[]> {
  const response = await download(token, query, file);
  const text = await response.text();
  expect(response.status, text).toBe(200);
  return parseCsv(`\u{feff}${text.replace('\u{feff}', '')}`);
}

function download(token: string, query = '', file = 'customer-payments'): Promise<Response> {
  return fetch(`${world.client.origin}/export/${file}.csv${query}`, { headers: { authorization: `Bearer ${token}` } });
}

describe('customer-payments.csv (R54)', () => {
  test("R54: it has the own panel's customer payments, newest first, by status and time, and no formula", async () => {
    const member = await panel(20);
    await setPlan(member, 3_000);
    const maria = customerOf(await world.client.mutate(member, 'activateCustomer', { name: '=1+1', periods: 1 }));
    const [first, second] = [await pays(member, maria), await pays(member, maria)];
    await world.sql`UPDATE customer_payment SET status = 'REFUNDED', reference = '@bank' WHERE id = ${first}`;
    const rows = await rowsOf(member.token);
    expect(rows).toMatchObject([
      {
        id: second,
        status: 'APPLIED',
        customer: "'=1+1",
        planName: 'Plan',
        priceMinor: '2500',
        currency: 'BRL',
        periods: '1',
        transfer: second,
      },
      { id: first, status: 'REFUNDED', reference: "'@bank" },
    ]);
    expect(await rowsOf(member.token, '?status=APPLIED')).toEqual(rows.slice(0, 1));
    expect(await rowsOf(member.token, `?paidFrom=${rows[0]?.paidAt}`)).toEqual(rows.slice(0, 1));
    expect(await rowsOf(member.token, `?paidTo=${rows[0]?.paidAt}`)).toEqual(rows.slice(1));
    const [heading, line] = (await (await download(member.token, '?separator=;&language=pt-BR')).text()).split('\r\n');
    expect(heading).toContain('Pedido em;Pago em;Renovado em;Cliente;Plano;');
    expect(line).toMatch(/;2500;BRL;1;1;Renovado;/);
  });

  test("R18: it is for the panel alone: not for its parent, the platform, a locked panel, or about another's customer", async () => {
    const member = await panel(20);
    await setPlan(member, 3_000);
    const maria = customerOf(await world.client.mutate(member, 'activateCustomer', { name: 'Maria', periods: 1 }));
    const id = await pays(member, maria);
    expect((await rowsOf(world.demo.root.token)).map((row) => row.id)).not.toContain(id);
    for (const [token, code] of [
      [world.demo.platform, 'FORBIDDEN'],
      [world.demo.zero.token, 'PANEL_LOCKED'],
    ] as const) {
      const response = await download(token);
      expect([response.status, await response.json()]).toMatchObject([403, { errors: [{ extensions: { code } }] }]);
    }
    await world.sql`UPDATE customer SET reseller_id = ${uuidOf(world.demo.ana.id)} WHERE id = ${uuidOf(maria.id)}`;
    expect(await rowsOf(member.token)).toMatchObject([{ id, customer: '' }]);
  });
});

describe('report.csv (R54)', () => {
  test("R18: it has the report's intervals with money, which is empty for those above, and no panel of others", async () => {
    const member = await panel(20);
    await setPlan(member, 3_000);
    await buy(member, 10);
    await pays(member, customerOf(await activate(member, 1)));
    const [from, to] = [new Date(Date.now() - 2 * DAY_MS).toISOString(), new Date(Date.now() + DAY_MS).toISOString()];
    const rows = await rowsOf(member.token, `?from=${from}&to=${to}&by=MONTH`, 'report');
    const sums =
      'creditsReceived creditsPassedOn activation renewal screens refunded undone withdrawn newCustomers renewedCustomers lostCustomers';
    const { viewer } = await world.client.query(
      member,
      `{ viewer { reseller { report(from: "${from}", to: "${to}", by: MONTH) { currency intervals { start end sums {
        ${sums} receivedMinor creditCostMinor profitMinor } } } } } }`,
    );
    const { currency, intervals } = viewer.reseller.report;
    const told = intervals.map(({ end, start, sums: of }) => ({ start, end, ...of, currency }));
    expect(rows).toEqual(told.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, String(value ?? '')]))));
    // On the last day of a month the following one is there, and empty.
    const [received, ...others] = rows.filter(({ receivedMinor }) => receivedMinor !== '0');
    expect(received).toMatchObject({ receivedMinor: '2500', creditCostMinor: '2000', profitMinor: '500', currency: 'BRL' });
    expect(others).toEqual([]);

    const above = await rowsOf(world.demo.root.token, `?from=${from}&to=${to}&by=MONTH&reseller=${member.id}`, 'report');
    const hidden = { receivedMinor: '', creditCostMinor: '', profitMinor: '', currency: '' };
    expect(above).toEqual(rows.map((row) => ({ ...row, ...hidden })));
    const whole = await rowsOf(member.token, `?from=${from}&to=${to}&by=MONTH&branch=true`, 'report');
    expect(whole).toEqual(rows.map((row) => ({ ...row, ...hidden })));
    for (const [token, query, status] of [
      [world.demo.ana.token, `?from=${from}&to=${to}&reseller=${member.id}`, 404],
      [member.token, `?from=${from}`, 400],
      [member.token, `?from=${to}&to=${from}`, 400],
      [member.token, `?from=${from}&to=${to}&by=YEAR`, 400],
      [world.demo.zero.token, `?from=${from}&to=${to}`, 403],
    ] as const) {
      expect((await download(token, query, 'report')).status, query).toBe(status);
    }
  });
});
