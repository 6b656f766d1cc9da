import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { plainArray } from '../../../src/db/arrays/literal.ts';
import { customerOf, uuidOf } from '../../support/clients/customers-api.ts';
import { fits, goWithin, isLive, openWeb, seriousProblems, showsBalance, type WebWorld } from '../../support/clients/web.ts';
import { openTestSql } from '../../support/sql.ts';
import { until } from '../../support/until.ts';
import { type Member, plantPanel } from '../../support/worlds/demo.ts';

const PHONE = { width: 390, height: 844 };
/** The part of a phone's screen above its keyboard. */
const ABOVE_KEYBOARD = { width: 390, height: 400 };
const NARROWEST = { width: 320, height: 640 };
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

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

/** Activates a customer for one credit and returns its id. */
async function plant(panel: Member, name: string, contact: string | null = null): Promise<string> {
  return customerOf(await world.api.client.mutate(panel, 'activateCustomer', { name, contact, periods: 1 })).id;
}

/** Moves the end of these customers' service to `ms` milliseconds from now, as if time had passed. */
async function endIn(ids: readonly string[], ms: number): Promise<void> {
  const sql = openTestSql(world.api.databaseUrl);
  await sql`UPDATE customer SET expires_at = date_trunc('milliseconds', clock_timestamp()) + ${ms}::bigint * interval '1 millisecond'
    WHERE id = ANY (${plainArray(ids.map(uuidOf))}::uuid[])`;
  await sql.end();
}

test('on a phone, cards show the time left and link only phone numbers to WhatsApp; quick filters count, and survive Back', async () => {
  const panel = await plantPanel(world.api.client, world.demo.root, 'cards@demo.test', 30);
  await endIn([await plant(panel, 'Fala Zap', '(11) 98765-4321')], 3 * DAY_MS + HOUR_MS);
  await endIn([await plant(panel, 'So Mail', 'mail@example.test')], 5 * DAY_MS + HOUR_MS);
  await endIn([await plant(panel, 'Foi Embora')], -2 * DAY_MS - HOUR_MS);
  await world.api.client.mutate(panel, 'startTrial', { name: 'Provador', contact: 'p@example.test', hours: 4 });
  const page = await world.person('cards@demo.test', '/customers', {
    viewport: PHONE,
    locale: 'pt-BR',
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const card = (name: string) => page.locator(`[data-customer="${name}"]`);
  await card('Fala Zap')
    .getByText(/^[34] dias$/)
    .waitFor();
  await card('Foi Embora')
    .getByText(/^vencido há [23] dias$/)
    .waitFor();
  await card('Provador')
    .getByText(/^teste, (hoje|amanhã), 3 horas$/)
    .waitFor();
  const link = card('Fala Zap').getByRole('link', { name: 'WhatsApp para Fala Zap' });
  expect(await link.getAttribute('href')).toMatch(/^https:\/\/wa\.me\/5511987654321\?text=Ol%C3%A1%2C\+Fala\+Zap%21\+Seu\+acesso\+vence/);
  const off = card('So Mail').getByRole('button', { name: 'WhatsApp para So Mail' });
  expect(await off.getAttribute('aria-disabled')).toBe('true');
  expect(await off.getAttribute('aria-description')).toBe('O contato não é um telefone');
  for (const width of [NARROWEST, PHONE]) {
    await page.setViewportSize(width);
    await fits(page);
    const cut =
      '[...document.querySelectorAll("[data-customer] .mantine-Button-label")].filter((label) => label.scrollWidth > label.clientWidth)';
    expect([width, await page.evaluate(`${cut}.map((label) => [label.textContent, label.scrollWidth, label.clientWidth])`)]).toEqual([
      width,
      [],
    ]);
  }

  for (const [name, count] of Object.entries({ today: '0', soon: '2', over: '1', trials: '1' })) {
    await page.locator(`[data-count=${name}]`).filter({ hasText: count }).waitFor();
  }
  const week = page.getByRole('button', { name: '7 dias' });
  await week.click();
  await card('Foi Embora').waitFor({ state: 'detached' });
  expect(new URL(page.url()).search).toBe('?expiring=7');
  await card('So Mail').getByRole('link', { name: 'So Mail', exact: true }).click();
  await page.getByRole('heading', { name: 'Para enviar ao cliente' }).waitFor();
  await page.goBack();
  await card('So Mail').waitFor();
  expect(await week.getAttribute('aria-pressed')).toBe('true');
  await page.getByRole('button', { name: 'Ações para Fala Zap' }).click();
  await page.getByRole('menuitem', { name: 'Copiar os dados' }).click();
  await page.getByText('Copiado').waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toMatch(/^Fala Zap\nContato: \(11\) 98765-4321\nSituação: Ativo\nVencimento: \d\d\/\d\d\/\d{4}\nTelas: 1$/);
  await goWithin(page, '/customers?expiring=today');
  await page.getByText('Nenhum cliente encontrado').waitFor();
});

/** Taps each target, and returns how often the page was touched since it was loaded. */
async function tapAll(page: Page, targets: readonly Locator[]): Promise<number> {
  for (const target of targets) await target.tap();
  return Number(await page.evaluate('window.taps'));
}

test('from Home on a phone, 2 taps renew or activate a customer, 3 transfer credits, and 5 renew 40, all above the keyboard', async () => {
  const { client } = world.api;
  const { origin } = client;
  const panel = await plantPanel(client, world.demo.root, 'taps@demo.test', 200);
  await plantPanel(client, panel, 'kid@demo.test', 10);
  const ids = await Promise.all(Array.from({ length: 40 }, (_, index) => plant(panel, `Cliente ${index}`)));
  await endIn(ids, 2 * DAY_MS);
  await endIn(ids.slice(0, 1), DAY_MS);
  const page = await world.person('taps@demo.test', '/', { viewport: PHONE, hasTouch: true, isMobile: true });
  await page.addInitScript("window.taps = 0; addEventListener('pointerdown', () => { window.taps += 1; }, true);");
  const form = page.getByRole('dialog');
  /** Loads the screen that a person sees after signing in. Every touch from there on counts. */
  const home = () => page.goto(origin);
  /** The button that confirms is visible above the open keyboard, without scrolling. */
  const isVisibleAboveKeyboard = async (button: Locator) => {
    await page.setViewportSize(ABOVE_KEYBOARD);
    await button.and(page.locator(':not([disabled])')).waitFor();
    // The new size reaches the page a moment later.
    await until(async () => {
      const box = await button.boundingBox();
      return box !== null && box.y + box.height <= ABOVE_KEYBOARD.height;
    });
    await page.setViewportSize(PHONE);
  };

  await home();
  const renew = form.getByRole('button', { name: 'Renew' });
  await tapAll(page, [page.getByRole('button', { name: 'Renew Cliente 0', exact: true })]);
  await isVisibleAboveKeyboard(renew);
  expect(await tapAll(page, [renew])).toBeLessThanOrEqual(2);
  await showsBalance(page, '149');

  await home();
  const activate = form.getByRole('button', { name: 'Activate' });
  await tapAll(page, [page.getByRole('button', { name: 'Activate customer' })]);
  await form.getByLabel('Name').and(page.locator(':focus')).waitFor();
  await page.keyboard.type('Typed');
  await isVisibleAboveKeyboard(activate);
  expect(await tapAll(page, [activate])).toBeLessThanOrEqual(2);
  await showsBalance(page, '148');

  await home();
  const transfer = form.getByRole('button', { name: 'Transfer' });
  await tapAll(page, [
    page.getByRole('button', { name: 'Transfer', exact: true }),
    page.getByRole('button', { name: 'Transfer credits to kid' }),
  ]);
  await form.getByLabel('Credits').and(page.locator(':focus')).waitFor();
  await page.keyboard.type('8');
  await form.locator('[data-quote=ready]').waitFor();
  await isVisibleAboveKeyboard(transfer);
  expect(await tapAll(page, [transfer])).toBeLessThanOrEqual(3);
  await showsBalance(page, '140');

  await endIn(ids, 2 * DAY_MS);
  await home();
  await tapAll(page, [
    page.getByRole('link', { name: 'See all (40)' }),
    page.getByRole('checkbox', { name: 'Select all 40 that match' }),
    page.getByRole('button', { name: 'Renew selected' }),
  ]);
  const all = form.getByRole('button', { name: 'Renew all' });
  await isVisibleAboveKeyboard(all);
  expect(await tapAll(page, [all])).toBeLessThanOrEqual(5);
  await form.getByText('40 customers renewed.').waitFor();
  await showsBalance(page, '100');
});

test('the keyboard opens the tree ten levels deep, which fits the narrowest phone; the panel that will lock first comes first', async () => {
  const { client } = world.api;
  let above = world.demo.root;
  for (let level = 1; level <= 10; level += 1) above = await plantPanel(client, above, `level${level}@demo.test`, 120 - 10 * level);
  const page = await world.person('root@demo.test', '/resellers', { viewport: NARROWEST });
  for (let level = 1; level < 10; level += 1) {
    await page.getByRole('button', { name: `Show the sub-resellers of level${level}`, exact: true }).press('Enter');
    await page.locator(`[data-panel=level${level + 1}]`).waitFor();
  }
  expect(await page.getByRole('button', { name: 'Hide the sub-resellers of level9' }).getAttribute('aria-expanded')).toBe('true');
  await fits(page);
  // Each panel is an item in the list of its parent.
  const depth = await page.locator('[data-panel=level10]').evaluate((row) => {
    let lists = 0;
    for (let at = row.closest('ul'); at; at = at.parentElement?.closest('ul') ?? null) lists += 1;
    return lists;
  });
  expect(depth).toBe(10);
  await goWithin(page, '/resellers?order=BALANCE');
  await page.locator('[data-panel=zero]').waitFor();
  const names = () => page.locator('[data-panel]').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-panel')));
  expect((await names())[0]).toBe('zero');
  // A panel that uses its credits locks before one that has fewer and does not use them.
  const fast = await plantPanel(client, world.demo.root, 'fast@demo.test', 30);
  await plantPanel(client, world.demo.root, 'slow@demo.test', 12);
  await plant(fast, 'Uses');
  await goWithin(page, '/resellers?order=BALANCE');
  await page.locator('[data-panel=fast] [data-lasts="870"]').waitFor();
  // The list may have been read between the two.
  await page.locator('[data-panel=slow]').waitFor();
  expect((await names()).filter((name) => name === 'fast' || name === 'slow')).toEqual(['fast', 'slow']);
  expect(await page.locator('[data-panel=slow]').textContent()).toContain('unused for 30 days');
});

/** The Portuguese names of the actions in a row's menu. */
const OF_CUSTOMERS = ['Renovar', 'Adicionar telas', 'Editar', 'Cancelar o serviço'];
const OF_RESELLERS = ['Transferir créditos', 'Nome e reserva', 'Suspender', 'Mover', 'Encerrar de vez'];

test('on a phone axe finds nothing serious in the cards, the tree and their dialogs, dark and light', async () => {
  const panel = await plantPanel(world.api.client, world.demo.root, 'sheets@demo.test', 60);
  await plantPanel(world.api.client, panel, 'below@demo.test', 10);
  const ids = await Promise.all(['Um', 'Dois', 'Tres'].map((name) => plant(panel, name, '(11) 98765-4321')));
  await endIn(ids.slice(0, 1), 2 * DAY_MS);
  await endIn(ids.slice(1, 2), -DAY_MS);
  const page = await world.person('sheets@demo.test', '/customers', { viewport: PHONE, locale: 'pt-BR' });
  const fitsAndPassesAxe = async (what: string) => {
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor();
      expect(await seriousProblems(page, { contrastOnly: colorScheme === 'dark' }), `${what}, ${colorScheme}`).toEqual([]);
    }
    await fits(page);
  };
  const dialogs = async (name: string, actions: readonly string[]) => {
    for (const action of actions) {
      await page.getByRole('button', { name: `Ações para ${name}` }).click();
      await page.getByRole('menuitem', { name: action }).click();
      await page.getByRole('dialog').getByRole('button').last().waitFor();
      await fitsAndPassesAxe(`${action} ${name}`);
      // The first Escape may only close an open list of options.
      await page.keyboard.press('Escape');
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }
  };
  await page.locator('[data-customer=Um]').waitFor();
  await isLive(page);
  await page.getByRole('checkbox', { name: 'Selecionar todos os 3 da lista' }).click();
  await page.getByText('3 selecionados').waitFor();
  await fitsAndPassesAxe('the cards');
  await page.getByRole('button', { name: 'Renovar selecionados' }).click();
  await page.getByRole('button', { name: 'Renovar todos' }).waitFor();
  await fitsAndPassesAxe('many');
  await page.keyboard.press('Escape');
  await dialogs('Um', OF_CUSTOMERS);
  await page.getByRole('button', { name: 'Teste grátis' }).click();
  await page.getByRole('button', { name: 'Iniciar teste' }).waitFor();
  await fitsAndPassesAxe('the trial');
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: 'Um', exact: true }).click();
  await page.getByRole('heading', { name: 'Para enviar ao cliente' }).waitFor();
  await fitsAndPassesAxe("a customer's page");
  await goWithin(page, '/resellers');
  await page.locator('[data-panel=below]').waitFor();
  await fitsAndPassesAxe('the tree');
  await dialogs('below', OF_RESELLERS);
});

test('a selection survives a visit to a customer, grows to all matches and is renewed; a row has its own button to renew', async () => {
  const panel = await plantPanel(world.api.client, world.demo.root, 'many@demo.test', 100);
  await Promise.all(Array.from({ length: 30 }, (_, index) => plant(panel, `Cliente ${index}`)));
  const page = await world.person('many@demo.test', '/customers');
  await page.getByText('30 customers').waitFor();
  await page.getByRole('checkbox', { name: 'Select the whole page' }).check();
  await page.getByText('25 selected').waitFor();
  await page.locator('tbody a').first().click();
  await page.getByText('History').waitFor();
  await page.goBack();
  await page.getByText('25 selected').waitFor();
  await page.getByRole('button', { name: 'Select all 30 that match' }).click();
  await page.getByText('30 selected').waitFor();
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  expect(await page.getByRole('button', { name: 'Renew selected' }).evaluate((bar) => bar.getBoundingClientRect().top)).toBeGreaterThan(56);
  await page.getByRole('button', { name: 'Renew selected' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  await page.getByText('30 selected').waitFor();
  await page.getByRole('button', { name: 'Renew selected' }).click();
  const form = page.getByRole('dialog');
  await form.getByText('Renew 30 customers').waitFor();
  await form.getByText('30 credits').waitFor();
  await form.getByRole('button', { name: 'Renew all' }).click();
  await form.getByText('30 customers renewed.').waitFor();
  await form.getByRole('button', { name: 'Close' }).last().click();
  await form.waitFor({ state: 'detached' });
  expect(await page.getByRole('button', { name: 'Renew selected' }).count()).toBe(0);
  await page
    .getByRole('button', { name: /^Renew Cliente \d+$/ })
    .first()
    .click();
  await form.locator('[data-quote=ready]').waitFor();
  await form.getByRole('button', { name: 'Renew' }).click();
  await form.waitFor({ state: 'detached' });
  await showsBalance(page, '39');
});

test('lists are sorted and filtered, and customers who expired in the last days can be found', async () => {
  const page = await world.person('root@demo.test', '/resellers?order=NAME');
  await page.locator('[data-panel=ana]').waitFor();
  await page.getByRole('checkbox', { name: 'Locked only' }).check();
  await page.locator('[data-panel=ana]').waitFor({ state: 'detached' });
  await page.locator('[data-panel=zero]').waitFor();
  await goWithin(page, '/customers?expiring=-3');
  await page.getByText('No customers found').waitFor();
  expect(await page.locator('input[aria-label=Expiring]').inputValue()).toBe('Expired in the last 3 days');
});
