import { generate } from 'otplib';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { PASSWORD } from '../../support/clients/api.ts';
import { openPanel, type PanelWorld, showsBalance, signIn } from '../../support/clients/web.ts';

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

test("a wrong password is refused in the person's language, an empty one is not even sent, and the right one opens the panel", async () => {
  const page = await world.visitor({ locale: 'pt-BR' });
  await page.goto(world.api.client.origin);
  await page.getByRole('button', { name: 'Entrar' }).click();
  expect(await page.getByText('Preencha este campo').count()).toBe(2);
  await page.getByLabel('E-mail').fill('root@demo.test');
  await page.getByRole('textbox', { name: 'Senha' }).fill('not the password');
  await page.getByRole('button', { name: 'Entrar' }).click();
  await page.getByRole('alert').filter({ hasText: 'incorretos' }).waitFor();
  // This server sends no mail.
  expect(await page.getByRole('button', { name: 'Esqueci a senha' }).count()).toBe(0);
  await signIn(page, 'root@demo.test');
  await showsBalance(page, '1.000');
  expect(await page.evaluate(() => document.cookie)).toBe('');
});

test('a reload stays signed in where it was, and signing out leaves nothing behind', async () => {
  const page = await world.person('ana@demo.test', '/resellers');
  await page.getByRole('heading', { name: 'Resellers' }).waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'Resellers' }).waitFor();
  await showsBalance(page, '100');
  await page.getByRole('button', { name: 'Your account' }).click();
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
  expect(await page.getByText('bruno').count()).toBe(0);
  await page.reload();
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
  await signIn(page, 'bruno@demo.test');
  await showsBalance(page, '10');
});

test('signing out everywhere closes the panel in every other browser of the same person, without a reload', async () => {
  const [here, there] = [await world.person('bruno@demo.test'), await world.person('bruno@demo.test')];
  const other = await world.person('caio@demo.test');
  await here.getByRole('button', { name: 'Your account' }).click();
  await here.getByRole('button', { name: 'Sign out everywhere' }).click();
  for (const page of [here, there]) await page.getByRole('button', { name: 'Sign in' }).waitFor();
  await showsBalance(other, '10');
});

test.each(['nothing', 'an error'] as const)(
  'R8: signing out leaves nothing in the tab, and is made good later, when the server answers with: %s',
  async (how) => {
    const page = await world.person('bruno@demo.test');
    await showsBalance(page, '10');
    await page.route('**/graphql', (route) =>
      how === 'nothing'
        ? route.abort('connectionrefused')
        : route.fulfill({ json: { errors: [{ message: 'no', extensions: { code: 'INTERNAL' } }] } }),
    );
    await page.getByRole('button', { name: 'Your account' }).click();
    await page.getByRole('button', { name: 'Sign out everywhere' }).click();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    await page.unroute('**/graphql');
    await page.reload();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    await signIn(page, 'caio@demo.test');
    await showsBalance(page, '10');
  },
);

test('whoever has turned on one-time codes is asked for one after the password, and a recovery code is one', async () => {
  const { client } = world.api;
  const token = await client.signIn('other@other.test');
  const { startTotp } = await client.data<{ startTotp: { secret: string } }>(
    token,
    `mutation { startTotp(input: { password: "${PASSWORD}" }) { ... on StartTotpPayload { secret } } }`,
  );
  const otp = await generate({ secret: startTotp.secret });
  const { confirmTotp } = await client.data<{ confirmTotp: { recoveryCodes: string[] } }>(
    token,
    `mutation { confirmTotp(input: { otp: "${otp}" }) { ... on ConfirmTotpPayload { recoveryCodes } } }`,
  );
  const page = await world.visitor();
  await page.goto(client.origin);
  await page.getByLabel('E-mail').fill('other@other.test');
  await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  const code = page.getByLabel('One-time code');
  await code.fill('not one');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('alert').filter({ hasText: 'is wrong' }).waitFor();
  await code.fill(confirmTotp.recoveryCodes[0] ?? '');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await showsBalance(page, '50');
});
