import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { serviceKeyOf } from '../../support/clients/people-api.ts';
import {
  fits,
  goWithin,
  holdRefetches,
  isLive,
  openWeb,
  PHONE,
  seriousProblems,
  showsBalance,
  type WebWorld,
} from '../../support/clients/web.ts';
import { until } from '../../support/until.ts';

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

/** Activates customers for one credit each through the API: concurrently, and so in any order. */
async function plantCustomers(token: string, names: readonly string[]): Promise<void> {
  const plant = async (name: string) => {
    const contact = `${name.replaceAll(' ', '.').toLowerCase()}@example.test`;
    expect((await world.api.client.mutate(token, 'activateCustomer', { name, contact, periods: 1 })).code).toBeUndefined();
  };
  await Promise.all(names.map(plant));
}

function countOf(page: Page, operation: string): { sent: number } {
  const counted = { sent: 0 };
  page.on('request', (request) => {
    if (request.postData()?.includes(`"operationName":"${operation}"`)) counted.sent += 1;
  });
  return counted;
}

async function openAction(page: Page, name: string, action: string) {
  await page.getByRole('button', { name: `Actions for ${name}` }).click();
  await page.getByRole('menuitem', { name: action }).click();
  return page.getByRole('dialog');
}

test('a new customer is quoted, activated once with a chosen login (R46), renewed, given screens, edited and canceled', async () => {
  const { client } = world.api;
  const taken = { name: 'Theirs', periods: 1, login: 'mariana.s', idempotencyKey: 'theirs' };
  expect(await client.mutate(world.demo.caio, 'activateCustomer', taken)).not.toHaveProperty('code');
  const page = await world.person('root@demo.test', '/customers');
  await isLive(page);
  await page.getByText('No customers yet').waitFor();
  const activations = countOf(page, 'ActivateCustomer');
  await page.getByRole('button', { name: 'New customer' }).first().click();
  const form = page.getByRole('dialog');
  await form.getByLabel('Name').fill('Mariana Souza');
  await form.getByLabel('Contact').fill('+55 11 98765-4321');
  await form.getByRole('button', { name: 'Quarterly' }).click();
  const quote = form.locator('[data-quote=ready]');
  await quote.getByText('3 credits').waitFor();
  await quote.getByText('997').waitFor();
  await form.getByRole('button', { name: 'Choose login and password' }).click();
  await form.getByLabel('Login').fill('mariana.s');
  await form.getByLabel('Password').fill('of my choice');
  await form.getByRole('button', { name: 'Activate' }).click();
  await form.getByText('This login is already in use').waitFor();
  await form.getByLabel('Login').fill('mariana.souza');
  expect(await seriousProblems(page)).toEqual([]);
  await form.getByRole('button', { name: 'Activate' }).dblclick();
  const done = form.getByTestId('access-done');
  await done.getByText('mariana.souza', { exact: true }).waitFor();
  await done.getByText('of my choice', { exact: true }).waitFor();
  const message = new URL((await done.getByRole('link', { name: 'Send access by WhatsApp' }).getAttribute('href')) ?? '');
  expect([message.pathname, message.searchParams.get('text')]).toEqual(['/5511987654321', expect.stringContaining('of my choice')]);
  expect(await seriousProblems(page)).toEqual([]);
  await done.getByRole('button', { name: 'Close' }).click();
  await form.waitFor({ state: 'detached' });
  await showsBalance(page, '997');
  expect(activations.sent).toBe(2);

  const renewal = await openAction(page, 'Mariana Souza', 'Renew');
  await renewal.locator('[data-quote=ready]').getByText('996').waitFor();
  await renewal.getByRole('button', { name: 'Renew' }).click();
  await renewal.waitFor({ state: 'detached' });
  const adding = await openAction(page, 'Mariana Souza', 'Add screens');
  await adding.locator('[data-quote=ready]').getByText('4 credits').waitFor();
  await adding.getByRole('button', { name: 'Add' }).click();
  await adding.waitFor({ state: 'detached' });
  await showsBalance(page, '992');
  const fewer = await openAction(page, 'Mariana Souza', 'Fewer screens');
  await fewer.getByRole('button', { name: 'Save' }).click();
  await fewer.waitFor({ state: 'detached' });
  await page.getByText(/screens until .+, then 1/).waitFor();

  const edit = await openAction(page, 'Mariana Souza', 'Edit');
  await edit.getByLabel('Notes').fill('by telephone only');
  await edit.getByRole('button', { name: 'Save' }).click();
  await edit.waitFor({ state: 'detached' });
  await page.getByRole('link', { name: 'Mariana Souza', exact: true }).click();
  await page.getByText('by telephone only').waitFor();
  await page.getByText('Activation').waitFor();
  await page.getByText('-4', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Cancel the service' }).click();
  const cancel = page.getByRole('dialog');
  await cancel.getByText('Nothing is refunded').waitFor();
  await cancel.getByRole('button', { name: 'Cancel the service' }).click();
  await cancel.waitFor({ state: 'detached' });
  await page.getByText('Canceled', { exact: true }).waitFor();
});

test('R48: a customer’s page and the list show the service’s state live and offer a retry; without a service they show nothing', async () => {
  const { client } = world.api;
  const root = await client.signIn('root@demo.test');
  await plantCustomers(root, ['Served One']);
  const page = await world.person('root@demo.test', '/customers');
  await isLive(page);
  await page.getByRole('link', { name: 'Served One', exact: true }).click();
  await page.getByTestId('customer-access').getByRole('button', { name: 'Reset access' }).waitFor();
  const shown = page.getByTestId('customer-service');
  expect(await shown.count()).toBe(0);
  const secret = await serviceKeyOf(client, root);
  const headers = { authorization: `Bearer ${secret}`, 'content-type': 'application/json' };
  const id = decodeURIComponent(new URL(page.url()).pathname.split('/').at(-1) ?? '');
  const report = async (body: object) => {
    const [first] = (await (await fetch(`${client.origin}/access/customers`, { headers })).text()).split('\n');
    const state = { ...JSON.parse(first ?? ''), ...body };
    return (await fetch(`${client.origin}/access/customers/${id}/state`, { method: 'PUT', headers, body: JSON.stringify(state) })).status;
  };
  expect(await report({ state: 'FAILED', reason: 'no space left' })).toBe(200);
  await shown.getByText('no space left').waitFor();
  await shown.getByRole('button', { name: 'Try again' }).click();
  await shown.getByText('Waiting for the server').waitFor();
  // A report counts for the retry only once the retry has a version. Until then, report again.
  await until(async () => {
    await report({ state: 'READY' });
    return shown.getByText('Ready').isVisible();
  });
  // The list shows the state too, and updates by itself.
  await page.getByRole('link', { name: 'Customers', exact: true }).click();
  const row = page.locator('tbody tr').filter({ hasText: 'Served One' });
  await row.getByText('Ready').waitFor();
  expect(await report({ state: 'FAILED', reason: 'no space left' })).toBe(200);
  await row.getByText('Failed', { exact: true }).waitFor();
  await page.getByRole('img', { name: 'The service failed for some customers' }).waitFor();
  await page.getByRole('button', { name: 'Service failed 1' }).click();
  expect(new URL(page.url()).search).toBe('?service=failed');
  await page.getByText('1 customer', { exact: true }).waitFor();
  expect(await seriousProblems(page)).toEqual([]);

  // On every other screen the dot is updated by push: no screen refetches each minute here.
  const home = await world.visitor();
  await holdRefetches(home);
  await world.signedIn(home, 'root@demo.test');
  await isLive(home);
  const dot = home.getByRole('img', { name: 'The service failed for some customers' });
  await dot.waitFor();
  expect(await report({ state: 'READY' })).toBe(200);
  await dot.waitFor({ state: 'detached' });
  expect(await report({ state: 'FAILED', reason: 'no space left' })).toBe(200);
  await dot.waitFor();
});

test('a dialog is opened, filled in and closed by the keyboard alone, and the focus returns to the button that opened it', async () => {
  const page = await world.person('ana@demo.test', '/customers');
  const opener = page.getByRole('button', { name: 'New customer' }).first();
  await opener.press('Enter');
  await page.getByRole('dialog').getByLabel('Name').and(page.locator(':focus')).waitFor();
  await page.keyboard.type('By keys');
  await page.locator('[data-quote=ready]').waitFor();
  await page.keyboard.press('Enter');
  // The dialog shows the customer's login. Its Close button has the focus, so Enter closes it.
  await page.getByTestId('access-done').getByRole('button', { name: 'Close' }).and(page.locator(':focus')).press('Enter');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await showsBalance(page, '99');
  const menu = page.getByRole('button', { name: 'Actions for By keys' });
  await menu.press('Enter');
  await page.getByRole('menuitem', { name: 'Renew' }).press('Enter');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');
  await menu.and(page.locator(':focus')).waitFor();
  await page.getByRole('button', { name: 'New customer' }).press('Enter');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'New customer' }).and(page.locator(':focus')).waitFor();
});

test('a trial is free, is given once per contact, and becomes a paid term', async () => {
  const page = await world.person('ana@demo.test', '/customers');
  const startTrial = async () => {
    await page.getByRole('button', { name: 'Free trial' }).click();
    const form = page.getByRole('dialog');
    await form.getByLabel('Name').fill('Try Me');
    await form.getByLabel('Contact').fill('try@example.test');
    await form.getByRole('button', { name: 'Start the trial' }).click();
    return form;
  };
  const done = (await startTrial()).getByTestId('access-done');
  await done.getByText(/^\d{8}$/).waitFor();
  await page.keyboard.press('Escape');
  await done.waitFor({ state: 'detached' });
  await page.locator('tbody').getByText('Trial', { exact: true }).locator('visible=true').waitFor();
  const refused = await startTrial();
  await refused.getByText('already had a trial').waitFor();
  await refused.getByRole('button', { name: 'Cancel' }).click();
  const activation = await openAction(page, 'Try Me', 'Activate');
  await activation.locator('[data-quote=ready]').getByText('98', { exact: true }).waitFor();
  await activation.getByRole('button', { name: 'Activate' }).click();
  await showsBalance(page, '98');
});

test('many customers are renewed while the balance lasts, and each refused one is named with its reason', async () => {
  const { demo } = world;
  await plantCustomers(demo.bruno.token, ['Um', 'Dois', 'Tres', 'Quatro', 'Cinco', 'Seis']);
  const page = await world.person('bruno@demo.test', '/customers');
  await showsBalance(page, '4');
  await page.getByRole('checkbox', { name: 'Select Um', exact: true }).check();
  await page.getByRole('checkbox', { name: 'Select Dois', exact: true }).check();
  await page.getByText('2 selected').waitFor();
  await page.getByRole('button', { name: 'Renew selected' }).click();
  const form = page.getByRole('dialog');
  await form.getByRole('button', { name: 'Quarterly' }).click();
  await form.getByText('does not cover all').waitFor();
  await form.getByRole('button', { name: 'Renew all' }).click();
  await form.getByText('1 customer renewed.').waitFor();
  await form.getByText('This costs 3 credits, and you have 1.').waitFor();
  await form.getByRole('button', { name: 'Close' }).last().click();
  await showsBalance(page, '1');
  await page.getByText('2 selected').waitFor({ state: 'detached' });
});

test('search and filters are part of the URL, pages use cursors, and an empty result says so', async () => {
  const { demo } = world;
  await plantCustomers(
    demo.other.token,
    Array.from({ length: 30 }, (_, index) => `Cliente ${index}`),
  );
  const page = await world.visitor();
  // Requests are counted, so the list must not be read once more meanwhile.
  await holdRefetches(page);
  await world.signedIn(page, 'other@other.test', '/customers');
  await page.getByText('30 customers').waitFor();
  const first = page.getByRole('link', { name: (await page.locator('tbody a').first().textContent()) ?? '', exact: true });
  const asked = countOf(page, 'Customers');
  await page.getByRole('button', { name: 'Next page' }).click();
  await first.waitFor({ state: 'detached' });
  expect(asked.sent).toBe(1);
  await page.locator('tbody tr').nth(5).waitFor({ state: 'detached' });
  expect(await page.locator('tbody tr').count()).toBe(5);
  await page.getByRole('button', { name: 'Previous page' }).click();
  await first.waitFor();
  await page.getByLabel('Search by name or contact').fill('cliente 4');
  await page.getByText('1 customer', { exact: true }).waitFor();
  expect(new URL(page.url()).search).toBe('?q=cliente+4');
  await page.getByLabel('Search by name or contact').fill('nobody');
  await page.getByText('No customers found').waitFor();
  await page.getByRole('button', { name: 'Clear the filters' }).last().click();
  await page.getByText('30 customers').waitFor();
  await goWithin(page, '/customers?status=EXPIRED');
  await page.getByText('No customers found').waitFor();
  await goWithin(page, '/customers?expiring=30');
  await page.getByText('30 customers').waitFor();
});

test('a user with the role VIEWER is offered no action; a list that cannot be loaded says so, with a retry', async () => {
  const { demo, api } = world;
  await api.client.mutate(demo.root, 'inviteUser', { email: 'reader@demo.test', password: 'revenda-demo', role: 'VIEWER' });
  const page = await world.visitor();
  // So that only the button loads the list again.
  await holdRefetches(page);
  await world.signedIn(page, 'reader@demo.test', '/customers');
  await page.getByText('Mariana Souza').waitFor();
  expect(await page.getByRole('button', { name: 'New customer' }).count()).toBe(0);
  expect(await page.getByRole('button', { name: /^Actions for/ }).count()).toBe(0);
  await page.route('**/graphql', (route) => (route.request().postData()?.includes('"Customers"') ? route.abort() : route.fallback()));
  await goWithin(page, '/customers?status=ACTIVE');
  await page.getByText('This could not be loaded').waitFor();
  await page.unroute('**/graphql');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByText('This could not be loaded').waitFor({ state: 'detached' });
  world.takeErrors();
});

test('in Portuguese on a phone, customers and their dialogs fit and pass axe; a known contact links to its customer', async () => {
  const page = await world.person('root@demo.test', '/customers', { viewport: PHONE, locale: 'pt-BR' });
  await page.getByText('Mariana Souza').waitFor();
  await fits(page);
  expect(await seriousProblems(page)).toEqual([]);
  await page.getByRole('button', { name: 'Novo cliente' }).click();
  const form = page.getByRole('dialog');
  await form.getByLabel('Nome').fill('João');
  await form.locator('[data-quote=ready]').getByText('1 crédito').waitFor();
  await form.getByLabel('Contato').fill('(11) 98765-4321');
  await form.getByText('Você já tem um cliente com este contato').waitFor();
  expect(await seriousProblems(page)).toEqual([]);
  await form.getByRole('link', { name: 'Abrir Mariana Souza' }).click();
  await form.waitFor({ state: 'detached' });
  await page.getByText('Histórico').waitFor();
  await page.goBack();
  await page.getByRole('heading', { name: 'Clientes' }).waitFor();
  await page.goForward();
  await page.getByText('Histórico').waitFor();
  await fits(page);
  expect(await seriousProblems(page)).toEqual([]);
});
