import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
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
  await owner.getByText('The plans are saved.').waitFor();

  await owner.goto(`${client.origin}/customers/${made.customer.id}`);
  const card = owner.getByTestId('customer-renewal');
  await card.getByRole('button', { name: 'Make a link' }).click();
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
  await customer.getByRole('link', { name: 'Pagar: Monthly' }).click();
  await customer.getByRole('img', { name: 'Código QR do Pix' }).waitFor();
  await fits(customer);
  expect(await seriousProblems(customer)).toEqual([]);

  const elsewhere = await world.visitor({ ...phone, javaScriptEnabled: false, locale: 'en-US', colorScheme: 'dark' });
  await elsewhere.goto(`${client.origin}${path}`);
  await elsewhere.getByRole('link', { name: 'Pay: Monthly' }).click();
  await elsewhere.getByText('br.gov.bcb.pix').waitFor();
});
