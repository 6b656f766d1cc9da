import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { customerOf, uuidOf } from '../../support/clients/customers-api.ts';
import { DESKTOP, fits, goWithin, openWeb, PHONE, seriousProblems, type WebWorld } from '../../support/clients/web.ts';
import { openTestSql } from '../../support/sql.ts';
import { order, PRICES, setPrices } from '../../support/worlds/buying.ts';

let world: WebWorld;

beforeAll(async () => {
  world = await openWeb();
  await plantMoney();
});

afterEach(async () => {
  expect(await world.closePages()).toEqual([]);
});

afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
});

/** Ana has bought 10 credits for R$ 100.00, and a customer has paid R$ 35.90 for a month; another is due within a month. */
async function plantMoney(): Promise<void> {
  const { api, demo } = world;
  const { client } = api;
  const { token } = demo.ana;
  await client.mutate(demo.root, 'setTenantPolicy', { purchaseSource: 'PARENT' });
  await setPrices(client, demo.root.token, PRICES);
  const { id: purchaseId } = await order(client, token, { quantity: 10, idempotencyKey: 'money' });
  await client.mutate(demo.root, 'confirmPurchase', { purchaseId });
  const { plans } = await client.mutate(token, 'setPlans', {
    currency: 'BRL',
    plans: [{ name: 'Mensal', periods: 1, priceMinor: 3_590 }],
  });
  const planId = plans?.[0]?.id ?? '';
  const customers = [];
  for (const name of ['Maria', 'João']) {
    customers.push(customerOf(await client.mutate(token, 'activateCustomer', { name, planId, periods: 1 })).id);
  }
  const [maria = '', joao = ''] = customers;
  await client.mutate(token, 'resetRenewalLink', { customerId: maria });
  const { customer } = await client.query(token, 'query ($id: ID!) { customer(id: $id) { renewalLink } }', { id: maria });
  const page = `${client.origin}${new URL(customer.renewalLink ?? '').pathname}`;
  await fetch(page, { method: 'POST', body: new URLSearchParams({ plan: uuidOf(planId) }), redirect: 'manual' });
  const { viewer } = await client.query(token, '{ viewer { customerPayments(first: 1) { edges { node { id } } } } }');
  await client.mutate(token, 'confirmCustomerPayment', { paymentId: viewer.customerPayments.edges[0]?.node.id ?? '' });
  const sql = openTestSql(api.databaseUrl);
  await sql`UPDATE customer SET expires_at = clock_timestamp() + interval '9 days' WHERE id = ${uuidOf(joao)}`;
  await sql.end();
}

const TEXTS = {
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
  'R54: Home shows the money received, its cost with the calculation, and the money expected, on phone and desktop: %s',
  async (locale) => {
    const page = await world.person('ana@demo.test', '/', { locale });
    const { figures, how } = TEXTS[locale];
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

test("R18: a panel sees its child's chart without the money, and the child itself downloads its payments", async () => {
  const above = await world.person('root@demo.test', `/resellers/${encodeURIComponent(world.demo.ana.id)}`);
  await above.getByText('Activations').first().waitFor();
  expect(await above.getByText('Profit').count()).toBe(0);
  const own = await world.person('ana@demo.test', '/sales/customers');
  const link = own.getByRole('link', { name: 'Download CSV' });
  const [file] = await Promise.all([own.waitForEvent('download'), link.click()]);
  expect(file.suggestedFilename()).toBe('customer-payments.csv');
  await goWithin(own, '/');
  const report = own.getByRole('link', { name: 'Download CSV of this period' });
  const [table] = await Promise.all([own.waitForEvent('download'), report.click()]);
  expect(table.suggestedFilename()).toBe('report.csv');
});
