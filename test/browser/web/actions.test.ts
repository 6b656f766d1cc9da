import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { goWithin, isLive, openWeb, showsBalance, signIn, type WebWorld } from '../../support/clients/web.ts';

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

/** Returns the idempotency keys of the page's mutations with this name. The array grows with each request. */
function keysSent(page: Page, operation: string): string[] {
  const keys: string[] = [];
  page.on('request', (request) => {
    const body: { operationName?: string; variables?: { input?: { idempotencyKey?: string } } } = request.postDataJSON() ?? {};
    if (body.operationName === operation) keys.push(body.variables?.input?.idempotencyKey ?? '');
  });
  return keys;
}

async function openAction(page: Page, name: string, action: string) {
  await page.getByRole('button', { name: `Actions for ${name}` }).click();
  await page.getByRole('menuitem', { name: action }).click();
  return page.getByRole('dialog');
}

test('a transfer shows its price first, and a double click moves the credits once', async () => {
  const page = await world.person('root@demo.test', '/resellers');
  const keys = keysSent(page, 'Transfer');
  const form = await openAction(page, 'ana', 'Transfer credits');
  await form.getByLabel('Credits').fill('40');
  const quote = form.locator('[data-quote=ready]');
  await quote.getByText('40 credits').waitFor();
  await quote.getByText('960').waitFor();
  await form.getByRole('button', { name: 'Transfer' }).dblclick();
  await form.waitFor({ state: 'detached' });
  await showsBalance(page, '960');
  await page.locator('[data-panel=ana] [data-balance="140"]').waitFor();
  expect(keys).toHaveLength(1);
});

test('a quote warns of a transfer that would lock the panel, and one above the balance cannot be sent', async () => {
  const page = await world.person('zero@demo.test');
  await page.waitForURL('**/buy');
  await world.api.client.transfer(world.demo.root.token, world.demo.zero.id, 5, 'five for zero');
  await showsBalance(page, '5');
  await page.getByRole('link', { name: 'Resellers' }).click();
  const form = await openAction(page, 'caio', 'Transfer credits');
  await form.getByLabel('Credits').fill('5');
  await form.getByText('your panel will be locked').waitFor();
  await form.getByLabel('Credits').fill('6');
  await form.getByText('does not cover').waitFor();
  expect(await form.getByRole('button', { name: 'Transfer' }).isDisabled()).toBe(true);
});

test('when a response is lost, the page sends the same key again by itself, and the credits move once', async () => {
  const page = await world.person('ana@demo.test', '/resellers');
  const keys = keysSent(page, 'Transfer');
  const before = Number(await page.getByTestId('balance').textContent());
  let lost = 0;
  await page.route('**/graphql', async (route) => {
    if (lost > 0 || !route.request().postData()?.includes('"Transfer"')) return route.fallback();
    lost += 1;
    // The server makes the transfer, but its response is lost.
    await route.fetch();
    return route.abort();
  });
  const form = await openAction(page, 'bruno', 'Transfer credits');
  await form.getByLabel('Credits').fill('3');
  await form.getByRole('button', { name: 'Transfer' }).click();
  await form.waitFor({ state: 'detached' });
  await showsBalance(page, String(before - 3));
  expect(lost).toBe(1);
  expect(keys).toHaveLength(2);
  expect(new Set(keys).size).toBe(1);
  expect(world.takeErrors()).toEqual([expect.stringMatching(/ERR_FAILED/)]);
});

test('while the outcome of a transfer is unknown, its form cannot be changed, and only offers to try again', async () => {
  const page = await world.person('ana@demo.test', '/resellers');
  const keys = keysSent(page, 'Transfer');
  const before = Number(await page.getByTestId('balance').textContent());
  let isDown = true;
  await page.route('**/graphql', (route) =>
    isDown && route.request().postData()?.includes('"Transfer"') ? route.abort() : route.fallback(),
  );
  const form = await openAction(page, 'bruno', 'Transfer credits');
  await form.getByLabel('Credits').fill('2');
  await form.getByRole('button', { name: 'Transfer' }).click();
  await form.getByText('we do not know whether this was done').waitFor();
  expect(await form.getByLabel('Credits').isDisabled()).toBe(true);
  isDown = false;
  await form.getByRole('button', { name: 'Try again' }).click();
  await form.waitFor({ state: 'detached' });
  await showsBalance(page, String(before - 2));
  expect(keys.length).toBeGreaterThan(2);
  expect(new Set(keys).size).toBe(1);
  world.takeErrors();
});

test('a new reseller appears in the tree at once, with its first credits, and can sign in', async () => {
  const page = await world.person('root@demo.test', '/resellers');
  await isLive(page);
  await page.getByRole('button', { name: 'New reseller' }).click();
  const form = page.getByRole('dialog');
  await form.getByRole('button', { name: 'Create' }).click();
  await form.getByText('A name has 1 to 100 characters').waitFor();
  await form.getByLabel('Name').fill('Dora');
  await form.getByLabel('E-mail of the owner').fill('dora@demo.test');
  await form.getByRole('textbox', { name: 'Initial password' }).fill('revenda-demo');
  await form.getByLabel('First credits').fill('12');
  await form.getByRole('button', { name: 'Create' }).click();
  await form.waitFor({ state: 'detached' });
  await page.locator('[data-panel=Dora] [data-balance="12"]').waitFor();
  const dora = await world.visitor();
  await dora.goto(world.api.client.origin);
  await signIn(dora, 'dora@demo.test');
  await showsBalance(dora, '12');
});

test('an e-mail that is already in use is refused with a message, and the form keeps its values', async () => {
  const page = await world.person('root@demo.test', '/resellers?new=1');
  const form = page.getByRole('dialog');
  await form.getByLabel('Name').fill('Ana again');
  await form.getByLabel('E-mail of the owner').fill('ana@demo.test');
  await form.getByRole('textbox', { name: 'Initial password' }).fill('revenda-demo');
  await form.getByRole('button', { name: 'Create' }).click();
  await form.getByRole('alert').filter({ hasText: 'already in use' }).waitFor();
  expect(await form.getByLabel('Name').inputValue()).toBe('Ana again');
});

test('panels are suspended, resumed, renamed and closed, and the pages show their state', async () => {
  const { demo } = world;
  const page = await world.person('root@demo.test', `/resellers/${encodeURIComponent(demo.ana.id)}`);
  const ana = await world.person('ana@demo.test');
  await page.getByRole('button', { name: 'Suspend' }).click();
  await page.getByRole('dialog').getByLabel('Reason').fill('late payment');
  await page.getByRole('dialog').getByRole('button', { name: 'Suspend' }).click();
  await page.getByText('Suspended: late payment').waitFor();
  await ana.reload();
  await ana.getByText('This panel is suspended').waitFor();
  await page.getByRole('button', { name: 'Resume' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Resume' }).click();
  await page.getByRole('button', { name: 'Suspend' }).waitFor();
  await page.getByRole('button', { name: 'Name and reserve' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('Ana e filhos');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await page.getByRole('heading', { name: 'Ana e filhos', exact: true }).waitFor();

  await goWithin(page, '/resellers');
  const closing = await openAction(page, 'Dora', 'Close for good');
  await closing.getByLabel('I understand').check();
  await closing.getByRole('button', { name: 'Close for good' }).click();
  await closing.waitFor({ state: 'detached' });
  await page.locator('[data-panel=Dora]').getByText('Closed').waitFor();
});

test('a parent takes credits back if the policy allows it, and moves a branch below another panel', async () => {
  const { api, demo } = world;
  expect((await api.client.mutate(demo.root, 'setTenantPolicy', { reclaimAllowed: true })).code).toBeUndefined();
  const page = await world.person('root@demo.test', '/resellers');
  const before = Number((await page.getByTestId('balance').textContent())?.replace(',', ''));
  const reclaiming = await openAction(page, 'Ana e filhos', 'Take credits back');
  await reclaiming.getByLabel('Credits').fill('4');
  await reclaiming.getByLabel('Reason').fill('by agreement');
  await reclaiming.getByRole('button', { name: 'Take credits back' }).click();
  await reclaiming.waitFor({ state: 'detached' });
  await showsBalance(page, String(before + 4));

  const moving = await openAction(page, 'zero', 'Move');
  await moving.getByLabel('Becomes a sub-reseller of').fill('Ana');
  await page.getByRole('option', { name: 'Ana e filhos' }).click();
  await moving.getByRole('button', { name: 'Move' }).click();
  await moving.waitFor({ state: 'detached' });
  await page.locator('[data-panel=zero]').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Show the sub-resellers of Ana e filhos' }).click();
  await page.locator('[data-panel=zero]').waitFor();
});
