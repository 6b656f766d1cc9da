/** Computes how many screens a customer has paid for at a moment, and until when (R22). */

import { type PaidFor, type SpanUntil, screensAt, screensChangeAt, spansFrom, spansLeft } from '../../ledger/rules/spans.ts';

/** A customer's row as the database returns it. */
export interface PaidRow {
  readonly screens: number;
  /** See CustomerState.laterSpans. null if there are none. */
  readonly laterSpans: unknown;
  readonly nextScreens: number;
  readonly expiresAt: Date;
}

/** The number of screens in service; after the end of the service, the last number. `now` is called only if the result depends on it. */
export async function screensNow(row: PaidRow, now: () => Promise<Date>): Promise<number> {
  return row.laterSpans === null ? row.screens : screensAtMoment(row, await now());
}

export function screensAtMoment(row: PaidRow, now: Date): number {
  return screensAt(paidFor(row), now.getTime());
}

/** When the present number of screens ends and the next number begins. null if no change is due. */
export function screensChange(row: PaidRow, now: Date): Date | null {
  const changeMs = screensChangeAt(paidFor(row), now.getTime());
  return changeMs === null ? null : new Date(changeMs);
}

/**
 * The spans after the present one, in order, for example `1x2 3x1`: 1 screen for 2 periods of 30 days, then 3 for 1. null if there
 * are none.
 */
export function laterScreens(row: PaidRow, now: Date): string | null {
  const { laterSpans } = spansFrom(paidFor(row), now.getTime());
  return laterSpans.map(({ periods, screens }) => `${screens}x${periods}`).join(' ') || null;
}

export function paidSpans(row: PaidRow, now: Date): readonly SpanUntil[] {
  return spansLeft(paidFor(row), now.getTime());
}

export function paidFor({ expiresAt, laterSpans, nextScreens, screens }: PaidRow): PaidFor {
  return { screens, laterSpans: readSpans(laterSpans), nextScreens, expiresAtMs: expiresAt.getTime() };
}

function readSpans(value: unknown): PaidFor['laterSpans'] {
  if (value === null) return [];
  if (!Array.isArray(value)) throw new Error('the later spans of a customer are not a list');
  return value.map(({ periods, screens }) => ({ periods: Number(periods), screens: Number(screens) }));
}
