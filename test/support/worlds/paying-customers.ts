/** Panels whose customers pay from their renewal pages, and whose payments are confirmed by hand (R54). */

import { expect } from 'vitest';
import { type CustomerSeen, type CustomersWorld, uuidOf } from '../clients/customers-api.ts';
import type { Answered, Seen } from '../clients/mutation.ts';
import type { CustomerPayment, Plan, PlanInput } from '../gql/schema.ts';
import { type Member, plantPanel } from './demo.ts';
import { pageOf } from './paid-panels.ts';

type PaymentSeen = Seen<CustomerPayment>;

export const MONTH = { name: 'Mensal', periods: 1, screens: 1, priceMinor: 2_500 };
const PLANS = [MONTH, { name: 'Anual', periods: 12, screens: 2, priceMinor: 50_000 }];

type World = Pick<CustomersWorld, 'client' | 'demo'>;

export class PayingCustomers {
  readonly world: World;
  #panels = 0;

  constructor(world: World) {
    this.world = world;
  }

  async panel(balance: number, parent: Member = this.world.demo.root): Promise<{ member: Member; plans: readonly Seen<Plan>[] }> {
    this.#panels += 1;
    const member = await plantPanel(this.world.client, parent, `payer${this.#panels}@pays.test`, balance);
    return { member, plans: await this.setPlans(member, PLANS) };
  }

  async setPlans({ token }: Member, plans: readonly PlanInput[]): Promise<readonly Seen<Plan>[]> {
    return (await this.world.client.mutate(token, 'setPlans', { currency: 'BRL', plans })).plans ?? [];
  }

  /** The URL of the customer's renewal page. */
  async linked(member: Member, customer: CustomerSeen): Promise<string> {
    await this.world.client.mutate(member, 'resetRenewalLink', { customerId: customer.id });
    const document = 'query ($id: ID!) { customer(id: $id) { renewalLink } }';
    const { customer: seen } = await this.world.client.query(member, document, { id: customer.id });
    return `${this.world.client.origin}${new URL(seen.renewalLink ?? '').pathname}`;
  }

  /** Chooses a plan on the page, and returns the URL of the payment's page. */
  async choose(url: string, plan: Seen<Plan> | undefined): Promise<string> {
    const { location, status } = await pageOf(url, { plan: uuidOf(plan?.id ?? '') });
    expect(status).toBe(303);
    return new URL(location ?? '', url).href;
  }

  async paymentsOf({ token }: Pick<Member, 'token'>, status: string | null = null): Promise<PaymentSeen[]> {
    const { viewer } = await this.world.client.query(
      token,
      `query ($status: CustomerPaymentStatus) { viewer { customerPayments(first: 50, status: $status) { edges { node { ...CustomerPayment } } } } }`,
      { status },
    );
    return viewer.customerPayments.edges.map(({ node }) => node);
  }

  confirm({ token }: Member, paymentId: string, reference?: string): Promise<Answered<'confirmCustomerPayment'>> {
    return this.world.client.mutate(token, 'confirmCustomerPayment', { paymentId, reference: reference ?? null });
  }
}
