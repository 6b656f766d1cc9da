import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { goWithin, isLive, openWeb, seriousProblems, showsBalance, type WebWorld } from '../../support/clients/web.ts';
import type { LockMode } from '../../support/gql/schema.ts';
import { PRICES, setPrices } from '../../support/worlds/buying.ts';
import { plantPanel, plantTenant } from '../../support/worlds/demo.ts';

let world: WebWorld;

beforeAll(async () => {
  world = await openWeb();
  const { client } = world.api;
  await client.mutate(world.demo.root, 'setTenantPolicy', { purchaseSource: 'PARENT' });
  expect(await setPrices(client, world.demo.ana.token, PRICES)).not.toHaveProperty('code');
});

afterEach(async () => {
  expect(await world.closePages()).toEqual([]);
});

afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
});

async function atBuyPage(page: Page): Promise<void> {
  await page.waitForURL('**/buy');
  await page.getByText('You are out of credits').waitFor();
}

test('without credits each tab has only buying, statement, settings and help (R8); a confirmed purchase reopens its last page', async () => {
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
  await first.getByLabel('Current password').waitFor();
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
  await confirming.getByRole('button', { name: 'Yes, it arrived' }).click();
  await confirming.waitFor({ state: 'detached' });
  await showsBalance(parent, '50');

  await second.waitForURL('**/settings/team');
  await second.getByText('bruno@demo.test').first().waitFor();
  await first.waitForURL('**/customers?status=ACTIVE');
  await first.getByText('The last', { exact: true }).waitFor();
  await Promise.all([showsBalance(first, '50'), showsBalance(second, '50')]);
});

test('with the lock mode SPENDING (R57) a locked panel can still read, and can buy, until the mode becomes FULL', async () => {
  const { client } = world.api;
  const root = await plantTenant(client, world.demo.platform, 'reading-root@demo.test', 500);
  const policy = (lockMode: LockMode) => client.mutate(root, 'setTenantPolicy', { lockMode });
  expect(await policy('SPENDING')).not.toHaveProperty('code');
  const member = await plantPanel(client, root, 'reading@demo.test', 20);
  await plantPanel(client, member, 'below-reading@demo.test', 10);
  const page = await world.person('reading@demo.test', '/customers');
  await isLive(page);
  await page.getByRole('button', { name: 'New customer' }).first().click();
  const form = page.getByRole('dialog');
  await form.getByLabel('Name').fill('The last');
  await form.getByLabel('Months (30 days each)').fill('10');
  await form.getByText('your panel will be locked').waitFor();
  await form.getByRole('button', { name: 'Activate' }).click();
  await showsBalance(page, '0');

  const banner = page.getByTestId('locked-banner');
  const isOff = async (name: string) => {
    const button = page.getByRole('main').getByRole('button', { name, exact: true }).first();
    await button.waitFor();
    expect([name, await button.getAttribute('aria-disabled'), await button.getAttribute('aria-description')]).toEqual([
      name,
      'true',
      'You are out of credits. Buy credits to use the panel again.',
    ]);
  };
  await banner.waitFor();
  await isOff('New customer');
  expect(await seriousProblems(page)).toEqual([]);
  await page.getByRole('link', { name: 'The last' }).click();
  for (const name of ['Renew', 'Edit', 'Cancel the service']) await isOff(name);
  // A screen that is loaded by its address stays there, and never redirects to the buy page.
  const visited: string[] = [];
  page.on('framenavigated', (frame) => visited.push(new URL(frame.url()).pathname));
  await page.goto(`${client.origin}/resellers`);
  await page.locator('[data-panel=below-reading]').waitFor();
  await banner.waitFor();
  expect(new Set(visited)).toEqual(new Set(['/resellers']));
  await isOff('New reseller');
  await isOff('Transfer credits to below-reading');
  // Settings that the server would refuse to save are shown, but disabled.
  for (const [tab, label] of Object.entries({ panel: 'Name', plans: 'Currency' })) {
    await goWithin(page, `/settings/${tab}`);
    await page.getByLabel(label).first().waitFor();
    expect([tab, await page.getByLabel(label).first().isDisabled()]).toEqual([tab, true]);
    expect(await page.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
    await page.getByRole('main').getByText('You are out of credits. Buy credits to use the panel again.').first().waitFor();
  }
  for (const [tab, name] of Object.entries({ team: 'Add a person', keys: 'New API key', integrations: 'New webhook' })) {
    await goWithin(page, `/settings/${tab}`);
    await isOff(name);
  }
  expect(await seriousProblems(page)).toEqual([]);
  await banner.getByRole('link', { name: 'Buy credits' }).click();
  await atBuyPage(page);

  await policy('FULL');
  await goWithin(page, '/customers');
  await atBuyPage(page);
  expect(await banner.count()).toBe(0);
  await client.transfer(root.token, member.id, 5, 'again');
  await page.waitForURL('**/customers');
  await showsBalance(page, '5');
  await page.getByRole('button', { name: 'New customer' }).first().click();
});
