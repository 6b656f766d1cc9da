import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { DESKTOP, fits, isLive, openPanel, type PanelWorld, PHONE, seriousProblems } from '../../support/clients/web.ts';

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
  ['/', 'Latest movements'],
  ['/resellers', 'ana'],
  ['/resellers?new=1', 'Create'],
  ['/credits', 'Statement'],
] as const;

/** In both schemes, which follow the system without a reload, and on a phone. */
async function isInOrder(page: Page, what: string): Promise<void> {
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor();
    expect(await seriousProblems(page), `${what}, ${colorScheme}`).toEqual([]);
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
  const page = await world.person('root@demo.test');
  for (const [path, shown] of [...SCREENS, [`/resellers/${encodeURIComponent(demo.zero.id)}`, 'First credits']] as const) {
    await page.goto(`${api.client.origin}${path}`);
    await page.getByText(shown).first().waitFor();
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
}, 180_000);

test('on a phone the navigation opens and closes', async () => {
  const page = await world.person('root@demo.test', '/', { viewport: PHONE });
  await page.getByRole('button', { name: 'Open or close the navigation' }).click();
  await page.getByRole('link', { name: 'Resellers' }).click();
  await page.getByRole('heading', { name: 'Resellers' }).waitFor();
  await page.getByRole('link', { name: 'Customers' }).waitFor({ state: 'hidden' });
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
  await page.getByText('There is nothing here').waitFor();
  await page.getByRole('link', { name: 'To the start page' }).click();
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
