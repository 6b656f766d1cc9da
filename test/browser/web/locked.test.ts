import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { isLive, openPanel, type PanelWorld, showsBalance } from '../../support/clients/web.ts';
import { PRICES, setPrices } from '../../support/worlds/buying.ts';

let world: PanelWorld;

beforeAll(async () => {
  world = await openPanel();
  const { client } = world.api;
  await client.data(world.demo.root.token, 'mutation { setTenantPolicy(input: { purchaseSource: PARENT }) { ... on Error { code } } }');
  expect(await setPrices(client, world.demo.ana.token, PRICES)).not.toHaveProperty('code');
});

afterEach(async () => {
  expect(await world.endVisits()).toEqual([]);
});

afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
});

async function atBuyPage(page: Page): Promise<void> {
  await page.waitForURL('**/buy');
  await page.getByText('You are out of credits').waitFor();
}

test('the last credit leaves each tab buying, statement and help (R8); what the parent confirms opens it where it was', async () => {
  const first = await world.person('bruno@demo.test', '/customers?status=ACTIVE');
  const second = await first.context().newPage();
  await second.goto(`${world.api.client.origin}/settings/team`);
  await second.getByText('bruno@demo.test').first().waitFor();
  await Promise.all([isLive(first), isLive(second)]);

  await first.getByRole('button', { name: 'New customer' }).click();
  const form = first.getByRole('dialog');
  await form.getByLabel('Name').fill('The last');
  await form.getByLabel('Months (30 days each)').fill('10');
  await form.getByText('your panel will be locked').waitFor();
  await form.getByRole('button', { name: 'Activate' }).click();
  await Promise.all([atBuyPage(first), atBuyPage(second)]);
  const links = first.getByRole('navigation').getByRole('link');
  expect(await links.evaluateAll((all) => all.map((link) => link.getAttribute('href')))).toEqual([
    '/credits',
    '/buy',
    '/settings',
    '/help',
  ]);
  await first.getByRole('main').getByRole('link', { name: 'How credits work' }).click();
  await first.getByText('3 months on 1 screen: 3 × 1 = 3 credits').waitFor();
  await first.goto(`${world.api.client.origin}/settings/security`);
  await first.getByLabel('Present password').waitFor();
  await first.goto(`${world.api.client.origin}/credits`);
  await first.getByText('Activation').first().waitFor();
  await first.goto(`${world.api.client.origin}/customers?status=ACTIVE`);
  await atBuyPage(first);

  await second.getByRole('button', { name: /^50/ }).click();
  await second.getByText('R$450.00').last().waitFor();
  await second.getByRole('button', { name: 'Buy', exact: true }).click();
  await second.getByRole('dialog').getByText('Waiting for the payment').waitFor();

  const parent = await world.person('ana@demo.test', '/sales');
  await parent.getByRole('button', { name: 'Confirm' }).click();
  const confirming = parent.getByRole('dialog');
  await confirming.getByLabel('Reference').fill('pix 1');
  await confirming.getByRole('button', { name: 'Confirm the payment' }).click();
  await confirming.waitFor({ state: 'detached' });
  await showsBalance(parent, '50');

  await second.waitForURL('**/settings/team');
  await second.getByText('bruno@demo.test').first().waitFor();
  await first.waitForURL('**/customers?status=ACTIVE');
  await first.getByText('The last').waitFor();
  await Promise.all([showsBalance(first, '50'), showsBalance(second, '50')]);
});
