import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { uuidOf } from '../../support/clients/customers-api.ts';
import { fits, openPanel, type PanelWorld, seriousProblems } from '../../support/clients/web.ts';

let world: PanelWorld;

beforeAll(async () => {
  world = await openPanel();
});

afterEach(async () => {
  expect(await world.endVisits()).toEqual([]);
});

afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
});

test('an owner sets plans (R52) and sends a link, which a customer opens at 320 pixels without scripts, in both languages (R53)', async () => {
  const { client } = world.api;
  const { ana } = world.demo;
  await client.data(ana.token, 'mutation { setSellerCard(input: { name: "Loja da Ana", pixKey: "ana@pix.test" }) { __typename } }');
  const { made } = await client.data<{ made: { customer: { id: string } } }>(
    ana.token,
    `mutation { made: activateCustomer(input: { name: "Maria Silva", contact: "11 91234-5678", periods: 1, idempotencyKey: "m" }) {
      ... on ActivateCustomerPayload { customer { id } } } }`,
  );
  const owner = await world.person('ana@demo.test', '/settings/plans');
  await owner.getByRole('button', { name: 'Add a plan' }).click();
  await owner.getByRole('textbox', { name: 'Name' }).fill('Monthly');
  await owner.getByRole('textbox', { name: 'Price' }).fill('35.90');
  expect(await seriousProblems(owner)).toEqual([]);
  await owner.getByRole('button', { name: 'Save' }).click();
  await owner.getByText('The plans were saved.').waitFor();

  await owner.goto(`${client.origin}/customers/${made.customer.id}`);
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
  expect(await seriousProblems(customer)).toEqual([]);

  const elsewhere = await world.visitor({ ...phone, javaScriptEnabled: false, locale: 'en-US', colorScheme: 'dark' });
  await elsewhere.goto(`${client.origin}${path}`);
  await elsewhere.getByRole('button', { name: 'Pay: Monthly' }).click();
  await elsewhere.getByText('br.gov.bcb.pix').waitFor();

  // Both have the same payment: the owner is told of it, confirms it, and the customer's page turns green by itself (R54).
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

test('on a phone, in Portuguese and dark, payments of customers are told of as they come, filtered and in order (R54)', async () => {
  const { client } = world.api;
  const { ana } = world.demo;
  const options = { viewport: { width: 390, height: 844 }, locale: 'pt-BR', colorScheme: 'dark' } as const;
  const owner = await world.person('ana@demo.test', '/sales/customers?status=PENDING', options);
  await owner.getByText('Nenhum pagamento aqui').waitFor();
  const { made } = await client.data<{ made: { customer: { id: string } } }>(
    ana.token,
    `mutation { made: activateCustomer(input: { name: "João", periods: 1, idempotencyKey: "j" }) { ... on ActivateCustomerPayload { customer { id } } } }`,
  );
  const { linked } = await client.data<{ linked: { customer: { renewalLink: string } } }>(
    ana.token,
    `mutation ($id: ID!) { linked: resetRenewalLink(input: { customerId: $id }) { ... on ResetRenewalLinkPayload { customer { renewalLink } } } }`,
    { id: made.customer.id },
  );
  const { set } = await client.data<{ set: { plans: { id: string }[] } }>(
    ana.token,
    `mutation { set: setPlans(input: { currency: "BRL", plans: [{ name: "Plano de muitos meses", periods: 36, screens: 40, priceMinor: 99900 }] }) { ... on SetPlansPayload { plans { id } } } }`,
  );
  const plan = uuidOf(set.plans[0]?.id ?? '');
  const url = `${client.origin}${new URL(linked.customer.renewalLink).pathname}`;
  // 36 periods ahead are more than a customer that is paid for may have.
  expect((await fetch(url, { method: 'POST', body: new URLSearchParams({ plan }) })).status).toBe(409);
  const { again } = await client.data<{ again: { plans: { id: string }[] } }>(
    ana.token,
    `mutation { again: setPlans(input: { currency: "BRL", plans: [{ name: "Plano de muitos meses", periods: 30, screens: 40, priceMinor: 99900 }] }) { ... on SetPlansPayload { plans { id } } } }`,
  );
  await fetch(url, { method: 'POST', body: new URLSearchParams({ plan: uuidOf(again.plans[0]?.id ?? '') }) });
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
  await owner.goto(`${client.origin}/customers/${made.customer.id}`);
  await owner.getByTestId('customer-payments').getByText('Pago, aguardando créditos').waitFor();
});
