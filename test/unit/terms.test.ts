import { describe, expect, test } from 'vitest';
import { Refusal } from '../../src/kernel/errors.ts';
import type { CustomerState } from '../../src/ledger/outcome.ts';
import { PERIOD_MS, screensAt, screensChangeAt, spansLeft } from '../../src/ledger/rules/spans.ts';
import { activation, cancellation, MAX_PERIODS, MAX_SCREENS, moreScreens, renewal, type Term } from '../../src/ledger/rules/terms.ts';

const NOW = 1_800_000_000_000;
const DAY_MS = 86_400_000;

const unpaid: CustomerState = {
  tenantId: 'tenant',
  id: 'customer',
  resellerId: 'panel',
  screens: 1,
  laterSpans: [],
  nextScreens: 1,
  isTrial: true,
  expiresAtMs: NOW,
  canceledAtMs: null,
  creditsSpent: 0,
  createdAtMs: NOW,
  lastSpending: null,
};

function granted(term: Term | Refusal): Term {
  if (term instanceof Refusal) throw term;
  return term;
}

function active(periods: number, screens = 1): CustomerState {
  return granted(activation(unpaid, periods, screens, NOW)).customer;
}

describe('what service costs (R1, R2, R19 to R22)', () => {
  test('a period is 30 days of 24 hours, and 12 of them are 360 days', () => {
    expect(PERIOD_MS).toBe(30 * DAY_MS);
    expect(granted(activation(unpaid, 12, 1, NOW))).toMatchObject({
      cost: 12,
      customer: { expiresAtMs: NOW + 360 * DAY_MS, isTrial: false },
    });
  });

  test.each([
    [3, 1, 3],
    [12, 1, 12],
    [1, 3, 3],
    [2, 5, 10],
  ])('%i periods on %i screens cost %i credits', (periods, screens, cost) => {
    expect(granted(activation(unpaid, periods, screens, NOW))).toMatchObject({
      cost,
      customer: { screens, nextScreens: screens, creditsSpent: cost },
    });
  });

  test('one more screen costs the remaining periods, rounded up, and at least one', () => {
    const at = (expiresInMs: number) => granted(moreScreens({ ...active(1), expiresAtMs: NOW + expiresInMs }, 1, NOW)).cost;
    expect(at(45 * DAY_MS)).toBe(2);
    expect(at(60 * DAY_MS)).toBe(2);
    expect(at(60 * DAY_MS + 1)).toBe(3);
    expect(at(30 * DAY_MS)).toBe(1);
    expect(at(1)).toBe(1);
  });

  test('12 periods and then 2 more screens cost what 12 periods on 3 screens do', () => {
    expect(granted(moreScreens(active(12), 2, NOW))).toMatchObject({
      cost: 24,
      customer: { screens: 3, nextScreens: 3, creditsSpent: 36 },
    });
    expect(granted(moreScreens(active(12), 3, NOW))).toMatchObject({ cost: 36, customer: { creditsSpent: 48 } });
    expect(granted(activation(unpaid, 12, 3, NOW)).cost).toBe(36);
  });

  test('renewals add up after the remaining term, and begin now if there is none', () => {
    expect(granted(renewal(active(2), 1, NOW + DAY_MS)).customer.expiresAtMs).toBe(NOW + 90 * DAY_MS);
    expect(granted(renewal(active(1), 1, NOW + 31 * DAY_MS)).customer.expiresAtMs).toBe(NOW + 61 * DAY_MS);
  });

  test('paid screens stay until their end, and an earlier renewal adds its days at the next number (R22)', () => {
    const fewer = { ...active(4, 3), nextScreens: 1 };
    const { cost, customer } = granted(renewal(fewer, 1, NOW));
    expect([cost, customer.creditsSpent]).toEqual([1, 13]);
    expect(spansLeft(customer, NOW)).toEqual([
      { screens: 3, endsAtMs: NOW + 120 * DAY_MS },
      { screens: 1, endsAtMs: NOW + 150 * DAY_MS },
    ]);
    expect([screensAt(customer, NOW + 120 * DAY_MS - 1), screensAt(customer, NOW + 120 * DAY_MS)]).toEqual([3, 1]);
    expect(screensChangeAt(customer, NOW)).toBe(NOW + 120 * DAY_MS);
    expect(screensChangeAt(customer, NOW + 120 * DAY_MS)).toBeNull();
    expect(granted(renewal(customer, 2, NOW)).customer.laterSpans).toEqual([{ screens: 1, periods: 3 }]);
  });

  test('a change of screens that is not paid for waits for the end of the service (R22)', () => {
    const fewer = { ...active(4, 3), nextScreens: 1 };
    expect(screensChangeAt(fewer, NOW)).toBe(NOW + 120 * DAY_MS);
    expect(screensChangeAt(fewer, NOW + 120 * DAY_MS)).toBeNull();
    expect(screensAt(fewer, NOW + 120 * DAY_MS)).toBe(3);
    expect(granted(renewal(fewer, 1, NOW + 120 * DAY_MS)).customer).toMatchObject({ screens: 1, laterSpans: [] });
  });

  test('renewals at several screen numbers before the first end are consecutive spans, and the last number follows them (R22)', () => {
    let customer = active(2, 3);
    for (const nextScreens of [2, 3, 1]) customer = granted(renewal({ ...customer, nextScreens }, nextScreens, NOW)).customer;
    customer = { ...customer, nextScreens: 2 };
    const ends = [2, 4, 7, 8].map((periods) => NOW + periods * PERIOD_MS);
    expect(spansLeft(customer, NOW)).toEqual([3, 2, 3, 1].map((screens, index) => ({ screens, endsAtMs: ends[index] })));
    expect(screensChangeAt(customer, NOW)).toBe(NOW + 8 * PERIOD_MS);
    expect(customer.creditsSpent).toBe(2 * 3 + 2 * 2 + 3 * 3 + 1);
    const later = granted(renewal(customer, 1, NOW + 4 * PERIOD_MS)).customer;
    expect(later).toMatchObject({
      screens: 3,
      laterSpans: [
        { screens: 1, periods: 1 },
        { screens: 2, periods: 1 },
      ],
    });
  });

  test('screens are added to every remaining span, for all remaining periods (R21)', () => {
    const customer = granted(renewal({ ...active(4, 3), nextScreens: 1 }, 2, NOW)).customer;
    const { cost, customer: more } = granted(moreScreens(customer, 2, NOW + DAY_MS));
    expect(cost).toBe(2 * 6);
    expect(more).toMatchObject({ screens: 5, laterSpans: [{ screens: 3, periods: 2 }], nextScreens: 3 });
    expect(granted(moreScreens(customer, 1, NOW + 5 * PERIOD_MS))).toMatchObject({ cost: 1, customer: { screens: 2, laterSpans: [] } });
  });

  test('a customer is paid for at most 36 periods ahead', () => {
    expect(granted(renewal(active(35), 1, NOW)).customer.expiresAtMs).toBe(NOW + MAX_PERIODS * PERIOD_MS);
    expect(renewal(active(35), 2, NOW)).toMatchObject({ code: 'INVALID_STATE' });
    expect(renewal(active(36), 1, NOW + PERIOD_MS - 1)).toMatchObject({ code: 'INVALID_STATE' });
    expect(granted(renewal(active(36), 1, NOW + PERIOD_MS)).cost).toBe(1);
  });

  test('a customer has at most 1,000 screens', () => {
    expect(moreScreens(active(1, MAX_SCREENS), 1, NOW)).toMatchObject({ code: 'INVALID_STATE' });
    expect(granted(moreScreens(active(1, 999), 1, NOW)).customer.screens).toBe(1_000);
    const later = granted(renewal({ ...active(1, 2), nextScreens: MAX_SCREENS }, 1, NOW)).customer;
    expect(moreScreens(later, 1, NOW)).toMatchObject({ code: 'INVALID_STATE' });
    expect(moreScreens({ ...active(1, 2), nextScreens: MAX_SCREENS }, 1, NOW)).toMatchObject({ code: 'INVALID_STATE' });
  });

  test('paid days are not lost: a customer with some left is renewed, not activated, canceled or not', () => {
    const canceled = granted(cancellation(active(2), false, NOW)).customer;
    for (const customer of [active(2), canceled]) {
      expect(activation(customer, 1, 1, NOW + 60 * DAY_MS - 1)).toMatchObject({ code: 'INVALID_STATE' });
      expect(granted(activation(customer, 1, 1, NOW + 60 * DAY_MS)).customer).toMatchObject({ canceledAtMs: null, creditsSpent: 3 });
      expect(granted(renewal(customer, 1, NOW)).customer).toMatchObject({ canceledAtMs: null, expiresAtMs: NOW + 90 * DAY_MS });
    }
  });

  test('a trial is neither renewed nor given screens, and activating it starts a paid term now', () => {
    const trial = { ...unpaid, expiresAtMs: NOW + 3_600_000 };
    expect(renewal(trial, 1, NOW)).toMatchObject({ code: 'INVALID_STATE' });
    expect(moreScreens(trial, 1, NOW)).toMatchObject({ code: 'INVALID_STATE' });
    expect(granted(activation(trial, 1, 1, NOW)).customer).toMatchObject({ isTrial: false, expiresAtMs: NOW + PERIOD_MS });
  });

  test('screens are added while service lasts, and not to a canceled customer', () => {
    expect(moreScreens(active(1), 1, NOW + PERIOD_MS)).toMatchObject({ code: 'INVALID_STATE' });
    expect(moreScreens({ ...active(1), canceledAtMs: NOW }, 1, NOW)).toMatchObject({ code: 'INVALID_STATE' });
  });
});

describe('the refund of a cancel (R22)', () => {
  test('is nothing unless the policy allows it: service runs out by itself', () => {
    expect(granted(cancellation(active(3, 2), false, NOW))).toMatchObject({
      customer: { canceledAtMs: NOW, expiresAtMs: NOW + 90 * DAY_MS, creditsSpent: 6 },
    });
    expect(Math.abs(granted(cancellation(active(3, 2), false, NOW)).cost)).toBe(0);
  });

  test("is the whole periods that have not begun, on the customer's screens", () => {
    const later = granted(cancellation(active(3, 2), true, NOW + 1));
    expect(later).toMatchObject({ cost: -4, customer: { expiresAtMs: NOW + 30 * DAY_MS, creditsSpent: 2, screens: 2 } });
    expect(granted(cancellation(active(3, 2), true, NOW + 60 * DAY_MS + 1)).customer.creditsSpent).toBe(6);
    expect(granted(cancellation({ ...active(3, 2), nextScreens: 1 }, true, NOW + 1)).cost).toBe(-4);
  });

  test('over several spans is what was paid for each period, from the end (R22)', () => {
    const customer = granted(renewal({ ...active(4, 3), nextScreens: 1 }, 2, NOW)).customer;
    const canceled = (atMs: number) => granted(cancellation(customer, true, atMs));
    expect(canceled(NOW + 1)).toMatchObject({
      cost: -(3 * 3 + 2),
      customer: { screens: 3, laterSpans: [], expiresAtMs: NOW + PERIOD_MS, creditsSpent: 3 },
    });
    expect(canceled(NOW + 3 * PERIOD_MS + 1)).toMatchObject({ cost: -2, customer: { screens: 3, laterSpans: [], creditsSpent: 12 } });
    expect(canceled(NOW + 4 * PERIOD_MS + 1)).toMatchObject({ cost: -1, customer: { screens: 1, laterSpans: [], creditsSpent: 13 } });
    expect(canceled(NOW + 5 * PERIOD_MS + 1).customer.creditsSpent).toBe(14);
    expect(granted(cancellation(customer, false, NOW)).customer.laterSpans).toEqual([{ screens: 1, periods: 2 }]);
  });

  test('of screens that were added and canceled at once grants nothing that was not paid for', () => {
    const grown = granted(moreScreens(active(12), 2, NOW)).customer;
    const { cost, customer } = granted(cancellation(grown, true, NOW + DAY_MS));
    expect(cost).toBe(-33);
    expect(customer.creditsSpent * PERIOD_MS).toBeGreaterThanOrEqual(3 * (customer.expiresAtMs - NOW));
    expect(activation(customer, 1, 1, NOW + DAY_MS)).toMatchObject({ code: 'INVALID_STATE' });
  });

  test('of a trial, which was free, is nothing', () => {
    const trial = { ...unpaid, expiresAtMs: NOW + 40 * DAY_MS };
    expect(Math.abs(granted(cancellation(trial, true, NOW)).cost)).toBe(0);
  });

  test('is refused for a canceled customer, and for one without remaining service', () => {
    expect(cancellation({ ...active(1), canceledAtMs: NOW }, true, NOW)).toMatchObject({ code: 'INVALID_STATE' });
    expect(cancellation(active(1), true, NOW + PERIOD_MS)).toMatchObject({ code: 'INVALID_STATE' });
  });
});
