import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Api, type Client, PASSWORD, startApi } from '../support/clients/api.ts';
import type { Answered, Given } from '../support/clients/mutation.ts';
import { outcomeOf } from '../support/clients/mutation.ts';
import { until } from '../support/until.ts';
import { rowIdOf } from '../support/worlds/buying.ts';
import { type Demo, issue, type Member, plantPanel, plantTenant, platformIdOf } from '../support/worlds/demo.ts';
import { startDemo } from '../support/worlds/planted-demo.ts';

/** Two servers on one database: a panel closed at one is closed at the other. */
let api: Api;
let elsewhere: Api;
let client: Client;
let demo: Demo;

beforeAll(async () => {
  ({ api, demo } = await startDemo());
  elsewhere = await startApi({ databaseUrl: api.databaseUrl });
  ({ client } = api);
  await issue(client, demo.platform, await platformIdOf(client, demo.platform, 'root'), 100_000, 'to close');
});

afterAll(async () => {
  await elsewhere[Symbol.asyncDispose]();
  await api[Symbol.asyncDispose]();
});

let keys = 0;
function close(
  by: Pick<Member, 'token'>,
  resellerId: string,
  more: Partial<Given<'closeReseller'>> = {},
): Promise<Answered<'closeReseller'>> {
  keys += 1;
  return client.mutate(by, 'closeReseller', { resellerId, idempotencyKey: `close ${keys}`, ...more });
}

async function activate(by: Member, name: string): Promise<void> {
  const { done } = await client.data<{ done: { __typename: string } }>(
    by.token,
    'mutation ($input: ActivateCustomerInput!) { done: activateCustomer(input: $input) { __typename } }',
    { input: { name, periods: 1, idempotencyKey: name } },
  );
  expect(done).toEqual({ __typename: 'ActivateCustomerPayload' });
}

async function buy(by: Member, key: string): Promise<void> {
  const { bought } = await client.data<{ bought: { __typename: string } }>(
    by.token,
    'mutation ($input: BuyCreditsInput!) { bought: buyCredits(input: $input) { __typename } }',
    { input: { quantity: 10, idempotencyKey: key } },
  );
  expect(bought).toEqual({ __typename: 'BuyCreditsPayload' });
}

async function setPrices(): Promise<void> {
  const { set } = await client.data<{ set: { __typename: string } }>(
    demo.platform,
    'mutation ($input: SetCreditPackagesInput!) { set: setCreditPackages(input: $input) { __typename } }',
    { input: { currency: 'BRL', packages: [{ quantity: 10, unitPriceMinor: 1_000 }] } },
  );
  expect(set).toEqual({ __typename: 'SetCreditPackagesPayload' });
}

const SIGN_IN = `mutation ($email: String!) { signIn(input: { email: $email, password: "${PASSWORD}" }) { ... on Error { code } } }`;

test('balance and customers go to the parent, orders and sessions end, the history stays', async () => {
  await setPrices();
  const parent = await plantPanel(client, demo.root, 'parent@close.test', 100);
  const panel = await plantPanel(client, parent, 'panel@close.test', 30);
  await activate(panel, 'Maria');
  await buy(panel, 'never paid');
  // The other server also caches the session.
  await elsewhere.client.query(panel, '{ viewer { role } }');

  const closed = await close(parent, panel.id, { idempotencyKey: 'once' });
  expect(closed).toMatchObject({
    reseller: { id: panel.id, status: 'CLOSED', statusReason: null },
    to: { id: parent.accountId, balance: 99 },
    transfer: { kind: 'SWEEP', amount: 29 },
    replayed: false,
  });
  expect(await close(parent, panel.id, { idempotencyKey: 'once' })).toEqual({ ...closed, replayed: true });
  expect(outcomeOf(await close(parent, panel.id))).toBe('INVALID_STATE');
  for (const server of [client, elsewhere.client]) {
    // The other server hears of it a moment later.
    await until(async () => {
      const { errors } = await server.ask(panel.token, '{ viewer { role } }');
      return errors.length === 1 && errors[0]?.extensions.code === 'UNAUTHENTICATED';
    });
    expect((await server.ask(null, SIGN_IN, { email: panel.email })).data).toEqual({ signIn: { code: 'INVALID_CREDENTIALS' } });
  }
  const { viewer, reseller } = await client.query(
    parent,
    `query ($id: ID!) {
      viewer { reseller { customers { edges { node { name status } } } } }
      reseller(id: $id) { account { balance locked statement { edges { node { delta balanceAfter transfer { kind counterparty } } } } } }
    }`,
    { id: panel.id },
  );
  expect(viewer).toEqual({ reseller: { customers: { edges: [{ node: { name: 'Maria', status: 'ACTIVE' } }] } } });
  const entries = [
    { delta: -29, balanceAfter: 0, transfer: { kind: 'SWEEP', counterparty: 'PARENT' } },
    { delta: -1, balanceAfter: 29, transfer: { kind: 'ACTIVATION', counterparty: 'CUSTOMER' } },
    { delta: 30, balanceAfter: 30, transfer: { kind: 'GRANT', counterparty: 'PARENT' } },
  ];
  expect(reseller).toEqual({ account: { balance: 0, locked: true, statement: { edges: entries.map((node) => ({ node })) } } });
  const transfer = { toResellerId: panel.id, amount: 1, idempotencyKey: 'to a closed one' };
  expect(outcomeOf(await client.mutate(parent, 'transferCredits', transfer))).toBe('INVALID_STATE');
});

test('a panel with an open panel below it stays open; an empty one closes without a transfer', async () => {
  const top = await plantPanel(client, demo.root, 'top@close.test', 40);
  const middle = await plantPanel(client, top, 'middle@close.test', 20);
  const leaf = await plantPanel(client, middle, 'leaf@close.test', 20);
  expect(await close(top, middle.id)).toMatchObject({ code: 'INVALID_STATE', message: expect.stringContaining('open panels below') });
  // Closed from two levels above: the credits go to its parent, which is not the panel that closes it.
  expect(await close(demo.root, leaf.id)).toMatchObject({ to: { id: middle.accountId, balance: 20 }, transfer: { amount: 20 } });
  await client.mutate(demo.root, 'setTenantPolicy', { reclaimAllowed: true });
  await client.mutate(top, 'reclaimCredits', { fromResellerId: middle.id, amount: 20, reason: 'all', idempotencyKey: 'all' });
  expect(await close(top, middle.id)).toMatchObject({
    reseller: { status: 'CLOSED' },
    to: { id: top.accountId, balance: 40 },
    transfer: null,
  });
});

test('no panel closes itself, an ancestor, a sibling’s child, or a panel of another tenant', async () => {
  const panel = await plantPanel(client, demo.root, 'who@close.test', 20);
  expect(outcomeOf(await close(panel, panel.id))).toBe('INVALID_STATE');
  expect(outcomeOf(await close(panel, demo.root.id))).toBe('NOT_FOUND');
  expect(outcomeOf(await close(panel, demo.ana.id))).toBe('NOT_FOUND');
  expect(outcomeOf(await close(panel, demo.other.id))).toBe('NOT_FOUND');
  expect(outcomeOf(await close(panel, 'nothing'))).toBe('NOT_FOUND');
  expect(outcomeOf(await close(demo.root, panel.id, { idempotencyKey: '' }))).toBe('INVALID_INPUT');
});

test('the platform closes roots with balance 0, and no other panels', async () => {
  const platform = { token: demo.platform };
  const root = await plantTenant(client, demo.platform, 'closing@tenant.test', 0);
  const id = await platformIdOf(client, demo.platform, 'closing');
  expect(await close(platform, await platformIdOf(client, demo.platform, 'other'))).toMatchObject({
    code: 'INVALID_STATE',
    message: expect.stringContaining('balance 0'),
  });
  const { reseller } = await client.query(demo.platform, 'query ($id: ID!) { reseller(id: $id) { children { edges { node { id } } } } }', {
    id: await platformIdOf(client, demo.platform, 'root'),
  });
  const [child] = reseller.children.edges;
  expect(outcomeOf(await close(platform, child?.node.id ?? ''))).toBe('INVALID_STATE');
  expect(await close(platform, id)).toMatchObject({ reseller: { status: 'CLOSED' }, to: null, transfer: null });
  expect((await client.ask(root.token, '{ viewer { role } }')).errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
});

test('the platform gets NOT_FOUND for an unknown panel, and stays signed in', async () => {
  const platform = { token: demo.platform };
  const known = await platformIdOf(client, demo.platform, 'root');
  const unknown = '0190d5a1-7b1c-7000-8000-00000000beef';
  const tenant = rowIdOf(demo.root.id);
  const ids = {
    'no id at all': 'nothing',
    'a panel of a tenant that is there': platformForm(1, unknown, tenant),
    'a panel of no tenant': platformForm(1, unknown, unknown),
    'a panel without its tenant': demo.root.id,
    'a panel under another tenant': platformForm(1, rowIdOf(demo.root.id), rowIdOf(demo.other.id)),
    'a customer': platformForm(6, unknown, tenant),
  };
  expect(platformForm(1, rowIdOf(demo.root.id), tenant)).toBe(known);
  for (const [name, id] of Object.entries(ids)) expect(outcomeOf(await close(platform, id)), name).toBe('NOT_FOUND');
  expect((await client.ask(demo.platform, '{ viewer { role } }')).data).toEqual({ viewer: { role: 'PLATFORM' } });
});

/** An id as the platform sees it, with the tenant's id at the end. */
function platformForm(tag: number, id: string, tenantId: string): string {
  return Buffer.concat([Buffer.of(tag), ...[id, tenantId].map((uuid) => Buffer.from(uuid.replaceAll('-', ''), 'hex'))]).toString(
    'base64url',
  );
}
