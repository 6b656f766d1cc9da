import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openSql } from '../../../src/db/sql.ts';
import { uuidOf } from '../../support/clients/customers-api.ts';
import { DESKTOP, fits, openPanel, type PanelWorld, PHONE, seriousProblems } from '../../support/clients/web.ts';
import { order, PRICES, setPrices } from '../../support/worlds/buying.ts';

let world: PanelWorld;

beforeAll(async () => {
  world = await openPanel();
  await plantMoney();
});

afterEach(async () => {
  expect(await world.endVisits()).toEqual([]);
});

afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
});

/** Ana has bought 10 credits for R$ 100.00, and a customer has paid R$ 35.90 for a month; another is due within a month. */
async function plantMoney(): Promise<void> {
  const { api, demo } = world;
  const { client } = api;
  const { token } = demo.ana;
  await client.data(demo.root.token, 'mutation { setTenantPolicy(input: { purchaseSource: PARENT }) { __typename } }');
  await setPrices(client, demo.root.token, PRICES);
  const { id: purchaseId } = await order(client, token, { quantity: 10, idempotencyKey: 'money' });
  await client.mutate(demo.root, 'confirmPurchase', { purchaseId });
  const { done } = await client.data<{ done: { plans: readonly { id: string }[] } }>(
    token,
    `mutation { done: setPlans(input: { currency: "BRL", plans: [{ name: "Mensal", periods: 1, priceMinor: 3590 }] }) {
      ... on SetPlansPayload { plans { id } } } }`,
  );
  const planId = done.plans[0]?.id ?? '';
  const customers = [];
  for (const name of ['Maria', 'João']) {
    const { made } = await client.data<{ made: { customer: { id: string } } }>(
      token,
      `mutation ($input: ActivateCustomerInput!) { made: activateCustomer(input: $input) { ... on ActivateCustomerPayload { customer { id } } } }`,
      { input: { name, planId, periods: 1, idempotencyKey: name } },
    );
    customers.push(made.customer.id);
  }
  const [maria = '', joao = ''] = customers;
  await client.data(token, 'mutation ($id: ID!) { resetRenewalLink(input: { customerId: $id }) { __typename } }', { id: maria });
  const { customer } = await client.query(token, 'query ($id: ID!) { customer(id: $id) { renewalLink } }', {
    id: maria,
  });
  const page = `${client.origin}${new URL(customer.renewalLink ?? '').pathname}`;
  await fetch(page, { method: 'POST', body: new URLSearchParams({ plan: uuidOf(planId) }), redirect: 'manual' });
  const { viewer } = await client.query(token, '{ viewer { customerPayments(first: 1) { edges { node { id } } } } }');
  await client.data(token, 'mutation ($id: ID!) { confirmCustomerPayment(input: { paymentId: $id }) { __typename } }', {
    id: viewer.customerPayments.edges[0]?.node.id,
  });
  const sql = openSql(api.databaseUrl, { name: 'test', max: 1, role: null });
  await sql`UPDATE customer SET expires_at = clock_timestamp() + interval '9 days' WHERE id = ${uuidOf(joao)}`;
  await sql.end();
}

const WORDS = {
  'en-US': {
    figures: ['Received in 30 days', 'R$35.90', 'Profit R$5.90', 'Expected in 30 days'],
    how: 'at R$10.00 each: the average of your paid purchases (10 credits for R$100.00)',
  },
  'pt-BR': {
    figures: ['Recebido em 30 dias', 'R$ 35,90', 'Lucro de R$ 5,90', 'A receber em 30 dias'],
    how: 'a R$ 10,00 cada: a média das suas compras pagas (10 créditos por R$ 100,00)',
  },
} as const;

test.each(['en-US', 'pt-BR'] as const)(
  'R54: Home says what came in, what it cost and how that is known, and what is expected, on a phone and a desk: %s',
  async (locale) => {
    const page = await world.person('ana@demo.test', '/', { locale });
    const { figures, how } = WORDS[locale];
    for (const text of figures) await page.getByText(text, { exact: true }).first().waitFor();
    await page.getByText(how).waitFor();
    for (const viewport of [DESKTOP, PHONE]) {
      await page.setViewportSize(viewport);
      await fits(page);
      for (const colorScheme of ['dark', 'light'] as const) {
        await page.emulateMedia({ colorScheme });
        await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor();
        expect(await seriousProblems(page), `${viewport.width}, ${colorScheme}`).toEqual([]);
      }
    }
  },
);

test('R18: a panel above sees the chart of its child without its money, and the payments are downloaded by the panel itself', async () => {
  const { client } = world.api;
  const above = await world.person('root@demo.test', `/resellers/${encodeURIComponent(world.demo.ana.id)}`);
  await above.getByText('Activations').first().waitFor();
  expect(await above.getByText('Profit').count()).toBe(0);
  const own = await world.person('ana@demo.test', '/sales/customers');
  const link = own.getByRole('link', { name: 'Download CSV' });
  const [file] = await Promise.all([own.waitForEvent('download'), link.click()]);
  expect(file.suggestedFilename()).toBe('customer-payments.csv');
  await own.goto(`${client.origin}/`);
  const report = own.getByRole('link', { name: 'Download CSV of this period' });
  const [table] = await Promise.all([own.waitForEvent('download'), report.click()]);
  expect(table.suggestedFilename()).toBe('report.csv');
});
