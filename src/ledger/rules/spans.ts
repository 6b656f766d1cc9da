/** Represents a paid term as a sequence of spans (R22). Each span has a number of screens and ends whole periods before the service. */

/** Exactly 30 × 24 h, never a calendar month (R2). */
export const PERIOD_MS = 2_592_000_000;

export interface Span {
  readonly screens: number;
  readonly periods: number;
}

/** A paid term: first a span with `screens`, then the later spans in order. The last span ends with the service. */
export interface Spans {
  readonly screens: number;
  readonly laterSpans: readonly Span[];
}

export interface PaidFor extends Spans {
  readonly nextScreens: number;
  readonly expiresAtMs: number;
}

/** A span with its end instead of its length. */
export interface SpanUntil {
  readonly screens: number;
  readonly endsAtMs: number;
}

/** The spans that are left at a time, in order; empty after the end of the service. */
export function spansLeft({ expiresAtMs, laterSpans, screens }: PaidFor, atMs: number): readonly SpanUntil[] {
  let endsAtMs = expiresAtMs - PERIOD_MS * laterSpans.reduce((sum, { periods }) => sum + periods, 0);
  const spans = [{ screens, endsAtMs }];
  for (const span of laterSpans) {
    endsAtMs += PERIOD_MS * span.periods;
    spans.push({ screens: span.screens, endsAtMs });
  }
  return spans.filter((span) => span.endsAtMs > atMs);
}

/** The number of screens at a time; after the end of the service, that of the last span. */
export function screensAt(paid: PaidFor, atMs: number): number {
  return (spansLeft(paid, atMs)[0] ?? paid.laterSpans.at(-1) ?? paid).screens;
}

/** The most screens of any span that is left at a time; after the end of the service, those of the last span. */
export function mostScreensAt(paid: PaidFor, atMs: number): number {
  return Math.max(screensAt(paid, atMs), ...spansLeft(paid, atMs).map(({ screens }) => screens));
}

/** When the last span with another number of screens than `nextScreens` ends. Null if there is no such span left. */
export function screensChangeAt(paid: PaidFor, atMs: number): number | null {
  return spansLeft(paid, atMs).findLast(({ screens }) => screens !== paid.nextScreens)?.endsAtMs ?? null;
}

/** The term without the spans that are over. */
export function spansFrom(paid: PaidFor, atMs: number): Spans {
  const over = paid.laterSpans.length + 1 - Math.max(1, spansLeft(paid, atMs).length);
  return { screens: screensAt(paid, atMs), laterSpans: paid.laterSpans.slice(over) };
}

/** The term with paid periods added at its end. */
export function appended({ laterSpans, screens }: Spans, added: Span): Spans {
  const last = laterSpans.at(-1);
  if ((last?.screens ?? screens) !== added.screens) return { screens, laterSpans: [...laterSpans, added] };
  if (last === undefined) return { screens, laterSpans };
  return { screens, laterSpans: [...laterSpans.slice(0, -1), { ...last, periods: last.periods + added.periods }] };
}

/** The term with more screens in every span. */
export function widened({ laterSpans, screens }: Spans, more: number): Spans {
  return { screens: screens + more, laterSpans: laterSpans.map((span) => ({ ...span, screens: span.screens + more })) };
}

interface Shortened extends Spans {
  /** The cost of the removed periods: periods × screens. */
  readonly credits: number;
}

/** The term without its last periods. Each removed period gives back the screens of its own span. */
export function shortened({ laterSpans, screens }: Spans, periods: number): Shortened {
  const last = laterSpans.at(-1);
  if (periods === 0 || last === undefined) return { screens, laterSpans, credits: periods * screens };
  const cut = Math.min(periods, last.periods);
  const kept = cut < last.periods ? [{ ...last, periods: last.periods - cut }] : [];
  const rest = shortened({ screens, laterSpans: [...laterSpans.slice(0, -1), ...kept] }, periods - cut);
  return { ...rest, credits: rest.credits + cut * last.screens };
}
