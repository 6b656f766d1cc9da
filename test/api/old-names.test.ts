import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeIdWithin } from '../../schema/core/global-id.ts';
import { schema } from '../../schema/index.ts';
import { Watch } from '../live/watch.ts';
import type { Api } from '../support/clients/api.ts';
import { uuidOf } from '../support/clients/customers-api.ts';
import { upload } from '../support/clients/import-api.ts';
import { outcomeOf } from '../support/clients/mutation.ts';
import { openTestSql } from '../support/sql.ts';
import { order, PRICES, setPrices } from '../support/worlds/buying.ts';
import { type Demo, issue, type Member, plantPanel, platformIdOf } from '../support/worlds/demo.ts';
import { startDemo } from '../support/worlds/planted-demo.ts';

/** The names that a panel knew before something happened to another panel or to itself, and what they lead to afterwards. */

let api: Api;
let demo: Demo;
/** Where panels are moved to: another branch. */
let elsewhere: Member;
/** The root panel's import: panels below the root do not know it. */
let importId: string;
let scenes = 0;

beforeAll(async () => {
  ({ api, demo } = await startDemo());
  await issue(api.client, demo.platform, await platformIdOf(api.client, demo.platform, 'root'), 10_000, 'for the scenes');
  await api.client.mutate(demo.root, 'setTenantPolicy', { reclaimAllowed: true, purchaseSource: 'PARENT' });
  await setPrices(api.client, demo.root.token, PRICES);
  elsewhere = await plantPanel(api.client, demo.root, 'elsewhere@names.test', 100);
  importId = (await upload(api.client, demo.root.token, 'login,expiry_date\nold.name,2020-01-01')).id;
});

afterAll(() => api[Symbol.asyncDispose]());

const FATES = {
  'moved away': ({ other }: Scene) => ['moveReseller', { resellerId: other.id, newParentId: elsewhere.id }] as const,
  closed: ({ other }: Scene) => ['closeReseller', { resellerId: other.id, idempotencyKey: `close ${other.id}` }] as const,
  suspended: ({ other }: Scene) => ['suspendReseller', { resellerId: other.id, reason: 'r' }] as const,
};
type Fate = keyof typeof FATES;
const EVERY_FATE = ['moved away', 'closed', 'suspended'] as const satisfies readonly Fate[];

async function meet(fate: Fate, scene: Scene): Promise<void> {
  const [mutation, input] = FATES[fate](scene);
  expect(outcomeOf(await api.client.mutate(demo.root, mutation, input))).toMatch(/Payload$/);
}

/** `above` is the parent of `other` until something happens to `other`. */
interface Scene {
  readonly above: Member;
  readonly other: Member;
  /** One object of each type, which belongs to `other` or which both know. */
  readonly ids: Readonly<Record<string, string>>;
}

/** The other panel has a customer, an order from its parent, an API key and a log. Ids have the same form in the whole tenant. */
async function setScene(): Promise<Scene> {
  scenes += 1;
  const above = await plantPanel(api.client, demo.root, `above${scenes}@names.test`, 100);
  await setPrices(api.client, above.token, PRICES);
  const other = await plantPanel(api.client, above, `other${scenes}@names.test`, 20);
  const { token } = other;
  const activation = 'activateCustomer(input: { name: "Maria", periods: 1, idempotencyKey: "m" }) { __typename }';
  await api.client.data(token, `mutation { ${activation} }`);
  const purchase = await order(api.client, token, { quantity: 10, idempotencyKey: 'bought' });
  const { made } = await api.client.data<{ made: { apiKey: { id: string } } }>(
    token,
    'mutation { made: createApiKey(input: { name: "k", scope: READ }) { ... on CreateApiKeyPayload { apiKey { id } } } }',
  );
  const hook = 'createWebhookEndpoint(input: { url: "https://hooks.test", events: [PURCHASE_CHANGED] })';
  const { told } = await api.client.data<{ told: { endpoint: { id: string } } }>(
    token,
    `mutation { told: ${hook} { ... on CreateWebhookEndpointPayload { endpoint { id } } } }`,
  );
  const { tried } = await api.client.data<{ tried: { delivery: { id: string } } }>(
    token,
    `mutation { tried: sendTestEvent(input: { endpointId: "${told.endpoint.id}" }) { ... on SendTestEventPayload { delivery { id } } } }`,
  );
  const asked = 'setPlans(input: { currency: "BRL", plans: [{ name: "p", periods: 1, priceMinor: 1 }] })';
  const { set } = await api.client.data<{ set: { plans: { id: string }[] } }>(
    token,
    `mutation { set: ${asked} { ... on SetPlansPayload { plans { id } } } }`,
  );
  const found = await api.client.query(
    token,
    `{ viewer { user { id } sessions { id } reseller {
      account { id statement { edges { node { id transfer { id kind } } } } } customers { edges { node { id } } }
    } } auditLog { edges { node { id } } } }`,
  );
  const { viewer } = found;
  const packages = await api.client.query(token, '{ creditPackages { id } }');
  const entries = viewer.reseller.account.statement.edges.map(({ node }) => node);
  const ids = {
    Reseller: other.id,
    Account: viewer.reseller.account.id,
    Entry: entries[0]?.id,
    'Transfer of both': entries.find(({ transfer }) => transfer.kind === 'GRANT')?.transfer.id,
    Transfer: entries.find(({ transfer }) => transfer.kind === 'ACTIVATION')?.transfer.id,
    Customer: viewer.reseller.customers.edges[0]?.node.id,
    Purchase: purchase.id,
    CreditPackage: packages.creditPackages[0]?.id,
    Plan: set.plans[0]?.id,
    QueuedMessage: await prepareMessage(viewer.reseller.customers.edges[0]?.node.id ?? ''),
    CustomerPayment: await preparePayment(viewer.reseller.customers.edges[0]?.node.id ?? ''),
    User: viewer.user.id,
    Session: viewer.sessions[0]?.id,
    ApiKey: made.apiKey.id,
    WebhookEndpoint: told.endpoint.id,
    Delivery: tried.delivery.id,
    AuditEntry: found.auditLog.edges[0]?.node.id,
    Import: importId,
  };
  return { above, other, ids: Object.fromEntries(Object.entries(ids).map(([name, id]) => [name, id ?? `no ${name}`])) };
}

/** Prepares a message as if a rule had been due, and returns its id as the API writes it. */
async function prepareMessage(customerId: string): Promise<string> {
  const sql = openTestSql(api.databaseUrl);
  try {
    const [message] = await sql<{ tenantId: string; id: string }[]>`
      WITH rule AS (
        INSERT INTO reminder_rule (tenant_id, reseller_id, rule, position, days_from_end, hour, channel, template, next_at)
        SELECT tenant_id, reseller_id, 'D0 QUEUE', 1, 0, 9, 'QUEUE', 't', 'infinity' FROM customer WHERE id = ${uuidOf(customerId)}
      )
      INSERT INTO reminder_message (tenant_id, customer_id, rule, expires_at, reseller_id, channel, due_at)
      SELECT tenant_id, id, 'D0 QUEUE', expires_at, reseller_id, 'QUEUE', date_trunc('milliseconds', now()) FROM customer
      WHERE id = ${uuidOf(customerId)} RETURNING tenant_id AS "tenantId", id`;
    return message ? encodeIdWithin('QueuedMessage', message) : 'no message';
  } finally {
    await sql.end();
  }
}

/** Prepares a payment as if the customer had chosen a plan on its page. */
async function preparePayment(customerId: string): Promise<string> {
  const sql = openTestSql(api.databaseUrl);
  try {
    const [payment] = await sql<{ tenantId: string; id: string }[]>`
      INSERT INTO customer_payment (tenant_id, id, reseller_id, customer_id, plan_id, plan_name, price_minor, currency, periods, screens, opened_at, expires_at)
      SELECT tenant_id, gen_random_uuid(), reseller_id, id, gen_random_uuid(), 'Plan', 100, 'BRL', 1, 1, now(), now() + interval '24 hours'
      FROM customer WHERE id = ${uuidOf(customerId)} RETURNING tenant_id AS "tenantId", id`;
    return payment ? encodeIdWithin('CustomerPayment', payment) : 'no payment';
  } finally {
    await sql.end();
  }
}

async function finds({ token }: Member, ids: Scene['ids']): Promise<Record<string, boolean | string>> {
  const found: Record<string, boolean | string> = {};
  for (const [name, id] of Object.entries(ids)) {
    const { data, errors } = await api.client.ask<{ node: object | null }>(token, 'query ($id: ID!) { node(id: $id) { id } }', { id });
    found[name] = errors[0]?.extensions.code ?? data?.node !== null;
  }
  return found;
}

const NONE_OF_OTHERS = {
  ...{
    Plan: false,
    QueuedMessage: false,
    User: false,
    Session: false,
    ApiKey: false,
    WebhookEndpoint: false,
    Delivery: false,
    Import: false,
  },
};

/** What the panel above finds by ids of the other panel, before and after. */
const OF_ABOVE: Readonly<Record<'before' | Fate, Readonly<Record<string, boolean>>>> = {
  before: {
    ...{ Reseller: true, Account: true, Entry: true, 'Transfer of both': true, Transfer: true, Customer: false, CustomerPayment: false },
    ...{ Purchase: true, CreditPackage: true, AuditEntry: true, ...NONE_OF_OTHERS },
  },
  // Credits that came from it and its own sale stay visible (R27): what they name of the other panel is null.
  'moved away': {
    ...{
      Reseller: false,
      Account: false,
      Entry: false,
      'Transfer of both': true,
      Transfer: false,
      Customer: false,
      CustomerPayment: false,
    },
    ...{ Purchase: true, CreditPackage: true, AuditEntry: false, ...NONE_OF_OTHERS },
  },
  // The closed panel's customers come with its balance, and so do their open payments (R17, R54).
  closed: {
    ...{ Reseller: true, Account: true, Entry: true, 'Transfer of both': true, Transfer: true, Customer: true, CustomerPayment: true },
    ...{ Purchase: true, CreditPackage: true, AuditEntry: true, ...NONE_OF_OTHERS },
  },
  suspended: {
    ...{ Reseller: true, Account: true, Entry: true, 'Transfer of both': true, Transfer: true, Customer: false, CustomerPayment: false },
    ...{ Purchase: true, CreditPackage: true, AuditEntry: true, ...NONE_OF_OTHERS },
  },
};

test('every type with an id is covered below', () => {
  const node = schema.getType('Node');
  const types = 'getFields' in (node ?? {}) && node ? schema.getPossibleTypes(node as never).map(({ name }) => name) : [];
  expect(
    Object.keys(OF_ABOVE.before)
      .filter((name) => !name.includes(' '))
      .sort(),
  ).toEqual(types.sort());
});

function subscriptions(which: (takesPanel: boolean) => boolean): string[] {
  const fields = Object.values(schema.getSubscriptionType()?.getFields() ?? {});
  return fields.filter(({ args }) => which(args.some(({ name }) => name === 'resellerId'))).map(({ name }) => name);
}

test('every subscription names a panel and is opened below, or is covered by other tests', () => {
  expect(subscriptions((takesPanel) => !takesPanel)).toEqual([
    ...['accessChanged', 'customerChanged', 'customerPaymentChanged', 'importChanged', 'purchaseChanged'],
    ...['supportSessionsChanged', 'webhookEndpointChanged'],
  ]);
});

describe.each(EVERY_FATE)('R18: when a panel was %s,', (fate) => {
  test('old ids show the panel above what it may see now, and the panel itself what it always saw', async () => {
    const scene = await setScene();
    expect(await finds(scene.above, scene.ids)).toEqual(OF_ABOVE.before);
    const own = await finds(scene.other, scene.ids);
    await meet(fate, scene);
    expect(await finds(scene.above, scene.ids)).toEqual(OF_ABOVE[fate]);
    const { CreditPackage: _, ...kept } = await finds(scene.other, scene.ids);
    const ended = Object.fromEntries(Object.keys(kept).map((name) => [name, 'UNAUTHENTICATED']));
    const { CreditPackage: __, ...before } = own;
    expect(kept).toEqual(fate === 'closed' ? ended : before);
    // Nothing that the panel above still finds names a panel that has left its branch.
    const text = await api.client.ask(
      scene.above.token,
      `query ($both: ID!, $sale: ID!) {
        both: node(id: $both) { ... on Transfer { from { id } to { id reseller { name } } actor } }
        sale: node(id: $sale) { ... on Purchase { buyer { id name } transfer { id } } }
      }`,
      { both: scene.ids['Transfer of both'], sale: scene.ids.Purchase },
    );
    expect(text.errors).toEqual([]);
    const names = [scene.other.id, scene.other.accountId, scene.other.email.replace(/@.*/, '')];
    expect(
      names.some((name) => text.text.includes(name)),
      text.text,
    ).toBe(fate !== 'moved away');
  });

  test('old cursors of every list of the panel above continue at their position in the current list', async () => {
    const scene = await setScene();
    await plantPanel(api.client, scene.above, `next${scenes}@names.test`, 10);
    const lists: Readonly<Record<string, (list: string) => string>> = {
      'children(first: 50, ARGS)': (list) => `{ viewer { reseller { ${list} } } }`,
      'descendants(first: 50, ARGS)': (list) => `{ viewer { reseller { ${list} } } }`,
      'statement(first: 50, ARGS)': (list) => `{ viewer { reseller { account { ${list} } } } }`,
      'sales(first: 50, ARGS)': (list) => `{ viewer { ${list} } }`,
      'auditLog(first: 50, ARGS)': (list) => `{ ${list} }`,
    };
    const page = async (list: string, args: string) => {
      const document = lists[list]?.(`${list.replace('ARGS', args)} { edges { cursor node { id } } }`.replace(', )', ')')) ?? '';
      const { errors, text } = await api.client.ask(scene.above.token, document);
      expect(errors, `${document}: ${text}`).toEqual([]);
      return [...text.matchAll(/"cursor":"([^"]+)","node":\{"id":"([^"]+)"/g)].map(([, cursor = '', id = '']) => ({ cursor, id }));
    };
    const before = new Map<string, Awaited<ReturnType<typeof page>>>();
    for (const list of Object.keys(lists)) before.set(list, await page(list, ''));
    await meet(fate, scene);
    for (const [list, edges] of before) {
      expect(edges.length, list).toBeGreaterThan(0);
      const now = await page(list, '');
      for (const { cursor, id } of edges) {
        const after = await page(list, `after: "${cursor}"`);
        const at = now.findIndex((edge) => edge.id === id);
        // Missing rows are skipped: the rows behind them come next.
        const rest =
          at < 0
            ? now.filter((edge) => edges.findIndex((one) => one.id === edge.id) > edges.findIndex((one) => one.id === id))
            : now.slice(at + 1);
        expect(
          after.map((edge) => edge.id),
          `${list} after ${id}`,
        ).toEqual(rest.map((edge) => edge.id));
      }
      if (fate === 'moved away') expect(now.map(({ id }) => id)).not.toContain(scene.other.id);
    }
  });

  test('API keys may do what its sessions may', async () => {
    const { above, other, ids } = await setScene();
    const keys: Record<string, string> = {};
    for (const scope of ['READ', 'SPEND', 'MANAGE']) {
      const { made } = await api.client.data<{ made: { secret: string } }>(
        other.token,
        `mutation { made: createApiKey(input: { name: "${scope}", scope: ${scope} }) { ... on CreateApiKeyPayload { secret } } }`,
      );
      keys[scope] = made.secret;
    }
    await meet(fate, { above, other, ids });
    for (const [scope, key] of Object.entries(keys)) {
      const read = await api.client.ask(
        key,
        `{ viewer { reseller { id parent { id } account { balance } customers { edges { node { id } } } } } }`,
      );
      if (fate === 'closed') {
        expect(read.errors, scope).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
        continue;
      }
      expect(read.errors, scope).toEqual([]);
      expect(read.data).toMatchObject({ viewer: { reseller: { id: other.id, parent: null } } });
      expect(read.text).toContain(ids.Customer);
      const input = { name: scope, periods: 1, idempotencyKey: scope };
      const { code = 'done' } = await api.client.mutate(key, 'activateCustomer', input).catch(() => ({ code: 'done' }));
      expect(code, scope).toBe(scope === 'READ' ? 'FORBIDDEN' : fate === 'suspended' ? 'PANEL_SUSPENDED' : 'done');
    }
  });

  test('open subscriptions continue, or end with a reason', async () => {
    const streams = subscriptions((takesPanel) => takesPanel);
    const scene = await setScene();
    const { above, other } = scene;
    const open = (by: Member, panel: string | null) =>
      streams.map((stream) => {
        const socket = api.client.socket(by.token);
        const document = `subscription ($resellerId: ID) { event: ${stream}(resellerId: $resellerId) { version account { id } } }`;
        return {
          stream,
          watch: new Watch<{ version: number; account: { id: string } }>(socket, document, panel === null ? {} : { resellerId: panel }),
          socket,
        };
      });
    const [ofAbove, ofItself] = [open(above, other.id), open(other, null)];
    for (const { stream, watch } of [...ofAbove, ...ofItself]) if (stream !== 'branchChanged') await watch.next();
    // A change shows that the subscriptions are open. It locks nothing; the streams of locks are open since their
    // first event.
    for (const { stream, watch } of [...ofAbove, ...ofItself]) {
      if (stream !== 'branchChanged') continue;
      const seen = watch.next();
      let isSeen = false;
      void seen.then(() => {
        isSeen = true;
      });
      for (let number = 1; !isSeen; number += 1)
        await api.client.transfer(above.token, other.id, 1, `open ${stream} ${number} ${scenes} ${isSeen}`);
      await seen;
    }
    await meet(fate, scene);
    if (fate !== 'closed') {
      // Takes all credits, which locks the panel: every stream sends an event.
      const parent = fate === 'moved away' ? elsewhere : above;
      const { viewer } = await api.client.query(other, '{ viewer { reseller { account { balance } } } }');
      const input = { fromResellerId: other.id, amount: viewer.reseller.account.balance, reason: 'r', idempotencyKey: `all ${other.id}` };
      expect(outcomeOf(await api.client.mutate(parent, 'reclaimCredits', input))).toBe('ReclaimCreditsPayload');
    }
    const { statement } = await lastVersion(other, fate === 'closed' ? above : other);
    for (const { socket, stream, watch } of ofAbove) {
      if (fate === 'moved away') expect(await watch.end(), stream).toBe('NOT_FOUND');
      else for (let version = 0; version < statement; ) version = (await watch.next()).version;
      await socket.dispose();
    }
    for (const { socket, stream, watch } of ofItself) {
      // Closing takes the balance first, which ends what a locked panel may not watch.
      if (fate === 'closed') expect(stream === 'branchChanged' ? ['PANEL_LOCKED', 4403] : [4403], stream).toContain(await watch.end());
      else if (stream === 'branchChanged') expect(await watch.end(), stream).toBe('PANEL_LOCKED');
      else for (let version = 0; version < statement; ) version = (await watch.next()).version;
      await socket.dispose();
    }
  });
});

async function lastVersion(of: Member, by: Member): Promise<{ statement: number }> {
  const { reseller } = await api.client.query(by, 'query ($id: ID!) { reseller(id: $id) { account { version } } }', { id: of.id });
  return { statement: reseller.account.version };
}
