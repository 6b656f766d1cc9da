import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Api, Client } from '../support/clients/api.ts';
import { outcomeOf } from '../support/clients/mutation.ts';
import { type Demo, type Member, plantPanel } from '../support/worlds/demo.ts';
import { startDemo } from '../support/worlds/planted-demo.ts';

let api: Api;
let client: Client;
let demo: Demo;

beforeAll(async () => {
  ({ api, demo } = await startDemo());
  ({ client } = api);
});

afterAll(() => api[Symbol.asyncDispose]());

let keys = 0;
function reclaim(by: Member, from: Member, amount: number, more: object = {}) {
  keys += 1;
  const input = { fromResellerId: from.id, amount, reason: 'unused', idempotencyKey: `reclaim ${keys}`, ...more };
  return client.mutate(by, 'reclaimCredits', input);
}

test('credits are reclaimed only where the policy allows it, with a reason that both sides read', async () => {
  expect(await reclaim(demo.ana, demo.bruno, 3)).toMatchObject({ code: 'INVALID_STATE', message: expect.stringContaining('policy') });
  await client.mutate(demo.root, 'setTenantPolicy', { reclaimAllowed: true });
  expect(await reclaim(demo.ana, demo.bruno, 3)).toMatchObject({
    replayed: false,
    transfer: { kind: 'RECLAIM', amount: 3, memo: 'unused' },
    from: { id: demo.bruno.accountId, balance: 7 },
    to: { id: demo.ana.accountId, balance: 103 },
  });
  for (const [{ token }, counterparty, delta] of [
    [demo.ana, 'CHILD', 3],
    [demo.bruno, 'PARENT', -3],
  ] as const) {
    const { viewer } = await client.query(
      token,
      '{ viewer { reseller { account { statement(first: 1) { edges { node { delta transfer { counterparty memo } } } } } } } }',
    );
    const node = { delta, transfer: { counterparty, memo: 'unused' } };
    expect(viewer).toEqual({ reseller: { account: { statement: { edges: [{ node }] } } } });
  }
});

test('never more than the balance, never from a grandchild, itself or anybody else; reclaiming all locks the child', async () => {
  expect(await reclaim(demo.ana, demo.bruno, 8)).toMatchObject({ code: 'INSUFFICIENT_CREDITS' });
  expect(outcomeOf(await reclaim(demo.root, demo.bruno, 1))).toBe('NOT_DIRECT_CHILD');
  expect(outcomeOf(await reclaim(demo.ana, demo.ana, 1))).toBe('NOT_DIRECT_CHILD');
  for (const [by, from] of [
    [demo.bruno, demo.ana],
    [demo.ana, demo.zero],
    [demo.ana, demo.other],
  ] as const)
    expect(outcomeOf(await reclaim(by, from, 1))).toBe('NOT_FOUND');
  expect(outcomeOf(await reclaim(demo.zero, demo.caio, 1))).toBe('PANEL_LOCKED');
  expect(await reclaim(demo.ana, demo.bruno, 7)).toMatchObject({ from: { balance: 0 } });
  const { viewer } = await client.query(demo.bruno, '{ viewer { reseller { account { locked } } } }');
  expect(viewer).toEqual({ reseller: { account: { locked: true } } });
  expect(outcomeOf(await reclaim(demo.ana, demo.bruno, 1))).toBe('INSUFFICIENT_CREDITS');
});

test('the same key reclaims once, and bad input is named', async () => {
  const panel = await plantPanel(client, demo.root, 'once@reclaim.test', 20);
  const once = () => reclaim(demo.root, panel, 5, { idempotencyKey: 'once' });
  expect(await once()).toMatchObject({ replayed: false, from: { balance: 15 } });
  expect(await once()).toMatchObject({ replayed: true, transfer: { amount: 5 }, from: { balance: 15 } });
  expect(outcomeOf(await reclaim(demo.root, panel, 6, { idempotencyKey: 'once' }))).toBe('IDEMPOTENCY_CONFLICT');
  expect(await reclaim(demo.root, panel, 0, { reason: '' })).toMatchObject({
    code: 'INVALID_INPUT',
    fields: [{ path: 'input.amount' }, { path: 'input.reason' }],
  });
});
