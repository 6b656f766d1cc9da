import { afterAll, afterEach, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import { ledgerHealth } from '../../src/ledger/health.ts';
import { uuidOf } from '../support/clients/customers-api.ts';
import { until } from '../support/until.ts';
import { deliver, PaidPanels, PRICE_MINOR, pageOf, session } from '../support/worlds/paid-panels.ts';
import { accountIn } from '../support/worlds/paid-platform.ts';
import { disputed, refunded } from '../support/worlds/payment-providers.ts';

let panels: PaidPanels;
let pixes = 7_000;

beforeAll(async () => {
  panels = await PaidPanels.open();
});

afterEach(() => {
  panels.providers.isSilent = false;
  panels.providers.failure = null;
});

afterAll(() => panels[Symbol.asyncDispose]());

const WITHDRAWN = { type: 'funds_withdrawn', status: 'needs_response', movements: [-PRICE_MINOR] } as const;
const LOST = { type: 'closed', status: 'lost', movements: [-PRICE_MINOR] } as const;
const WON = { type: 'closed', status: 'won', movements: [-PRICE_MINOR, PRICE_MINOR] } as const;

async function expectWhole(): Promise<void> {
  expect(await ledgerHealth(panels.world.sql, null, inject('topology'))).toMatchObject({ problems: [] });
}

describe('money that goes back', () => {
  test('R54: makes it REFUNDED and changes no service; a part is only shown, and a won dispute restores the payment', async () => {
    const one = await panels.opened(await panels.panel('STRIPE', 20));
    await deliver(one, session(one, 'pi_back'));
    const until0 = await panels.world.seen(one.panel.member, one.customer.id);
    await deliver(one, refunded(one.rowId, 'pi_back', 4_000));
    expect(await panels.paymentState(one)).toMatchObject({ status: 'APPLIED', returnedMinor: 4_000 });
    await deliver(one, disputed('pi_back', { ...WITHDRAWN, amount: 6_000, movements: [-6_000] }));
    expect(await panels.paymentState(one)).toMatchObject({
      status: 'REFUNDED',
      provider: 'STRIPE',
      returnedMinor: PRICE_MINOR,
      spent: 2,
    });
    expect((await panels.paymentState(one)).appliedBy).toMatchObject({ kind: 'RENEWAL' });
    expect((await pageOf(one.page)).text).toContain('This payment was refunded.');
    await deliver(one, disputed('pi_back', { ...WON, amount: 6_000, movements: [-6_000, 6_000] }));
    expect(await panels.paymentState(one)).toMatchObject({ status: 'APPLIED', returnedMinor: 4_000, spent: 2 });
    // An old message about the withdrawal changes nothing.
    await deliver(one, disputed('pi_back', { ...WITHDRAWN, amount: 6_000, movements: [-6_000] }));
    expect(await panels.paymentState(one)).toMatchObject({ status: 'APPLIED' });
    expect(await panels.world.seen(one.panel.member, one.customer.id)).toEqual(until0);
    const log = await panels.world.sql`SELECT changes FROM audit_log WHERE action = 'CUSTOMER_PAYMENT_REFUNDED'
      AND reseller_id = ${uuidOf(one.panel.member.id)}`;
    expect(log).toEqual([{ changes: [{ field: 'status', before: 'PAID', after: 'REFUNDED' }] }]);
    await expectWhole();
  });

  test('R54: from a waiting payment prevents its application, whatever credits arrive', async () => {
    const panel = await panels.panel('STRIPE', 10);
    const dear = await panels.opened(panel, 'Anual');
    await deliver(dear, session(dear, 'pi_waits', { amount: 90_000 }));
    expect(await panels.paymentState(dear)).toMatchObject({ status: 'PAID_UNFUNDED', provider: 'STRIPE' });
    await deliver(dear, refunded(dear.rowId, 'pi_waits', 90_000, { amount: 90_000 }));
    await panels.topUp(dear, 50);
    expect(await panels.paymentState(dear)).toMatchObject({ status: 'REFUNDED', appliedBy: null, spent: 1 });
    // Repeated messages about it change nothing.
    const again = { amount: 90_000, type: 'checkout.session.async_payment_succeeded' };
    await deliver(dear, disputed('pi_waits', { ...WITHDRAWN, amount: 90_000 }), session(dear, 'pi_waits', again));
    expect(await panels.paymentState(dear)).toMatchObject({ status: 'REFUNDED', spent: 1 });
    await expectWhole();
  });

  test('R54: reported before the payment, ends as REFUNDED without service; any order, even concurrent, gives the same result', async () => {
    const panel = await panels.panel('STRIPE', 50);
    const first = await panels.opened(panel);
    await deliver(first, refunded(first.rowId, 'pi_first'), session(first, 'pi_first'));
    expect(await panels.paymentState(first)).toMatchObject({ status: 'REFUNDED', appliedBy: null, spent: 1, returnedMinor: PRICE_MINOR });
    for (const [at, order] of orders([0, 1, 2]).entries()) {
      const intent = `pi_order_${at}`;
      const one = await panels.opened(panel);
      panels.providers.intents.set(intent, { purchase: one.rowId, account: accountIn(panel.events) });
      const events = [session(one, intent), disputed(intent, WITHDRAWN), disputed(intent, LOST)];
      const sorted = order.map((index) => events[index] ?? {});
      if (at % 2 === 0) await deliver(one, ...sorted);
      else await Promise.all(sorted.map((event) => deliver(one, event)));
      expect(await panels.paymentState(one)).toMatchObject({ status: 'REFUNDED' });
      // After the won dispute it is one renewal, whatever came first.
      await deliver(one, disputed(intent, WON));
      expect(await panels.paymentState(one)).toMatchObject({ status: 'APPLIED', spent: 2, returnedMinor: 0 });
    }
    await expectWhole();
  });

  test('R54: by Mercado Pago: held, reimbursed, in part and settled', async () => {
    const one = await panels.opened(await panels.panel('MERCADO_PAGO', 20));
    pixes += 1;
    const id = String(pixes);
    await panels.notify(one, id);
    for (const state of [
      { status: 'in_mediation' },
      { status: 'charged_back', detail: 'in_process' },
      { status: 'charged_back', detail: 'reimbursed' },
    ]) {
      await panels.notify(one, id, state);
      expect(await panels.paymentState(one)).toMatchObject({ status: 'APPLIED', returnedMinor: 0 });
    }
    await panels.notify(one, id, { detail: 'partially_refunded', refundedMinor: 2_500 });
    expect(await panels.paymentState(one)).toMatchObject({ status: 'APPLIED', returnedMinor: 2_500 });
    await panels.notify(one, id, { status: 'charged_back', detail: 'settled' });
    expect(await panels.paymentState(one)).toMatchObject({ status: 'REFUNDED', returnedMinor: PRICE_MINOR, spent: 2 });
    await expectWhole();
  });

  test('R54: ledgerHealth names a payment whose money is elsewhere than it says, and one that paid for two', async () => {
    const panel = await panels.panel('STRIPE', 20);
    const [one, other] = [await panels.opened(panel), await panels.opened(panel)];
    await deliver(one, session(one, 'pi_one'));
    await deliver(other, session(other, 'pi_other'));
    const { sql } = panels.world;
    const problems = async () => (await ledgerHealth(sql, null, inject('topology'))).problems;
    await sql`UPDATE customer_payment SET payment_turn = 1 WHERE id = ${one.rowId}`;
    expect(await problems()).toEqual([`R54: the status REFUNDED does not match whether the money went back: payment ${one.rowId}`]);
    await sql`UPDATE customer_payment SET payment_turn = 0, reference = 'pi_other' WHERE id = ${one.rowId}`;
    expect(await problems()).toEqual([`R54: one provider's payment settled several payments: ${one.rowId}`]);
    await sql`UPDATE customer_payment SET reference = 'pi_one' WHERE id = ${one.rowId}`;
    await expectWhole();
  });

  test("R54: the panel is notified of a provider's messages as they happen", async () => {
    const one = await panels.opened(await panels.panel('STRIPE', 20));
    const events: string[] = [];
    const socket = panels.world.client.socket(one.panel.member.token);
    onTestFinished(() => void socket.dispose());
    socket.subscribe<{ customerPaymentChanged: { status: string; provider: string | null } }>(
      { query: 'subscription { customerPaymentChanged { status provider } }' },
      {
        next: ({ data }) => data && events.push(`${data.customerPaymentChanged.status} ${data.customerPaymentChanged.provider}`),
        error: (error) => events.push(JSON.stringify(error)),
        complete: () => {},
      },
    );
    await until(async () => {
      await panels.world.sql`UPDATE customer_payment SET plan_name = plan_name WHERE id = ${one.rowId}`;
      return events.length > 0;
    });
    await deliver(one, session(one, 'pi_told'));
    await until(() => events.includes('APPLIED STRIPE'));
    await deliver(one, refunded(one.rowId, 'pi_told'));
    await until(() => events.includes('REFUNDED STRIPE'));
    expect(await panels.world.seen(one.panel.member, one.customer.id)).toMatchObject({ creditsSpent: 2 });
  });
});

function orders(items: readonly number[]): number[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item) => orders(items.filter((other) => other !== item)).map((rest) => [item, ...rest]));
}
