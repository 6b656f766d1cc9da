/** A paid term as a sequence of spans (R22): each has its screens, and ends whole periods before the service does. */

/** Exactly 30 × 24 h, never a calendar month (R2). */
export const PERIOD_MS = 2_592_000_000;

export interface Span {
  readonly screens: number;
  readonly periods: number;
}

/** What is paid for: `screens` first, then the later spans in order, of which the last ends with the service. */
export interface Spans {
  readonly screens: number;
  readonly laterSpans: readonly Span[];
}

export interface PaidFor extends Spans {
  readonly nextScreens: number;
  readonly expiresAtMs: number;
}

/** A span by its end instead of its length. */
export interface SpanUntil {
  readonly screens: number;
  readonly endsAtMs: number;
}

/** What is left of the term at a time, in order; empty when the service has ended. */
export function spansLeft({ expiresAtMs, laterSpans, screens }: PaidFor, atMs: number): readonly SpanUntil[] {
  let endsAtMs = expiresAtMs - PERIOD_MS * laterSpans.reduce((sum, { periods }) => sum + periods, 0);
  const spans = [{ screens, endsAtMs }];
  for (const span of laterSpans) {
    endsAtMs += PERIOD_MS * span.periods;
    spans.push({ screens: span.screens, endsAtMs });
  }
  return spans.filter((span) => span.endsAtMs > atMs);
}

/** On how many screens the service runs at a time; after its end, on how many it ran last. */
export function screensAt(paid: PaidFor, atMs: number): number {
  return (spansLeft(paid, atMs)[0] ?? paid.laterSpans.at(-1) ?? paid).screens;
}

/** The most screens of what is left at a time, or of the last span after the end. */
export function mostScreensAt(paid: PaidFor, atMs: number): number {
  return Math.max(screensAt(paid, atMs), ...spansLeft(paid, atMs).map(({ screens }) => screens));
}

/** When the last paid span ends that is not for `nextScreens`; null: from now on all of them are, or none is left. */
export function screensChangeAt(paid: PaidFor, atMs: number): number | null {
  return spansLeft(paid, atMs).findLast(({ screens }) => screens !== paid.nextScreens)?.endsAtMs ?? null;
}

/** Without the spans that are over. */
export function spansFrom(paid: PaidFor, atMs: number): Spans {
  const over = paid.laterSpans.length + 1 - Math.max(1, spansLeft(paid, atMs).length);
  return { screens: screensAt(paid, atMs), laterSpans: paid.laterSpans.slice(over) };
}

/** Paid periods at the end. */
export function appended({ laterSpans, screens }: Spans, added: Span): Spans {
  const last = laterSpans.at(-1);
  if ((last?.screens ?? screens) !== added.screens) return { screens, laterSpans: [...laterSpans, added] };
  if (last === undefined) return { screens, laterSpans };
  return { screens, laterSpans: [...laterSpans.slice(0, -1), { ...last, periods: last.periods + added.periods }] };
}

/** More screens in all of what is left. */
export function widened({ laterSpans, screens }: Spans, more: number): Spans {
  return { screens: screens + more, laterSpans: laterSpans.map((span) => ({ ...span, screens: span.screens + more })) };
}

interface Shortened extends Spans {
  /** Periods × screens that were cut off: what they cost. */
  readonly credits: number;
}

/** Without the last periods, each of which gives back what its own span paid for it. */
export function shortened({ laterSpans, screens }: Spans, periods: number): Shortened {
  const last = laterSpans.at(-1);
  if (periods === 0 || last === undefined) return { screens, laterSpans, credits: periods * screens };
  const cut = Math.min(periods, last.periods);
  const kept = cut < last.periods ? [{ ...last, periods: last.periods - cut }] : [];
  const rest = shortened({ screens, laterSpans: [...laterSpans.slice(0, -1), ...kept] }, periods - cut);
  return { ...rest, credits: rest.credits + cut * last.screens };
}
