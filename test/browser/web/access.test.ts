import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { fits, openWeb, PHONE, seriousProblems, showsBalance, type WebWorld } from '../../support/clients/web.ts';

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

const NEW_PASSWORD = 'chosen by its owner';

test('R41: a child’s owner signs in with a one-time password from the parent, and must choose a new password', async () => {
  const { ana, bruno } = world.demo;
  const parent = await world.person(ana.email, `/resellers/${encodeURIComponent(bruno.id)}`);
  await parent.getByRole('button', { name: `Reset access of ${bruno.email}` }).click();
  await parent.getByRole('dialog').getByRole('button', { name: 'Reset access', exact: true }).click();
  const password = (await parent.getByTestId('one-time-password').textContent()) ?? '';
  expect(password).toMatch(/^[a-z2-9]{4}(-[a-z2-9]{4}){3}$/);
  const message = await parent.getByTestId('access-message').textContent();
  for (const part of [world.api.client.origin, bruno.email, password]) expect(message).toContain(part);
  expect(await seriousProblems(parent)).toEqual([]);
  await parent.getByRole('button', { name: 'Done' }).click();
  await parent.getByText('Must choose a new password').waitFor();

  const child = await world.visitor({ locale: 'pt-BR', viewport: PHONE });
  await child.goto(world.api.client.origin);
  await child.getByLabel('E-mail').fill(bruno.email);
  await child.getByRole('textbox', { name: 'Senha' }).fill(password);
  await child.getByRole('button', { name: 'Entrar' }).click();
  await child.getByRole('heading', { name: 'Escolha uma senha nova' }).waitFor();
  await fits(child);
  expect(await seriousProblems(child)).toEqual([]);
  // After a reload the screen is the same, but also asks for the one-time password.
  await child.reload();
  await child.getByRole('textbox', { name: 'Senha provisória' }).fill(password);
  await child.getByRole('textbox', { name: 'Nova senha', exact: true }).fill(NEW_PASSWORD);
  await child.getByRole('textbox', { name: 'Repita a nova senha' }).fill(NEW_PASSWORD);
  await child.getByRole('button', { name: 'Salvar e continuar' }).click();
  await showsBalance(child, '10');

  // Without a reload, a person does not type the one-time password twice.
  await parent.getByRole('button', { name: `Reset access of ${bruno.email}` }).click();
  await parent.getByRole('dialog').getByRole('button', { name: 'Reset access', exact: true }).click();
  const again = (await parent.getByTestId('one-time-password').textContent()) ?? '';
  const other = await world.visitor();
  await other.goto(world.api.client.origin);
  await other.getByLabel('E-mail').fill(bruno.email);
  await other.getByRole('textbox', { name: 'Password' }).fill(again);
  await other.getByRole('button', { name: 'Sign in' }).click();
  await other.getByRole('textbox', { name: 'New password', exact: true }).fill(`${NEW_PASSWORD} 2`);
  expect(await other.getByRole('textbox', { name: 'One-time password' }).count()).toBe(0);
  await other.getByRole('textbox', { name: 'Repeat the new password' }).fill(`${NEW_PASSWORD} 2`);
  await other.getByRole('button', { name: 'Save and continue' }).click();
  await showsBalance(other, '10');
});

test('R43: the platform views a root panel read-only, with a reason; both sides see a banner until the platform leaves', async () => {
  const { root, platform } = world.demo;
  const { client } = world.api;
  const made = await client.mutate(root, 'activateCustomer', {
    name: 'Zélia',
    contact: '+55 11 98765-4321',
    periods: 1,
    idempotencyKey: 'zelia',
  });
  expect(made.code).toBeUndefined();
  const { tenants } = await client.query(platform, '{ tenants(first: 10) { edges { node { id name } } } }');
  const id = tenants.edges.find(({ node }) => node.name === 'root')?.node.id ?? '';
  const owner = await world.person(root.email);
  await showsBalance(owner, '999');
  const page = await world.person('platform@revenda.test', `/resellers/${encodeURIComponent(id)}`);
  await page.getByRole('button', { name: 'View this panel' }).click();
  await page.getByLabel('Reason').fill('ticket 4711');
  await page.getByRole('button', { name: 'View panel' }).click();
  const banner = page.getByTestId('support-banner');
  await banner.filter({ hasText: 'You are viewing root, read-only, until' }).waitFor();
  await banner.filter({ hasText: 'ticket 4711' }).waitFor();
  expect(await seriousProblems(page)).toEqual([]);
  expect(await page.evaluate(() => document.cookie)).toBe('');

  await page.getByRole('link', { name: 'Customers' }).click();
  await page.getByText('Zélia').waitFor();
  expect(await page.getByText('98765').count()).toBe(0);
  for (const name of ['New customer', 'Renew', 'Trial'])
    expect(await page.getByRole('button', { name, exact: true }).count(), name).toBe(0);
  const refused = await page.evaluate(async () => {
    const query = 'mutation { transferCredits(input: { toResellerId: "x", amount: 1, idempotencyKey: "s" }) { ... on Error { code } } }';
    const response = await fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    return response.json();
  });
  expect(refused).toEqual({ data: { transferCredits: { code: 'FORBIDDEN' } } });

  // The owner's page was open before: the banner is pushed to it.
  const seen = owner.getByTestId('seen-banner');
  await seen.filter({ hasText: 'The platform is viewing this panel' }).filter({ hasText: 'ticket 4711' }).waitFor();

  await banner.getByRole('button', { name: 'Leave' }).click();
  await seen.waitFor({ state: 'detached' });
  await page.getByRole('link', { name: 'Platform' }).waitFor();
  expect(await page.getByTestId('support-banner').count()).toBe(0);
});

test('R42: a person changes the e-mail in the settings, even while the panel is locked', async () => {
  const page = await world.person(world.demo.zero.email, '/settings/security');
  const section = page.getByRole('region', { name: 'E-mail' });
  await section.getByRole('textbox', { name: 'New e-mail' }).fill('new@zero.test');
  await section.getByRole('textbox', { name: 'Your password' }).fill('revenda-demo');
  await section.getByRole('button', { name: 'Change the e-mail' }).click();
  await section.getByText('You sign in with new@zero.test.').waitFor();
});
