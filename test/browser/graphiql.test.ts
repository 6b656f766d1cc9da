import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Api } from '../support/clients/api.ts';
import { openBrowser } from '../support/clients/browser.ts';
import { PATIENCE_MS } from '../support/until.ts';
import type { Demo } from '../support/worlds/demo.ts';
import { startDemo } from '../support/worlds/planted-demo.ts';

let api: Api;
let demo: Demo;
let browser: Browser;

beforeAll(async () => {
  ({ api, demo } = await startDemo());
  browser = await openBrowser();
});

afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

/** Replaces the text of an editor, as a paste does. */
async function write(page: Page, editor: string, text: string): Promise<void> {
  await page.locator(`${editor} .view-lines`).first().click();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.press('Delete');
  await page.keyboard.insertText(text);
}

const QUERY = '.graphiql-query-editor';
const HEADERS = '.graphiql-editor-tool .graphiql-editor:not(.hidden)';

/** Waits until the answer on the page shows this. */
async function answered(page: Page, shown: RegExp): Promise<void> {
  await page.locator('.graphiql-response .view-lines').filter({ hasText: shown }).waitFor();
}

test('GraphiQL requests nothing from other origins, signs in, sends headers, and shows a balance as it changes', async () => {
  const page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const elsewhere: string[] = [];
  const problems: string[] = [];
  await page.route('**', (route) => {
    if (new URL(route.request().url()).origin === api.client.origin) return route.continue();
    elsewhere.push(route.request().url());
    return route.abort();
  });
  page.on('websocket', (socket) => {
    if (!socket.url().startsWith(api.client.socketUrl)) elsewhere.push(socket.url());
  });
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });

  await page.goto(api.client.url);
  expect(await page.title()).toBe('Revenda');
  // The page's first document has two operations; the test runs the one that signs in.
  const signedIn = page.waitForResponse((response) => response.request().postData()?.includes('signIn(') ?? false);
  // Until the editor has read the document, the button has no menu.
  await page.locator('.graphiql-execute-button[aria-haspopup=menu]').click();
  await page.getByRole('menuitem', { name: 'SignIn' }).click();
  const { data } = await (await signedIn).json();
  await answered(page, /SignInPayload/);

  const headers = JSON.stringify({ authorization: `Bearer ${data.signIn.token}` });
  await write(page, HEADERS, headers);
  await write(page, QUERY, '{ viewer { reseller { name account { balance } } } }');
  await page.locator('.graphiql-execute-button:not([aria-haspopup])').click();
  await answered(page, /"name":\s*"root"/);

  await page.getByRole('button', { name: 'New tab' }).click();
  await write(page, QUERY, 'subscription { balanceChanged { version delta balance } }');
  await write(page, HEADERS, headers);
  await page.getByRole('button', { name: /^Execute query/ }).click();
  await answered(page, /"balance":\s*1000/);
  await api.client.transfer(demo.root.token, demo.ana.id, 23, 'seen in the browser');
  await answered(page, /"delta":\s*-23,\s*"balance":\s*977/);
  await page.getByRole('button', { name: /^Stop query/ }).click();

  expect(elsewhere).toEqual([]);
  expect(problems).toEqual([]);
});
