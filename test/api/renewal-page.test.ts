import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { resealLinks } from '../../src/domain/renewal/reseal-links.ts';
import { createSecretBox } from '../../src/kernel/secrets.ts';
import { SECRETS_KEY, startApi } from '../support/clients/api.ts';
import { type CustomerSeen, CustomersWorld, customerOf, DAY_MS } from '../support/clients/customers-api.ts';
import { openTestSql } from '../support/sql.ts';
import { until } from '../support/until.ts';
import { type Member, plantPanel } from '../support/worlds/demo.ts';

let world: CustomersWorld;
let member: Member;
let plans: readonly { readonly id: string; readonly name: string }[];

const MONTH = { name: 'Mensal <1>', periods: 1, screens: 2, priceMinor: 123_456 };
const CARD = { name: 'Loja & Cia', whatsapp: '+5511912345678', pixKey: 'loja@pix.test', instructions: 'Das 9 às 18' };

beforeAll(async () => {
  world = await CustomersWorld.open();
  member = await plantPanel(world.client, world.demo.root, 'renewal@page.test', 100);
  const { done } = await world.client.data<{ done: { plans: typeof plans } }>(
    member.token,
    'mutation ($input: SetPlansInput!) { done: setPlans(input: $input) { ... on SetPlansPayload { plans { id name } } } }',
    {
      input: {
        currency: 'BRL',
        plans: [MONTH, ...Array.from({ length: 19 }, (_, n) => ({ name: `Plano ${n}`, periods: 1, priceMinor: 100 }))],
      },
    },
  );
  plans = done.plans;
  await world.client.mutate(member, 'setSellerCard', CARD);
});

afterAll(() => world[Symbol.asyncDispose]());

async function linkOf({ token }: Pick<Member, 'token'>, { id }: { readonly id: string }): Promise<string | null> {
  const document = 'query ($id: ID!) { customer(id: $id) { renewalLink } }';
  return (await world.client.query(token, document, { id })).customer.renewalLink;
}

async function linked(customer: CustomerSeen, by = member): Promise<string> {
  expect(await world.client.mutate(by, 'resetRenewalLink', { customerId: customer.id })).not.toHaveProperty('code');
  const link = new URL((await linkOf(by, customer)) ?? '');
  return `${world.client.origin}${link.pathname}`;
}

const uuid = (id: string) => {
  const hex = Buffer.from(id, 'base64url').toString('hex', 1);
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
};

async function open(url: string, headers: Record<string, string> = {}) {
  const response = await fetch(url, { headers, redirect: 'manual' });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

describe("a customer's page (R53)", () => {
  test('R53: shows first name, end, card, plans and the Pix code of a plan, and never contact, notes, balance or costs', async () => {
    const secret = { contact: '+55 11 98888-7777', notes: 'owes me a favor' };
    const maria = customerOf(await world.client.mutate(member, 'activateCustomer', { name: 'Maria da Silva', periods: 2, ...secret }));
    expect(await linkOf(member, maria)).toBeNull();
    const url = await linked(maria);
    expect(url).toMatch(/\/r\/[\w-]{22}$/);

    const page = await open(url, { 'accept-language': 'pt-BR,pt;q=0.9,en;q=0.8' });
    expect(page.status).toBe(200);
    const day = new Intl.DateTimeFormat('pt-BR', { timeZone: 'America/Sao_Paulo', dateStyle: 'long' }).format(new Date(maria.expiresAt));
    for (const shown of [
      'Olá, Maria!',
      `Pago até ${day}.`,
      'Loja &amp; Cia',
      'Das 9 às 18',
      'wa.me/5511912345678',
      'Mensal &lt;1&gt;',
      '30 dias, 2 telas',
      '1.234,56',
    ])
      expect(page.text).toContain(shown);
    for (const hidden of ['Silva', '98888', '7777', 'favor', 'renewal@page.test', '<script', 'http://', 'Mensal <1>'])
      expect(page.text).not.toContain(hidden);
    expect(page.text.match(/https:\/\/[^"/]+/g)).toEqual(['https://wa.me']);
    expect(Buffer.byteLength(page.text)).toBeLessThan(30_000);

    // Any other payment id shows what the panel offers.
    for (const payment of ['nothing', uuid(maria.id), uuid(plans[0]?.id ?? ''), '"><script>'])
      expect((await open(`${url}?payment=${encodeURIComponent(payment)}`, { 'accept-language': 'pt-BR' })).text).toBe(page.text);

    const chosen = await fetch(url, { method: 'POST', body: new URLSearchParams({ plan: uuid(plans[0]?.id ?? '') }), redirect: 'manual' });
    expect(chosen.status).toBe(303);
    const paying = await open(new URL(chosen.headers.get('location') ?? '', url).href);
    expect(paying.text).toMatch(/000201.*br\.gov\.bcb\.pix.*loja@pix\.test.*54071234\.56/);
    expect(paying.text).toContain('<svg');
    expect(Buffer.byteLength(paying.text)).toBeLessThan(30_000);
  });

  test('R53: is neither cached nor indexed, sends no referrer, and allows no foreign content', async () => {
    const url = await linked(await world.activated(member));
    const { headers } = await open(url);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('x-robots-tag')).toBe('noindex, nofollow');
    expect(headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'$/,
    );
    expect(headers.get('set-cookie')).toBeNull();
    const head = await fetch(url, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect((await fetch(url, { method: 'PUT' })).status).toBe(405);
    expect((await open(url, { 'accept-language': 'en-US,en;q=0.9,pt;q=0.1' })).text).toContain('Hello, Maria!');
    for (const language of ['', 'de', 'pt;q=0.9,en;q=0.9', '*'])
      expect((await open(url, { 'accept-language': language })).text).toContain('lang="pt-BR"');
  });

  test('R53: a link is shown only to the own panel, masked in a support session, and opens nothing once replaced or revoked', async () => {
    const maria = await world.activated(member);
    const first = await linked(maria);
    const second = await linked(maria);
    expect(second).not.toBe(first);
    expect((await open(first)).status).toBe(404);
    expect((await open(second)).status).toBe(200);
    const stranger = await plantPanel(world.client, world.demo.root, 'stranger@page.test', 10);
    expect(await world.client.mutate(stranger, 'resetRenewalLink', { customerId: maria.id })).toMatchObject({ code: 'NOT_FOUND' });
    const { support } = await world.client.data<{ support: { token: string } }>(
      world.demo.root.token,
      'mutation ($id: ID!) { support: openSupportSession(input: { resellerId: $id, reason: "r" }) { ... on OpenSupportSessionPayload { token } } }',
      { id: member.id },
    );
    expect(await linkOf(support, maria)).toBe('•••');
    const [stored] =
      await world.sql`SELECT token, encode(token_hash, 'hex') AS hash FROM renewal_link WHERE customer_id = ${uuid(maria.id)}`;
    expect(JSON.stringify(stored)).not.toContain(second.split('/r/')[1]);
    // With a new first key, links sealed with the old one are resealed, and open as before.
    const both = createSecretBox([Buffer.alloc(32, 'new'), Buffer.from(SECRETS_KEY, 'base64')]);
    await using sql = Object.assign(openTestSql(world.databaseUrl, { role: 'revenda_app' }), {
      [Symbol.asyncDispose]: () => sql.end(),
    });
    await resealLinks({ sql, topology: inject('topology'), secrets: both });
    const [anew] = await world.sql`SELECT token FROM renewal_link WHERE customer_id = ${uuid(maria.id)}`;
    expect(both.isNewest(anew?.token)).toBe(true);
    expect((await open(second)).status).toBe(200);
    await world.sql`UPDATE renewal_link SET token = ${stored?.token} WHERE customer_id = ${uuid(maria.id)}`;
    await world.client.mutate(member, 'resetRenewalLink', { customerId: maria.id, revoke: true });
    expect(await linkOf(member, maria)).toBeNull();
    expect((await open(second)).status).toBe(404);
  });

  test("R53: a locked panel's page opens, a closed one's is the parent’s; an invalid name is not shown", async () => {
    const child = await plantPanel(world.client, member, 'child@page.test', 10);
    const [ended, phone] = [await world.activated(child, 1, 1, 'João Souza'), await world.activated(child, 9, 1, '11 98888-7777')];
    const [first, second] = [await linked(ended, child).catch(() => null), null];
    // The last credit is spent, so no links were made.
    expect([first, second]).toEqual([null, null]);
    await world.client.mutate(member, 'transferCredits', { toResellerId: child.id, amount: 1, idempotencyKey: 'open' });
    const urls = [await linked(ended, child), await linked(phone, child)];
    await world.activated(child, 1, 1, 'Locks');
    await world.endsIn(ended, -DAY_MS);
    const [over, unnamed] = await Promise.all(urls.map((url) => open(url)));
    expect(over?.text).toMatch(/Olá, João!.*Terminou em/s);
    expect(unnamed?.text).toContain('Olá!');
    expect(unnamed?.text).not.toContain('7777');
    expect(over?.text).toContain('<h1>child</h1>');
    await world.client.mutate(member, 'closeReseller', { resellerId: child.id, idempotencyKey: 'close' });
    expect((await open(urls[0] ?? '')).text).toContain('Loja &amp; Cia');
  });

  test('R53: guesses find nothing, are blocked per network before the look-up, and block nobody else', async () => {
    await using api = await startApi({
      databaseUrl: world.databaseUrl,
      settings: { TRUST_PROXY: '1' },
    });
    const url = (await linked(await world.activated(member))).replace(world.client.origin, api.client.origin);
    const from = (address: string, at: string) => open(at, { 'x-forwarded-for': address });
    const guess = (n: number) => `${api.client.origin}/r/${Buffer.alloc(16, n).toString('base64url')}`;
    // Guesses count for a minute, which may pass on a slow machine.
    const statuses = new Set<number>();
    const refused = await until(async () => {
      for (let n = 0; n < 40; n += 1) statuses.add((await from('203.0.113.7', guess(n))).status);
      const own = await from('203.0.113.7', url);
      return own.status === 429 && own;
    });
    expect(statuses).toEqual(new Set([404, 429]));
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await from('203.0.113.8', url)).status).toBe(200);
    for (const path of ['/r/', '/r/x', `/r/${'a'.repeat(23)}`, '/r/../graphql', `/r/${'%41'.repeat(22)}`]) {
      const status = await new Promise((resolve, reject) => {
        const { hostname, port } = new URL(api.client.origin);
        request({ hostname, port, path, headers: { 'x-forwarded-for': '203.0.113.9' } }, (response) =>
          resolve(response.resume().statusCode),
        )
          .on('error', reject)
          .end();
      });
      expect(status, path).toBe(404);
    }
  });
});
