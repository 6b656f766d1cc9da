import { generateSync } from 'otplib';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { PASSWORD } from '../../support/clients/api.ts';
import {
  fits,
  goWithin,
  holdRefetches,
  isLive,
  openWeb,
  PHONE,
  seriousProblems,
  showsBalance,
  signIn,
  type WebWorld,
} from '../../support/clients/web.ts';
import { openTestSql } from '../../support/sql.ts';
import { plantPanel, plantTenant } from '../../support/worlds/demo.ts';
import { hook } from '../../webhooks/hook-api.ts';
import { Receiver } from '../../webhooks/receiver.ts';

let world: WebWorld;

beforeAll(async () => {
  world = await openWeb({ limits: { webhooks: { allowLoopback: true } } });
});

afterEach(async () => {
  expect(await world.closePages()).toEqual([]);
});

afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
});

test('a person is added to the team, given another role, and disabled', async () => {
  const owner = await world.person('root@demo.test', '/settings/team');
  await owner.getByRole('button', { name: 'Add a person' }).click();
  const form = owner.getByRole('dialog');
  await form.getByLabel('E-mail').fill('op@demo.test');
  await form.getByRole('textbox', { name: 'Initial password' }).fill(PASSWORD);
  await form.getByRole('button', { name: 'Add a person' }).click();
  await form.waitFor({ state: 'detached' });
  await owner.getByText('op@demo.test', { exact: true }).waitFor();
  const operator = await world.person('op@demo.test', '/settings');
  await operator.getByText('Open sessions').waitFor();
  expect(await operator.getByRole('tab').count()).toBe(0);

  await owner.getByRole('combobox', { name: 'Role of op@demo.test' }).click();
  await owner.getByRole('option', { name: 'Finance' }).click();
  await owner.getByText('op@demo.test: saved.').first().waitFor();
  await owner.getByRole('button', { name: 'Disable op@demo.test' }).click();
  await owner.getByRole('button', { name: 'Enable op@demo.test again' }).waitFor();
  await operator.getByRole('button', { name: 'Sign in' }).waitFor();
  world.takeErrors();
});

test('the last owner cannot take another role, and a message says so', async () => {
  const owner = await world.person('ana@demo.test', '/settings/team');
  await owner.getByRole('combobox', { name: 'Role of ana@demo.test' }).click();
  await owner.getByRole('option', { name: 'Read only' }).click();
  await owner.getByText('must keep at least one owner').waitFor();
  await owner.goto(`${world.api.client.origin}/settings/policy`);
  await owner.waitForURL('**/settings');
});

test('two-step sign-in is turned on with an app, asked for at sign-in, and turned off with a recovery code', async () => {
  const page = await world.person('bruno@demo.test', '/settings');
  await page.getByRole('button', { name: 'Turn on' }).click();
  const form = page.getByRole('dialog');
  await form.getByRole('textbox', { name: 'Your password' }).fill(PASSWORD);
  await form.getByRole('button', { name: 'Next' }).click();
  await form.getByRole('img', { name: 'QR code for the authenticator app' }).waitFor();
  const secret = (await form.getByLabel('Secret', { exact: true }).textContent()) ?? '';
  expect(await seriousProblems(page)).toEqual([]);
  await form.getByLabel('The 6 digits').fill(generateSync({ secret }));
  await form.getByRole('button', { name: 'Confirm' }).click();
  await form.getByTestId('recovery-codes').waitFor();
  const codes = await form.getByTestId('recovery-codes').locator('code').allTextContents();
  expect(codes.length).toBeGreaterThanOrEqual(8);
  await form.getByRole('button', { name: 'I have saved them' }).click();

  const again = await world.visitor();
  await again.goto(world.api.client.origin);
  await again.getByLabel('E-mail').fill('bruno@demo.test');
  await again.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
  await again.getByRole('button', { name: 'Sign in' }).click();
  await again.getByLabel('One-time code').fill(codes[0] ?? '');
  await again.getByRole('button', { name: 'Sign in' }).click();
  await again.getByRole('button', { name: 'Your account' }).waitFor();

  await page.getByRole('button', { name: 'Turn off' }).click();
  await form.getByRole('textbox', { name: 'Your password' }).fill(PASSWORD);
  await form.getByLabel('A code from the app').fill(codes[1] ?? '');
  await form.getByRole('button', { name: 'Turn off' }).click();
  await page.getByRole('button', { name: 'Turn on' }).waitFor();
});

test('other sessions are ended from the settings, and the next sign-in needs the new password', async () => {
  const page = await world.person('caio@demo.test', '/settings');
  const other = await world.person('caio@demo.test');
  await page.reload();
  await page.getByRole('button', { name: 'End all others' }).click();
  await other.getByRole('button', { name: 'Sign in' }).waitFor();
  await page.getByRole('textbox', { name: 'Current password' }).fill(PASSWORD);
  await page.getByRole('textbox', { name: 'New password', exact: true }).fill('another password');
  await page.getByRole('textbox', { name: 'Repeat the new password' }).fill('another passwort');
  await page.getByRole('button', { name: 'Change the password' }).click();
  await page.getByText('The passwords do not match').waitFor();
  await page.getByRole('textbox', { name: 'Repeat the new password' }).fill('another password');
  await page.getByRole('button', { name: 'Change the password' }).click();
  await page.getByText('The password was changed').waitFor();
  await signIn(other, 'caio@demo.test', 'another password');
  world.takeErrors();
});

test('an API key is shown once, works, and stops working when it is revoked', async () => {
  const page = await world.person('root@demo.test', '/settings/keys');
  await page.getByRole('button', { name: 'New API key' }).click();
  const form = page.getByRole('dialog');
  await form.getByLabel('Name').fill('books');
  await form.getByRole('button', { name: 'New API key' }).click();
  const key = (await form.getByTestId('api-key').textContent()) ?? '';
  await form.getByRole('button', { name: 'I have saved it' }).click();
  const { viewer } = await world.api.client.query(key, '{ viewer { reseller { name } } }');
  expect(viewer.reseller.name).toBe('root');
  await page.getByRole('button', { name: 'Revoke books' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
  await page.getByText('Revoked', { exact: true }).waitFor();
  const { errors } = await world.api.client.ask(key, '{ viewer { role } }');
  expect(errors[0]?.extensions.code).toBe('UNAUTHENTICATED');
});

test("the reserve and the network's rules are saved, and the audit log shows the change and who made it", async () => {
  const page = await world.person('root@demo.test', '/settings/panel');
  await page.getByRole('textbox', { name: 'Reserve' }).fill('2000');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved.').waitFor();
  await goWithin(page, '/settings/policy');
  await page.getByLabel('Trials per panel').fill('7');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved.').waitFor();
  await page.getByRole('tab', { name: 'Audit log' }).click();
  const change = page.getByRole('row', { name: /Network rules changed/ }).filter({ hasText: 'Trials in 24 hours: 25 → 7' });
  await change.getByText('root@demo.test', { exact: true }).waitFor();
});

test('the platform starts at its tenants, creates one, issues credits to it, and sees that the ledger is consistent', async () => {
  const page = await world.person('platform@revenda.test');
  await page.waitForURL('**/platform');
  // The platform has no panel, so its page shows no live connection.
  expect(await page.getByTestId('connection').count()).toBe(0);
  expect(await page.getByRole('navigation').getByRole('link').allTextContents()).toEqual(['Platform', 'Imports', 'Sales', 'Settings']);
  const tenants = page.locator('tbody tr');
  await tenants.filter({ hasText: 'root' }).filter({ hasText: '5' }).waitFor();
  await page.getByRole('button', { name: 'New tenant' }).click();
  const form = page.getByRole('dialog');
  await form.getByLabel('Name').fill('Nova');
  await form.getByLabel('E-mail of the owner').fill('owner@nova.test');
  await form.getByRole('textbox', { name: 'Initial password' }).fill(PASSWORD);
  await form.getByRole('button', { name: 'Create' }).click();
  await form.waitFor({ state: 'detached' });
  await tenants.filter({ hasText: 'Nova' }).getByText('Locked').waitFor();
  const owner = await world.person('owner@nova.test');
  await owner.waitForURL('**/buy');
  await page.getByRole('button', { name: 'Add credits to Nova' }).click();
  await form.getByLabel('Credits').fill('25');
  await form.getByRole('button', { name: 'Add credits' }).click();
  await tenants.filter({ hasText: 'Nova' }).getByText('25', { exact: true }).waitFor();
  await tenants.filter({ hasText: 'Nova' }).getByText('Locked').waitFor({ state: 'detached' });
  await showsBalance(owner, '25');
  await page.getByLabel('Search by name').fill('nov');
  await tenants.filter({ hasText: 'root' }).waitFor({ state: 'detached' });
  await page.getByRole('tab', { name: 'Ledger' }).click();
  await page.getByText('The ledger is consistent').waitFor();
  expect(await seriousProblems(page)).toEqual([]);
});

test('the platform reads a tenant: its panels, their balances, and its audit log', async () => {
  const { client } = world.api;
  await client.mutate(world.demo.root, 'setTenantPolicy', { trialMaxHours: 12 });
  const page = await world.person('platform@revenda.test', '/platform');
  await page.getByRole('link', { name: 'root' }).click();
  await page.getByText('Maximum trial: 24 → 12').waitFor();
  await page.locator('[data-panel=ana] [data-balance="100"]').waitFor();
  await page.getByRole('link', { name: 'ana' }).click();
  await page.getByRole('heading', { name: 'ana', exact: true }).waitFor();
  await page.locator('[data-panel=bruno]').waitFor();
  await page.getByRole('link', { name: 'All tenants' }).click();
  await page.waitForURL('**/platform');
});

test('in Portuguese on a phone, the settings fit and pass axe', async () => {
  const page = await world.person('root@demo.test', '/settings', { viewport: PHONE, locale: 'pt-BR' });
  for (const [path, shown] of [
    ['', 'Sessões abertas'],
    ['/panel', 'Reserva'],
    ['/reminders', 'Começar com as mais usadas'],
    ['/team', 'Adicionar pessoa'],
    ['/keys', 'Nova chave de API'],
    ['/policy', 'Quem vende créditos'],
    ['/audit', 'Regras da rede alteradas'],
  ] as const) {
    await goWithin(page, `/settings${path}`);
    await page.getByText(shown).first().waitFor();
    await fits(page);
    expect(await seriousProblems(page), path).toEqual([]);
  }
  await goWithin(page, '/settings');
  await page.getByRole('button', { name: 'Ligar' }).click();
  const form = page.getByRole('dialog');
  await form.getByRole('textbox', { name: 'Sua senha' }).fill(PASSWORD);
  await form.getByRole('button', { name: 'Continuar' }).click();
  await form.getByLabel('Os 6 dígitos').fill('000000');
  await form.getByRole('button', { name: 'Confirmar' }).click();
  await form.getByText('Este não é o código atual do aplicativo.').waitFor();
});

test('on a phone an owner creates a webhook, sees its secret once, tests it, sees that it was disabled, and resends (R50)', async () => {
  const receiver = await Receiver.open();
  const owner = await world.person('root@demo.test', '/settings/integrations', { viewport: PHONE });
  await owner.getByRole('button', { name: 'New webhook' }).click();
  const form = owner.getByRole('dialog');
  await form.getByLabel('Address').fill(`${receiver.origin}/hooks`);
  await form.getByLabel('Customer activated').waitFor();
  expect(await seriousProblems(owner)).toEqual([]);
  await form.getByRole('button', { name: 'New webhook' }).click();
  receiver.secrets.push((await form.getByTestId('webhook-secret').textContent()) ?? '');
  await form.getByRole('button', { name: 'I have saved it' }).click();
  await owner.getByRole('button', { name: `Deliveries: ${receiver.origin}/hooks` }).click();
  await form.getByText('Nothing yet.').waitFor();
  await form.getByRole('button', { name: 'Send a test' }).click();
  await form.getByText('Delivered').waitFor();
  expect(receiver.got).toMatchObject([{ test: true, verified: true, type: 'customer.activated' }]);
  receiver.answer = () => 410;
  await form.getByRole('button', { name: 'Send again' }).click();
  await form.getByText('HTTP_410').waitFor();
  expect(await seriousProblems(owner)).toEqual([]);
  await fits(owner);
  await owner.reload();
  await owner.getByText('the address replied that it no longer exists').waitFor();
  await owner.getByRole('tab', { name: 'a webhook needs your attention' }).waitFor();
  const alert = owner.getByRole('img', { name: 'Something in the settings needs your attention' });
  await alert.waitFor();
  // A disabled webhook gets no deliveries, and the dialog says why.
  await owner.getByRole('button', { name: `Deliveries: ${receiver.origin}/hooks` }).click();
  await form.getByText('This webhook is disabled. Enable it to send a test or to resend.').waitFor();
  expect(await form.getByRole('button', { name: 'Send a test' }).isDisabled()).toBe(true);
  await owner.keyboard.press('Escape');
  await form.waitFor({ state: 'detached' });
  receiver.answer = () => 204;
  await owner.getByRole('button', { name: `Edit: ${receiver.origin}/hooks` }).click();
  await form.getByLabel('Enabled').check();
  await form.getByRole('button', { name: 'Save' }).click();
  await alert.waitFor({ state: 'detached' });

  // On every other screen the dot is updated by push: no screen refetches each minute here.
  const home = await world.visitor();
  await holdRefetches(home);
  await world.signedIn(home, 'root@demo.test');
  await isLive(home);
  const dot = home.getByRole('img', { name: 'Something in the settings needs your attention' });
  receiver.answer = () => 410;
  await owner.getByRole('button', { name: `Deliveries: ${receiver.origin}/hooks` }).click();
  await form.getByRole('button', { name: 'Send a test' }).click();
  await Promise.all([dot.waitFor(), form.getByText('HTTP_410').first().waitFor()]);
  await owner.keyboard.press('Escape');
  await form.waitFor({ state: 'detached' });
  receiver.answer = () => 204;
  await owner.getByRole('button', { name: `Edit: ${receiver.origin}/hooks` }).click();
  await form.getByLabel('Enabled').check();
  await form.getByRole('button', { name: 'Save' }).click();
  await Promise.all([dot.waitFor({ state: 'detached' }), alert.waitFor({ state: 'detached' })]);
  await home.close();

  // As after eight failed attempts: the dot stays until the owner opens the deliveries, and the line until they are sent again.
  const sql = openTestSql(world.api.databaseUrl);
  await sql`UPDATE webhook_delivery SET status = 'DEAD', due_at = NULL, finished_at = clock_timestamp()`;
  await sql.end();
  const line = owner.getByText('Some deliveries failed');
  await owner.reload();
  await Promise.all([line.waitFor(), alert.waitFor()]);
  await owner.getByRole('button', { name: `Deliveries: ${receiver.origin}/hooks` }).click();
  await alert.waitFor({ state: 'detached' });
  await owner.reload();
  await line.waitFor();
  expect(await alert.count()).toBe(0);
  await owner.getByRole('button', { name: `Deliveries: ${receiver.origin}/hooks` }).click();
  await form.getByLabel('After version').fill('1000000');
  await form.getByRole('button', { name: 'Resend all' }).click();
  await form.getByText('Must be at most').waitFor();
  await form.getByLabel('After version').fill('0');
  await form.getByRole('button', { name: 'Resend all' }).click();
  await owner.getByText('The events are being sent again.').waitFor();
  await owner.route('**/graphql', (route) => (route.request().postData()?.includes('SendTestEvent') ? route.abort() : route.fallback()));
  await form.getByRole('button', { name: 'Send a test' }).click();
  await owner.getByText('The server cannot be reached').waitFor();
  world.takeErrors();
  expect(await seriousProblems(owner)).toEqual([]);
  await fits(owner);
  await owner.keyboard.press('Escape');
  await form.waitFor({ state: 'detached' });
  await owner.getByRole('button', { name: 'How to verify a message' }).click();
  await owner.getByRole('tab', { name: 'PHP' }).click();
  expect(await seriousProblems(owner)).toEqual([]);
  await fits(owner);
});

test('R50, R57: a locked panel that may read sees its deliveries, and why it cannot test or resend', async () => {
  const { client } = world.api;
  const root = await plantTenant(client, world.demo.platform, 'hooks-root@demo.test', 100);
  await client.mutate(root, 'setTenantPolicy', { lockMode: 'SPENDING' });
  const member = await plantPanel(client, root, 'hooks@demo.test', 10);
  const wanted = { url: 'http://localhost:3000/hooks', scope: 'PANEL', events: ['CUSTOMER_ACTIVATED'] };
  const { endpoint } = await hook(client, member.token, 'createWebhookEndpoint', wanted);
  await plantPanel(client, member, 'below-hooks@demo.test', 10);
  const page = await world.person('hooks@demo.test', '/settings/integrations', { viewport: PHONE });
  await page.getByRole('button', { name: `Deliveries: ${endpoint?.url}` }).click();
  const form = page.getByRole('dialog');
  await form.getByText('Nothing yet.').waitFor();
  await form.getByText('You are out of credits. Buy credits to use the panel again.').waitFor();
  expect(await form.getByRole('button', { name: 'Send a test' }).isDisabled()).toBe(true);
  expect(await form.getByRole('button', { name: 'Resend all' }).count()).toBe(0);
  expect(await seriousProblems(page)).toEqual([]);
  await fits(page);
});
