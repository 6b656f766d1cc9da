import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { customerOf } from '../../support/clients/customers-api.ts';
import { DESKTOP, fits, goWithin, isLive, openWeb, PHONE, seriousProblems, type WebWorld } from '../../support/clients/web.ts';
import { order, PRICES, setPrices } from '../../support/worlds/buying.ts';

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

/** Each screen, with a text that shows that it has loaded. */
const SCREENS = [
  ['/', 'Latest transactions'],
  ['/customers', 'Has a plan'],
  ['/customers?new=1', 'Monthly'],
  ['/messages', 'No messages to send'],
  ['/resellers', 'ana'],
  ['/resellers?new=1', 'Create'],
  ['/credits', 'Statement'],
  ['/settings', 'Open sessions'],
  ['/settings/panel', 'This panel'],
  ['/settings/reminders', 'Add a rule'],
  ['/settings/team', 'root@demo.test'],
  ['/settings/keys', 'Reads for looks'],
  ['/settings/policy', 'Who sells credits'],
  ['/settings/audit', 'Screens from the next renewal changed'],
  ['/sales', 'Order #'],
  ['/help', 'How credits work'],
] as const;

/** Plants a customer with more screens now than after its renewal, so that the chart and the lists have data. Returns its id. */
async function plantSpans(): Promise<string> {
  const { client } = world.api;
  const { root } = world.demo;
  const input = { name: 'Has a plan', contact: '+55 11 98765-4321', periods: 2, screens: 3 };
  const { id } = customerOf(await client.mutate(root, 'activateCustomer', input));
  await client.mutate(root, 'setNextScreens', { customerId: id, screens: 1 });
  expect(await client.mutate(root, 'renewCustomer', { customerId: id, periods: 1 })).toMatchObject({ __typename: 'RenewCustomerPayload' });
  return id;
}

/** Checks both color schemes, which follow the system without a reload, and the width of a phone. */
async function fitsAndPassesAxe(page: Page, what: string): Promise<void> {
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor();
    expect(await seriousProblems(page, { contrastOnly: colorScheme === 'dark' }), `${what}, ${colorScheme}`).toEqual([]);
  }
  await page.setViewportSize(PHONE);
  await fits(page);
  await page.setViewportSize(DESKTOP);
}

test('axe finds nothing serious at sign-in and on every screen, dark and light, and on a phone every screen fits', async () => {
  const { demo, api } = world;
  const visitor = await world.visitor();
  await visitor.goto(api.client.origin);
  await visitor.getByRole('button', { name: 'Sign in' }).waitFor();
  await fitsAndPassesAxe(visitor, 'the sign-in');
  const customer = await plantSpans();
  await api.client.mutate(demo.root, 'createApiKey', { name: 'Reads for looks', scope: 'READ' });
  await api.client.mutate(demo.root, 'setTenantPolicy', { purchaseSource: 'PARENT' });
  await setPrices(api.client, demo.root.token, PRICES);
  await order(api.client, demo.zero.token, { quantity: 10, idempotencyKey: 'looks' });
  const page = await world.person('root@demo.test');
  const own = [
    [`/resellers/${encodeURIComponent(demo.zero.id)}`, 'First credits'],
    [`/customers/${encodeURIComponent(customer)}`, 'History'],
  ] as const;
  for (const [path, shown] of [...SCREENS, ...own]) {
    await goWithin(page, path);
    await page.getByText(shown).locator('visible=true').first().waitFor();
    await isLive(page);
    await fitsAndPassesAxe(page, path);
  }
  await page.getByRole('button', { name: 'Your account' }).click();
  await page.getByRole('dialog').waitFor();
  await fitsAndPassesAxe(page, 'the account');
  const locked = await world.person('zero@demo.test');
  await locked.waitForURL('**/buy');
  await locked.getByRole('heading', { level: 1 }).waitFor();
  await fitsAndPassesAxe(locked, 'the lock');
});

test("the keyboard can skip the navigation, and the chart's weeks begin on Mondays", async () => {
  const page = await world.person('root@demo.test');
  await page.getByText('Latest transactions').waitFor();
  await page.keyboard.press('Tab');
  await page.getByRole('link', { name: 'Skip to content' }).and(page.locator(':focus')).press('Enter');
  await page.locator('main:focus').waitFor();
  expect(new URL(page.url()).hash).toBe('');
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.closest('main') !== null)).toBe(true);
  await Promise.all([
    page.waitForResponse((answer) => answer.request().postData()?.includes('"by":"WEEK"') === true),
    page.getByText('Weeks', { exact: true }).click(),
  ]);
  const weeks = page.locator('.recharts-xAxis-tick-labels text, .recharts-xAxis .recharts-cartesian-axis-tick-value');
  await page.waitForFunction(() => document.querySelectorAll('.recharts-bar-rectangle').length > 0);
  await weeks.nth(1).waitFor();
  const days = await weeks.allTextContents();
  expect(days.length).toBeGreaterThan(1);
  for (const day of days) expect(isMonday(day), day).toBe(true);
});

/** Whether a day on the chart's axis, for example 11/23, is a Monday. It is within the last year, and begins at the latest now, in a zone behind UTC. */
function isMonday(day: string): boolean {
  const year = new Date().getUTCFullYear();
  const [newest] = [year, year - 1].map((each) => new Date(`${day}/${each} UTC`)).filter((date) => date.getTime() < Date.now());
  return newest?.getUTCDay() === 1;
}

test('on a phone the bottom bar has the most used screens and operations, and opens the navigation', async () => {
  const page = await world.person('root@demo.test', '/', { viewport: PHONE });
  const bar = page.getByRole('navigation', { name: 'Every day' });
  const menu = page.getByRole('navigation', { name: 'Main' });
  await bar.getByRole('button', { name: 'More' }).click();
  await menu.getByRole('link', { name: 'Resellers' }).click();
  await page.getByRole('heading', { name: 'Resellers' }).waitFor();
  await menu.getByRole('link', { name: 'Customers' }).waitFor({ state: 'hidden' });
  await bar.getByRole('button', { name: 'New operation' }).click();
  await bar.getByRole('link', { name: 'Activate a customer' }).waitFor();
  expect(await seriousProblems(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await bar.getByRole('link', { name: 'Activate a customer' }).waitFor({ state: 'detached' });
  await bar.getByRole('button', { name: 'New operation' }).click();
  await bar.getByRole('button', { name: 'Start a trial' }).click();
  await page.getByRole('dialog').getByLabel('Contact').waitFor();
});

test("the browser's language is the default; a choice applies without a reload, also to numbers, and is kept", async () => {
  const page = await world.person('root@demo.test', '/credits', { locale: 'pt-BR' });
  await page.getByRole('heading', { name: 'Créditos' }).waitFor();
  expect(await page.locator('html').getAttribute('lang')).toBe('pt-BR');
  await page.getByText('+1.120').waitFor();
  await page.getByRole('button', { name: 'Sua conta' }).click();
  await page.getByText('English').click();
  await page.getByRole('heading', { name: 'Credits' }).waitFor();
  await page.getByText('+1,120').waitFor();
  expect(await page.locator('html').getAttribute('lang')).toBe('en');
  await page.reload();
  await page.getByRole('heading', { name: 'Credits' }).waitFor();
});

test('dark and light follow the system until one is chosen, and the choice is kept', async () => {
  const page = await world.person('root@demo.test', '/', { colorScheme: 'dark' });
  const scheme = () => page.locator('html').getAttribute('data-mantine-color-scheme');
  expect(await scheme()).toBe('dark');
  await page.getByRole('button', { name: 'Your account' }).click();
  await page.getByText('Light', { exact: true }).click();
  expect(await scheme()).toBe('light');
  await page.reload();
  await isLive(page);
  expect(await scheme()).toBe('light');
});

test('an address that the user may not see, or that does not exist, says so and links to the start page', async () => {
  const page = await world.person('ana@demo.test');
  const { other, root } = world.demo;
  // Another tenant's panel, the panel above, a broken id, and no screen at all.
  const ids = [other.id, root.id, '\u0000'].map(encodeURIComponent);
  const addresses = [...ids.map((id) => `/resellers/${id}`), '/resellers/none/nothing'];
  for (const address of addresses) {
    await page.goto(`${world.api.client.origin}${address}`);
    await page.getByText('Page not found').waitFor();
    await page.getByRole('link', { name: 'Go to the start page' }).click();
    await page.getByRole('heading', { name: 'ana' }).waitFor();
  }
});

test('the statement is filtered by kind in the URL, and the download has the same filter', async () => {
  const page = await world.person('root@demo.test', '/credits?kinds=ISSUE');
  await page.getByText('+1,120').waitFor();
  expect(await page.locator('tbody tr').count()).toBe(1);
  const address = await page.getByRole('link', { name: 'CSV' }).getAttribute('href');
  expect(address).toMatch(/^\/export\/statement\.csv\?reseller=[^&]+&separator=%2C&language=en&timeZone=[^&]+&kinds=ISSUE$/);
  await page.getByRole('button', { name: 'Clear', exact: true }).click();
  await page.getByText('-110').first().waitFor();
  expect(new URL(page.url()).search).toBe('');
});

/** The screens that show a skeleton while they wait for the server. */
const LOADED = [
  '/',
  '/customers',
  '/messages',
  '/resellers',
  '/credits',
  '/buy',
  '/sales',
  '/settings/team',
  '/settings/keys',
  '/settings/policy',
  '/settings/audit',
];

test('a screen shows a skeleton while it waits for the server, and the browser’s bar has the chosen colors', async () => {
  const page = await world.person('ana@demo.test', '/help', { viewport: PHONE, colorScheme: 'light' });
  let gate = Promise.withResolvers<void>();
  await page.route('**/graphql', async (route) => {
    await gate.promise;
    await route.continue();
  });
  for (const path of LOADED) {
    await goWithin(page, path);
    await page.getByTestId('skeleton').first().waitFor();
    if (path === '/') await page.getByRole('heading', { name: 'Sub-resellers' }).waitFor();
    await fits(page);
    gate.resolve();
    await page.getByTestId('skeleton').first().waitFor({ state: 'detached' });
    // Go through another screen, so that the next tab of the settings is not loaded as a new page.
    await goWithin(page, '/help');
    gate = Promise.withResolvers();
  }
  gate.resolve();
  await page.unroute('**/graphql');
  const bar = () =>
    page.locator('meta[name=theme-color]').evaluateAll((all) => new Set(all.map((meta) => meta.getAttribute('content'))).size);
  expect(await bar()).toBe(1);
  const light = await page.locator('meta[name=theme-color]').first().getAttribute('content');
  await page.getByRole('button', { name: 'Your account' }).click();
  await page.getByText('Dark', { exact: true }).click();
  await page.locator(`meta[name=theme-color]:not([content="${light}"])`).first().waitFor({ state: 'attached' });
  expect(await bar()).toBe(1);
});
