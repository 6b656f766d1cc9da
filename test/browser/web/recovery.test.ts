import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openWeb, seriousProblems, showsBalance, signIn, type WebWorld } from '../../support/clients/web.ts';
import { MailCatcher } from '../../support/processes/mail-catcher.ts';

let catcher: MailCatcher;
let world: WebWorld;

beforeAll(async () => {
  catcher = await MailCatcher.open();
  world = await openWeb({ settings: catcher.settings });
});

afterEach(async () => {
  expect(await world.closePages()).toEqual([]);
});

afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
  await catcher.goDown();
});

/** Returns the link in the mail to this address, with the origin of this server. */
async function linkOf(email: string): Promise<string> {
  const { mail } = await catcher.mailTo(email);
  const path = /\/reset-password#[\w-]{43}/.exec(mail.text ?? '')?.[0] ?? '';
  return `${world.api.client.origin}${path}`;
}

test('a person who forgot the password sets a new one by the link in a mail, and signs in; the link works once (R42)', async () => {
  const page = await world.visitor({ locale: 'pt-BR' });
  await page.goto(world.api.client.origin);
  await page.getByLabel('E-mail').fill('ana@demo.test');
  await page.getByRole('button', { name: 'Esqueci a senha' }).click();
  await page.getByRole('heading', { name: 'Esqueceu a senha?' }).waitFor();
  expect(await seriousProblems(page)).toEqual([]);
  expect(await page.getByLabel('E-mail').inputValue()).toBe('ana@demo.test');
  await page.getByRole('button', { name: 'Enviar o link' }).click();
  await page.getByRole('status').filter({ hasText: 'ana@demo.test' }).waitFor();

  const link = await linkOf('ana@demo.test');
  await page.goto(link);
  await page.getByRole('heading', { name: 'Escolha uma nova senha' }).waitFor();
  expect(page.url()).toBe(`${world.api.client.origin}/reset-password`);
  expect(await seriousProblems(page)).toEqual([]);
  await page.getByRole('textbox', { name: 'Nova senha' }).fill('uma nova senha');
  await page.getByRole('textbox', { name: 'Repita a senha' }).fill('outra nova senha');
  await page.getByRole('button', { name: 'Salvar a senha' }).click();
  await page.getByText('As senhas não são iguais').waitFor();
  await page.getByRole('textbox', { name: 'Repita a senha' }).fill('uma nova senha');
  await page.getByRole('button', { name: 'Salvar a senha' }).click();
  await page.getByRole('status').filter({ hasText: 'Sua senha foi alterada' }).waitFor();
  await page.getByRole('link', { name: 'Entrar' }).click();
  await signIn(page, 'ana@demo.test', 'uma nova senha');
  await showsBalance(page, '100');

  const other = await world.visitor();
  await other.goto(link);
  await other.getByRole('textbox', { name: 'New password' }).fill('another password');
  await other.getByRole('textbox', { name: 'Repeat the password' }).fill('another password');
  await other.getByRole('button', { name: 'Set the password' }).click();
  await other.getByRole('alert').filter({ hasText: 'This link does not work' }).waitFor();
  // A link that is opened in the same tab shows the form again.
  await other.goto(link);
  await other.getByRole('textbox', { name: 'New password' }).waitFor();
});
