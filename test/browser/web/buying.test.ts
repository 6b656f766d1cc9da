import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { fits, goWithin, openWeb, PHONE, seriousProblems, showsBalance, type WebWorld } from '../../support/clients/web.ts';
import { order, PRICES, rowIdOf, setPrices, setProvider } from '../../support/worlds/buying.ts';
import {
  deliverStripe,
  type Providers,
  paidSession,
  refunded,
  STRIPE_SECRET,
  startProviders,
} from '../../support/worlds/payment-providers.ts';

let world: WebWorld;
let providers: Providers;

beforeAll(async () => {
  providers = await startProviders();
  world = await openWeb({ settings: { STRIPE_API_URL: providers.url } });
  expect(await setPrices(world.api.client, world.demo.platform, PRICES)).not.toHaveProperty('code');
});

afterEach(async () => {
  expect(await world.closePages()).toEqual([]);
});

afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
  await providers?.[Symbol.asyncDispose]();
});

test('a quantity is priced as it is typed, bought once by a double click, confirmed, and charged back', async () => {
  const buyer = await world.person('ana@demo.test', '/buy');
  const platform = await world.person('platform@revenda.test', '/sales');
  await buyer.getByLabel('How many credits').fill('60');
  await buyer.getByText('R$540.00').waitFor();
  await buyer.getByRole('button', { name: /^50/, pressed: true }).waitFor();
  await buyer.getByLabel('How many credits').fill('9');
  expect(await buyer.getByRole('button', { name: 'Buy', exact: true }).isDisabled()).toBe(true);
  await buyer.getByRole('button', { name: /^100/ }).click();
  await buyer.locator('[data-quote=ready]').getByText('R$800.00').waitFor();
  await buyer.getByRole('button', { name: 'Buy', exact: true }).dblclick();
  await buyer.getByRole('dialog').getByText('Waiting for the payment').waitFor();
  await buyer.locator('[data-purchase=PENDING]').waitFor();
  expect(await buyer.locator('[data-purchase]').count()).toBe(1);

  await platform.reload();
  await platform.getByRole('button', { name: 'Confirm' }).click();
  const confirming = platform.getByRole('dialog');
  await confirming.getByLabel('Reference').fill('pix 77');
  await confirming.getByRole('button', { name: 'Yes, it arrived' }).click();
  await confirming.waitFor({ state: 'detached' });
  await showsBalance(buyer, '200');
  await buyer.getByText('100 credits have arrived').waitFor();
  await buyer.locator('[data-purchase=PAID]').waitFor();
  await buyer.getByRole('dialog').waitFor({ state: 'detached' });

  await platform.getByRole('button', { name: 'Record a chargeback' }).click();
  const charging = platform.getByRole('dialog');
  await charging.getByLabel('Reason').fill('disputed');
  await charging.getByRole('button', { name: 'Record a chargeback' }).click();
  await charging.waitFor({ state: 'detached' });
  await showsBalance(buyer, '100');
  await buyer.locator('[data-purchase=CHARGED_BACK]').waitFor();
});

test('a purchase that was not paid is canceled', async () => {
  const buyer = await world.person('bruno@demo.test', '/buy');
  await buyer.locator('[data-quote=ready]').getByText('R$100.00').waitFor();
  await buyer.getByRole('button', { name: 'Buy', exact: true }).click();
  await buyer.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  await buyer.locator('[data-purchase=PENDING]').getByRole('button', { name: 'Actions' }).click();
  await buyer.getByRole('menuitem', { name: 'Cancel the purchase' }).click();
  await buyer.getByRole('dialog').getByRole('button', { name: 'Cancel the purchase' }).click();
  await buyer.locator('[data-purchase=CANCELED]').waitFor();
});

test('a buyer gets a Pix code to scan and to copy once the seller has set Pix up; a provider that is not set up has no switch', async () => {
  const platform = await world.person('platform@revenda.test', '/sales/payments');
  const settings = platform.locator('form').first();
  await platform.getByText('Not set up').nth(1).waitFor();
  expect(await platform.getByText('Not set up').count()).toBe(2);
  expect(await platform.getByRole('switch').count()).toBe(0);
  await settings.getByRole('textbox', { name: 'Access token' }).fill('TEST-token-of-a-test');
  await settings.getByRole('textbox', { name: 'Signing secret' }).fill('secret-of-a-test');
  await settings.getByLabel('Pix key').fill('pix@revenda.test');
  await settings.getByLabel('Name on the Pix').fill('Revenda');
  await settings.getByLabel('City on the Pix').fill('Sao Paulo');
  await settings.getByRole('button', { name: 'Save' }).click();
  await platform.getByText('Webhook address').waitFor();
  expect(await settings.getByRole('switch', { name: 'Enabled' }).isChecked()).toBe(true);
  expect(await platform.getByText('Not set up').count()).toBe(1);

  const buyer = await world.person('zero@demo.test');
  await buyer.waitForURL('**/buy');
  await buyer.locator('[data-quote=ready]').getByText('R$100.00').waitFor();
  await buyer.getByRole('button', { name: 'Buy', exact: true }).click();
  await buyer.getByRole('img', { name: 'QR code of the Pix payment' }).waitFor();
  await buyer.getByText(/^000201/).waitFor();
  expect(await seriousProblems(buyer)).toEqual([]);
  await buyer.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  // The label lasts two seconds, so the page itself looks for it.
  const copied = buyer.waitForFunction(() => document.body.textContent?.includes('Copied'));
  await buyer.getByRole('button', { name: 'Copy the Pix code' }).click();
  await copied;
  expect(await buyer.evaluate('navigator.clipboard.readText()')).toMatch(/^000201/);
});

test('a price list shows each error at its row, and is saved once it is valid', async () => {
  const owner = await world.person('root@demo.test', '/sales/prices');
  const quantity = owner.getByRole('textbox', { name: 'From (credits)' });
  const price = owner.getByRole('textbox', { name: 'Price per credit' });
  await price.first().fill('10');
  await owner.getByRole('button', { name: 'Add a package' }).click();
  await quantity.nth(1).fill('20');
  await price.nth(1).fill('11');
  await owner.getByRole('button', { name: 'Save' }).click();
  await owner.getByText('Must not be higher than the previous one').waitFor();
  await price.nth(1).fill('4');
  await owner.getByRole('button', { name: 'Save' }).click();
  await owner.getByText('The total must not be lower').waitFor();
  await price.nth(1).fill('9.5');
  await owner.getByRole('button', { name: 'Save' }).click();
  await owner.getByText('The prices were saved.').waitFor();
  await owner.reload();
  await owner.getByText('R$190.00').waitFor();
});

test('in Portuguese on a phone, buying and selling fit and pass axe; a partial refund is shown (R29)', async () => {
  const page = await world.person('root@demo.test', '/buy', { viewport: PHONE, locale: 'pt-BR', colorScheme: 'dark' });
  for (const [path, shown] of [
    ['/buy', 'Quantos créditos'],
    ['/sales', 'Nenhum pedido aqui'],
    ['/sales/prices', 'Adicionar pacote'],
    ['/sales/payments', 'Mercado Pago (Pix)'],
  ] as const) {
    await goWithin(page, path);
    await page.getByText(shown).first().waitFor();
    await fits(page);
    expect(await seriousProblems(page), path).toEqual([]);
  }
  const { client } = world.api;
  const { settings } = await setProvider(client, world.demo.platform, {
    stripe: { secretKey: 'sk_test_of_the_tests', webhookSecret: STRIPE_SECRET },
  });
  const { id } = await order(client, world.demo.root.token, { quantity: 10, provider: 'STRIPE', idempotencyKey: 'in part' });
  const rowId = rowIdOf(id);
  for (const event of [paidSession(rowId, { amount: 10_000, intent: 'pi_part' }), refunded(rowId, 'pi_part', 4_000)]) {
    expect(await deliverStripe(`${client.origin}${settings?.webhookPath}`, event)).toMatchObject({ status: 200 });
  }
  const seller = await world.person('platform@revenda.test', '/sales?status=PAID', { viewport: PHONE, locale: 'pt-BR' });
  const sale = seller.locator('tr', { hasText: /40,00 de R\$\s100,00 voltaram para o comprador/ });
  await fits(seller);
  expect(await seriousProblems(seller), 'a sale').toEqual([]);
  await sale.getByRole('button', { name: 'Registrar estorno' }).locator('visible=true').click();
  const form = seller.getByRole('dialog');
  await form.getByText('voltaram para o comprador').waitFor();
  expect(await form.getByLabel('Quantos créditos voltam').inputValue()).toBe('4');
  await form.getByLabel('Motivo').fill('devolvido em parte');
  await form.getByRole('button', { name: 'Registrar estorno' }).click();
  await sale.getByText('4 créditos estornados').waitFor();
});
