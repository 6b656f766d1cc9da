/** Money that goes back, in both providers' messages: inquiries, disputes, refunds and parts, in any order (R29). */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accountOf, type Purchase } from '../support/worlds/buying.ts';
import { type Ordered, type PaidPlatform, startPaidPlatform } from '../support/worlds/paid-platform.ts';
import {
  deliverMercadoPago,
  deliverStripe,
  disputed,
  mercadoPagoPayment,
  paidSession,
  refunded,
  untilTaken,
} from '../support/worlds/payment-providers.ts';

let world: PaidPlatform;

beforeAll(async () => {
  world = await startPaidPlatform();
});

afterAll(() => world[Symbol.asyncDispose]());

const INQUIRY = { type: 'created', status: 'warning_needs_response', movements: [] } as const;
const WITHDRAWN = { type: 'funds_withdrawn', status: 'needs_response', movements: [-10_000] } as const;
const LOST = { type: 'closed', status: 'lost', movements: [-10_000] } as const;
const WON = { type: 'closed', status: 'won', movements: [-10_000, 10_000] } as const;
const REINSTATED = { type: 'funds_reinstated', status: 'won', movements: [-10_000, 10_000] } as const;

async function expectHealth(): Promise<void> {
  const { ledgerHealth } = await world.client.query(world.demo.platform, '{ ledgerHealth { ok problems } }');
  expect(ledgerHealth).toEqual({ ok: true, problems: [] });
}

describe('Stripe', () => {
  async function paid(intent: string): Promise<Ordered> {
    const one = await world.ordered('STRIPE');
    await deliver(paidSession(one.rowId, { amount: 10_000, intent }));
    expect(await world.now(one)).toMatchObject({ status: 'PAID', returnedMinor: 0 });
    return one;
  }

  async function deliver(...events: object[]): Promise<void> {
    for (const event of events) expect(await untilTaken(() => deliverStripe(world.stripe, event))).toMatchObject({ status: 200 });
  }

  test('R29: an inquiry takes nothing, however it ends', async () => {
    const one = await paid('pi_inquiry');
    await deliver(disputed('pi_inquiry', INQUIRY));
    await deliver(disputed('pi_inquiry', { ...INQUIRY, type: 'updated', status: 'warning_under_review' }));
    await deliver(disputed('pi_inquiry', { ...INQUIRY, type: 'closed', status: 'warning_closed' }));
    expect(await world.now(one)).toMatchObject({ status: 'PAID', returnedMinor: 0 });
    expect(await accountOf(world.client, one.buyer)).toMatchObject({ balance: 10, status: 'ACTIVE' });
  });

  test('R29: an inquiry that becomes a dispute takes the credits once, when the money is withdrawn', async () => {
    const one = await paid('pi_escalated');
    await deliver(disputed('pi_escalated', INQUIRY), disputed('pi_escalated', { ...INQUIRY, type: 'updated', status: 'needs_response' }));
    expect((await world.now(one)).status).toBe('PAID');
    for (const event of [WITHDRAWN, LOST, INQUIRY, WITHDRAWN]) await deliver(disputed('pi_escalated', event));
    expect(await world.now(one)).toMatchObject({ status: 'CHARGED_BACK', returnedMinor: 10_000 });
    expect(await accountOf(world.client, one.buyer)).toMatchObject({ balance: 0, debt: 0, version: 2 });
    await expectHealth();
  });

  test('R29: a dispute reported as won before its withdrawal is reported takes nothing', async () => {
    const one = await paid('pi_won_first');
    for (const event of [REINSTATED, WON, WITHDRAWN, INQUIRY]) await deliver(disputed('pi_won_first', event));
    expect(await world.now(one)).toMatchObject({ status: 'PAID', returnedMinor: 0 });
    expect(await accountOf(world.client, one.buyer)).toMatchObject({ balance: 10, version: 1 });
  });

  test('R29: a dispute of a tenth takes nothing, and the seller sees the amount', async () => {
    const one = await paid('pi_tenth');
    await deliver(disputed('pi_tenth', { ...WITHDRAWN, amount: 1_000, movements: [-1_000] }));
    expect(await world.now(one)).toMatchObject({ status: 'PAID', returnedMinor: 1_000 });
    expect(await accountOf(world.client, one.buyer)).toMatchObject({ balance: 10, status: 'ACTIVE' });
    expect(await sale(one)).toMatchObject({ returnedMinor: 1_000 });
    await deliver(disputed('pi_tenth', { ...WON, amount: 1_000, movements: [-1_000, 1_000] }));
    expect(await sale(one)).toMatchObject({ status: 'PAID', returnedMinor: 0 });
  });

  test('R29: a partial refund is shown, the newest sum holds in any order, and parts that add up to all charge back', async () => {
    const one = await paid('pi_parts');
    const later = refunded(one.rowId, 'pi_parts', 4_000, { createdMs: Date.now() });
    await deliver(later, refunded(one.rowId, 'pi_parts', 1_000, { createdMs: Date.now() - 60_000 }), later);
    expect(await sale(one)).toMatchObject({ status: 'PAID', returnedMinor: 4_000 });
    await deliver(disputed('pi_parts', { ...WITHDRAWN, amount: 6_000, movements: [-6_000] }));
    expect(await sale(one)).toMatchObject({ status: 'CHARGED_BACK', returnedMinor: 10_000 });
    expect(await accountOf(world.client, one.buyer)).toMatchObject({ balance: 0 });
  });

  test('R29: the same events at once and in any order leave the same purchase', async () => {
    const outcomes = new Set<string>();
    for (const [at, order] of orders([0, 1, 2]).entries()) {
      const intent = `pi_order_${at}`;
      const one = await world.ordered('STRIPE');
      world.providers.intents.set(intent, { purchase: one.rowId });
      const events = [paidSession(one.rowId, { amount: 10_000, intent }), disputed(intent, WITHDRAWN), disputed(intent, LOST)];
      const sorted = order.map((index) => events[index] ?? {});
      if (at % 2 === 0) await deliver(...sorted);
      else await Promise.all(sorted.map((event) => deliver(event)));
      const { balance, debt } = await accountOf(world.client, one.buyer);
      outcomes.add(`${balance} ${debt}`);
      expect((await world.now(one)).status).toMatch(/^(CHARGED_BACK|CANCELED)$/);
    }
    expect([...outcomes]).toEqual(['0 0']);
    await expectHealth();
  });
});

describe('Mercado Pago', () => {
  let last = 5_000;
  let clockMs = Date.now();

  async function deliver(one: Ordered, id: string, state: object): Promise<void> {
    clockMs += 1_000;
    world.providers.payments.set(id, mercadoPagoPayment(id, one.rowId, { amountMinor: 10_000, updatedMs: clockMs, ...state }));
    expect(await deliverMercadoPago(world.mercadoPago, id)).toMatchObject({ status: 200 });
  }

  async function paid(): Promise<{ one: Ordered; id: string }> {
    const one = await world.ordered('MERCADO_PAGO');
    last += 1;
    const id = String(last);
    await deliver(one, id, {});
    expect(await world.now(one)).toMatchObject({ status: 'PAID', reference: id });
    return { one, id };
  }

  test('R29: a charge-back in process takes nothing, and neither does one that was reimbursed', async () => {
    const { id, one } = await paid();
    await deliver(one, id, { status: 'in_mediation' });
    await deliver(one, id, { status: 'charged_back', detail: 'in_process' });
    expect(await world.now(one)).toMatchObject({ status: 'PAID', returnedMinor: 0 });
    await deliver(one, id, { status: 'charged_back', detail: 'reimbursed' });
    expect(await world.now(one)).toMatchObject({ status: 'PAID', returnedMinor: 0 });
    expect(await accountOf(world.client, one.buyer)).toMatchObject({ balance: 10, version: 1, status: 'ACTIVE' });
  });

  test('R29: a settled charge-back takes the credits once', async () => {
    const { id, one } = await paid();
    await deliver(one, id, { status: 'charged_back', detail: 'in_process' });
    await deliver(one, id, { status: 'charged_back', detail: 'settled' });
    await deliver(one, id, { status: 'charged_back', detail: 'settled' });
    expect(await world.now(one)).toMatchObject({ status: 'CHARGED_BACK', returnedMinor: 10_000 });
    expect(await accountOf(world.client, one.buyer)).toMatchObject({ balance: 0, version: 2 });
  });

  test('R29: a partial refund is shown to the seller and takes nothing, even as the first message; a full one takes all', async () => {
    const { id, one } = await paid();
    await deliver(one, id, { detail: 'partially_refunded', refundedMinor: 2_500 });
    expect(await sale(one)).toMatchObject({ status: 'PAID', returnedMinor: 2_500 });
    await deliver(one, id, { status: 'refunded', refundedMinor: 10_000 });
    expect(await sale(one)).toMatchObject({ status: 'CHARGED_BACK', returnedMinor: 10_000 });

    const late = await world.ordered('MERCADO_PAGO');
    await deliver(late, '4999', { detail: 'partially_refunded', refundedMinor: 2_500 });
    expect(await sale(late)).toMatchObject({ status: 'PAID', returnedMinor: 2_500 });
  });
});

/** The sale as the platform, its seller, sees it. */
async function sale({ purchase }: Ordered): Promise<Purchase | undefined> {
  const { viewer } = await world.client.query(world.demo.platform, '{ viewer { sales(first: 100) { edges { node { ...Purchase } } } } }');
  return viewer.sales.edges.find(({ node }) => node.buyer?.name === purchase.buyer?.name)?.node;
}

function orders(items: readonly number[]): number[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item) => orders(items.filter((other) => other !== item)).map((rest) => [item, ...rest]));
}
