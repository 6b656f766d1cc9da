import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Given } from '../../support/clients/mutation.ts';
import { fits, goWithin, isLive, openWeb, PHONE, seriousProblems, showsBalance, signIn, type WebWorld } from '../../support/clients/web.ts';
import { openTestSql } from '../../support/sql.ts';
import { order, PRICES, setPrices } from '../../support/worlds/buying.ts';
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

async function plantCustomer(token: string, name: string, more: Partial<Given<'activateCustomer'>> = {}): Promise<void> {
  expect((await world.api.client.mutate(token, 'activateCustomer', { name, periods: 1, ...more })).code).toBeUndefined();
}

/** Aborts each request of this operation until the returned function is called. */
async function abortRequests(page: Page, operation: string): Promise<() => void> {
  let isDown = true;
  await page.route('**/graphql', (route) =>
    isDown && route.request().postData()?.includes(`"operationName":"${operation}"`) ? route.abort() : route.fallback(),
  );
  return () => {
    isDown = false;
  };
}

test('an action on Home opens its dialog at once, and Back does not open it again', async () => {
  const page = await world.person('ana@demo.test');
  await page.getByRole('button', { name: 'Activate customer' }).click();
  await page.getByRole('dialog').getByLabel('Name').waitFor();
  expect(new URL(page.url()).search).toBe('');
  await page.goBack();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  expect(new URL(page.url()).pathname).toBe('/customers');
  await page.goBack();
  await page.getByRole('heading', { name: 'ana' }).waitFor();
});

test("a page opened from a dialog stays open, however late the browser takes the dialog's step back", async () => {
  const { client } = world.api;
  const panel = await plantPanel(client, world.demo.root, 'steps@demo.test', 20);
  await plantPanel(client, panel, 'opened@demo.test', 10);
  const page = await world.person('steps@demo.test', '/');
  const name = page.getByRole('heading', { name: 'opened' });
  const search = page.getByRole('combobox');
  const reach = async () => {
    await page.keyboard.press('Control+k');
    await search.fill('opened');
    await page.getByRole('option', { name: /^opened/ }).click();
    await search.waitFor({ state: 'detached' });
  };
  // Here the step back is taken after the page has opened, and the page's code arrives after the dialog has closed.
  await page.evaluate(() => {
    const back = history.back.bind(history);
    const here = location.pathname;
    history.back = () => {
      const backOnceLeft = () => (location.pathname === here ? setTimeout(backOnceLeft, 10) : back());
      backOnceLeft();
    };
  });
  const { promise: isClosed, resolve: closed } = Promise.withResolvers<void>();
  await page.route(/reseller-page/, async (route) => {
    await isClosed;
    await route.continue();
  });
  await reach();
  closed();
  await name.waitFor();
  await page.goBack();
  await page.getByRole('heading', { name: 'steps' }).waitFor();
  await name.waitFor({ state: 'detached' });
  await page.goForward();
  await name.waitFor();

  // Here the page opens between the call of history.back and the step itself.
  const other = await world.person('steps@demo.test', '/');
  await other.getByRole('link', { name: 'Customers', exact: true }).first().click();
  await other.getByRole('button', { name: 'New customer' }).first().click();
  await other.evaluate(() => {
    const back = history.back.bind(history);
    const forward = history.forward.bind(history);
    history.back = () => {
      history.back = back;
      back();
      document.querySelector<HTMLElement>('a[href="/"]')?.click();
    };
    history.forward = () => {
      forward();
      document.title = 'gone on';
    };
  });
  await other.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  await other.waitForFunction(() => document.title === 'gone on' && location.pathname === '/');
  await other.getByRole('heading', { name: 'steps' }).waitFor();
  await other.goBack();
  await other.getByRole('button', { name: 'New customer' }).first().waitFor();
  await other.goForward();
  await other.getByRole('heading', { name: 'steps' }).waitFor();
});

test("Home's count of customers who end soon, and the list that it links to, leave out trials and canceled customers", async () => {
  const { client, databaseUrl } = world.api;
  const panel = await plantPanel(client, world.demo.root, 'soon@demo.test', 20);
  for (const name of ['Stays', 'Leaves', 'Ends later']) await plantCustomer(panel.token, name);
  const sql = openTestSql(databaseUrl);
  await sql`UPDATE customer SET expires_at = date_trunc('milliseconds', clock_timestamp()) + interval '3 days' WHERE name IN ('Stays', 'Leaves')`;
  await sql.end();
  const { viewer } = await client.query(panel, '{ viewer { reseller { customers(first: 9) { edges { node { id name } } } } } }');
  const leaving = viewer.reseller.customers.edges.find(({ node }) => node.name === 'Leaves');
  await client.mutate(panel, 'cancelCustomer', { customerId: leaving?.node.id ?? '' });
  await client.mutate(panel, 'startTrial', { name: 'Tries', contact: 'tries@example.test', hours: 4 });
  const page = await world.person('soon@demo.test');
  await page.getByRole('link', { name: 'Within 7 days 1' }).click();
  await page.getByRole('heading', { name: 'Customers', exact: true }).waitFor();
  await page.getByText('Stays').waitFor();
  for (const other of ['Leaves', 'Ends later', 'Tries']) expect(await page.getByText(other).count(), other).toBe(0);
});

test('Back asks before it closes a dialog with typed values, and Cancel does not ask', async () => {
  const page = await world.person('ana@demo.test', '/customers');
  await page.getByRole('button', { name: 'New customer' }).first().click();
  const form = page.getByRole('dialog');
  await form.getByLabel('Name').fill('Half typed');
  await page.goBack();
  await form.getByText('Discard what you have entered?').waitFor();
  await form.getByRole('button', { name: 'Keep editing' }).click();
  expect(await form.getByLabel('Name').inputValue()).toBe('Half typed');
  await page.keyboard.press('Escape');
  await form.getByRole('button', { name: 'Discard' }).click();
  await form.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'New customer' }).first().click();
  expect(await form.getByLabel('Name').inputValue()).toBe('');
  await form.getByLabel('Name').fill('Again');
  await form.getByRole('button', { name: 'Cancel' }).click();
  await form.waitFor({ state: 'detached' });
  expect(new URL(page.url()).pathname).toBe('/customers');
});

test('a command without a response stays visible after its dialog closes, and a retry is charged once (R31)', async () => {
  const page = await world.person('bruno@demo.test', '/customers', { viewport: PHONE });
  const restore = await abortRequests(page, 'ActivateCustomer');
  await page.getByRole('button', { name: 'New customer' }).first().click();
  const form = page.getByRole('dialog');
  await form.getByLabel('Name').fill('Charged once');
  await form.locator('[data-quote=ready]').waitFor();
  await form.getByRole('button', { name: 'Activate' }).click();
  await form.getByText('we do not know whether this was done').waitFor();
  await page.goBack();
  await form.waitFor({ state: 'detached' });
  const unsettled = page.getByRole('region', { name: 'Operations without a response' });
  await unsettled.getByText('New customer: Charged once').waitFor();
  await page.getByRole('button', { name: 'Open or close the navigation' }).click();
  await page.getByRole('link', { name: 'Credits', exact: true }).click();
  await page.getByText('Statement').waitFor();
  await unsettled.getByText('New customer').waitFor();
  await fits(page);
  restore();
  await unsettled.getByRole('button', { name: 'Try again' }).click();
  await unsettled.waitFor({ state: 'detached' });
  await page.getByText('Done: New customer').waitFor();
  await showsBalance(page, '9');
  world.takeErrors();
});

test('a command whose response was lost stays visible when the session then ends, and is charged once (R31)', async () => {
  const page = await world.person('caio@demo.test', '/customers');
  let attempts = 0;
  const held = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  await page.route('**/graphql', async (route) => {
    if (!route.request().postData()?.includes('"operationName":"ActivateCustomer"')) return route.fallback();
    attempts += 1;
    if (attempts === 1) {
      await route.fetch();
      await page.context().clearCookies();
      return route.abort();
    }
    if (attempts !== 3) return route.fallback();
    // This attempt is sent before the person signs in again, and gets its response afterwards.
    const response = await route.fetch();
    held.resolve();
    await released.promise;
    return route.fulfill({ response });
  });
  await page.getByRole('button', { name: 'New customer' }).first().click();
  const form = page.getByRole('dialog');
  await form.getByLabel('Name').fill('Paid for');
  await form.locator('[data-quote=ready]').waitFor();
  await form.getByRole('button', { name: 'Activate' }).click();
  await held.promise;
  await signIn(page, 'caio@demo.test');
  released.resolve();
  // The page's remaining attempts send it again or, if none is left, the person does.
  const done = page.getByText('Done: New customer').waitFor();
  const never = new Promise(() => {});
  const retried = page.getByRole('button', { name: 'Try again' }).click();
  await Promise.race([
    done,
    retried.then(
      () => done,
      () => never,
    ),
  ]);
  await showsBalance(page, '9');
  world.takeErrors();
});

test('a screen whose code cannot be fetched says so, and opens by itself when the server, or a newer version, has the code', async () => {
  const page = await world.person('ana@demo.test');
  await isLive(page);
  let isDown = true;
  await page.route(/\/assets\/(sales-screen|buying)/, (route) => (isDown ? route.abort() : route.continue()));
  await page.getByRole('link', { name: 'Sales' }).click();
  await page.getByText('This screen has not loaded yet').waitFor();
  isDown = false;
  await page.getByRole('heading', { name: 'Sales' }).waitFor();
  // The server now has a newer version, whose page names other files.
  let isGone = true;
  await page.route(/\/assets\/help-screen/, (route) => (isGone ? route.fulfill({ status: 404 }) : route.continue()));
  await page.route('**/help', (route) => {
    isGone = false;
    return route.continue();
  });
  await page.getByRole('link', { name: 'How credits work' }).click();
  await page.getByText('3 months on 1 screen: 3 × 1 = 3 credits').waitFor();
  world.takeErrors();
});

test('on a phone a lost connection is shown as text, and toasts do not cover the header', async () => {
  const page = await world.person('ana@demo.test', '/settings', { viewport: PHONE });
  await isLive(page);
  await page.context().setOffline(true);
  await page.getByTestId('connection').getByText('Offline').waitFor();
  await fits(page);
  await page.context().setOffline(false);
  await goWithin(page, '/settings/panel');
  await page.getByRole('button', { name: 'Save' }).click();
  const toast = await page.getByText('Saved.').boundingBox();
  const header = await page.getByRole('banner').boundingBox();
  expect(toast?.y).toBeGreaterThan((header?.y ?? 0) + (header?.height ?? 0));
  world.takeErrors();
});

test("a suspended panel's buttons that spend are disabled and say why (R11)", async () => {
  const { client } = world.api;
  const panel = await plantPanel(client, world.demo.root, 'held@demo.test', 20);
  await client.mutate(world.demo.root, 'suspendReseller', { resellerId: panel.id, reason: 'unpaid' });
  const page = await world.person('held@demo.test');
  const button = page.getByRole('button', { name: 'Activate customer' });
  expect(await button.getAttribute('aria-disabled')).toBe('true');
  await button.hover();
  await page.getByRole('tooltip').getByText('this panel is suspended (unpaid)').waitFor();
});

test('on a phone, long texts widen no screen', async () => {
  const { client } = world.api;
  const long = 'X'.repeat(100);
  const mail = `${'m'.repeat(60)}@${'d'.repeat(60)}.example.test`;
  const panel = await plantPanel(client, world.demo.other, mail, 20);
  await client.mutate(panel, 'updateReseller', { resellerId: panel.id, name: long });
  await plantCustomer(panel.token, long, { contact: mail, notes: 'N'.repeat(200) });
  await client.mutate(panel, 'createApiKey', { name: long, scope: 'READ' });
  await client.mutate(world.demo.other, 'transferCredits', { toResellerId: panel.id, amount: 1, memo: 'M'.repeat(300) });
  const { viewer } = await client.query(panel, '{ viewer { reseller { customers { edges { node { id } } } } } }');
  const customer = encodeURIComponent(viewer.reseller.customers.edges[0]?.node.id ?? '');
  const own = await world.person(mail, '/', { viewport: PHONE });
  const above = await world.person('other@other.test', '/resellers', { viewport: PHONE });
  const visits: [Page, string, RegExp][] = [
    [own, '/', /Latest transactions/],
    [own, '/customers', /X{100}/],
    [own, `/customers/${customer}`, /History/],
    [own, '/credits', /M{300}/],
    [own, '/settings', /Open sessions/],
    [own, '/settings/team', /m{60}/],
    [own, '/settings/keys', /X{100}/],
    [own, '/settings/audit', /X{100}/],
    [own, '/help', /How credits work/],
    [above, '/resellers', /X{100}/],
    [above, `/resellers/${encodeURIComponent(panel.id)}`, /Statement/],
    [above, '/settings/audit', /X{100}/],
    [above, '/credits', /M{300}/],
  ];
  for (const [page, path, shown] of visits) {
    await goWithin(page, path);
    await page.getByText(shown).locator('visible=true').first().waitFor();
    await fits(page);
  }
  await goWithin(above, '/resellers');
  await above.getByRole('button', { name: `Actions for ${long}` }).click();
  await above.getByRole('menuitem', { name: 'Transfer credits' }).click();
  await above
    .getByRole('dialog')
    .getByText(/has \d+ credits/)
    .waitFor();
  await fits(above);
});

test('the search finds customers, resellers, orders and screens by keyboard and touch, and nothing of other panels', async () => {
  const { client } = world.api;
  await setPrices(client, world.demo.platform, PRICES);
  const panel = await plantPanel(client, world.demo.root, 'finds@demo.test', 30);
  const below = await plantPanel(client, panel, 'marcelo@demo.test', 10);
  await Promise.all([plantCustomer(panel.token, 'Marília Sá', { contact: '(11) 98765-4321' }), plantCustomer(below.token, 'Marina')]);
  await order(client, panel.token, { quantity: 20, idempotencyKey: 'found' });
  const page = await world.person('finds@demo.test', '/', { locale: 'pt-BR' });
  const field = page.getByRole('combobox', { name: 'Buscar clientes' });
  const line = (name: RegExp) => page.getByRole('option', { name });
  await page.keyboard.press('Control+k');
  await field.and(page.locator(':focus')).waitFor();
  await line(/^Ativar cliente$/).waitFor();
  await page.keyboard.type('MARI');
  await line(/^Marília Sá.*98765.*(29|30) dias$/).waitFor();
  expect(await line(/Marina/).count()).toBe(0);
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await seriousProblems(page), `the search, ${colorScheme}`).toEqual([]);
  }
  await field.fill('mar');
  await line(/^marcelo.*abaixo de finds.*9 créditos$/).waitFor();
  const chosen = line(/^marcelo/).and(page.locator('[aria-selected=true]'));
  await page.keyboard.press('ArrowDown');
  await chosen.waitFor();
  expect(await field.getAttribute('aria-activedescendant')).toBe(await chosen.getAttribute('id'));
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'marcelo' }).waitFor();
  await field.waitFor({ state: 'detached' });
  await page.keyboard.press('Meta+k');
  await field.fill('nobody of mine');
  await page.getByText('Nada encontrado para “nobody of mine”').waitFor();
  const restore = await abortRequests(page, 'Search');
  await field.fill('Marília');
  await page.getByText('O servidor não respondeu').waitFor();
  restore();
  await page.getByRole('button', { name: 'Tentar de novo' }).click();
  await line(/^Marília/).waitFor();
  await page.goBack();
  await field.waitFor({ state: 'detached' });
  expect(new URL(page.url()).pathname).toMatch(/^\/resellers\//);

  // A locked panel finds its own orders, and no screen that it may not open (R8).
  const { number } = await numberOf(panel.token);
  await client.transfer(panel.token, below.id, 19, 'all of it');
  await page.waitForURL('**/buy');
  await page.setViewportSize(PHONE);
  await page.getByRole('button', { name: 'Buscar' }).click();
  expect(await line(/Ativar|Clientes/).count()).toBe(0);
  await field.fill(`#${number}`);
  await line(new RegExp(`^Pedido #${number}, comprado`)).waitFor();
  await fits(page);
  const seller = await world.person('platform@revenda.test');
  await seller.getByRole('button', { name: 'Search' }).click();
  await seller.getByRole('combobox').fill(String(number));
  await seller.getByRole('option', { name: `Order #${number}, sold to finds` }).click();
  await seller.locator('[data-purchase=PENDING]').waitFor();
  world.takeErrors();
});

/** Returns the number of the panel's only purchase. */
async function numberOf(token: string): Promise<{ number: number }> {
  const { viewer } = await world.api.client.query(token, '{ viewer { reseller { purchases { edges { node { number } } } } } }');
  const [edge] = viewer.reseller.purchases.edges;
  if (!edge) throw new Error('nothing was bought');
  return edge.node;
}
