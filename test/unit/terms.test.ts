import { describe, expect, test } from 'vitest';
import { Refusal } from '../../src/kernel/errors.ts';
import type { CustomerState } from '../../src/ledger/command.ts';
import {
  activation,
  cancellation,
  MAX_PERIODS,
  MAX_SCREENS,
  moreScreens,
  PERIOD_MS,
  renewal,
  type Term,
} from '../../src/ledger/rules/terms.ts';

const NOW = 1_800_000_000_000;
const DAY_MS = 86_400_000;

const unpaid: CustomerState = {
  tenantId: 'tenant',
  id: 'customer',
  resellerId: 'panel',
  screens: 1,
  nextScreens: 1,
  isTrial: true,
  expiresAtMs: NOW,
  canceledAtMs: null,
  creditsSpent: 0,
  createdAtMs: NOW,
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

  test('one more screen costs the periods that are left, rounded up, and at least one', () => {
    const at = (expiresInMs: number) => granted(moreScreens({ ...active(1), expiresAtMs: NOW + expiresInMs }, 1, NOW)).cost;
    expect(at(45 * DAY_MS)).toBe(2);
    expect(at(60 * DAY_MS)).toBe(2);
    expect(at(60 * DAY_MS + 1)).toBe(3);
    expect(at(30 * DAY_MS)).toBe(1);
    expect(at(1)).toBe(1);
  });

  test('12 periods and then 2 screens cost what 12 periods on 3 screens do', () => {
    expect(granted(moreScreens(active(12), 2, NOW))).toMatchObject({
      cost: 24,
      customer: { screens: 3, nextScreens: 3, creditsSpent: 36 },
    });
    expect(granted(moreScreens(active(12), 3, NOW))).toMatchObject({ cost: 36, customer: { creditsSpent: 48 } });
    expect(granted(activation(unpaid, 12, 3, NOW)).cost).toBe(36);
  });

  test('renewals add up after what is left, and begin now where nothing is', () => {
    expect(granted(renewal(active(2), 1, NOW + DAY_MS)).customer.expiresAtMs).toBe(NOW + 90 * DAY_MS);
    expect(granted(renewal(active(1), 1, NOW + 31 * DAY_MS)).customer.expiresAtMs).toBe(NOW + 61 * DAY_MS);
  });

  test('a renewal is at the next number of screens, and from then on so is the service', () => {
    const fewer = { ...active(2, 3), nextScreens: 1 };
    expect(granted(renewal(fewer, 4, NOW))).toMatchObject({ cost: 4, customer: { screens: 1, nextScreens: 1, creditsSpent: 10 } });
    expect(granted(moreScreens(fewer, 1, NOW)).customer).toMatchObject({ screens: 4, nextScreens: 2 });
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
  });

  test('paid days are not burnt: who has some left is renewed, not activated, canceled or not', () => {
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

describe('what canceling gives back (R22)', () => {
  test('nothing, unless the policy says so: service runs out by itself', () => {
    expect(granted(cancellation(active(3, 2), false, NOW))).toMatchObject({
      customer: { canceledAtMs: NOW, expiresAtMs: NOW + 90 * DAY_MS, creditsSpent: 6 },
    });
    expect(Math.abs(granted(cancellation(active(3, 2), false, NOW)).cost)).toBe(0);
  });

  test('the whole periods that were not begun, on the screens that the customer had', () => {
    const later = granted(cancellation(active(3, 2), true, NOW + 1));
    expect(later).toMatchObject({ cost: -4, customer: { expiresAtMs: NOW + 30 * DAY_MS, creditsSpent: 2, screens: 2 } });
    expect(granted(cancellation(active(3, 2), true, NOW + 60 * DAY_MS + 1)).customer.creditsSpent).toBe(6);
    expect(granted(cancellation({ ...active(3, 2), nextScreens: 1 }, true, NOW + 1)).cost).toBe(-4);
  });

  test('screens that were added and canceled at once grant nothing that was not paid for', () => {
    const grown = granted(moreScreens(active(12), 2, NOW)).customer;
    const { cost, customer } = granted(cancellation(grown, true, NOW + DAY_MS));
    expect(cost).toBe(-33);
    expect(customer.creditsSpent * PERIOD_MS).toBeGreaterThanOrEqual(3 * (customer.expiresAtMs - NOW));
    expect(activation(customer, 1, 1, NOW + DAY_MS)).toMatchObject({ code: 'INVALID_STATE' });
  });

  test('a trial, which was free, gives nothing back', () => {
    const trial = { ...unpaid, expiresAtMs: NOW + 40 * DAY_MS };
    expect(Math.abs(granted(cancellation(trial, true, NOW)).cost)).toBe(0);
  });

  test('who is canceled, or has no service left, is not canceled', () => {
    expect(cancellation({ ...active(1), canceledAtMs: NOW }, true, NOW)).toMatchObject({ code: 'INVALID_STATE' });
    expect(cancellation(active(1), true, NOW + PERIOD_MS)).toMatchObject({ code: 'INVALID_STATE' });
  });
});
