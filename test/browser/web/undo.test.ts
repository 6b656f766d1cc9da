import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { addColleague, colleague as colleagueOf } from '../../api/gate-world.ts';
import { goWithin, openWeb, PHONE, seriousProblems, showsBalance, type WebWorld } from '../../support/clients/web.ts';
import { openTestSql } from '../../support/sql.ts';
import { until } from '../../support/until.ts';
import { plantPanel } from '../../support/worlds/demo.ts';

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

/** Spending the last credit closes the dialog at once, because a locked panel sees no customer. */
async function activate(page: Page, name: string, periods: string, isLast = false): Promise<void> {
  await page.getByRole('button', { name: 'New customer' }).first().click();
  const form = page.getByRole('dialog');
  await form.getByLabel('Name').fill(name);
  await form.getByLabel('Months (30 days each)').fill(periods);
  await form.getByRole('button', { name: 'Activate' }).click();
  if (!isLast) await form.getByTestId('access-done').getByRole('button', { name: 'Close' }).click();
  await form.waitFor({ state: 'detached' });
}

test('R45: a mistaken spend of the last credit is undone from the locked page, even after a reload, and the panel is unlocked', async () => {
  const page = await world.person('bruno@demo.test', '/customers', { viewport: PHONE });
  await activate(page, 'A mistake', '10', true);
  await page.waitForURL('**/buy');
  await page.getByTestId('undo').filter({ hasText: 'Was this a mistake? Activation' }).waitFor();
  expect(await seriousProblems(page)).toEqual([]);
  await page.reload();
  const offer = page.getByTestId('undo');
  await offer.getByText(/^\d:\d\d$/).waitFor();
  // The countdown is only visual: the button's accessible name does not contain it.
  await offer.getByRole('button', { name: 'Undo', exact: true }).click();
  await page.waitForURL('**/customers');
  await showsBalance(page, '10');
  await goWithin(page, '/credits');
  const spend = page.locator('tbody tr').filter({ hasText: 'Activation' });
  await spend.getByText('Undone').waitFor();
  expect(await spend.getByRole('button', { name: /^Undo/ }).count()).toBe(0);
  expect(await seriousProblems(page)).toEqual([]);
});

test('R45: a spend shows a toast to its user, and a button in the statement only to users who may spend; a refusal says why', async () => {
  const panel = await plantPanel(world.api.client, world.demo.root, 'spender@demo.test', 20);
  const page = await world.person('spender@demo.test', '/customers');
  const sql = openTestSql(world.api.databaseUrl);
  for (const role of ['OPERATOR', 'VIEWER'] as const) await addColleague(sql, panel, role);
  await sql.end();
  const colleague = await world.person(colleagueOf(panel, 'OPERATOR'), '/credits');
  const reader = await world.person(colleagueOf(panel, 'VIEWER'), '/credits');
  for (const other of [colleague, reader]) await other.getByRole('cell', { name: 'First credits' }).waitFor();
  await activate(page, 'Renewed by mistake', '1');
  const toast = page.getByTestId('undo');
  await toast.getByText('Activation · Renewed by mistake').waitFor();
  await toast.getByText(/1 credit · until/).waitFor();
  expect(await seriousProblems(page)).toEqual([]);
  await toast.getByRole('button', { name: 'Close' }).click();
  await toast.waitFor({ state: 'detached' });
  const row = colleague.locator('tbody tr').filter({ hasText: 'Renewed by mistake' });
  const button = row.getByRole('button', { name: /^Undo/ });
  await button.waitFor();
  await reader.locator('tbody tr').filter({ hasText: 'Renewed by mistake' }).waitFor();
  expect(await reader.getByRole('button', { name: /^Undo/ }).count()).toBe(0);
  // A colleague's spend shows no toast: it is undone from the statement.
  for (const other of [colleague, reader]) expect(await other.getByTestId('undo').count()).toBe(0);

  // The customer has changed since: the undo that is still offered is refused, and then no longer offered.
  const { reseller } = await world.api.client.query(
    panel,
    'query ($id: ID!) { reseller(id: $id) { customers(first: 1) { edges { node { id } } } } }',
    { id: panel.id },
  );
  const customerId = reseller.customers.edges[0]?.node.id ?? '';
  expect(await world.api.client.mutate(panel, 'cancelCustomer', { customerId, idempotencyKey: 'cancel' })).not.toHaveProperty('code');
  await button.click();
  await colleague.getByText('This can no longer be undone').waitFor();
  await button.waitFor({ state: 'detached' });

  await activate(page, 'Another', '2');
  await toast.getByRole('button', { name: 'Undo', exact: true }).click();
  await showsBalance(page, '19');
  await page.getByText('Undone: 2 credits were returned.').waitFor();
  await toast.waitFor({ state: 'detached' });

  const viewer = await world.person('root@demo.test', `/resellers/${encodeURIComponent(panel.id)}`);
  await viewer.getByRole('cell').getByText('Undone', { exact: true }).first().waitFor();
  expect(await viewer.getByRole('button', { name: /^Undo/ }).count()).toBe(0);
});

test('a dialog that spends states the limit and the kept reserve; with undoMinutes 0 no undo is offered (R45, R56, R57)', async () => {
  const { client } = world.api;
  await plantPanel(client, world.demo.root, 'ruled@demo.test', 20);
  expect(await client.mutate(world.demo.root, 'setTenantPolicy', { undoMinutes: 0 })).not.toHaveProperty('code');
  const above = await world.person('root@demo.test', '/resellers', { viewport: PHONE });
  const form = above.getByRole('dialog');
  const openLimits = async () => {
    await above.getByRole('button', { name: 'Actions for ruled' }).click();
    await above.getByRole('menuitem', { name: 'Limits' }).click();
    await form.getByLabel('Maximum active customers').waitFor();
  };
  await openLimits();
  expect(await seriousProblems(above)).toEqual([]);
  // The refusal is shown at its field, and the typed value stays.
  await form.getByLabel('Maximum active customers').fill('-5');
  await form.getByLabel('Maximum active customers').press('Enter');
  await form.getByText('Must be from 0 to 2147483647.').waitFor();
  expect(await form.getByLabel('Maximum active customers').getAttribute('aria-invalid')).toBe('true');
  await form.getByLabel('Maximum active customers').fill('1');
  await form.getByRole('button', { name: 'Save' }).click();
  await above.getByText('The limits of ruled apply from now on.').waitFor();
  await openLimits();
  expect(await form.getByLabel('Maximum active customers').inputValue()).toBe('1');

  const page = await world.person('ruled@demo.test', '/settings/panel');
  const keeps = page.getByRole('switch', { name: 'Keep the reserve' });
  await keeps.check({ force: true });
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved.').waitFor();
  await page.reload();
  await until(() => keeps.isChecked());
  await page.getByRole('navigation').getByRole('link', { name: 'Customers' }).click();
  await page.getByRole('button', { name: 'New customer' }).first().click();
  const spending = page.getByRole('dialog');
  const submit = spending.getByRole('button', { name: 'Activate' });
  await spending.getByLabel('Name').fill('The only one');
  await spending.getByLabel('Months (30 days each)').fill('20');
  await spending.getByText('You keep 1 credits in reserve. This would leave 0.').waitFor();
  expect(await submit.isDisabled()).toBe(true);
  expect(await seriousProblems(page)).toEqual([]);
  await spending.getByRole('checkbox', { name: 'Use the reserve' }).check();
  expect(await submit.isDisabled()).toBe(false);
  await spending.getByLabel('Months (30 days each)').fill('1');
  await spending.getByText('You keep 1 credits in reserve').waitFor({ state: 'detached' });
  await submit.click();
  await spending.getByTestId('access-done').getByRole('button', { name: 'Close' }).click();
  await spending.waitFor({ state: 'detached' });
  await showsBalance(page, '19');
  await page.getByRole('button', { name: 'New customer' }).first().click();
  // The limit is stated before anything is sent.
  await spending.getByLabel('Name').fill('One too many');
  await spending.getByText('The limit is 1 active customers; counted: 1.').waitFor();
  expect(await submit.isDisabled()).toBe(true);
  await spending.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('navigation').getByRole('link', { name: 'Credits', exact: true }).click();
  await page.locator('tbody tr').filter({ hasText: 'The only one' }).waitFor();
  expect(await page.getByRole('button', { name: /^Undo/ }).count()).toBe(0);
});
