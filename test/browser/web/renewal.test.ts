import type { Request } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { customerOf, uuidOf } from '../../support/clients/customers-api.ts';
import {
  fits,
  goWithin,
  holdRefetches,
  isLive,
  openWeb,
  seriousProblems,
  type WebWorld,
  withoutReload,
} from '../../support/clients/web.ts';
import { until } from '../../support/until.ts';
import { MONTH, PayingCustomers } from '../../support/worlds/paying-customers.ts';

let world: WebWorld;

beforeAll(async () => {
  world = await openWeb();
});

afterEach(async () => {
  expect(await world.closePages()).toEqual([]);
});

afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
});

test('an owner sets plans (R52) and sends a link, which works at 320 pixels, without scripts and in both languages (R53)', async () => {
  const { client } = world.api;
  const { ana } = world.demo;
  await client.mutate(ana, 'setSellerCard', { name: 'Loja da Ana', pixKey: 'ana@pix.test' });
  const input = { name: 'Maria Silva', contact: '11 91234-5678', periods: 1 };
  const maria = customerOf(await client.mutate(ana, 'activateCustomer', input));
  const owner = await world.person('ana@demo.test', '/settings/plans');
  await owner.getByRole('button', { name: 'Add a plan' }).click();
  await owner.getByRole('textbox', { name: 'Name' }).fill('Monthly');
  await owner.getByRole('textbox', { name: 'Price' }).fill('35.90');
  expect(await seriousProblems(owner)).toEqual([]);
  await owner.getByRole('button', { name: 'Save' }).click();
  await owner.getByText('The plans were saved.').waitFor();

  await goWithin(owner, `/customers/${maria.id}`);
  const card = owner.getByTestId('customer-renewal');
  await card.getByRole('button', { name: 'Create a link' }).click();
  await card.getByRole('button', { name: 'Copy the link' }).waitFor();
  const link = /https?:\S+\/r\/[\w-]{22}/.exec((await card.textContent()) ?? '')?.[0] ?? '';
  const sent = await card.getByRole('link', { name: 'Send by WhatsApp' }).getAttribute('href');
  expect(new URL(sent ?? '').searchParams.get('text')).toContain(link);

  const phone = { viewport: { width: 320, height: 640 }, javaScriptEnabled: true, locale: 'pt-BR' };
  const path = new URL(link).pathname;
  const customer = await world.visitor(phone);
  await customer.goto(`${client.origin}${path}`);
  await customer.getByText('Olá, Maria!').waitFor();
  await fits(customer);
  expect(await seriousProblems(customer)).toEqual([]);
  await customer.getByRole('button', { name: 'Pagar: Monthly' }).click();
  await customer.getByRole('img', { name: 'Código QR do Pix' }).waitFor();
  await fits(customer);
  expect(await withoutReload(customer, () => seriousProblems(customer))).toEqual([]);

  const elsewhere = await world.visitor({ ...phone, javaScriptEnabled: false, locale: 'en-US', colorScheme: 'dark' });
  await elsewhere.goto(`${client.origin}${path}`);
  await elsewhere.getByRole('button', { name: 'Pay: Monthly' }).click();
  await elsewhere.getByText('br.gov.bcb.pix').waitFor();

  // Both pages have the same payment. The owner sees and confirms it, and the customer's pages update by themselves (R54).
  expect(new URL(elsewhere.url()).searchParams.get('payment')).toBe(new URL(customer.url()).searchParams.get('payment'));
  await owner.getByTestId('customer-payments').getByText('Unpaid').waitFor();
  await owner.getByRole('link', { name: 'All customer payments' }).click();
  const row = owner.locator('[data-customer-payment]');
  await row.getByText('Maria Silva').waitFor();
  expect(await row.count()).toBe(1);
  expect(await seriousProblems(owner)).toEqual([]);
  await row.getByRole('button', { name: 'Confirm' }).click();
  await owner.getByText('Monthly, R$35.90. The customer is renewed at once, for 1 credit from your balance.').waitFor();
  expect(await seriousProblems(owner)).toEqual([]);
  await owner.getByRole('dialog').getByRole('button', { name: 'Yes, it arrived' }).click();
  await owner.getByText('Maria Silva has been renewed.').waitFor();
  await owner.locator('[data-customer-payment="APPLIED"]').waitFor();
  await customer.getByRole('heading', { name: 'Pagamento recebido' }).waitFor();
  await fits(customer);
  expect(await seriousProblems(customer)).toEqual([]);
  await elsewhere.getByRole('heading', { name: 'Payment received' }).waitFor();
});

test('on a phone, in Portuguese and dark, customer payments appear as they are made, in a filtered list that passes axe (R54)', async () => {
  const { client } = world.api;
  const { ana } = world.demo;
  const options = { viewport: { width: 390, height: 844 }, locale: 'pt-BR', colorScheme: 'dark' } as const;
  const owner = await world.person('ana@demo.test', '/sales/customers?status=PENDING', options);
  await owner.getByText('Nenhum pagamento aqui').waitFor();
  const joao = customerOf(await client.mutate(ana, 'activateCustomer', { name: 'João', periods: 1 }));
  const url = await new PayingCustomers({ client, demo: world.demo }).linked(ana, joao);
  /** Replaces the panel's plans by one of this many periods, and returns the plan's id. */
  const setPlan = async (periods: number) => {
    const only = { name: 'Plano de muitos meses', periods, screens: 40, priceMinor: 99_900 };
    const { plans } = await client.mutate(ana, 'setPlans', { currency: 'BRL', plans: [only] });
    return uuidOf(plans?.[0]?.id ?? '');
  };
  const plan = await setPlan(36);
  // The customer already has a paid period, and no term may reach more than 36 periods ahead (R20).
  expect((await fetch(url, { method: 'POST', body: new URLSearchParams({ plan }) })).status).toBe(409);
  await fetch(url, { method: 'POST', body: new URLSearchParams({ plan: await setPlan(30) }) });
  const row = owner.locator('[data-customer-payment="PENDING"]');
  await row.getByText('João').waitFor();
  await fits(owner);
  expect(await seriousProblems(owner)).toEqual([]);
  await row.getByRole('button', { name: 'Confirmar' }).click();
  await owner.getByText(/O pagamento fica aguardando/).waitFor();
  await fits(owner);
  expect(await seriousProblems(owner)).toEqual([]);
  await owner.getByRole('dialog').getByRole('button', { name: 'Sim, chegou' }).click();
  await owner.getByText('Pago: João será renovado assim que for possível.').waitFor();
  await owner.getByText('Nenhum pagamento aqui').waitFor();
  await goWithin(owner, `/customers/${joao.id}`);
  await owner.getByTestId('customer-payments').getByText('Pago, aguardando créditos').waitFor();
});

test('a payment that a customer makes while the subscription begins is seen too (R54)', async () => {
  const { client } = world.api;
  const { root } = world.demo;
  const rita = customerOf(await client.mutate(root, 'activateCustomer', { name: 'Rita', periods: 1 }));
  const paying = new PayingCustomers({ client, demo: world.demo });
  const [plan] = await paying.setPlans(root, [MONTH]);
  const link = await paying.linked(root, rita);
  const [{ promise: isPaid, resolve: paid }, owner] = [Promise.withResolvers<void>(), await world.visitor()];
  await owner.routeWebSocket('**/graphql', (socket) => {
    const server = socket.connectToServer();
    socket.onMessage(async (message) => {
      if (message.includes('customerPaymentChanged')) await isPaid;
      server.send(message);
    });
  });
  const refetch = await holdRefetches(owner);
  const [asked, answered] = [new Set<Request>(), new Set<Request>()];
  owner.on('request', (request) => isOfPayments(request) && asked.add(request));
  owner.on('response', (response) => isOfPayments(response.request()) && answered.add(response.request()));
  await world.signedIn(owner, 'root@demo.test', '/sales/customers');
  await isLive(owner);
  // The list is read when its screen opens. The connection repeats that, unless it was established while the response was still due.
  await until(() => asked.size > 0 && answered.size === asked.size);
  await paying.choose(link, plan);
  paid();
  await refetch();
  await owner.locator('[data-customer-payment="PENDING"]').getByText('Rita').waitFor();
});

function isOfPayments(request: Request): boolean {
  return request.postData()?.includes('"operationName":"CustomerPayments"') ?? false;
}
