import { beforeEach, describe, expect, test } from 'vitest';
import { PLATFORM_TENANT_ID, type Role } from '../../src/kernel/actor.ts';
import { MAX_CREDITS } from '../../src/kernel/credits.ts';
import type { Policy } from '../../src/kernel/policy.ts';
import { uuidv7 } from '../../src/kernel/uuid.ts';
import type { Command } from '../../src/ledger/command.ts';
import type { Outcome, PurchaseState } from '../../src/ledger/outcome.ts';
import { decide } from '../../src/ledger/rules/decide.ts';
import { WorkingState } from '../../src/ledger/rules/working-state.ts';
import { FIRST_POLICY } from '../property/policies.ts';
import {
  activation,
  chargeBack,
  closing,
  order,
  payment,
  reclaim,
  renewal,
  trial,
  undo,
  wonDispute,
} from '../support/worlds/ledger-commands.ts';
import type { Panel } from '../support/worlds/ledger-world.ts';

const NOW = 1_800_000_000_000;
const policy: Policy = { ...FIRST_POLICY, trialQuota: 2, reclaimAllowed: true };

/** Cases that random sequences meet too rarely: the exact limit of each rule. A root and its child, with 100 credits each. */
let state: WorkingState;
let root: Panel;
let child: Panel;

beforeEach(() => {
  state = new WorkingState(NOW, ['l']);
  const tenantId = uuidv7();
  root = put({ tenantId, id: tenantId, userId: uuidv7() }, null);
  child = put({ tenantId, id: uuidv7(), userId: uuidv7() }, root);
  state.putPolicy(tenantId, policy);
});

function put(panel: Panel, parent: Panel | null, balance = 100): Panel {
  const { id, tenantId, userId } = panel;
  const [path, depth] = parent === null ? ['r.', 0] : ['r.c.', 1];
  state.putPanel({
    tenantId,
    id,
    parentId: parent?.id ?? null,
    path,
    depth,
    suspended: false,
    closed: false,
    keepsReserve: false,
    limits: [],
  });
  state.putActor({ tenantId, id: userId, role: 'OWNER', resellerId: id, disabled: false });
  putBalance(panel, balance);
  return panel;
}

function putBalance({ id, tenantId }: Panel, balance: number): void {
  const totals = { debt: 0, issued: balance, consumed: 0, withdrawn: 0 };
  const lockedSinceMs = balance === 0 ? NOW : null;
  state.putAccount({ tenantId, id, balance, version: 1, lockedSinceMs, reserveThreshold: 1, ...totals, changedAtMs: NOW });
}

function suspend({ id, tenantId }: Panel): void {
  const panel = state.panel(tenantId, id);
  if (panel) state.putPanel({ ...panel, suspended: true }, [panel.path]);
}

/** Decides the command, and applies it to the state for the next one. */
function does(command: Command): Outcome {
  const outcome = decide(state, command);
  state.apply(command, outcome);
  return outcome;
}

function purchaseOf(outcome: Outcome): PurchaseState | null {
  return outcome.status === 'posted' ? outcome.purchase : null;
}

const refused = (code: string) => ({ status: 'refused', refusal: expect.objectContaining({ code }) });

describe('buying (R26 to R29)', () => {
  test('a panel has at most 50 open orders, and a canceled or paid one makes room', () => {
    state.putCounts(child.id, { trials: 0, undos: 0, pending: 49, openChildren: 0 });
    const last = order(child, 10);
    expect(does(last)).toMatchObject({ status: 'posted' });
    expect(does(order(child, 10))).toMatchObject(refused('INVALID_STATE'));
    expect(does(payment(last))).toMatchObject({ status: 'posted' });
    expect(does(order(child, 10))).toMatchObject({ status: 'posted' });
  });

  test('a parent may sell all its credits, which locks it, and not one credit more', () => {
    state.putPolicy(root.tenantId, { ...policy, purchaseSource: 'PARENT' });
    const [all, more] = [order(child, 100, root), order(child, 101, root)];
    does(all);
    does(more);
    expect(purchaseOf(does(payment(more)))).toMatchObject({ status: 'PAID_UNFUNDED', transferId: null });
    const paid = does(payment(all));
    expect(paid).toMatchObject({ from: { balance: 0, lockedSinceMs: NOW }, to: { balance: 200 }, purchase: { status: 'PAID' } });
  });

  test('while the parent is suspended or closed the money is remembered, and no credits move', () => {
    state.putPolicy(root.tenantId, { ...policy, purchaseSource: 'PARENT' });
    const [first, second] = [order(child, 10, root), order(child, 10, root)];
    does(first);
    does(second);
    suspend(root);
    expect(does(payment(first))).toMatchObject({ transfer: null, purchase: { status: 'PAID_UNFUNDED' } });
    const panel = state.panel(root.tenantId, root.id);
    if (panel) state.putPanel({ ...panel, suspended: false, closed: true });
    expect(does(payment(second))).toMatchObject({ transfer: null, purchase: { status: 'PAID_UNFUNDED' } });
  });

  test("a posting that would lift the tenant's total issue above the largest number is refused (R36)", () => {
    const [most, more] = [order(child, 10), order(child, 11)];
    does(most);
    does(more);
    state.putIssued(root.tenantId, MAX_CREDITS - 10);
    expect(purchaseOf(does(payment(more)))).toMatchObject({ status: 'PAID_UNFUNDED' });
    expect(purchaseOf(does(payment(most)))).toMatchObject({ status: 'PAID' });
    expect(state.issuedIn(root.tenantId)).toBe(MAX_CREDITS);
  });

  test('the platform cannot confirm for a panel that sells, nor a panel for the platform', () => {
    const platform = { tenantId: PLATFORM_TENANT_ID, id: uuidv7(), role: 'PLATFORM', resellerId: null, disabled: false } as const;
    state.putActor(platform);
    const ofPlatform = order(child, 10);
    does(ofPlatform);
    state.putPolicy(root.tenantId, { ...policy, purchaseSource: 'PARENT' });
    const ofRoot = order(child, 10, root);
    does(ofRoot);
    const roles: readonly Role[] = ['PLATFORM', 'OWNER'];
    const byPlatform = { ...payment(ofRoot), sellerId: null, by: 'SELLER', actorId: platform.id, roles } as const;
    expect(does(byPlatform)).toMatchObject(refused('NOT_FOUND'));
    const scope = { scopeTenantId: root.tenantId, scopeId: root.id, actorId: root.userId, roles } as const;
    expect(does({ ...payment(ofPlatform), ...scope, by: 'SELLER' })).toMatchObject(refused('NOT_FOUND'));
    expect(does({ ...payment(ofRoot), ...scope, by: 'SELLER' })).toMatchObject({ status: 'posted', from: { balance: 90 } });
  });

  test('an order ends in the millisecond in which its time is over', () => {
    const bought = { ...order(child, 10), expiresAfterMs: 0 };
    does(bought);
    expect(purchaseOf(does(payment(bought)))).toMatchObject({ status: 'PAID_UNFUNDED' });
  });

  test('new credits repay a debt first, and later commands in the same batch find the panel free', () => {
    const bought = order(child, 50);
    does(bought);
    does(payment(bought));
    putBalance(child, 20);
    expect(does(chargeBack(bought))).toMatchObject({ from: { balance: 0, debt: 30, withdrawn: 20 } });
    expect(does(activation(child, 1, 1))).toMatchObject(refused('PANEL_SUSPENDED'));
    const [part, rest] = [order(child, 10), order(child, 40)];
    for (const one of [part, rest]) does(one);
    expect(does(payment(part))).toMatchObject({
      to: { balance: 0, debt: 20 },
      steps: [{}, { transfer: { amount: 10, kind: 'CHARGEBACK' } }],
    });
    expect(does(activation(child, 1, 1))).toMatchObject(refused('PANEL_SUSPENDED'));
    expect(does(payment(rest))).toMatchObject({
      to: { balance: 20, debt: 0, lockedSinceMs: null },
      steps: [{}, { transfer: { amount: 20 } }],
    });
    expect(does(activation(child, 1, 1))).toMatchObject({ status: 'posted' });
  });

  test('a won dispute returns once what was taken and ends the debt, and takes nothing if reported before its charge-back (R29)', () => {
    const bought = order(child, 50);
    for (const one of [bought, payment(bought)]) does(one);
    putBalance(child, 20);
    expect(does({ ...chargeBack(bought), dispute: 'first' })).toMatchObject({ from: { balance: 0, debt: 30 } });
    expect(does(wonDispute(bought, 'first'))).toMatchObject({
      status: 'posted',
      to: { balance: 20, debt: 0 },
      transfer: { kind: 'REVERSAL', amount: 20 },
    });
    expect(does(wonDispute(bought, 'first'))).toMatchObject({ status: 'replayed' });
    expect(does({ ...chargeBack(bought), dispute: 'first' })).toMatchObject({ status: 'replayed' });
    expect(does(wonDispute(bought, 'second'))).toMatchObject({ status: 'posted', transfer: null });
    expect(does({ ...chargeBack(bought), dispute: 'second' })).toMatchObject({ status: 'replayed' });
    expect(state.account(child.tenantId, child.id)).toMatchObject({ balance: 20, debt: 0 });
  });

  test('a payment reported between its dispute and a repeated dispute leaves nothing for the seller to settle (R29)', () => {
    const bought = order(child, 50);
    for (const one of [bought, { ...chargeBack(bought), dispute: 'early' }]) does(one);
    expect(purchaseOf(does(payment(bought)))).toMatchObject({ status: 'PAID_UNFUNDED' });
    expect(purchaseOf(does({ ...chargeBack(bought), dispute: 'early' }))).toMatchObject({ status: 'CANCELED' });
    expect(does({ ...chargeBack(bought), dispute: 'early' })).toMatchObject({ status: 'replayed' });
    expect(purchaseOf(does(wonDispute(bought, 'early')))).toMatchObject({ status: 'PAID_UNFUNDED' });
    expect(does({ ...chargeBack(bought), dispute: 'early' })).toMatchObject({ status: 'replayed' });
    expect(state.purchase(child.tenantId, bought.purchaseId)).toMatchObject({ status: 'PAID_UNFUNDED' });
  });

  test('winning a dispute that ended an unpaid order does not change a later charge-back (R29)', () => {
    const platform = { tenantId: PLATFORM_TENANT_ID, id: uuidv7(), role: 'PLATFORM', resellerId: null, disabled: false } as const;
    state.putActor(platform);
    const bought = order(child, 50);
    for (const one of [bought, { ...chargeBack(bought), dispute: 'early' }]) does(one);
    const confirmed = { ...payment(bought), by: 'SELLER', actorId: platform.id, roles: ['PLATFORM'] } as const;
    for (const one of [payment(bought), confirmed, chargeBack(bought)]) does(one);
    expect(state.purchase(child.tenantId, bought.purchaseId)).toMatchObject({ status: 'CHARGED_BACK', chargedBack: 50 });
    expect(purchaseOf(does(wonDispute(bought, 'early')))).toMatchObject({ status: 'CHARGED_BACK', chargedBack: 50 });
  });

  test('a repaid debt does not end a suspension by hand', () => {
    const bought = order(child, 120);
    for (const one of [bought, payment(bought)]) does(one);
    putBalance(child, 20);
    suspend(child);
    const fork = state.fork();
    const owed = chargeBack(bought);
    fork.apply(owed, decide(fork, owed));
    state.merge(fork);
    const again = order(child, 500);
    for (const one of [again, payment(again)]) does(one);
    expect(state.account(child.tenantId, child.id)).toMatchObject({ debt: 0, balance: 400 });
    expect(does(activation(child, 1, 1))).toMatchObject(refused('PANEL_SUSPENDED'));
  });
});

describe('a batch tried on a copy, once taken over,', () => {
  test('leaves everything: orders, payments, trials, suspensions and the count of each', () => {
    state.putCounts(child.id, { trials: 0, undos: 0, pending: 48, openChildren: 0 });
    const fork = state.fork();
    const apply = (command: Command) => fork.apply(command, decide(fork, command));
    const [first, second] = [order(child, 90), order(child, 10)];
    for (const one of [first, second, trial(child, 'one'), payment(first), activation(child, 15, 12), chargeBack(first)]) apply(one);
    expect(state.account(child.tenantId, child.id)).toMatchObject({ debt: 0, balance: 100 });
    state.merge(fork);
    expect(state.account(child.tenantId, child.id)).toMatchObject({ debt: 80, balance: 0 });
    expect(state.panel(child.tenantId, child.id)).toMatchObject({ suspended: true });
    expect(state.trialUsed(child.tenantId, 'one')).toBe(true);
    expect(state.counts(child.id)).toMatchObject({ trials: 1, pending: 49 });
    expect(state.purchase(child.tenantId, second.purchaseId)).toMatchObject({ status: 'PENDING' });
    const stolen = { ...payment(second), reference: payment(first).reference };
    expect(does(stolen)).toMatchObject(refused('INVALID_STATE'));
    // The debt is still there: repaying it ends the suspension.
    does(payment(second));
    const more = order(child, 70);
    for (const one of [more, payment(more)]) does(one);
    expect(state.panel(child.tenantId, child.id)).toMatchObject({ suspended: false });
  });
});

test.each(['on the state', 'on a copy of it'])(
  'a payment is free for another order after its own was confirmed with another reference, %s (R28)',
  (where) => {
    state.putPolicy(root.tenantId, { ...policy, purchaseSource: 'PARENT' });
    const [first, second] = [order(child, 101, root), order(child, 10, root)];
    for (const one of [first, second]) does(one);
    expect(purchaseOf(does(payment(first)))).toMatchObject({ status: 'PAID_UNFUNDED', reference: payment(first).reference });
    putBalance(root, 200);
    const roles: readonly Role[] = ['OWNER'];
    const scope = { scopeTenantId: root.tenantId, scopeId: root.id, actorId: root.userId, roles } as const;
    const confirmed = { ...payment(first), ...scope, by: 'SELLER', reference: 'by transfer' } as const;
    const facts = where === 'on the state' ? state : state.fork();
    facts.apply(confirmed, decide(facts, confirmed));
    expect(facts.purchase(root.tenantId, first.purchaseId)).toMatchObject({ status: 'PAID', reference: 'by transfer' });
    const paid = decide(facts, { ...payment(second), reference: payment(first).reference });
    expect(purchaseOf(paid)).toMatchObject({ status: 'PAID' });
  },
);

describe('limits of a panel (R15, R17, R24)', () => {
  test('the last trial of the day is started, and the next is not', () => {
    for (const contact of ['one', 'two']) expect(does(trial(child, contact))).toMatchObject({ status: 'posted' });
    expect(does(trial(child, 'three'))).toMatchObject(refused('TRIAL_QUOTA'));
    expect(does(trial(root, 'one'))).toMatchObject(refused('TRIAL_ALREADY_USED'));
  });

  test('all of a child’s credits can be reclaimed, which locks it', () => {
    expect(does(reclaim(root, child, 101))).toMatchObject(refused('INSUFFICIENT_CREDITS'));
    expect(does(reclaim(root, child, 100))).toMatchObject({ from: { balance: 0, lockedSinceMs: NOW }, to: { balance: 200 } });
  });

  test('a panel with an open panel below it is not closed', () => {
    state.putCounts(child.id, { trials: 0, undos: 0, pending: 0, openChildren: 1 });
    expect(does(closing(root, child))).toMatchObject(refused('INVALID_STATE'));
  });

  test('a panel in debt is not closed, and neither is one that was closed or moved meanwhile', () => {
    const account = state.account(child.tenantId, child.id);
    if (!account) throw new Error('no account');
    state.putAccount({ ...account, debt: 1, balance: 0 });
    expect(does(closing(root, child))).toMatchObject(refused('INVALID_STATE'));
    state.putAccount(account);
    expect(does({ ...closing(root, child), parentId: child.id })).toMatchObject(refused('INVALID_STATE'));
    expect(does(closing(root, child))).toMatchObject({ from: { balance: 0 }, to: { balance: 200 }, transfer: { kind: 'SWEEP' } });
  });
});

describe('undoing a spend (R45)', () => {
  const spend = (): ReturnType<typeof activation> => {
    const one = activation(child, 1, 1);
    expect(does(one)).toMatchObject({ status: 'posted' });
    return one;
  };
  const facts = ({ transferId }: { readonly transferId: string }, agoMs: number) => ({ transferId, amount: 1, createdAtMs: NOW - agoMs });

  test('is done at the very end of the policy’s minutes, and refused a millisecond later', () => {
    const one = spend();
    expect(decide(state, undo(child, one.customerId, facts(one, 600_001)))).toMatchObject(refused('INVALID_STATE'));
    expect(decide(state, undo(child, one.customerId, facts(one, 600_000)))).toMatchObject({ status: 'posted', to: { balance: 100 } });
    state.putPolicy(child.tenantId, { ...policy, undoMinutes: 0 });
    expect(decide(state, undo(child, one.customerId, facts(one, 0)))).toMatchObject(refused('INVALID_STATE'));
  });

  test('is done the fifth time in a day, and not the sixth', () => {
    const [fifth, sixth] = [spend(), spend()];
    state.putCounts(child.id, { trials: 0, undos: 4, pending: 0, openChildren: 0 });
    expect(does(undo(child, fifth.customerId, facts(fifth, 0)))).toMatchObject({ status: 'posted' });
    expect(does(undo(child, sixth.customerId, facts(sixth, 0)))).toMatchObject(refused('LIMIT_REACHED'));
  });

  test("is only for the panel of the customer, and only for the customer's last spend", () => {
    const one = spend();
    expect(does(undo(root, one.customerId, facts(one, 0)))).toMatchObject(refused('NOT_FOUND'));
    const later = renewal(child, one.customerId, 1);
    does(later);
    expect(does(undo(child, one.customerId, facts(one, 0)))).toMatchObject(refused('INVALID_STATE'));
    expect(does(undo(child, one.customerId, facts(later, 0)))).toMatchObject({ status: 'posted', customer: { creditsSpent: 1 } });
    expect(does(undo(child, one.customerId, facts(later, 0)))).toMatchObject(refused('INVALID_STATE'));
  });

  test('is also for a panel that is locked or suspended', () => {
    const all = activation(child, 10, 10);
    expect(does(all)).toMatchObject({ from: { balance: 0 } });
    suspend(child);
    const facts = { transferId: all.transferId, amount: 100, createdAtMs: NOW };
    expect(does(undo(child, all.customerId, facts))).toMatchObject({
      to: { balance: 100 },
      customer: { canceledAtMs: NOW, expiresAtMs: NOW },
    });
  });
});
