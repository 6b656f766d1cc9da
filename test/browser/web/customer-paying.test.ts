import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { customerOf } from '../../support/clients/customers-api.ts';
import { fits, openWeb, PHONE, seriousProblems, type WebWorld, withoutReload } from '../../support/clients/web.ts';
import { accountIn } from '../../support/worlds/paid-platform.ts';
import { PayingCustomers } from '../../support/worlds/paying-customers.ts';
import {
  deliverMercadoPago,
  MERCADO_PAGO_SECRET,
  mercadoPagoPayment,
  type Providers,
  startProviders,
} from '../../support/worlds/payment-providers.ts';

let providers: Providers;
let world: WebWorld;

beforeAll(async () => {
  providers = await startProviders();
  world = await openWeb({ settings: { MERCADO_PAGO_API_URL: providers.url } });
});

afterEach(async () => {
  expect(await world.closePages()).toEqual([]);
});

afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
  await providers?.[Symbol.asyncDispose]();
});

test('customers pay a panel that sells no credits through its own provider; it sees the payment and its refund (R54)', async () => {
  const { client } = world.api;
  const { ana } = world.demo;
  const owner = await world.person('ana@demo.test', '/sales/payments');
  await owner.getByLabel('Access token').fill('TEST-token-of-the-tests');
  await owner.getByLabel('Webhook signing secret').first().fill(MERCADO_PAGO_SECRET);
  await owner.getByRole('button', { name: 'Save' }).first().click();
  const events = await owner.getByText('/webhooks/payments/mercado-pago?account=').textContent();
  const maria = customerOf(await client.mutate(ana, 'activateCustomer', { name: 'Maria', periods: 1 }));
  await client.mutate(ana, 'setPlans', { currency: 'BRL', plans: [{ name: 'Mensal', periods: 1, priceMinor: 3_590 }] });
  const link = await new PayingCustomers({ client, demo: world.demo }).linked(ana, maria);
  await owner.goto(`${client.origin}/sales/customers`);

  const customer = await world.visitor({ ...{ viewport: PHONE, locale: 'pt-BR', colorScheme: 'dark' }, javaScriptEnabled: true });
  await customer.goto(link);
  await customer.getByRole('button', { name: 'Pagar: Mensal' }).click();
  await customer.getByText(/^000201dynamic/).waitFor();
  await customer.getByRole('img', { name: 'Código QR do Pix' }).waitFor();
  await fits(customer);
  expect(await withoutReload(customer, () => seriousProblems(customer))).toEqual([]);
  await owner.locator('[data-customer-payment="PENDING"]').getByText('Maria').waitFor();

  // The provider reports the payment, and both pages update by themselves.
  const id = new URL(customer.url()).searchParams.get('payment') ?? '';
  const deliver = async (state: object) => {
    const metadata = { account: accountIn(events ?? ''), attempt: 0 };
    providers.payments.set('1', mercadoPagoPayment('1', id, { amountMinor: 3_590, metadata, ...state }));
    const path = new URL(events ?? '');
    expect((await deliverMercadoPago(`${client.origin}${path.pathname}${path.search}`, '1')).status).toBe(200);
  };
  await deliver({});
  const row = owner.locator('[data-customer-payment="APPLIED"]');
  await row.getByText('Mercado Pago').first().waitFor();
  expect(await seriousProblems(owner)).toEqual([]);
  await customer.getByRole('heading', { name: 'Pagamento recebido' }).waitFor();
  await deliver({ status: 'refunded', refundedMinor: 3_590, updatedMs: Date.now() + 1_000 });
  await owner.locator('[data-customer-payment="REFUNDED"]').getByText('Refunded').waitFor();

  const phone = await world.person('ana@demo.test', '/sales/customers?status=REFUNDED', {
    viewport: PHONE,
    locale: 'pt-BR',
    colorScheme: 'dark',
  });
  const back = phone.locator('[data-customer-payment="REFUNDED"]');
  await back.getByText('Devolvido').waitFor();
  await back.getByText('Mercado Pago').last().waitFor();
  await fits(phone);
  expect(await seriousProblems(phone)).toEqual([]);
});
