import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { DESKTOP, fits, goWithin, isLive, openPanel, type PanelWorld, PHONE, seriousProblems } from '../../support/clients/web.ts';
import { order, PRICES, setPrices } from '../../support/worlds/buying.ts';

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

/** Each screen by what shows that it is there. */
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

/** A customer with more screens now than after its renewal: the chart has bars, the lists have rows. Returns its id. */
async function plantSpans(): Promise<string> {
  const { api, demo } = world;
  const { done } = await api.client.data<{ done: { customer: { id: string } } }>(
    demo.root.token,
    `mutation { done: activateCustomer(input: { name: "Has a plan", contact: "+55 11 98765-4321", periods: 2, screens: 3, idempotencyKey: "plan" }) {
      ... on ActivateCustomerPayload { customer { id } }
    } }`,
  );
  const { id } = done.customer;
  const { renewed } = await api.client.data<{ renewed: object }>(
    demo.root.token,
    `mutation ($id: ID!) {
      setNextScreens(input: { customerId: $id, screens: 1 }) { __typename }
      renewed: renewCustomer(input: { customerId: $id, periods: 1, idempotencyKey: "again" }) { __typename ... on Error { code } }
    }`,
    { id },
  );
  expect(renewed).toEqual({ __typename: 'RenewCustomerPayload' });
  return id;
}

/** In both schemes, which follow the system without a reload, and on a phone. */
async function isInOrder(page: Page, what: string): Promise<void> {
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor();
    expect(await seriousProblems(page, { contrastOnly: colorScheme === 'dark' }), `${what}, ${colorScheme}`).toEqual([]);
  }
  await page.setViewportSize(PHONE);
  await fits(page);
  await page.setViewportSize(DESKTOP);
}

test('at the door and on every screen axe finds nothing serious, dark and light, and on a phone nothing is wider than the screen', async () => {
  const { demo, api } = world;
  const door = await world.visitor();
  await door.goto(api.client.origin);
  await door.getByRole('button', { name: 'Sign in' }).waitFor();
  await isInOrder(door, 'the door');
  const customer = await plantSpans();
  await api.client.data(demo.root.token, 'mutation { createApiKey(input: { name: "Reads for looks", scope: READ }) { __typename } }');
  await api.client.data(demo.root.token, 'mutation { setTenantPolicy(input: { purchaseSource: PARENT }) { __typename } }');
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
    await isInOrder(page, path);
  }
  await page.getByRole('button', { name: 'Your account' }).click();
  await page.getByRole('dialog').waitFor();
  await isInOrder(page, 'the account');
  const locked = await world.person('zero@demo.test');
  await locked.waitForURL('**/buy');
  await locked.getByRole('heading', { level: 1 }).waitFor();
  await isInOrder(locked, 'the lock');
});

test("the keyboard goes past the navigation at once, and the chart's weeks begin on Mondays", async () => {
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
  const days = await weeks.allTextContents();
  expect(days.length).toBeGreaterThan(1);
  for (const day of days) expect(isMonday(day), day).toBe(true);
});

/** Of a day as the axis shows it, as 11/23, within the last year. */
function isMonday(day: string): boolean {
  const year = new Date().getUTCFullYear();
  const [newest] = [year, year - 1].map((each) => new Date(`${day}/${each} 12:00 UTC`)).filter((date) => date.getTime() < Date.now());
  return newest?.getUTCDay() === 1;
}

test('on a phone the bar at the foot leads to the places of every day, begins what is begun most, and opens the navigation', async () => {
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

test("the browser's language is the first, another is chosen without a reload, numbers and dates follow, and the choice is kept", async () => {
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

test("an address that is unknown, or of none of the viewer's business, says so and leads on", async () => {
  const page = await world.person('ana@demo.test', `/resellers/${encodeURIComponent(world.demo.other.id)}`);
  await page.getByText('Page not found').waitFor();
  await page.getByRole('link', { name: 'Go to the start page' }).click();
  await page.getByRole('heading', { name: 'ana' }).waitFor();
});

test('the statement is narrowed by kind, in the address, and what is downloaded is narrowed with it', async () => {
  const page = await world.person('root@demo.test', '/credits?kinds=ISSUE');
  await page.getByText('+1,120').waitFor();
  expect(await page.locator('tbody tr').count()).toBe(1);
  const address = await page.getByRole('link', { name: 'CSV' }).getAttribute('href');
  expect(address).toMatch(/^\/export\/statement\.csv\?reseller=[^&]+&separator=%2C&language=en&timeZone=[^&]+&kinds=ISSUE$/);
  await page.getByRole('button', { name: 'Clear', exact: true }).click();
  await page.getByText('-110').first().waitFor();
  expect(new URL(page.url()).search).toBe('');
});

/** Each by what is asked for and not there yet. */
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

test('while a screen waits for the server the shape of what comes stands there, and the browser’s bar has the chosen colors', async () => {
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
    // From elsewhere to the next tab of the settings.
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
