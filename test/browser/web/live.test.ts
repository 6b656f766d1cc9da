import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startApi } from '../../support/clients/api.ts';
import {
  goWithin,
  holdRefetches,
  isLive,
  openWeb,
  seriousProblems,
  showsBalance,
  signIn,
  type WebWorld,
} from '../../support/clients/web.ts';

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

/** Transfers credits as a person does, on the page of all resellers. */
async function transfer(page: Page, name: string, amount: number): Promise<void> {
  await page.getByRole('button', { name: `Actions for ${name}` }).click();
  await page.getByRole('menuitem', { name: 'Transfer credits' }).click();
  const form = page.getByRole('dialog');
  await form.getByLabel('Credits').fill(String(amount));
  await form.locator('[data-quote=ready]').waitFor();
  await form.getByRole('button', { name: 'Transfer' }).click();
  await form.waitFor({ state: 'detached' });
}

test("a parent's transfer shows in the child's browser without a reload: in the header, the figures and the movements", async () => {
  const { demo } = world;
  const [parent, child] = [await world.person(demo.root.email, '/resellers'), await world.person(demo.ana.email)];
  await showsBalance(child, '100');
  await isLive(child);
  await transfer(parent, 'ana', 23);
  await showsBalance(parent, '977');
  await parent.locator('[data-panel=ana] [data-balance="123"]').waitFor();
  await showsBalance(child, '123');
  await child.getByRole('listitem').getByText('+23').waitFor();
});

test('a change deep in the branch shows in the open tree, and so does its lock', async () => {
  const { demo, api } = world;
  const root = await world.person(demo.root.email, '/resellers');
  await root.getByRole('button', { name: 'Show the sub-resellers of ana' }).click();
  await root.locator('[data-panel=bruno] [data-balance="10"]').waitFor();
  await isLive(root);
  await api.client.transfer(demo.ana.token, demo.bruno.id, 5, 'deep');
  await root.locator('[data-panel=bruno] [data-balance="15"]').waitFor();
  await root.locator('[data-panel=zero]').getByText('Locked').waitFor();
  await api.client.transfer(demo.root.token, demo.zero.id, 1, 'unlock zero');
  await root.locator('[data-panel=zero] [data-balance="1"]').waitFor();
  await root.locator('[data-panel=zero]').getByText('Locked').waitFor({ state: 'detached' });
});

test('spending the last credit locks every tab at once, and new credits reopen each at its last page', async () => {
  const { demo, api } = world;
  const first = await world.person(demo.caio.email, '/customers?status=ACTIVE');
  const second = await first.context().newPage();
  await second.goto(`${api.client.origin}/resellers`);
  await second.getByRole('heading', { name: 'Resellers' }).waitFor();
  for (const page of [first, second]) await isLive(page);

  const input = { name: 'below caio', email: 'below@demo.test', password: 'revenda-demo', initialCredits: 10 };
  expect((await api.client.mutate(demo.caio, 'createReseller', input)).code).toBeUndefined();
  for (const page of [first, second]) {
    await page.waitForURL('**/buy');
    await showsBalance(page, '0');
    const links = page.getByRole('navigation').getByRole('link');
    const hrefs = await links.evaluateAll((all) => all.map((link) => link.getAttribute('href')));
    expect(hrefs).toEqual(['/credits', '/buy', '/settings', '/help']);
  }
  // Every other screen redirects a locked panel to the buy page (R8).
  await second.goto(`${api.client.origin}/customers`);
  await second.waitForURL('**/buy');
  await second.goto(`${api.client.origin}/resellers`);
  await second.waitForURL('**/buy');

  await api.client.transfer(demo.zero.token, demo.caio.id, 1, 'opens again');
  await first.waitForURL('**/customers?status=ACTIVE');
  await second.waitForURL('**/resellers');
  for (const page of [first, second]) await showsBalance(page, '1');
});

test('during a restart a page says that it is not live, and then catches up; a new tab says offline and shows no old balance', async () => {
  const { demo } = world;
  // The test stops a second server on the same database. The first one keeps running and moves credits meanwhile.
  const stopped = await startApi({ databaseUrl: world.api.databaseUrl });
  const { origin } = stopped.client;
  const page = await world.visitor({ serviceWorkers: 'allow' });
  await page.goto(`${origin}/`);
  await signIn(page, demo.ana.email);
  await isLive(page);
  const movements = page.getByRole('listitem');
  await movements.getByText('+110').waitFor();
  const before = Number(await page.getByTestId('balance').textContent());
  const other = await page.context().newPage();
  await other.goto(origin);
  await other.evaluate(async () => void (await navigator.serviceWorker.ready));
  await stopped[Symbol.asyncDispose]();
  await page.locator('[data-testid=connection][data-state=connecting]').waitFor();
  await page.getByTestId('stale').getByText('numbers on this screen may be out of date').waitFor();
  await page.getByRole('status', { name: /may be out of date/ }).waitFor();
  await other.reload();
  await other.getByRole('heading', { name: 'You are offline' }).waitFor();
  expect(await other.textContent('main:not([hidden])')).not.toMatch(/\d/);
  expect(await seriousProblems(other)).toEqual([]);
  await world.api.client.transfer(demo.root.token, demo.ana.id, 1, 'missed 1');
  await world.api.client.transfer(demo.root.token, demo.ana.id, 1, 'missed 2');

  const again = await startApi({ databaseUrl: world.api.databaseUrl, settings: { PORT: new URL(origin).port } });
  await isLive(page);
  await showsBalance(page, String(before + 2));
  await showsBalance(other, String(before + 2));
  await page.getByText('numbers on this screen may be out of date').waitFor({ state: 'detached' });
  // The page requests the movements once it knows the balance.
  await movements.getByText('+1', { exact: true }).nth(1).waitFor();
  expect(await movements.getByText('+1', { exact: true }).count()).toBe(2);
  await world.api.client.transfer(demo.root.token, demo.ana.id, 1, 'live again');
  await showsBalance(page, String(before + 3));
  await page.close();
  await again[Symbol.asyncDispose]();

  // Another program now has the address: the browser keeps neither the service worker nor a cache.
  const stranger = createServer((_, response) => response.writeHead(404, { 'content-type': 'text/html' }).end('no'));
  await once(stranger.listen(Number(new URL(origin).port)), 'listening');
  await other.goto(origin);
  await other.waitForFunction(async () => (await navigator.serviceWorker.getRegistrations()).length === 0);
  expect(await other.evaluate(() => caches.keys())).toEqual([]);
  await other.close();
  stranger.close();
  world.takeErrors();
});

/** Holds the next response to this operation, which the server has already read. */
async function holdResponse(page: Page, operation: string): Promise<{ held: Promise<void>; release(): void }> {
  const [held, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let isHeld = false;
  await page.route('**/graphql', async (route) => {
    if (isHeld || !route.request().postData()?.includes(`"operationName":"${operation}"`)) return route.fallback();
    isHeld = true;
    const response = await route.fetch();
    held.resolve();
    await released.promise;
    await route.fulfill({ response });
  });
  return { held: held.promise, release: released.resolve };
}

test('a movement that is pushed before the older response of its list arrives is shown', async () => {
  const { demo, api } = world;
  const page = await world.person(demo.bruno.email, '/settings');
  const { held, release } = await holdResponse(page, 'Latest');
  await page.goto(`${api.client.origin}/`);
  await held;
  await isLive(page);
  const { to } = await api.client.transfer(demo.ana.token, demo.bruno.id, 7, 'overtakes');
  await showsBalance(page, String(to?.balance));
  release();
  await page.getByRole('listitem').getByText('+7').waitFor();
});

test('a list whose first response is older than a change is asked once more', async () => {
  const { demo, api } = world;
  const { client } = api;
  await client.mutate(demo.root, 'setTenantPolicy', { purchaseSource: 'PARENT' });
  await setPrices(client, demo.root.token, PRICES);
  const page = await world.visitor();
  await holdRefetches(page);
  await world.signedIn(page, demo.root.email, '/settings');
  await isLive(page);
  // From here on the list is not asked because of the connection.
  const { held, release } = await holdResponse(page, 'Sales');
  await goWithin(page, '/sales');
  await held;
  const { number } = await order(client, demo.ana.token, { quantity: 10, idempotencyKey: 'after the response' });
  // The push makes the page ask two lists: the one that is held, and the sales that wait for their seller.
  await page.waitForResponse(
    async (response) =>
      (response.request().postData()?.includes('"operationName":"WaitingSales"') ?? false) &&
      (await response.text()).includes(`"number":${number},`),
  );
  release();
  await page.getByText(`Order #${number}`).waitFor();
});
