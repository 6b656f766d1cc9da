import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Api, Client } from '../support/clients/api.ts';
import { outcomeOf } from '../support/clients/mutation.ts';
import { type Demo, plantTenant } from '../support/worlds/demo.ts';
import { startDemo } from '../support/worlds/planted-demo.ts';

let api: Api;
let client: Client;
let demo: Demo;

beforeAll(async () => {
  ({ api, demo } = await startDemo());
  ({ client } = api);
});

afterAll(() => api[Symbol.asyncDispose]());

const DEFAULTS = {
  trialMaxHours: 24,
  trialQuota: 25,
  reclaimAllowed: false,
  purchaseSource: 'PLATFORM',
  refundPolicy: 'NONE',
  minimumTransfer: 1,
  undoMinutes: 10,
  minimumPurchase: 10,
  minimumInitialCredits: 10,
  lockMode: 'FULL',
  trialsForNewContactsOnly: true,
  timeZone: 'America/Sao_Paulo',
};

async function policyOf(token: string): Promise<object | null> {
  return (await client.query(token, '{ viewer { policy { ...TenantPolicy } } }')).viewer.policy;
}

test('the root’s owner sets the policy, the whole tree reads it, and no other tenant does', async () => {
  expect(await policyOf(demo.bruno.token)).toEqual(DEFAULTS);
  const change = { trialMaxHours: 6, refundPolicy: 'UNUSED_PERIODS', timeZone: 'europe/lisbon' } as const;
  const changed = { ...DEFAULTS, ...change, timeZone: 'Europe/Lisbon' };
  expect(await client.mutate(demo.root, 'setTenantPolicy', change)).toMatchObject({ policy: changed });
  for (const { token } of [demo.root, demo.ana, demo.bruno]) expect(await policyOf(token)).toEqual(changed);
  expect(await policyOf(demo.other.token)).toEqual(DEFAULTS);
  expect(await policyOf(demo.platform)).toBeNull();
  const { auditLog } = await client.query(demo.root, '{ auditLog(first: 1) { edges { node { action changes { field before after } } } } }');
  expect(auditLog.edges[0]?.node).toEqual({
    action: 'TENANT_POLICY_SET',
    changes: [
      { field: 'trialMaxHours', before: '24', after: '6' },
      { field: 'refundPolicy', before: 'NONE', after: 'UNUSED_PERIODS' },
      { field: 'timeZone', before: 'America/Sao_Paulo', after: 'Europe/Lisbon' },
    ],
  });
});

test('every other owner is refused with FORBIDDEN, and a locked root with PANEL_LOCKED', async () => {
  const set = async (token: string) => outcomeOf(await client.mutate(token, 'setTenantPolicy', { trialQuota: 1 }));
  expect(await set(demo.ana.token)).toBe('FORBIDDEN');
  expect(await set(demo.platform)).toBe('FORBIDDEN');
  const locked = await plantTenant(client, demo.platform, 'locked@policy.test', 0);
  expect(await set(locked.token)).toBe('PANEL_LOCKED');
});

test.each([
  [{ trialMaxHours: 0 }, 'input.trialMaxHours'],
  [{ trialMaxHours: 25 }, 'input.trialMaxHours'],
  [{ trialQuota: -1 }, 'input.trialQuota'],
  [{ trialQuota: 26 }, 'input.trialQuota'],
  [{ minimumTransfer: 0 }, 'input.minimumTransfer'],
  [{ minimumTransfer: 1_000_000_001 }, 'input.minimumTransfer'],
  [{ minimumPurchase: 0 }, 'input.minimumPurchase'],
  [{ minimumPurchase: 1_000_000_001 }, 'input.minimumPurchase'],
  [{ minimumInitialCredits: 0 }, 'input.minimumInitialCredits'],
  [{ minimumInitialCredits: 1_000_000_001 }, 'input.minimumInitialCredits'],
  [{ undoMinutes: -1 }, 'input.undoMinutes'],
  [{ undoMinutes: 61 }, 'input.undoMinutes'],
  [{ timeZone: 'Mars/Olympus' }, 'input.timeZone'],
  [{ timeZone: '+03:00' }, 'input.timeZone'],
  [{ timeZone: '' }, 'input.timeZone'],
  [{}, 'input'],
])('%j is refused, and the field is named', async (input, path) => {
  expect(await client.mutate(demo.root, 'setTenantPolicy', input)).toMatchObject({ code: 'INVALID_INPUT', fields: [{ path }] });
});

test('the minimum transfer applies from the next one on, even in a batch, and an earlier one is still replayed', async () => {
  const transfer = (amount: number, idempotencyKey: string) =>
    client.mutate(demo.ana, 'transferCredits', { toResellerId: demo.bruno.id, amount, idempotencyKey });
  expect(outcomeOf(await transfer(2, 'before'))).toBe('TransferCreditsPayload');
  await client.mutate(demo.root, 'setTenantPolicy', { minimumTransfer: 5 });
  expect(await transfer(4, 'after')).toMatchObject({ code: 'BELOW_MINIMUM', minimum: 5 });
  expect(await transfer(2, 'before')).toMatchObject({ replayed: true });
  expect(outcomeOf(await transfer(5, 'after'))).toBe('TransferCreditsPayload');
  const { batch } = await client.data<{ batch: object }>(
    demo.ana.token,
    `mutation ($input: TransferCreditsBatchInput!) { batch: transferCreditsBatch(input: $input) {
      ... on TransferCreditsBatchPayload { results { __typename ... on BelowMinimumError { minimum } } } } }`,
    {
      input: {
        mode: 'BEST_EFFORT',
        transfers: [
          { toResellerId: demo.bruno.id, amount: 4, idempotencyKey: 'b1' },
          { toResellerId: demo.bruno.id, amount: 6, idempotencyKey: 'b2' },
        ],
      },
    },
  );
  expect(batch).toEqual({ results: [{ __typename: 'BelowMinimumError', minimum: 5 }, { __typename: 'TransferCreditsPayload' }] });
});

test.each([0, 4])("an ATOMIC batch checks every item's values before any item's rights: an amount of %i is named (R35)", async (amount) => {
  const transfer = (to: string, credits: number, key: string) => ({
    toResellerId: to,
    amount: credits,
    idempotencyKey: `${amount} ${key}`,
  });
  await client.mutate(demo.root, 'setTenantPolicy', { minimumTransfer: 5 });
  const { batch } = await client.data<{ batch: object }>(
    demo.ana.token,
    `mutation ($input: TransferCreditsBatchInput!) { batch: transferCreditsBatch(input: $input) {
      __typename ... on BatchRefusedError { index cause { code } } } }`,
    {
      input: {
        transfers: [
          transfer(demo.caio.id, 6, 'a'),
          transfer(demo.bruno.id, 6, 'b'),
          transfer('nothing', 6, 'c'),
          transfer(demo.bruno.id, amount, 'd'),
        ],
      },
    },
  );
  const code = amount === 0 ? 'INVALID_INPUT' : 'BELOW_MINIMUM';
  expect(batch).toEqual({ __typename: 'BatchRefusedError', index: 3, cause: { code } });
});
