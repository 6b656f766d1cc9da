/** How many screens a customer's row pays for, and until when, as of a moment (R22). */

import { type PaidFor, type SpanUntil, screensAt, screensChangeAt, spansFrom, spansLeft } from '../../ledger/rules/spans.ts';

/** A customer's row, as the database answers it. */
export interface PaidRow {
  readonly screens: number;
  /** See CustomerState.laterSpans; null: none. */
  readonly laterSpans: unknown;
  readonly nextScreens: number;
  readonly expiresAt: Date;
}

/** On how many screens the service runs; after its end, on how many it ran last. The time is asked for only where it matters. */
export async function screensNow(row: PaidRow, now: () => Promise<Date>): Promise<number> {
  return row.laterSpans === null ? row.screens : screensAtMoment(row, await now());
}

export function screensAtMoment(row: PaidRow, now: Date): number {
  return screensAt(paidFor(row), now.getTime());
}

/** When paid screens end and the next number begins; null: no change waits. */
export function screensChange(row: PaidRow, now: Date): Date | null {
  const changeMs = screensChangeAt(paidFor(row), now.getTime());
  return changeMs === null ? null : new Date(changeMs);
}

/** The spans after the present one, in order, each as its screens, an x and its periods of 30 days; null: there are none. */
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
  if (!Array.isArray(value)) throw new Error('the later spans of a customer are no list');
  return value.map(({ periods, screens }) => ({ periods: Number(periods), screens: Number(screens) }));
}
