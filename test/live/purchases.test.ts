import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { Sql } from '../../src/db/sql.ts';
import { type Api, type Client, startApi } from '../support/clients/api.ts';
import { eventsOf } from '../support/clients/event-stream.ts';
import { openTestSql } from '../support/sql.ts';
import { until } from '../support/until.ts';
import { asPlatform, order, PRICES, rowIdOf, setPrices } from '../support/worlds/buying.ts';
import { type Demo, issue, type Member, plantPanel, plantTenant, platformIdOf } from '../support/worlds/demo.ts';
import { startDemo } from '../support/worlds/planted-demo.ts';

/** Two servers on one database: changes at one are watched at the other. */
let api: Api;
let elsewhere: Api;
let client: Client;
let demo: Demo;
let sql: Sql;

beforeAll(async () => {
  ({ api, demo } = await startDemo());
  elsewhere = await startApi({ databaseUrl: api.databaseUrl });
  ({ client } = api);
  sql = openTestSql(api.databaseUrl, { max: 3 });
  await setPrices(client, demo.platform, PRICES);
});

afterAll(async () => {
  await sql.end();
  await elsewhere[Symbol.asyncDispose]();
  await api[Symbol.asyncDispose]();
});

interface PurchaseEvent {
  readonly number: number;
  readonly status: string;
  readonly reportNote: string | null;
  readonly buyer: { readonly name: string } | null;
}

const WATCHED = 'subscription { purchaseChanged { number status reportNote buyer { name } } }';

/** The events of one subscription, and how it ended. */
class PurchaseWatch {
  readonly events: PurchaseEvent[] = [];
  end: string | number | null = null;

  /**
   * Subscribes over a WebSocket at the server where nothing changes. Resolves after one of the viewer's own purchases
   * has arrived.
   */
  static async open({ token }: Pick<Member, 'token'>, change: () => Promise<unknown>): Promise<PurchaseWatch> {
    const watch = new PurchaseWatch();
    const socket = elsewhere.client.socket(token);
    onTestFinished(() => void socket.dispose());
    socket.subscribe<{ purchaseChanged: PurchaseEvent }>(
      { query: WATCHED },
      {
        next: ({ data }) => data && watch.events.push(data.purchaseChanged),
        error: (error) => {
          if (Array.isArray(error)) watch.end = error[0].extensions.code;
          else watch.end = typeof error === 'object' && error !== null && 'code' in error ? Number(error.code) : String(error);
        },
        complete: () => {},
      },
    );
    await watch.#opened(change);
    return watch;
  }

  /** The same over a stream of server-sent events. */
  static async openEvents({ token }: Pick<Member, 'token'>, change: () => Promise<unknown>): Promise<PurchaseWatch> {
    const watch = new PurchaseWatch();
    const aborted = new AbortController();
    onTestFinished(() => aborted.abort());
    const response = await fetch(elsewhere.client.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query: WATCHED }),
      signal: aborted.signal,
    });
    void watch.#read(response).catch(() => {});
    await watch.#opened(change);
    return watch;
  }

  /** Waits for this status of a purchase, and returns all its statuses so far, each once. */
  async of(number: number, status: string): Promise<string[]> {
    await until(() => this.end !== null || this.events.some((one) => one.number === number && one.status === status));
    expect(this.end).toBeNull();
    return [...new Set(this.events.filter((one) => one.number === number).map((one) => one.status))];
  }

  async #read(response: Response): Promise<void> {
    for await (const { data } of eventsOf<{ readonly data?: { readonly purchaseChanged: PurchaseEvent } }>(response)) {
      if (data) this.events.push(data.purchaseChanged);
    }
  }

  async #opened(change: () => Promise<unknown>): Promise<void> {
    await until(async () => {
      await change();
      return this.events.length > 0 || this.end !== null;
    });
  }
}

let keys = 0;

async function buy({ token }: Pick<Member, 'token'>, quantity = 10): Promise<{ readonly id: string; readonly number: number }> {
  keys += 1;
  return order(client, token, { quantity, idempotencyKey: `buy ${keys}` });
}

async function cancel({ token }: Pick<Member, 'token'>, purchaseId: string): Promise<void> {
  expect(await client.mutate(token, 'cancelPurchase', { purchaseId })).toMatchObject({ purchase: { status: 'CANCELED' } });
}

/** Changes something that the panel watches. */
async function touch(panel: Member): Promise<void> {
  await cancel(panel, (await buy(panel)).id);
}

/** A tenant whose panels buy from their parents: a seller with a locked child, and a sibling of the seller. */
async function family(name: string): Promise<Record<'root' | 'seller' | 'child' | 'sibling', Member>> {
  const root = await plantTenant(client, demo.platform, `root@${name}.test`, 2_000);
  await sql`UPDATE tenant SET purchase_source = 'PARENT' WHERE id = ${rowIdOf(root.id)}`;
  await setPrices(client, root.token, PRICES);
  const seller = await plantPanel(client, root, `seller@${name}.test`, 500);
  await setPrices(client, seller.token, PRICES);
  const child = await plantPanel(client, seller, `child@${name}.test`, 10);
  const sibling = await plantPanel(client, seller, `sibling@${name}.test`, 10);
  await plantPanel(client, child, `below@${name}.test`, 10);
  return { root, seller, child, sibling };
}

test('purchaseChanged reaches a locked buyer and its seller with each change at another server, and nobody else (R8, R18, R40)', async () => {
  const { child, root, seller, sibling } = await family('pushed');
  const bought = await PurchaseWatch.open(child, () => touch(child));
  const sold = await PurchaseWatch.open(seller, () => touch(child));
  const streamed = await PurchaseWatch.openEvents(seller, () => touch(child));
  const others = await Promise.all([sibling, root, demo.other].map((panel) => PurchaseWatch.open(panel, () => touch(panel))));
  const platform = await PurchaseWatch.open({ token: demo.platform }, () => touch(demo.other));

  const { id, number } = await buy(child);
  for (const watch of [bought, sold, streamed]) await watch.of(number, 'PENDING');
  const query = 'mutation ($input: ReportPaymentInput!) { reportPayment(input: $input) { ... on Error { code } } }';
  expect(await client.data(child.token, query, { input: { purchaseId: id, note: 'paid at noon' } })).toEqual({ reportPayment: {} });
  for (const watch of [bought, sold, streamed]) {
    await until(() => watch.events.some((one) => one.number === number && one.reportNote === 'paid at noon'));
  }
  expect(await client.mutate(seller, 'confirmPurchase', { purchaseId: id })).toMatchObject({ account: { locked: false } });
  for (const watch of [bought, sold, streamed]) expect(await watch.of(number, 'PAID')).toEqual(['PENDING', 'PAID']);
  expect(sold.events.at(-1)).toMatchObject({ buyer: { name: 'child' } });

  // Later changes arrived at each of the others, and nothing of this one did.
  const last = await Promise.all([sibling, root, demo.other].map((panel) => buy(panel)));
  for (const [index, watch] of others.entries()) {
    await watch.of(last[index]?.number ?? 0, 'PENDING');
    const names = new Set(watch.events.map(({ buyer }) => buyer?.name));
    expect([...names]).toEqual([['sibling'], ['root'], ['other']][index]);
  }
  await platform.of(last[2]?.number ?? 0, 'PENDING');
  expect(platform.events.some(({ buyer }) => buyer?.name === 'child')).toBe(false);
});

test('a locked seller is notified of what it buys and not of its sales, and of these again once unlocked (R8)', async () => {
  const { child, root, seller, sibling } = await family('both');
  const { viewer } = await client.query(seller, '{ viewer { reseller { account { balance } } } }');
  await client.transfer(seller.token, sibling.id, viewer.reseller.account.balance, 'all of it');
  const watch = await PurchaseWatch.open(seller, () => touch(seller));
  const hidden = await buy(child);
  const own = await buy(seller);
  await watch.of(own.number, 'PENDING');
  expect(await client.mutate(root, 'confirmPurchase', { purchaseId: own.id })).toMatchObject({ account: { locked: false } });
  expect(await watch.of(own.number, 'PAID')).toEqual(['PENDING', 'PAID']);
  expect(watch.events.some(({ number }) => number === hidden.number)).toBe(false);
  await cancel(child, hidden.id);
  expect(await watch.of(hidden.number, 'CANCELED')).toEqual(['CANCELED']);
});

test('a move and a close notify both sides that an order is canceled (R16, R17)', async () => {
  const { child, root, seller, sibling } = await family('moved');
  const bought = await PurchaseWatch.open(child, () => touch(child));
  const sold = await PurchaseWatch.open(seller, () => touch(child));
  const moved = await buy(child);
  // Events are states, not changes: a state that nobody has read yet would be skipped.
  for (const watch of [bought, sold]) await watch.of(moved.number, 'PENDING');
  await client.mutate(root, 'moveReseller', { resellerId: child.id, newParentId: root.id });
  for (const watch of [bought, sold]) expect(await watch.of(moved.number, 'CANCELED')).toEqual(['PENDING', 'CANCELED']);
  // A seller whose buyer has left the branch still sees the sale, without the buyer.
  expect(sold.events.findLast(({ number }) => number === moved.number)).toMatchObject({ buyer: null });
  const closing = await buy(sibling);
  await client.mutate(seller, 'closeReseller', { resellerId: sibling.id, idempotencyKey: 'close' });
  expect(await sold.of(closing.number, 'CANCELED')).toContain('CANCELED');
});

test("a sale that its seller cannot deliver is announced to the tenant's owner, and to no other role of it (R28)", async () => {
  const { child, root, seller } = await family('stranded');
  const { number, id } = await buy(child);
  await client.mutate(root, 'suspendReseller', { resellerId: seller.id, reason: 'r' });
  const owner = await PurchaseWatch.open(root, () => touch(root));
  await sql`UPDATE app_user SET role = 'FINANCE' WHERE email = ${root.email}`;
  const finance = await PurchaseWatch.open({ token: await client.signIn(root.email) }, () => touch(root));
  await sql`UPDATE app_user SET role = 'OWNER' WHERE email = ${root.email}`;
  // The state after a provider's message, whoever writes it.
  await sql`UPDATE purchase SET status = 'PAID_UNFUNDED', reference = 'p' WHERE id = ${rowIdOf(id)}`;
  expect(await owner.of(number, 'PAID_UNFUNDED')).toEqual(['PAID_UNFUNDED']);
  const last = await buy(root);
  await finance.of(last.number, 'PENDING');
  expect(finance.events.some((one) => one.number === number)).toBe(false);
});

test('a change that commits late is announced, although later changes were announced before it', async () => {
  const { child } = await family('late');
  const watch = await PurchaseWatch.open(child, () => touch(child));
  const [late, early] = [await buy(child), await buy(child)];
  await watch.of(early.number, 'PENDING');
  await sql.begin(async (tx) => {
    await tx`UPDATE purchase SET status = 'CANCELED' WHERE id = ${rowIdOf(late.id)}`;
    await cancel(child, early.id);
    await watch.of(early.number, 'CANCELED');
    for (let time = 0; time < 3; time += 1) await watch.of((await buy(child)).number, 'PENDING');
    expect(watch.events.some(({ number, status }) => number === late.number && status === 'CANCELED')).toBe(false);
  });
  expect(await watch.of(late.number, 'CANCELED')).toEqual(['PENDING', 'CANCELED']);
  // Nothing was announced twice while the older transaction was open.
  const changes = watch.events.filter(({ number }) => number === early.number).map(({ status }) => status);
  expect(changes).toEqual(['PENDING', 'CANCELED']);
});

test('purchaseChanged ends as soon as its session does', async () => {
  const { child } = await family('ended');
  const token = await client.signIn(child.email);
  const watch = await PurchaseWatch.open({ token }, () => touch(child));
  await client.data(child.token, 'mutation { revokeOtherSessions { endedSessions } }');
  await until(() => watch.end !== null);
  expect(['UNAUTHENTICATED', 4403]).toContain(watch.end);
});

test('the platform is notified of a sale in any tenant, and of its charge-back (R27, R29)', async () => {
  await issue(client, demo.platform, await platformIdOf(client, demo.platform, 'root'), 10, 'to begin with');
  const watch = await PurchaseWatch.open({ token: demo.platform }, () => touch(demo.bruno));
  const { number } = await buy(demo.bruno);
  await watch.of(number, 'PENDING');
  const { id } = await asPlatform(client, demo.platform, 'bruno');
  await client.mutate(demo.platform, 'confirmPurchase', { purchaseId: id });
  await client.mutate(demo.platform, 'chargeBackPurchase', { purchaseId: id, reason: 'r' });
  await watch.of(number, 'CHARGED_BACK');
});
