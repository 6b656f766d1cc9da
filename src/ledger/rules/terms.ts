/** Computes the cost and the length of service (R1, R2, R19 to R24), as pure functions of a customer and a time. */

import { InvalidState, type Refusal } from '../../kernel/errors.ts';
import type { CustomerState, LastSpending, ServiceState } from '../outcome.ts';
import { appended, mostScreensAt, PERIOD_MS, shortened, spansFrom, widened } from './spans.ts';

export const HOUR_MS = 3_600_000;
/** How far ahead a customer may be paid for (R20). */
export const MAX_PERIODS = 36;

/** The cost of a command for the panel, and the customer after it. */
export interface Term {
  readonly cost: number;
  readonly customer: CustomerState;
}

/** Starts a paid term now, for a new customer, a trial or a customer whose service has run out (R19). */
export function activation(customer: CustomerState, periods: number, screens: number, nowMs: number): Term | Refusal {
  if (!customer.isTrial && customer.expiresAtMs > nowMs) {
    return new InvalidState('The customer has paid time left: renew it, so that its days are not lost.');
  }
  const cost = periods * screens;
  const expiresAtMs = nowMs + periods * PERIOD_MS;
  return { cost, customer: { ...paid(customer, cost), screens, nextScreens: screens, laterSpans: [], expiresAtMs } };
}

/** Adds periods after the remaining term, at the next number of screens. The remaining term keeps its screens (R20, R22). */
export function renewal(customer: CustomerState, periods: number, nowMs: number): Term | Refusal {
  if (customer.isTrial) return new InvalidState('A trial is activated, not renewed.');
  const expiresAtMs = Math.max(nowMs, customer.expiresAtMs) + periods * PERIOD_MS;
  if (expiresAtMs > nowMs + MAX_PERIODS * PERIOD_MS) {
    return new InvalidState(`A customer may be paid for at most ${MAX_PERIODS} periods ahead.`);
  }
  const cost = periods * customer.nextScreens;
  const added = { screens: customer.nextScreens, periods };
  const spans = customer.expiresAtMs > nowMs ? appended(spansFrom(customer, nowMs), added) : { screens: added.screens, laterSpans: [] };
  return { cost, customer: { ...paid(customer, cost), ...spans, expiresAtMs } };
}

/** Adds screens to all spans until the term ends. Each screen costs the remaining periods, rounded up, and at least 1 (R21). */
export function moreScreens(customer: CustomerState, screens: number, nowMs: number): Term | Refusal {
  if (customer.isTrial || customer.canceledAtMs !== null || customer.expiresAtMs <= nowMs) {
    return new InvalidState('Screens are added to an active customer that is paid for.');
  }
  const nextScreens = customer.nextScreens + screens;
  if (Math.max(mostScreensAt(customer, nowMs) + screens, nextScreens) > MAX_SCREENS)
    return new InvalidState(`A customer has at most ${MAX_SCREENS} screens.`);
  const cost = screens * Math.max(1, Math.ceil((customer.expiresAtMs - nowMs) / PERIOD_MS));
  return { cost, customer: { ...paid(customer, cost), ...widened(spansFrom(customer, nowMs), screens), nextScreens } };
}

export const MAX_SCREENS = 1_000;

/**
 * Cancels a customer, whose service then runs out by itself. With `takeBack`, whole periods that have not begun are taken back,
 * each with the screens of its span. Then `cost` is negative: the refund (R22).
 */
export function cancellation(customer: CustomerState, takeBack: boolean, nowMs: number): Term | Refusal {
  if (customer.canceledAtMs !== null) return new InvalidState('The customer is canceled already.');
  if (customer.expiresAtMs <= nowMs) return new InvalidState('The service has run out already.');
  const whole = takeBack && !customer.isTrial ? Math.floor((customer.expiresAtMs - nowMs) / PERIOD_MS) : 0;
  const { credits: refund, periods: unused, ...spans } = takenBack(customer, whole, nowMs);
  return {
    cost: -refund,
    customer: {
      ...customer,
      ...spans,
      expiresAtMs: customer.expiresAtMs - unused * PERIOD_MS,
      canceledAtMs: nowMs,
      creditsSpent: customer.creditsSpent - refund,
      lastSpending: null,
    },
  };
}

/** Takes periods back, but never refunds more than was spent: imported time was not paid with credits (R23, R55). */
function takenBack(customer: CustomerState, whole: number, nowMs: number) {
  for (let periods = whole; ; periods -= 1) {
    const cut = shortened(spansFrom(customer, nowMs), periods);
    if (cut.credits <= customer.creditsSpent) return { ...cut, periods };
  }
}

/** The fields of a customer that a spend changes and an undo restores. */
export function serviceOf({ canceledAtMs, expiresAtMs, isTrial, laterSpans, nextScreens, screens }: CustomerState): ServiceState {
  return { screens, laterSpans, nextScreens, isTrial, expiresAtMs, canceledAtMs };
}

/** The customer as before the spend. A customer that the spend created is canceled and expires now (R45). */
export function undone(customer: CustomerState, { before }: LastSpending, amount: number, nowMs: number): CustomerState {
  const service = before ?? { expiresAtMs: nowMs, canceledAtMs: nowMs };
  return { ...customer, ...service, creditsSpent: customer.creditsSpent - amount, lastSpending: null };
}

function paid(customer: CustomerState, cost: number): CustomerState {
  return { ...customer, isTrial: false, canceledAtMs: null, creditsSpent: customer.creditsSpent + cost };
}
