import { getNamedType, isInputObjectType } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { schema } from '../../schema/index.ts';
import { type Api, PASSWORD } from '../support/clients/api.ts';
import { order, PRICES, setPrices } from '../support/worlds/buying.ts';
import { type Demo, issue, type Member, plantPanel, platformIdOf } from '../support/worlds/demo.ts';
import { startDemo } from '../support/worlds/planted-demo.ts';

let api: Api;
let demo: Demo;
/** Where panels are moved to: another branch. */
let elsewhere: Member;
let scenes = 0;

beforeAll(async () => {
  ({ api, demo } = await startDemo());
  await issue(api.client, demo.platform, await platformIdOf(api.client, demo.platform, 'root'), 10_000, 'for the scenes');
  await api.client.mutate(demo.root, 'setTenantPolicy', { reclaimAllowed: true });
  await setPrices(api.client, demo.platform, PRICES);
  elsewhere = await plantPanel(api.client, demo.root, 'elsewhere@replays.test', 10);
});

afterAll(() => api[Symbol.asyncDispose]());

const ACCOUNT = '{ id balance reseller { id name } }';
const TRANSFER = `{ id amount memo from ${ACCOUNT} to ${ACCOUNT} }`;
const PANEL = '{ id name account { id balance statement { edges { node { balanceAfter } } } } parent { id } }';
const SPENT = `replayed customer { id name } account ${ACCOUNT} transfer ${TRANSFER}`;

interface Scene {
  /** The panel that sends the old key. */
  readonly viewer: Member;
  /** The panel that the command was about, and whose name may be in the answer. */
  readonly other: Member;
  /** The panel to which something happens later: `other`, or one above it. */
  readonly fated: Member;
  readonly customerId: string;
  /** The spend on the customer. */
  readonly transferId: string;
  /** The purchase of `other` from the viewer; empty if there is none. */
  readonly purchaseId: string;
  readonly key: string;
}

interface Case {
  readonly ask: (scene: Scene) => { readonly input: object; readonly select: string };
  /** What the answer of a replay names of the other side, while the caller may see it. */
  readonly about: 'child' | 'grandchild' | 'self';
}

const payload = (name: string, select: string) => `__typename ... on ${name} { ${select} } ... on Error { code message }`;

/** Every mutation with a key that a panel sends, and the panel it is about. The platform always sees everything. */
const CASES: Readonly<Record<string, Case>> = {
  createReseller: {
    about: 'child',
    ask: ({ key, other }) => ({
      input: { name: other.email, email: other.email, password: PASSWORD, initialCredits: 10, idempotencyKey: key },
      select: payload('CreateResellerPayload', `replayed reseller ${PANEL} from ${ACCOUNT} transfer ${TRANSFER}`),
    }),
  },
  transferCredits: {
    about: 'child',
    ask: ({ key, other }) => ({
      input: { toResellerId: other.id, amount: 1, idempotencyKey: key },
      select: payload('TransferCreditsPayload', `replayed from ${ACCOUNT} to ${ACCOUNT} transfer ${TRANSFER}`),
    }),
  },
  transferCreditsBatch: {
    about: 'child',
    ask: ({ key, other }) => ({
      input: { transfers: [{ toResellerId: other.id, amount: 1, idempotencyKey: key }] },
      select: payload(
        'TransferCreditsBatchPayload',
        `from ${ACCOUNT} results { ... on TransferCreditsPayload { replayed from ${ACCOUNT} to ${ACCOUNT} transfer ${TRANSFER} } }`,
      ),
    }),
  },
  reclaimCredits: {
    about: 'child',
    ask: ({ key, other }) => ({
      input: { fromResellerId: other.id, amount: 1, reason: 'r', idempotencyKey: key },
      select: payload('ReclaimCreditsPayload', `replayed from ${ACCOUNT} to ${ACCOUNT} transfer ${TRANSFER}`),
    }),
  },
  chargeBackPurchase: {
    about: 'child',
    ask: ({ key, purchaseId }) => ({
      input: { purchaseId, reason: 'r', quantity: 1, idempotencyKey: key },
      select: payload(
        'ChargeBackPurchasePayload',
        `replayed account ${ACCOUNT} transfer ${TRANSFER} purchase { id status buyer { id name } seller { id name } }`,
      ),
    }),
  },
  closeReseller: {
    about: 'grandchild',
    ask: ({ key, other }) => ({
      input: { resellerId: other.id, idempotencyKey: key },
      select: payload('CloseResellerPayload', `replayed reseller ${PANEL} to ${ACCOUNT} transfer ${TRANSFER}`),
    }),
  },
  startTrial: {
    about: 'self',
    ask: ({ key }) => ({
      input: { name: 'Try', contact: `${key}@replays.test`, idempotencyKey: key },
      select: payload('StartTrialPayload', 'replayed customer { id name reseller { id } }'),
    }),
  },
  activateCustomer: {
    about: 'self',
    ask: ({ key }) => ({ input: { name: 'New', periods: 1, idempotencyKey: key }, select: payload('ActivateCustomerPayload', SPENT) }),
  },
  renewCustomer: {
    about: 'self',
    ask: ({ customerId, key }) => ({
      input: { customerId, periods: 1, idempotencyKey: key },
      select: payload('RenewCustomerPayload', SPENT),
    }),
  },
  renewCustomers: {
    about: 'self',
    ask: ({ customerId, key }) => ({
      input: { renewals: [{ customerId, periods: 1, idempotencyKey: key }] },
      select: payload('RenewCustomersPayload', `account ${ACCOUNT} results { ... on RenewCustomerPayload { ${SPENT} } }`),
    }),
  },
  addScreens: {
    about: 'self',
    ask: ({ customerId, key }) => ({ input: { customerId, screens: 1, idempotencyKey: key }, select: payload('AddScreensPayload', SPENT) }),
  },
  undoSpending: {
    about: 'self',
    ask: ({ key, transferId }) => ({ input: { transferId, idempotencyKey: key }, select: payload('UndoSpendingPayload', SPENT) }),
  },
  cancelCustomer: {
    about: 'self',
    ask: ({ customerId, key }) => ({ input: { customerId, idempotencyKey: key }, select: payload('CancelCustomerPayload', SPENT) }),
  },
  buyCredits: {
    about: 'self',
    ask: ({ key }) => ({
      input: { quantity: 10, idempotencyKey: key },
      select: payload('BuyCreditsPayload', 'replayed purchase { id status buyer { id name } seller { id name } }'),
    }),
  },
};

/** Only for the platform, which sees everything whatever happens to the other side. */
const OF_THE_PLATFORM = ['createTenant', 'issueCredits', 'commitImport'];

/** Every mutation whose input, or an element of a list in it, takes a key. */
function keyedMutations(): string[] {
  return Object.values(schema.getMutationType()?.getFields() ?? {}).flatMap(({ args, name }) => {
    const input = getNamedType(args.find((argument) => argument.name === 'input')?.type);
    if (!isInputObjectType(input)) return [];
    const inputs = [input, ...Object.values(input.getFields()).map(({ type }) => getNamedType(type))].filter(isInputObjectType);
    return inputs.some((one) => 'idempotencyKey' in one.getFields()) ? [name] : [];
  });
}

async function send({ viewer }: Scene, mutation: string, { input, select }: ReturnType<Case['ask']>) {
  const type = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}Input`;
  return api.client.ask<Record<string, unknown>>(
    viewer.token,
    `mutation ($input: ${type}!) { done: ${mutation}(input: $input) { ${select} } }`,
    {
      input,
    },
  );
}

async function setScene(mutation: string, about: Case['about']): Promise<Scene> {
  scenes += 1;
  const email = (who: string) => `${who}${scenes}@replays.test`;
  const viewer = await plantPanel(api.client, demo.root, email('viewer'), 100);
  const customer = await api.client.data<{ done: { customer: { id: string }; transfer: { id: string } } }>(
    viewer.token,
    `mutation { done: activateCustomer(input: { name: "Maria", periods: 2, idempotencyKey: "first" }) { ... on ActivateCustomerPayload { customer { id } transfer { id } } } }`,
  );
  const common = {
    viewer,
    customerId: customer.done.customer.id,
    transferId: customer.done.transfer.id,
    purchaseId: '',
    key: `key ${scenes}`,
  };
  if (about === 'self') return { ...common, other: viewer, fated: viewer };
  if (mutation === 'createReseller') {
    const other = { email: email('other'), token: '', id: '', accountId: '' };
    return { ...common, other, fated: other };
  }
  const between = about === 'grandchild' ? await plantPanel(api.client, viewer, email('between'), 30) : viewer;
  const other = await plantPanel(api.client, between, email('other'), 10);
  if (mutation === 'chargeBackPurchase') return { ...common, other, fated: other, purchaseId: await sell(viewer, other) };
  return { ...common, other, fated: about === 'grandchild' ? between : other };
}

/** A paid purchase that the parent sold. The tenant's policy lets parents sell only meanwhile. */
async function sell(seller: Member, buyer: Member): Promise<string> {
  await api.client.mutate(demo.root, 'setTenantPolicy', { purchaseSource: 'PARENT' });
  await setPrices(api.client, seller.token, PRICES);
  const purchase = await order(api.client, buyer.token, { quantity: 10, idempotencyKey: 'bought' });
  expect((await api.client.mutate(seller, 'confirmPurchase', { purchaseId: purchase.id })).code).toBeUndefined();
  await api.client.mutate(demo.root, 'setTenantPolicy', { purchaseSource: 'PLATFORM' });
  return purchase.id;
}

/** Takes the panel that a first call created from its answer. */
async function known(scene: Scene, text: string): Promise<Scene> {
  if (scene.other.id !== '') return scene;
  const token = await api.client.signIn(scene.other.email);
  const { viewer } = await api.client.query(token, '{ viewer { reseller { id account { id } } } }');
  expect(text).toContain(viewer.reseller.id);
  const other = { ...scene.other, token, id: viewer.reseller.id, accountId: viewer.reseller.account.id };
  return { ...scene, other, fated: other };
}

const FATES = {
  'moved away': ({ fated }: Scene) => ['moveReseller', { resellerId: fated.id, newParentId: elsewhere.id }] as const,
  closed: ({ fated }: Scene) => ['closeReseller', { resellerId: fated.id, idempotencyKey: `close ${fated.id}` }] as const,
  suspended: ({ fated }: Scene) => ['suspendReseller', { resellerId: fated.id, reason: 'r' }] as const,
};

async function meet(fate: keyof typeof FATES, scene: Scene): Promise<void> {
  const [mutation, input] = FATES[fate](scene);
  expect((await api.client.mutate(demo.root, mutation, input)).code).toBeUndefined();
}

test('R31: every mutation that takes a key is listed here, and no other', () => {
  expect(keyedMutations().sort()).toEqual([...Object.keys(CASES), ...OF_THE_PLATFORM].sort());
});

describe.each(Object.entries(CASES))('R18, R31: an old key of %s', (mutation, { about, ask }) => {
  test.each(['moved away', 'closed', 'suspended'] as const)(
    'after the other side was %s shows only what the viewer may see now',
    async (fate) => {
      const begun = await setScene(mutation, about);
      const first = await send(begun, mutation, ask(begun));
      expect(first.text).toContain('"replayed":false');
      const scene = await known(begun, first.text);
      await meet(fate, scene);
      const { errors, text } = await send(scene, mutation, ask(scene));
      if (about === 'self' && fate === 'closed') {
        expect(errors, text).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
        return;
      }
      expect(errors, text).toEqual([]);
      expect(text).toContain('"replayed":true');
      const words = [scene.other.id, scene.other.accountId, scene.other.email.split('@')[0] ?? ''];
      const shown = words.filter((word) => text.includes(word));
      if (about !== 'self' && fate === 'moved away') expect(shown, text).toEqual([]);
      else expect(shown, text).not.toEqual([]);
    },
  );
});

test('R8, R31: a replay by a panel that is locked by now is answered, without what a locked panel may not see', async () => {
  const scene = await setScene('transferCredits', 'child');
  const transfer = CASES.transferCredits?.ask(scene);
  if (!transfer) throw new Error('no such case');
  await send(scene, 'transferCredits', transfer);
  await api.client.transfer(scene.viewer.token, scene.other.id, 87, 'the rest');
  const { data, errors, text } = await send(scene, 'transferCredits', transfer);
  expect(errors, text).toEqual([]);
  expect(data).toMatchObject({ done: { replayed: true, from: { balance: 0 }, to: null, transfer: { to: null } } });
});
