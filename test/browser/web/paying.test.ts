import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { fits, goWithin, openWeb, PHONE, seriousProblems, showsBalance, type WebWorld } from '../../support/clients/web.ts';
import { order, PRICES, setPrices } from '../../support/worlds/buying.ts';

let world: WebWorld;

beforeAll(async () => {
  world = await openWeb();
  const { client } = world.api;
  const { root } = world.demo;
  expect(await client.mutate(root, 'setTenantPolicy', { purchaseSource: 'PARENT' })).not.toHaveProperty('code');
  expect(await setPrices(client, root.token, PRICES)).not.toHaveProperty('code');
});

afterEach(async () => {
  expect(await world.closePages()).toEqual([]);
});

afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
});

/** Counts the notes that the page plays. */
const COUNT_NOTES = `
  window.notes = 0;
  const { start } = OscillatorNode.prototype;
  OscillatorNode.prototype.start = function (...times) { window.notes += 1; return start.apply(this, times); };
`;

test('a locked child reports its payment, which the seller sees at once; the confirmation unlocks the child (R37 to R40)', async () => {
  const { client } = world.api;
  const seller = await world.person('root@demo.test', '/sales/card');
  await seller.getByRole('textbox', { name: 'Name' }).fill('Root Créditos');
  await seller.getByLabel('WhatsApp').fill('(11) 98765-4321');
  await seller.getByLabel('Pix key').fill('no key at all');
  await seller.getByLabel('Instructions').fill('I confirm until 10 p.m.');
  await seller.getByRole('button', { name: 'Save' }).click();
  await seller.getByText('Must be a CPF').waitFor();
  await seller.getByLabel('Pix key').fill('529.982.247-25');
  await seller.getByRole('button', { name: 'Save' }).click();
  await seller.getByText('Your buyers can see the card now.').waitFor();
  expect(await seller.getByLabel('WhatsApp').inputValue()).toBe('+5511987654321');
  expect(await seriousProblems(seller)).toEqual([]);
  await seller.context().addInitScript(COUNT_NOTES);
  // A pending sale that is older than the one that will be reported. A newer one follows below.
  const ana = await order(client, world.demo.ana.token, { quantity: 10, idempotencyKey: 'of ana' });
  await seller.goto(`${client.origin}/sales`);
  await seller.getByText(`Order #${ana.number}`).waitFor();

  const buyer = await world.person('zero@demo.test');
  await buyer.waitForURL('**/buy');
  await buyer.getByTestId('seller').getByText('Root Créditos').waitFor();
  await buyer.getByTestId('seller').getByText('I confirm until 10 p.m.').waitFor();
  await buyer.getByTestId('seller').getByRole('button', { name: 'Copy the Pix key: 52998224725' }).waitFor();
  await buyer.locator('[data-quote=ready]').getByText('R$100.00').waitFor();
  await buyer.getByRole('button', { name: 'Buy', exact: true }).click();
  const paying = buyer.getByRole('dialog');
  await paying.getByRole('img', { name: 'QR code of the Pix payment' }).waitFor();
  const code = (await paying.getByText(/^000201/).textContent()) ?? '';
  const number = /Order #(\d+)/.exec((await paying.getByText(/Order #/).textContent()) ?? '')?.[1] ?? '';
  expect(code).toContain('52998224725');
  expect(code).toMatch(/5406100\.00/);
  expect(code).toContain(`05${String(number.length).padStart(2, '0')}${number}6304`);
  const link = new URL((await paying.getByRole('link', { name: 'Message on WhatsApp' }).getAttribute('href')) ?? '');
  expect(`${link.origin}${link.pathname}`).toBe('https://wa.me/5511987654321');
  expect(link.searchParams.get('text')).toBe(`Order #${number}, 10 credits, R$100.00`);
  expect(await seriousProblems(buyer)).toEqual([]);

  await seller.getByText(`Order #${number}`).waitFor();
  const later = await order(client, world.demo.ana.token, { quantity: 20, idempotencyKey: 'of ana, later' });
  await seller.getByText(`Order #${later.number}`).waitFor();
  await paying.getByRole('button', { name: 'I have paid' }).click();
  await paying.getByLabel('Note').fill('from my bank, at noon');
  await paying.getByRole('button', { name: 'Notify your supplier' }).click();
  await paying.getByText('Your supplier was notified').waitFor();

  await seller.getByTestId('reported').getByText('from my bank, at noon').waitFor();
  await seller.waitForFunction(() => document.title.startsWith('(1) '));
  await seller.getByRole('img', { name: '1 buyer reported a payment' }).waitFor();
  await seller.waitForFunction('window.notes === 2');
  expect(await seller.locator('[data-purchase]').first().textContent()).toContain(`Order #${number}`);
  expect(await seriousProblems(seller)).toEqual([]);

  await seller.getByLabel('Number or buyer').fill(`#${later.number}`);
  await seller.getByText(`Order #${number}`).waitFor({ state: 'detached' });
  await seller.getByText(`Order #${later.number}`).waitFor();
  expect(await seller.locator('[data-purchase]').count()).toBe(1);
  await seller.getByLabel('Number or buyer').fill('zer');
  await seller.getByText(`Order #${number}`).waitFor();
  await seller.getByRole('button', { name: 'Confirm', exact: true }).click();
  const confirming = seller.getByRole('dialog');
  await confirming.getByRole('button', { name: 'Yes, it arrived' }).click();
  await confirming.waitFor({ state: 'detached' });

  await showsBalance(buyer, '10');
  await buyer.waitForURL((url) => url.pathname === '/');
  await seller.waitForFunction(() => !document.title.startsWith('('));
});

test('a payment that is reported between the load of the list and the first push is seen too (R40)', async () => {
  const { client } = world.api;
  const { ana } = world.demo;
  const [{ promise: isReported, resolve: reported }, seller] = [Promise.withResolvers<void>(), await world.visitor()];
  await seller.routeWebSocket('**/graphql', async (socket) => {
    await isReported;
    socket.connectToServer();
  });
  await world.signedIn(seller, 'root@demo.test', '/sales');
  const { id, number } = await order(client, ana.token, { quantity: 40, idempotencyKey: 'in between' });
  await seller.reload();
  await seller.getByText(`Order #${number}`).waitFor();
  expect(await client.mutate(ana, 'reportPayment', { purchaseId: id })).not.toHaveProperty('code');
  reported();
  await seller.getByTestId('reported').waitFor();
});

test('the sound of a reported sale can be turned off, and stays off on this device', async () => {
  const { client } = world.api;
  const { ana } = world.demo;
  const seller = await world.person('root@demo.test', '/sales');
  await seller.context().addInitScript(COUNT_NOTES);
  await seller.reload();
  await seller.getByRole('switch', { name: /^Play a sound/ }).click();
  await seller.reload();
  expect(await seller.getByRole('switch', { name: /^Play a sound/ }).isChecked()).toBe(false);
  const { id } = await order(client, ana.token, { quantity: 30, idempotencyKey: 'silent' });
  expect(await client.mutate(ana, 'reportPayment', { purchaseId: id })).not.toHaveProperty('code');
  // The sale of the test before is still reported, too. The title changes with the sound.
  await seller.waitForFunction(() => document.title.startsWith('(2)'));
  expect(await seller.evaluate('window.notes')).toBe(0);
  await seller.getByRole('switch', { name: /^Play a sound/ }).click();
  await seller.waitForFunction('window.notes === 2');
});

test('in Portuguese, dark and on a phone, the card, the payment and reported sales fit and pass axe', async () => {
  const { client } = world.api;
  const { ana } = world.demo;
  const options = { viewport: PHONE, locale: 'pt-BR', colorScheme: 'dark' } as const;
  const seller = await world.person('root@demo.test', '/sales/card', options);
  await seller.getByLabel('Chave Pix').waitFor();
  await fits(seller);
  expect(await seriousProblems(seller)).toEqual([]);
  const { id } = await order(client, ana.token, { quantity: 10, idempotencyKey: 'em português' });
  expect(await client.mutate(ana, 'reportPayment', { purchaseId: id, note: 'paguei às 10h' })).not.toHaveProperty('code');
  await goWithin(seller, '/sales');
  await seller.getByText('Diz que já pagou').first().waitFor();
  await fits(seller);
  expect(await seriousProblems(seller)).toEqual([]);
  const buyer = await world.person('ana@demo.test', '/buy', options);
  await buyer.getByRole('button', { name: 'Como pagar' }).first().click();
  await buyer.getByRole('dialog').getByText('O fornecedor foi avisado').waitFor();
  const link = buyer.getByRole('dialog').getByRole('link', { name: 'Chamar no WhatsApp' });
  if ((await link.count()) > 0) expect(await link.getAttribute('href')).toContain('Pedido');
  await fits(buyer);
  expect(await seriousProblems(buyer)).toEqual([]);
});
