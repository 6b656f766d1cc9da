/** Generates random steps of callers. */

import fc from 'fast-check';
import { MAX_CREDITS } from '../../src/kernel/credits.ts';
import type { PaymentProvider } from '../../src/ledger/outcome.ts';

/** A caller's action without ids. The ids are chosen when it runs: the numbers pick among what exists then. */
export interface Draft {
  readonly kind: DraftKind;
  readonly actor: number;
  /** Whose session sends it. 'stranger' is the next panel's, and so not that of the scope. */
  readonly session: 'own' | 'stranger' | 'unknown';
  readonly target: 'child' | 'grandchild' | 'debtor' | 'self' | 'parent' | 'any' | 'unknown' | 'null';
  /** Which customer or purchase it is about. */
  readonly subject: 'own' | 'any' | 'unknown' | 'null';
  readonly pick: number;
  readonly amount: number | 'all' | 'more than all';
  readonly periods: number;
  readonly screens: number;
  readonly hours: number;
  /** The contact of a trial or a new customer. There are few values, so that they collide. */
  readonly contact: number;
  /** The reference of a provider, or of a seller who enters one. */
  readonly reference: number | null;
  readonly provider: PaymentProvider;
  readonly by: 'SELLER' | 'PROVIDER';
  /** Whether the caller is one who may sell, confirm or charge back, or anybody. */
  readonly rightful: boolean;
  /** One of few keys, so that they collide; null for a new key. */
  readonly key: number | null;
  readonly email: number | null;
  /** With 'again': whether it has the ids of the earlier command, as a retry inside the server does. */
  readonly ownIds: boolean;
}

const KINDS = {
  ...{ transfer: 8, create: 4, issue: 3, tenant: 1, reclaim: 4, close: 3, platformClose: 1 },
  ...{ newCustomer: 5, activate: 4, renew: 5, screens: 5, cancel: 4, trial: 5, undo: 7 },
  ...{ confirm: 5, giveBack: 2, apply: 1 },
  ...{ importRoot: 1, importPanel: 3, importCustomer: 5 },
  ...{ buy: 5, unbuy: 2, settle: 6, chargeBack: 5, winDispute: 2, again: 6 },
};
type DraftKind = keyof typeof KINDS;

export interface Meddling {
  readonly what:
    | ('suspend' | 'resume' | 'close' | 'reopen' | 'disable' | 'enable' | 'demote' | 'promote')
    | (
        | 'minimum'
        | 'reclaim'
        | 'source'
        | 'refund'
        | 'quota'
        | 'hours'
        | 'undoMinutes'
        | 'reserve'
        | 'minimums'
        | 'limits'
        | 'fewerScreens'
        | 'move'
        | 'pay'
      );
  readonly pick: number;
  readonly choice: number;
}

export interface DraftItem {
  readonly mode: 'one' | 'atomic' | 'each';
  readonly drafts: readonly Draft[];
}

export type Step =
  | { readonly type: 'batch'; readonly items: readonly DraftItem[]; readonly held: readonly number[]; readonly clockMs: number }
  | { readonly type: 'meddling'; readonly meddling: Meddling };

const often = <T>(value: T, weight: number) => ({ arbitrary: fc.constant(value), weight });

const draft: fc.Arbitrary<Draft> = fc.record({
  kind: fc.oneof(...Object.entries(KINDS).map(([kind, weight]) => often(kind as DraftKind, weight))),
  actor: fc.nat(50),
  session: fc.oneof(often('own' as const, 40), often('stranger' as const, 1), often('unknown' as const, 1)),
  target: fc.oneof(
    often('child' as const, 12),
    ...(['grandchild', 'self', 'parent', 'unknown', 'null'] as const).map((target) => often(target, 1)),
    often('debtor' as const, 6),
    often('any' as const, 2),
  ),
  subject: fc.oneof(often('own' as const, 20), often('any' as const, 2), often('unknown' as const, 1), often('null' as const, 1)),
  pick: fc.nat(50),
  amount: fc.oneof(
    { arbitrary: fc.integer({ min: 1, max: 30 }), weight: 8 },
    often('all' as const, 3),
    often('more than all' as const, 1),
    { arbitrary: fc.constantFrom(MAX_CREDITS, MAX_CREDITS - 1, 1_000_000_000), weight: 1 },
  ),
  periods: fc.oneof({ arbitrary: fc.integer({ min: 1, max: 3 }), weight: 4 }, { arbitrary: fc.integer({ min: 1, max: 36 }), weight: 1 }),
  screens: fc.oneof({ arbitrary: fc.integer({ min: 1, max: 4 }), weight: 12 }, { arbitrary: fc.constantFrom(998, 1_000), weight: 1 }),
  hours: fc.integer({ min: 1, max: 24 }),
  contact: fc.nat(12),
  reference: fc.option(fc.nat(12), { freq: 3 }),
  provider: fc.constantFrom('MANUAL' as const, 'STRIPE' as const, 'MERCADO_PAGO' as const),
  by: fc.constantFrom('SELLER' as const, 'PROVIDER' as const),
  rightful: fc.oneof(often(true, 8), often(false, 1)),
  key: fc.oneof(often(null, 12), { arbitrary: fc.nat(3), weight: 2 }),
  email: fc.oneof(often(null, 6), { arbitrary: fc.nat(3), weight: 1 }),
  ownIds: fc.boolean(),
});

/** Closing a panel is always a request of its own, because it is a batch of its own. */
const isLone = ({ kind }: Draft) => kind === 'close' || kind === 'platformClose';

export const item: fc.Arbitrary<DraftItem> = fc.oneof(
  { arbitrary: draft.map((one) => ({ mode: 'one' as const, drafts: [one] })), weight: 4 },
  {
    arbitrary: fc.record({
      mode: fc.constantFrom('atomic' as const, 'each' as const),
      drafts: fc.array(
        draft.filter((one) => !isLone(one)),
        { minLength: 1, maxLength: 4 },
      ),
    }),
    weight: 2,
  },
);

const meddling: fc.Arbitrary<Meddling> = fc.record({
  what: fc.constantFrom(
    ...([
      'suspend',
      'resume',
      'resume',
      'close',
      'reopen',
      'reopen',
      'disable',
      'enable',
      'enable',
      'demote',
      'promote',
      'promote',
      'move',
      'move',
    ] as const),
    ...([
      'minimum',
      'minimum',
      'reclaim',
      'reclaim',
      'reclaim',
      'source',
      'source',
      'refund',
      'refund',
      'quota',
      'hours',
      'undoMinutes',
      'reserve',
      'reserve',
      'minimums',
      'limits',
      'limits',
      'fewerScreens',
      'fewerScreens',
      'pay',
      'pay',
      'pay',
      'pay',
      'pay',
      'pay',
    ] as const),
  ),
  pick: fc.nat(50),
  choice: fc.nat(50),
});

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** Moments, hours, days and months pass; sometimes the clock goes back. */
const clockMs = fc.oneof(
  { arbitrary: fc.integer({ min: -50, max: 200 }), weight: 4 },
  { arbitrary: fc.integer({ min: 1, max: 30 }).map((hours) => hours * HOUR_MS), weight: 1 },
  { arbitrary: fc.integer({ min: 1, max: 45 }).map((days) => days * 24 * HOUR_MS), weight: 2 },
  { arbitrary: fc.integer({ min: 1, max: 20_000 }).map((hours) => hours * HOUR_MS), weight: 1 },
);

/** Steps of several callers at once, with some rows locked by other sessions. */
export const step: fc.Arbitrary<Step> = fc.oneof(
  {
    arbitrary: fc.record({
      type: fc.constant('batch' as const),
      items: fc.array(item, { minLength: 1, maxLength: 4 }),
      held: fc.oneof({ arbitrary: fc.constant([]), weight: 6 }, { arbitrary: fc.array(fc.nat(50), { maxLength: 2 }), weight: 1 }),
      clockMs,
    }),
    weight: 6,
  },
  { arbitrary: meddling.map((one) => ({ type: 'meddling' as const, meddling: one })), weight: 1 },
);

const OF_UNDOING: readonly DraftKind[] = [
  ...([
    'undo',
    'undo',
    'undo',
    'undo',
    'newCustomer',
    'newCustomer',
    'renew',
    'renew',
    'screens',
    'screens',
    'activate',
    'cancel',
  ] as const),
  ...(['trial', 'again', 'issue', 'transfer', 'close', 'settle', 'buy', 'chargeBack'] as const),
];

const OF_SALES: readonly DraftKind[] = [
  ...(['buy', 'buy', 'buy', 'settle', 'settle', 'settle', 'chargeBack', 'chargeBack', 'chargeBack', 'winDispute', 'winDispute'] as const),
  ...(['issue', 'transfer', 'newCustomer', 'reclaim', 'close', 'create'] as const),
];

const OF_PAYMENTS: readonly DraftKind[] = [
  ...(['confirm', 'confirm', 'confirm', 'confirm', 'newCustomer', 'newCustomer', 'trial', 'renew', 'renew', 'undo', 'undo'] as const),
  ...([
    'cancel',
    'cancel',
    'transfer',
    'transfer',
    'issue',
    'close',
    'reclaim',
    'apply',
    'giveBack',
    'giveBack',
    'giveBack',
    'again',
    'settle',
    'buy',
    'chargeBack',
  ] as const),
];

/** Like `step`, with only these kinds of drafts and little time between steps. */
function stepsOf(kinds: readonly DraftKind[], atMostMs: number): fc.Arbitrary<Step> {
  return fc.tuple(step, fc.array(fc.nat(), { minLength: 16, maxLength: 16 })).map(([one, picks]) => {
    if (one.type === 'meddling') return one;
    let turn = 0;
    const kindIn = (mode: DraftItem['mode']): DraftKind => {
      const kind = kinds[(picks[turn++ % picks.length] ?? 0) % kinds.length] ?? 'transfer';
      return kind === 'close' && mode !== 'one' ? 'transfer' : kind;
    };
    const items = one.items.map(({ drafts, mode }) => ({ mode, drafts: drafts.map((draft) => ({ ...draft, kind: kindIn(mode) })) }));
    return { ...one, items, clockMs: Math.min(one.clockMs, atMostMs) };
  });
}

/** Sales, and what credits are spent on meanwhile. */
export const saleStep = stepsOf(OF_SALES, HOUR_MS);

/** Customer payments, other spends, and transfers of credits. */
export const paymentStep = fc.oneof(
  { arbitrary: stepsOf(OF_PAYMENTS, HOUR_MS), weight: 3 },
  {
    arbitrary: fc
      .record({ what: fc.constant('pay' as const), pick: fc.nat(50), choice: fc.nat(50) })
      .map((one): Step => ({ type: 'meddling', meddling: one })),
    weight: 1,
  },
);

/** Spends on customers, their undos, and what may come in between. */
export const undoStep = stepsOf(OF_UNDOING, 3 * MINUTE_MS);

const plain = {
  session: 'own',
  target: 'self',
  subject: 'own',
  pick: 0,
  periods: 1,
  screens: 1,
  hours: 4,
  contact: 0,
  reference: null,
  provider: 'MANUAL',
  by: 'SELLER',
  rightful: true,
  key: null,
  email: null,
  ownIds: false,
} as const;

/** A root of 500 with two children, and a grandchild below each: five panels, by one issue and four grants. */
export const FOUNDING: readonly Draft[] = [
  { ...plain, kind: 'tenant', actor: 0, amount: 1 },
  { ...plain, kind: 'issue', actor: 0, amount: 500 },
  { ...plain, kind: 'create', actor: 0, amount: 100 },
  { ...plain, kind: 'create', actor: 0, amount: 60 },
  { ...plain, kind: 'create', actor: 1, amount: 20 },
  { ...plain, kind: 'create', actor: 2, amount: 20 },
];
