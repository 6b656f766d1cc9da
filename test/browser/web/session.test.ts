import { generate } from 'otplib';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { PASSWORD } from '../../support/clients/api.ts';
import { openWeb, showsBalance, signIn, type WebWorld } from '../../support/clients/web.ts';

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

test("a wrong password is refused in the person's language, an empty one is not sent, and the right one signs in", async () => {
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

test('a reload keeps the session and the screen, and signing out leaves nothing on the page', async () => {
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

test('signing out everywhere signs the same person out in every other browser, without a reload', async () => {
  const [here, there] = [await world.person('bruno@demo.test'), await world.person('bruno@demo.test')];
  const other = await world.person('caio@demo.test');
  await here.getByRole('button', { name: 'Your account' }).click();
  await here.getByRole('button', { name: 'Sign out everywhere' }).click();
  for (const page of [here, there]) await page.getByRole('button', { name: 'Sign in' }).waitFor();
  await showsBalance(other, '10');
});

test.each(['nothing', 'an error'] as const)(
  'R8: signing out clears the tab, and is completed later, when the server responds with %s',
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

test('a person who has turned on one-time codes enters one after the password, and a recovery code is accepted too', async () => {
  const { client } = world.api;
  const token = await client.signIn('other@other.test');
  const { secret = '' } = await client.mutate(token, 'startTotp', { password: PASSWORD });
  const { recoveryCodes } = await client.mutate(token, 'confirmTotp', { otp: await generate({ secret }) });
  const page = await world.visitor();
  await page.goto(client.origin);
  await page.getByLabel('E-mail').fill('other@other.test');
  await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  const code = page.getByLabel('One-time code');
  await code.fill('not one');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('alert').filter({ hasText: 'is wrong' }).waitFor();
  await code.fill(recoveryCodes?.[0] ?? '');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await showsBalance(page, '50');
});
