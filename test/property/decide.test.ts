import assert from 'node:assert/strict';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NO_LIMITS } from '../../src/kernel/limits.ts';
import type { Policy } from '../../src/kernel/policy.ts';
import { uuidv7 } from '../../src/kernel/uuid.ts';
import type { AddScreens, Command } from '../../src/ledger/command.ts';
import type { CustomerPaymentState } from '../../src/ledger/outcome.ts';
import type { SubmissionResult } from '../../src/ledger/posting/batch.ts';
import { accountsOf } from '../../src/ledger/rules/footprint.ts';
import { COMMAND_KINDS } from '../../src/ledger/rules/kinds.ts';
import { Drafter } from './drafter.ts';
import { FOUNDING, paymentStep, type Step, saleStep, step, undoStep } from './drafts.ts';
import { expectSound } from './invariants.ts';
import { meddleInModel } from './meddling.ts';
import { MemoryLedger } from './memory-ledger.ts';
import { Model } from './model.ts';
import { expectAgreement } from './model-agreement.ts';
import { playUntilSeen } from './play-until.ts';
import { policy } from './policies.ts';
import { ServiceMeter } from './service-meter.ts';
import { batchesOf, expected, type MadeItem, makeItem, verdictOf, verdictsOfRefused } from './verdicts.ts';

const RUNS = 450;
const SALE_RUNS = 300;
const UNDO_RUNS = 800;
const PAYMENT_RUNS = 600;

/** Every verdict that must occur: a property that never meets a verdict proves nothing about it. */
const WORDS = [
  ...['POSTED', 'REPLAYED', 'RECOVERED', 'WAITING', 'UNAUTHENTICATED', 'FORBIDDEN', 'IDEMPOTENCY_CONFLICT', 'PANEL_SUSPENDED'],
  ...['PANEL_LOCKED', 'NOT_FOUND', 'NOT_DIRECT_CHILD', 'INVALID_STATE', 'ALREADY_EXISTS', 'INSUFFICIENT_CREDITS'],
  ...['BELOW_MINIMUM', 'WOULD_USE_RESERVE', 'INVALID_INPUT', 'TRIAL_ALREADY_USED', 'TRIAL_QUOTA', 'LIMIT_REACHED'],
];

/** Every command must succeed at least once, and in each of these ways. */
const DEEDS = [
  // A waiting payment is applied before anybody could send the command for it.
  ...COMMAND_KINDS.filter((kind) => kind !== 'applyCustomerPayment' && kind !== 'refundCustomerPayment'),
  ...['a refund', 'a sweep', 'a sale by the parent', 'paid and not delivered', 'a debt', 'a repayment', 'the end of a debt'],
  ...['an activation of a known customer', 'a move', 'a panel that comes with nothing', 'imported time that is renewed'],
  'a refund of what was spent beside imported time',
];

/** These occur often enough only in steps that do little else. */
const DEEDS_OF_SALES = [
  ...['a repayment to a panel', 'a sale in the place of its seller', 'a part charged back', 'credits given back'],
  ...['a seller that owes what it must give back', 'a charge-back of a closed panel', 'a move', 'a charge-back of a buyer that was moved'],
];

const WORDS_OF_UNDOING = ['LIMIT_REACHED', 'REPLAYED', 'RECOVERED'];
const DEEDS_OF_UNDOING = [
  ...['undoSpending', 'an undo by a panel that was locked', 'an undo of a new customer', 'an undo that repays a debt'],
  ...['an undo of a trial that was activated'],
];

const DEEDS_OF_PAYMENTS = [
  ...['settleCustomerPayment', 'a payment applied at once', 'a payment that waits', 'a payment applied after it waited'],
  ...['a payment for a trial', 'a payment that locks', 'a payment handed to the parent'],
  ...['refundCustomerPayment', 'a refund before it was paid', 'a refund of what waits', 'a refund of what was applied'],
  ...['money that came again and had been applied', 'money that came again and renews', 'a payment known to have come again'],
];

class Run {
  readonly #model: Model;
  readonly #ledger: MemoryLedger;
  readonly #drafter: Drafter;
  readonly #meter = new ServiceMeter();
  readonly #seen: Map<string, number>;

  constructor(seen: Map<string, number>, policy: Policy) {
    const platformUserId = uuidv7();
    this.#ledger = new MemoryLedger(platformUserId);
    this.#model = new Model(platformUserId, this.#ledger.nowMs);
    this.#drafter = new Drafter(this.#model);
    this.#seen = seen;
    for (const draft of FOUNDING) this.#postBatch([makeItem(this.#drafter, { mode: 'one', drafts: [draft] })], new Set());
    for (const { tenantId } of this.#model.panels.slice(0, 1)) {
      this.#model.data.policies.set(tenantId, policy);
      this.#ledger.meddle({ kind: 'policy', tenantId, policy });
    }
    this.#meter.observe(this.#ledger.nowMs, []);
  }

  take(one: Step): void {
    if (one.type === 'meddling') {
      const meddled = meddleInModel(this.#model, one.meddling);
      if (!meddled) return;
      this.#ledger.meddle(meddled);
      if (meddled.kind === 'move') this.#count('a move');
    } else this.#post(one);
  }

  #post(one: Extract<Step, { type: 'batch' }>): void {
    this.#ledger.nowMs += one.clockMs;
    this.#model.data.nowMs = this.#ledger.nowMs;
    const { panels } = this.#model;
    // Creditors, stand-ins for closed panels, and panels with limits are found only after the lock, and a batch waits
    // for their locks. So they are never `held`.
    const { claims, purchases } = this.#model.data;
    const isNeeded = (id: string) =>
      claims.some(({ creditorId, owed }) => creditorId === id && owed > 0) ||
      purchases.some(({ sellerId, source }) => source === id && source !== sellerId) ||
      panels.some(({ closed, parentId }) => closed && parentId === id) ||
      panels.some((panel) => panel.id === id && panel.limits !== NO_LIMITS);
    const held = new Set(one.held.flatMap((index) => panels[index % Math.max(1, panels.length)]?.id ?? []).filter((id) => !isNeeded(id)));
    const items = one.items.map((item) => makeItem(this.#drafter, item));
    for (const batch of batchesOf(items)) this.#postBatch(batch, held);
    const tables = this.#ledger.tables();
    expectSound(tables);
    expectAgreement(this.#model, tables, 0);
    for (const it of this.#model.data.customers) {
      this.#meter.forgive(it.id, it.forgivenMs);
      this.#meter.bring(it.id, it.broughtMs);
      it.forgivenMs = 0;
    }
    this.#meter.observe(this.#ledger.nowMs, tables.customers);
  }

  #postBatch(items: readonly MadeItem[], held: ReadonlySet<string>): void {
    const before = this.#model.data.payments.map(({ panelId, status }) => ({ panelId, status }));
    const results = this.#ledger.post(
      items.map(({ commands, mode }) => ({ commands, atomic: mode === 'atomic' })),
      held,
    );
    for (const [index, item] of items.entries()) this.#compare(item, results[index], held);
    for (const [index, { panelId, status, waited }] of this.#model.data.payments.entries()) {
      if (waited && status === 'APPLIED' && before[index]?.status !== status) this.#count('a payment applied after it waited');
      if (panelId !== before[index]?.panelId) this.#count('a payment handed to the parent');
    }
  }

  #compare(item: MadeItem, result: SubmissionResult | undefined, held: ReadonlySet<string>): void {
    const blocked = item.commands.some((command) =>
      accountsOf(command).some((id) => held.has(id) && this.#model.panel(id)?.tenantId === command.tenantId),
    );
    if (blocked) {
      assert.equal(result?.status, 'waiting');
      this.#count('WAITING');
      return;
    }
    const said = expected(this.#model, item);
    for (const word of said) this.#count(word);
    if (result?.status === 'decided') {
      for (const { customerId } of widenedBy(item, result)) this.#meter.widen(customerId ?? '');
      assert.deepEqual(result.outcomes.map(verdictOf), said);
      for (const deed of deedsOf(item, result, this.#model)) this.#count(deed);
    } else if (result?.status === 'batch refused') assert.deepEqual(verdictsOfRefused(result.refusal, said), said);
    else assert.fail(`answered ${result?.status}`);
  }

  #count(word: string): void {
    this.#seen.set(word, (this.#seen.get(word) ?? 0) + 1);
  }
}

/** The customers that got screens: screens are paid for by whole periods, and so for more time than they are used. */
function widenedBy({ commands }: MadeItem, { outcomes }: Extract<SubmissionResult, { status: 'decided' }>): AddScreens[] {
  return commands.flatMap((command, index) => (command.kind === 'addScreens' && outcomes[index]?.status === 'posted' ? [command] : []));
}

/** The effects of a provider's message about a customer's money. */
function deedsOfMoney(command: Command, payment: CustomerPaymentState | null, renews: boolean): readonly (readonly [string, boolean])[] {
  if (payment === null || (command.kind !== 'settleCustomerPayment' && command.kind !== 'refundCustomerPayment')) return [];
  const isNew = payment.settlementId === command.settlementId;
  const isBack = command.kind === 'refundCustomerPayment';
  return [
    ['a refund before it was paid', isBack && isNew],
    ['a refund of what waits', isBack && !isNew && payment.transferId === null],
    ['a refund of what was applied', isBack && payment.transferId !== null],
    ['money that came again and had been applied', !isBack && isNew && payment.status === 'APPLIED' && !renews],
    ['money that came again and renews', !isBack && command.turn > 0 && renews],
    ['a payment known to have come again', !isBack && !isNew],
  ];
}

function deedsOf({ commands }: MadeItem, { outcomes }: Extract<SubmissionResult, { status: 'decided' }>, model: Model): string[] {
  return outcomes.flatMap((outcome, index) => {
    const command = commands[index];
    if (outcome.status !== 'posted' || !command) return [];
    const { claims, customer, from, payment, purchase, steps, to, transfer } = outcome;
    const repaid = steps.slice(1).filter(({ transfer }) => transfer.kind === 'CHARGEBACK' || transfer.kind === 'REVERSAL');
    const deeds: readonly (readonly [string, boolean])[] = [
      [command.kind, true],
      ['a refund', transfer?.kind === 'REFUND'],
      ['a sweep', transfer?.kind === 'SWEEP'],
      ['a sale by the parent', transfer?.kind === 'PURCHASE' && from !== null],
      ['paid and not delivered', purchase?.status === 'PAID_UNFUNDED'],
      ['a debt', command.kind === 'chargeBackPurchase' && (from?.debt ?? 0) > 0],
      ['a repayment', repaid.length > 0],
      ['a repayment to a panel', repaid.some((step) => step.to !== null)],
      ['the end of a debt', repaid.length > 0 && to?.debt === 0],
      [
        'a sale in the place of its seller',
        purchase?.status === 'PAID' && purchase.deliveredBy !== null && command.kind === 'settlePurchase',
      ],
      ['a part charged back', command.kind === 'chargeBackPurchase' && purchase?.status === 'PAID'],
      ['credits given back', command.kind === 'reverseChargeBack' && transfer !== null],
      ['a seller that owes what it must give back', command.kind === 'reverseChargeBack' && claims.some(({ owed }) => owed > 0)],
      [
        'a charge-back of a closed panel',
        command.kind === 'chargeBackPurchase' && purchase !== null && claims[0] !== undefined && claims[0].debtorId !== purchase.buyerId,
      ],
      [
        'a charge-back of a buyer that was moved',
        command.kind === 'chargeBackPurchase' &&
          purchase?.sellerId != null &&
          model.panel(purchase.buyerId)?.parentId !== purchase.sellerId,
      ],
      ['an undo by a panel that was locked', command.kind === 'undoSpending' && to?.balance === transfer?.amount],
      [
        'an undo of a new customer',
        command.kind === 'undoSpending' && customer?.creditsSpent === 0 && customer.canceledAtMs === transfer?.createdAtMs,
      ],
      ['an undo of a trial that was activated', command.kind === 'undoSpending' && customer?.isTrial === true],
      ['an undo that repays a debt', command.kind === 'undoSpending' && repaid.length > 0],
      ['a payment applied at once', payment?.status === 'APPLIED'],
      ['a payment that waits', payment?.status === 'PAID_UNFUNDED'],
      ['a payment for a trial', payment?.status === 'APPLIED' && transfer?.kind === 'ACTIVATION'],
      ['a payment that locks', payment?.status === 'APPLIED' && from?.balance === 0],
      ...deedsOfMoney(command, payment, transfer !== null),
      ['a panel that comes with nothing', command.kind === 'importReseller' && transfer === null],
      ['imported time that is renewed', command.kind === 'renewCustomer' && wasBrought(model, customer)],
      ['a refund of what was spent beside imported time', transfer?.kind === 'REFUND' && wasBrought(model, customer)],
      ['an activation of a known customer', command.kind === 'activateCustomer' && command.details === null],
    ];
    return deeds.filter(([, done]) => done).map(([deed]) => deed);
  });
}

function wasBrought(model: Model, customer: { readonly id: string } | null): boolean {
  return model.data.customers.some(({ broughtMs, id }) => broughtMs > 0 && id === customer?.id);
}

test('any sequence of commands is answered in the order of R35, keeps the books sound and grants only paid service (R23)', () => {
  const seen = new Map<string, number>();
  const play = () =>
    fc.assert(
      fc.property(policy, fc.array(step, { minLength: 25, maxLength: 70 }), (policy, steps) => {
        const run = new Run(seen, policy);
        for (const one of steps) run.take(one);
      }),
      { numRuns: RUNS, endOnFailure: true },
    );
  expect(playUntilSeen([...WORDS, ...DEEDS], seen, play)).toEqual([]);
});

test('spends and undos, mixed with any other commands, return all credits once and restore each customer (R23, R45)', () => {
  const seen = new Map<string, number>();
  const undoable = policy.map((chosen): Policy => ({ ...chosen, undoMinutes: Math.max(10, chosen.undoMinutes) }));
  const play = () =>
    fc.assert(
      fc.property(fc.oneof(undoable, policy), fc.array(undoStep, { minLength: 25, maxLength: 70 }), (policy, steps) => {
        const run = new Run(seen, policy);
        for (const one of steps) run.take(one);
      }),
      { numRuns: UNDO_RUNS, endOnFailure: true },
    );
  expect(playUntilSeen([...WORDS_OF_UNDOING, ...DEEDS_OF_UNDOING], seen, play)).toEqual([]);
});

test('sales, charge-backs, won disputes, spends and closings in any order give nobody credits for nothing (R29)', () => {
  const seen = new Map<string, number>();
  const parents = policy.map((chosen): Policy => ({ ...chosen, purchaseSource: 'PARENT' }));
  const play = () =>
    fc.assert(
      fc.property(fc.oneof(parents, policy), fc.array(saleStep, { minLength: 25, maxLength: 70 }), (policy, steps) => {
        const run = new Run(seen, policy);
        for (const one of steps) run.take(one);
      }),
      { numRuns: SALE_RUNS, endOnFailure: true },
    );
  expect(playUntilSeen(DEEDS_OF_SALES, seen, play)).toEqual([]);
});

test('every customer payment becomes one renewal, once and oldest first, whatever else happens (R23, R54)', () => {
  const seen = new Map<string, number>();
  const play = () =>
    fc.assert(
      fc.property(policy, fc.array(paymentStep, { minLength: 25, maxLength: 70 }), (policy, steps) => {
        const run = new Run(seen, policy);
        for (const one of steps) run.take(one);
      }),
      { numRuns: PAYMENT_RUNS, endOnFailure: true },
    );
  expect(playUntilSeen(DEEDS_OF_PAYMENTS, seen, play)).toEqual([]);
});
