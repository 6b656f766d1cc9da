/** Panels whose customers pay from their renewal pages through both providers, which are imitated on loopback (R54). */

import { expect } from 'vitest';
import type { AppLimits } from '../../../src/app.ts';
import { type CustomerSeen, CustomersWorld, uuidOf } from '../clients/customers-api.ts';
import { setProvider } from './buying.ts';
import { type Member, plantPanel } from './demo.ts';
import { accountIn } from './paid-platform.ts';
import {
  deliverMercadoPago,
  deliverStripe,
  MERCADO_PAGO_SECRET,
  mercadoPagoPayment,
  type Providers,
  paidSession,
  STRIPE_SECRET,
  startProviders,
  untilTaken,
} from './payment-providers.ts';

export interface PaymentSeen {
  readonly id: string;
  readonly status: string;
  readonly provider: string | null;
  readonly reference: string | null;
  readonly returnedMinor: number;
  readonly paidAt: string | null;
  readonly appliedBy: { readonly kind: string; readonly amount: number } | null;
}

const PAYMENT = 'id status provider reference returnedMinor paidAt appliedBy { kind amount }';

/** A panel with plans, and the URL that its own provider delivers events to. */
export interface PaidPanel {
  readonly member: Member;
  readonly plans: readonly { readonly id: string; readonly name: string }[];
  readonly events: string;
}

/** A payment that a customer opened on its page. */
export interface PaidByCustomer {
  readonly panel: PaidPanel;
  readonly customer: CustomerSeen;
  /** The URLs of the customer's page and of the payment's page. */
  readonly link: string;
  readonly page: string;
  /** The payment's id as the provider sees it. */
  readonly rowId: string;
}

export interface Page {
  readonly status: number;
  readonly location: string | null;
  readonly refresh: string | null;
  readonly headers: Headers;
  readonly text: string;
}

/** The price of the monthly plan. */
export const PRICE_MINOR = 10_000;
const PLANS = [
  { name: 'Mensal', periods: 1, screens: 1, priceMinor: PRICE_MINOR },
  { name: 'Anual', periods: 12, screens: 2, priceMinor: 90_000 },
];
const SETTINGS = {
  STRIPE: { stripe: { secretKey: 'sk_test_of_a_panel', webhookSecret: STRIPE_SECRET } },
  MERCADO_PAGO: { mercadoPago: { accessToken: 'TEST-token-of-a-panel', webhookSecret: MERCADO_PAGO_SECRET } },
};

export class PaidPanels implements AsyncDisposable {
  readonly world: CustomersWorld;
  readonly providers: Providers;
  #panels = 0;
  #changedMs = Date.now();

  private constructor(world: CustomersWorld, providers: Providers) {
    this.world = world;
    this.providers = providers;
  }

  static async open(limits: Pick<AppLimits, 'providerTimeoutMs'> = {}): Promise<PaidPanels> {
    const providers = await startProviders();
    const settings = { STRIPE_API_URL: providers.url, MERCADO_PAGO_API_URL: providers.url, PUBLIC_URL: 'https://panel.test' };
    return new PaidPanels(await CustomersWorld.open({ limits, settings }), providers);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.world[Symbol.asyncDispose]();
    await this.providers[Symbol.asyncDispose]();
  }

  async panel(provider: keyof typeof SETTINGS, balance: number, parent: Member = this.world.demo.root): Promise<PaidPanel> {
    this.#panels += 1;
    const { client } = this.world;
    const member = await plantPanel(client, parent, `paid${this.#panels}@provided.test`, balance);
    const { settings } = await setProvider(client, member.token, SETTINGS[provider]);
    const { done } = await client.data<{ done: { plans: PaidPanel['plans'] } }>(
      member.token,
      'mutation ($input: SetPlansInput!) { done: setPlans(input: $input) { ... on SetPlansPayload { plans { id name } } } }',
      { input: { currency: 'BRL', plans: PLANS } },
    );
    return { member, plans: done.plans, events: `${client.origin}${settings?.webhookPath}` };
  }

  /**
   * Activates a customer of the panel for one credit. The customer chooses a plan on its page: a month, or a year on
   * two screens.
   */
  async opened(panel: PaidPanel, plan: 'Mensal' | 'Anual' = 'Mensal', details: object = {}): Promise<PaidByCustomer> {
    const { world } = this;
    const done = await world.client.mutate(panel.member, 'activateCustomer', { name: 'Maria', periods: 1, ...details });
    if (!done.customer) throw new Error(`a customer was not activated: ${done.code}`);
    const { customer } = done;
    await world.client.mutate(panel.member, 'resetRenewalLink', { customerId: customer.id });
    const asked = await world.client.query(panel.member, 'query ($id: ID!) { customer(id: $id) { renewalLink } }', { id: customer.id });
    const link = `${world.client.origin}${new URL(asked.customer.renewalLink ?? '').pathname}`;
    return { panel, customer, link, ...(await choose(link, planIn(panel, plan))) };
  }

  /** The payment as its own panel, or another one, sees it. */
  async now({ rowId }: Pick<PaidByCustomer, 'rowId'>, { token }: Pick<Member, 'token'>): Promise<PaymentSeen | undefined> {
    const { viewer } = await this.world.client.query(token, `{ viewer { customerPayments(first: 50) { edges { node { ${PAYMENT} } } } } }`);
    return viewer.customerPayments.edges.map(({ node }) => node).find(({ id }) => uuidOf(id) === rowId);
  }

  /** The payment as the panel where it was opened sees it, with the credits spent on the customer. */
  async paymentState(one: PaidByCustomer): Promise<PaymentSeen & { readonly spent: number }> {
    const [seen, customer] = await Promise.all([
      this.now(one, one.panel.member),
      this.world.sql<{ spent: number }[]>`SELECT credits_spent AS spent FROM customer WHERE id = ${uuidOf(one.customer.id)}`,
    ]);
    if (!seen) throw new Error('the payment is gone');
    return { ...seen, spent: customer[0]?.spent ?? 0 };
  }

  /** Changes Mercado Pago's payment to this state, and notifies the panel. */
  async notify({ panel, rowId }: PaidByCustomer, id: string, state: object = {}): Promise<void> {
    this.#changedMs += 1_000;
    const metadata = { account: accountIn(panel.events), attempt: 0 };
    const payment = mercadoPagoPayment(id, rowId, { amountMinor: PRICE_MINOR, updatedMs: this.#changedMs, metadata, ...state });
    this.providers.payments.set(id, payment);
    expect(await untilTaken(() => deliverMercadoPago(panel.events, id))).toMatchObject({ status: 200 });
  }

  /** Transfers credits from the root to the panel where the payment was opened. */
  async topUp(one: PaidByCustomer, amount: number): Promise<void> {
    const { demo, key } = { demo: this.world.demo, key: this.world.key() };
    const input = { toResellerId: one.panel.member.id, amount, idempotencyKey: key };
    expect((await this.world.client.mutate(demo.root, 'transferCredits', input)).code).toBeUndefined();
  }

  /** The audit log's entries about money that settled nothing. */
  async unmatched(reference: string): Promise<readonly { readonly panelId: string; readonly reason: string }[]> {
    return this.world.sql<{ panelId: string; reason: string }[]>`
      SELECT reseller_id AS "panelId", changes -> 0 ->> 'after' AS reason FROM audit_log
      WHERE action = 'PAYMENT_NOT_MATCHED' AND subject = ${reference}`;
  }
}

export function planIn({ plans }: PaidPanel, name: string): string {
  return uuidOf(plans.find((plan) => plan.name === name)?.id ?? '');
}

/** Chooses a plan on the page. */
export async function choose(link: string, plan: string): Promise<Pick<PaidByCustomer, 'page' | 'rowId'>> {
  const { location, status } = await pageOf(link, { plan });
  expect(status).toBe(303);
  const page = new URL(location ?? '', link);
  return { page: page.href, rowId: page.searchParams.get('payment') ?? '' };
}

export async function pageOf(url: string, form?: Record<string, string>, given: Record<string, string> = {}): Promise<Page> {
  const posted = form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) };
  const response = await fetch(url, { ...posted, redirect: 'manual', headers: { 'accept-language': 'en', ...given } });
  const { headers, status } = response;
  return { status, headers, location: headers.get('location'), refresh: headers.get('refresh'), text: await response.text() };
}

/** Stripe's event that the payment of the page was paid. */
export function session({ panel, rowId }: PaidByCustomer, intent: string, more: object = {}): object {
  return paidSession(rowId, { amount: PRICE_MINOR, intent, account: accountIn(panel.events), ...more });
}

/** Delivers the events one after another to the address of the panel's Stripe account. */
export async function deliver({ panel }: PaidByCustomer, ...events: object[]): Promise<void> {
  for (const event of events) expect(await untilTaken(() => deliverStripe(panel.events, event))).toMatchObject({ status: 200 });
}
