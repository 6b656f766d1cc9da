/** For one customer and any commands, the served time equals the paid time (R23). */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { InvalidState, Refusal } from '../../src/kernel/errors.ts';
import type { CustomerState, ServiceState } from '../../src/ledger/outcome.ts';
import { mostScreensAt, screensAt, screensChangeAt, spansLeft } from '../../src/ledger/rules/spans.ts';
import { activation, cancellation, moreScreens, renewal, serviceOf, type Term, undone } from '../../src/ledger/rules/terms.ts';
import { spansOf } from './invariants.ts';
import { playUntilMet } from './play-until.ts';
import { ServiceMeter, screenTime } from './service-meter.ts';

const RUNS = 2_000;
const DAY_MS = 86_400_000;
const BEGIN_MS = 1_800_000_000_000;

type Deed = 'activate' | 'renew' | 'nextScreens' | 'addScreens' | 'cancel' | 'refund' | 'undo';

const step = fc.record({
  deed: fc.oneof(
    ...(['renew', 'nextScreens', 'undo'] as const).map((deed) => ({ arbitrary: fc.constant<Deed>(deed), weight: 5 })),
    ...(['activate', 'addScreens', 'cancel', 'refund'] as const).map((deed) => ({ arbitrary: fc.constant<Deed>(deed), weight: 1 })),
  ),
  periods: fc.integer({ min: 1, max: 5 }),
  screens: fc.integer({ min: 1, max: 5 }),
  waitMs: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 20 * DAY_MS }), fc.constant(30 * DAY_MS)),
});
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;

const unpaid: CustomerState = {
  ...{ tenantId: 'tenant', id: 'customer', resellerId: 'panel', screens: 1, laterSpans: [], nextScreens: 1, isTrial: true },
  ...{ expiresAtMs: BEGIN_MS, canceledAtMs: null, creditsSpent: 0, createdAtMs: BEGIN_MS, lastSpending: null },
};

/** The spend that is the customer's last change. */
interface Spent {
  readonly cost: number;
  readonly atMs: number;
  readonly customer: CustomerState;
  readonly before: ServiceState | null;
}

function termOf(customer: CustomerState, { deed, periods, screens }: Step, nowMs: number, spent: Spent | null): Term | Refusal {
  switch (deed) {
    case 'activate':
      return activation(customer, periods, screens, nowMs);
    case 'renew':
      return renewal(customer, periods, nowMs);
    case 'addScreens':
      return moreScreens(customer, screens, nowMs);
    case 'cancel':
    case 'refund':
      return cancellation(customer, deed === 'refund', nowMs);
    case 'undo':
      if (spent === null) return new InvalidState('nothing to undo');
      return { cost: -spent.cost, customer: undone(customer, { transferId: 'spend', before: spent.before }, spent.cost, nowMs) };
    case 'nextScreens':
      return { cost: 0, customer: { ...customer, nextScreens: 1 + (screens % mostScreensAt(customer, nowMs)), lastSpending: null } };
  }
}

/** Counts the spans, to distinguish a term with several spans. */
function numbersOf(customer: CustomerState, nowMs: number): number {
  return spansLeft(customer, nowMs).length;
}

test.each([
  ['served time equals paid time, unless screens are added', (deed: Deed) => deed !== 'addScreens'],
  ['served time never exceeds paid time', () => true],
] as const)('for any terms, screen numbers, cancels, refunds and undos %s (R23, R45)', (_, isAllowed) => {
  const met = { spans: 0, refundOfSpans: 0, undone: 0, undoneNew: 0, undoneSpans: 0 };
  const play = () =>
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 40 }), (steps) => {
        const meter = new ServiceMeter();
        let [customer, nowMs, paid] = [unpaid, BEGIN_MS, 0];
        let spent: Spent | null = null;
        meter.observe(nowMs, [{ ...customer, canceled: false }]);
        for (const one of [{ deed: 'activate', periods: 3, screens: 4, waitMs: 0 } as const, ...steps]) {
          if (!isAllowed(one.deed)) continue;
          nowMs += one.waitMs;
          meter.observe(nowMs, [{ ...customer, canceled: false }]);
          const term = termOf(customer, one, nowMs, spent);
          if (term instanceof Refusal) continue;
          const spans = numbersOf(customer, nowMs);
          if (one.deed === 'addScreens') meter.widen(customer.id);
          if (one.deed === 'refund' && term.cost < 0 && spans > 1) met.refundOfSpans += 1;
          if (one.deed === 'undo' && spent !== null) {
            meter.forgive(customer.id, forgiven(spent, customer, nowMs));
            // The undo restores the exact state; a customer that the spend created is canceled and no longer served.
            expect(serviceOf(term.customer)).toEqual(spent.before ?? { ...serviceOf(customer), expiresAtMs: nowMs, canceledAtMs: nowMs });
            met.undone += 1;
            if (spent.before === null) met.undoneNew += 1;
            if (spans > 1) met.undoneSpans += 1;
          }
          const isSpend = one.deed === 'activate' || one.deed === 'renew' || one.deed === 'addScreens';
          spent = isSpend ? { cost: term.cost, atMs: nowMs, customer, before: customer === unpaid ? null : serviceOf(customer) } : null;
          paid += term.cost;
          customer = term.customer;
          expect(customer.creditsSpent).toBe(paid);
          meter.observe(nowMs, [{ ...customer, canceled: false }]);
          expectReadAsKept(customer, nowMs);
          if (numbersOf(customer, nowMs) > 2) met.spans += 1;
        }
        // Observes the service up to its very end.
        meter.observe(customer.expiresAtMs + 1, [{ ...customer, canceled: false }]);
      }),
      { numRuns: RUNS },
    );
  const floors = { spans: 100, refundOfSpans: 20, undone: 100, undoneNew: 20, undoneSpans: 20 };
  const missing = () =>
    (['spans', 'refundOfSpans', 'undone', 'undoneNew', 'undoneSpans'] as const).filter((each) => met[each] <= floors[each]);
  expect(playUntilMet(play, missing)).toEqual([]);
});

/** Screen-time that an undone spend served beyond what had been paid for before. */
function forgiven({ atMs, before, customer }: Spent, now: CustomerState, nowMs: number): number {
  return screenTime(spansOf(now), atMs, nowMs) - (before === null || before.isTrial ? 0 : screenTime(spansOf(customer), atMs, nowMs));
}

/** The displayed term equals the row's, computed in the other direction. */
function expectReadAsKept(customer: CustomerState, nowMs: number): void {
  const kept = spansOf(customer).filter(({ endsAtMs }) => endsAtMs > nowMs);
  expect(spansLeft(customer, nowMs)).toEqual(kept);
  for (const { endsAtMs, screens } of kept) expect(screensAt(customer, endsAtMs - 1)).toBe(screens);
  const changeMs = screensChangeAt(customer, nowMs);
  for (const { endsAtMs, screens } of kept) if (endsAtMs > (changeMs ?? nowMs)) expect(screens).toBe(customer.nextScreens);
}
