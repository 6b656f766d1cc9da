import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { customerOf, uuidOf } from '../../support/clients/customers-api.ts';
import { fits, goWithin, isLive, openWeb, seriousProblems, type WebWorld } from '../../support/clients/web.ts';
import { openTestSql } from '../../support/sql.ts';
import { type Member, plantPanel } from '../../support/worlds/demo.ts';
import { zoneAt } from '../../support/worlds/local-time.ts';

const PHONE = { width: 390, height: 844 };
const NOON = 12;

let world: WebWorld;

beforeAll(async () => {
  world = await openWeb();
  const { api, demo } = world;
  const timeZone = await withSql((sql) => zoneAt(sql, NOON));
  await api.client.mutate(demo.root, 'setTenantPolicy', { timeZone });
});

afterEach(async () => {
  expect(await world.closePages()).toEqual([]);
});

afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
});

async function withSql<Value>(run: (sql: ReturnType<typeof openTestSql>) => Promise<Value>): Promise<Value> {
  const sql = openTestSql(world.api.databaseUrl);
  try {
    return await run(sql);
  } finally {
    await sql.end();
  }
}

/** Plants a customer of one credit, activated a day ago, whose service ends `hours` after the start of the tenant's day. */
async function plant(panel: Member, name: string, hours: number, contact: string | null = '11 91234-5678'): Promise<string> {
  const { id } = customerOf(await world.api.client.mutate(panel, 'activateCustomer', { name, contact, periods: 1 }));
  await withSql(
    (sql) => sql`
      UPDATE customer SET created_at = customer.created_at - interval '1 day',
        expires_at = date_trunc('day', clock_timestamp() AT TIME ZONE time_zone) AT TIME ZONE time_zone + ${hours}::integer * interval '1 hour'
      FROM tenant WHERE tenant.id = tenant_id AND customer.id = ${uuidOf(id)}`,
  );
  return id;
}

test('R58: an owner sets rules with a preview of a real customer, and sends the messages from Home with two taps each', async () => {
  const panel = await plantPanel(world.api.client, world.demo.root, 'reminds@demo.test', 30);
  await plant(panel, 'Maria Silva', 3 * 24 + 8);
  await plant(panel, 'João Souza', 3 * 24 + 9);
  const muted = await plant(panel, 'Quieta Lima', 3 * 24 + 10);
  await plant(panel, 'Sem Fone', 3 * 24 + 11, 'mail@example.test');
  const page = await world.person('reminds@demo.test', '/settings/reminders', {
    viewport: PHONE,
    locale: 'pt-BR',
    hasTouch: true,
    isMobile: true,
  });
  await page.addInitScript("window.taps = 0; addEventListener('pointerdown', () => { window.taps += 1; }, true);");
  await page.getByRole('button', { name: 'Começar com as mais usadas' }).tap();
  const first = page.getByRole('group', { name: 'Regra 1' });
  await first.getByRole('status', { name: 'Prévia da regra 1' }).getByText('Olá, Maria!').waitFor();
  await first.getByText('daqui a 3 dia(s)').waitFor();
  await first.getByRole('textbox', { name: 'Texto' }).fill('Oi {nome}, {valor}');
  await page.getByRole('button', { name: 'Salvar' }).tap();
  await page.getByText('Não existe o campo “valor”').waitFor();
  await first.getByRole('textbox', { name: 'Texto' }).fill('Oi {nome}, vence em ');
  await first.getByRole('button', { name: 'Inserir vencimento' }).tap();
  await first
    .getByRole('status')
    .getByText(/^Oi Maria, vence em \d\d\/\d\d\/\d{4}$/)
    .waitFor();
  await page.getByRole('group', { name: 'Regra 2' }).getByRole('button', { name: 'Remover regra 2' }).tap();
  await page.getByRole('group', { name: 'Regra 2' }).getByRole('button', { name: 'Remover regra 2' }).tap();
  // This time of the tenant's day has passed, but so recently that its messages are not late.
  await first.getByRole('combobox', { name: 'Às' }).tap();
  await page.getByRole('option', { name: '11:00' }).tap();
  expect(await seriousProblems(page)).toEqual([]);
  await fits(page);

  // A customer whose reminders are turned off on its own page is not in the list.
  const other = await world.person('reminds@demo.test', `/customers/${encodeURIComponent(muted)}`);
  await other.getByRole('button', { name: 'Edit' }).click();
  await other.getByRole('dialog').getByRole('switch', { name: 'No reminders' }).check();
  await other.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await other.getByRole('region', { name: 'Details' }).getByText('off', { exact: true }).waitFor();

  await page.getByRole('button', { name: 'Salvar' }).tap();
  await page.getByText('Os lembretes foram salvos.').waitFor();
  await withSql(async (sql) => {
    const messages = async () => (await sql`SELECT FROM reminder_message WHERE reseller_id = ${uuidOf(panel.id)}`).count;
    while ((await messages()) < 3) await sql`SELECT pg_sleep(0.1)`;
  });
  await page.goto(`${world.api.client.origin}/`);
  await page.getByRole('link', { name: 'Mensagens de hoje (3)' }).tap();
  await page.getByRole('heading', { name: 'Mensagens de hoje (3)' }).waitFor();
  expect(await seriousProblems(page)).toEqual([]);
  await fits(page);
  await page.evaluate('window.taps = 0');
  await page.context().route('https://wa.me/**', (route) => route.abort());
  const waiting = page.getByRole('list', { name: 'Para enviar' });
  for (const [index, name] of ['Maria Silva', 'João Souza'].entries()) {
    const [opened] = await Promise.all([
      page.context().waitForEvent('request', (request) => request.url().startsWith('https://wa.me/')),
      waiting.getByRole('link', { name: `WhatsApp para ${name}` }).tap(),
    ]);
    expect(new URL(opened.url()).pathname).toBe('/5511912345678');
    expect(new URL(opened.url()).searchParams.get('text')).toMatch(/^Oi (Maria|João), vence em \d/);
    await waiting.getByRole('button', { name: `Enviada: ${name}` }).tap();
    await waiting.locator(`[data-message="${name}"]`).waitFor({ state: 'detached' });
    expect(await page.evaluate('window.taps')).toBe((index + 1) * 2);
  }
  // The links lead to another host, as they should: ignore the errors about it.
  world.takeErrors();
  await page.getByRole('heading', { name: 'Mensagens de hoje (1)' }).waitFor();
  await waiting.getByText('O contato não é um telefone').waitFor();
  const sent = page.getByRole('list', { name: 'Mensagens enviadas' });
  await sent.getByRole('button', { name: 'Não enviada: Maria Silva' }).tap();
  await waiting.locator('[data-message="Maria Silva"]').waitFor();
  await page.getByRole('heading', { name: 'Mensagens de hoje (2)' }).waitFor();
});

test('Home counts the customers due yesterday, today, tomorrow and in 2 and 3 days, and each count links to exactly those', async () => {
  const panel = await plantPanel(world.api.client, world.demo.root, 'days@demo.test', 30);
  const days = [
    ['Ended yesterday', -1, 'Yesterday 1'],
    ['Ended this morning', 1, 'Today 2'],
    ['Ends tonight', 23, 'Today 2'],
    ['Ends tomorrow', 24, 'Tomorrow 1'],
    ['Ends in two', 3 * 24 - 1, 'In 2 days 1'],
    ['Ends in three', 3 * 24, 'In 3 days 1'],
    ['Ends later', 4 * 24, 'Within 7 days 5'],
  ] as const;
  for (const [name, hours] of days) await plant(panel, name, hours);
  const canceled = await plant(panel, 'Gone', 23);
  await world.api.client.mutate(panel, 'cancelCustomer', { customerId: canceled });
  await world.api.client.mutate(panel, 'startTrial', { name: 'Tries', contact: 'tries@days.test', hours: 2 });
  const page = await world.person('days@demo.test', '/');
  await isLive(page);
  for (const label of new Set(days.map(([, , chip]) => chip))) {
    if (label.startsWith('Within')) continue;
    await page.getByRole('link', { name: label, exact: true }).click();
    const names = days.filter(([, , chip]) => chip === label).map(([name]) => name);
    await page.getByText(names.length === 1 ? '1 customer' : `${names.length} customers`, { exact: true }).waitFor();
    for (const name of names) await page.getByText(name, { exact: true }).waitFor();
    const file = await page.getByRole('link', { name: 'CSV' }).getAttribute('href');
    const csv = await page.evaluate(async (address) => (await fetch(address)).text(), file ?? '');
    expect(
      csv
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => line.split(',')[0])
        .sort(),
      label,
    ).toEqual([...names].sort());
    await goWithin(page, '/');
  }
  await page.getByRole('link', { name: 'Within 7 days 5', exact: true }).waitFor();
});
