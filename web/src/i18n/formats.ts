/** Formats numbers, money, dates and durations for a language and a time zone. */

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const DAY = { day: '2-digit', month: '2-digit' } as const;
const MONTH = { month: 'short', year: '2-digit' } as const;
/** The one format of a date. Numeric only in Portuguese, which has a single order of day and month. */
const DATE = {
  'pt-BR': { day: '2-digit', month: '2-digit', year: 'numeric' },
  en: { day: 'numeric', month: 'short', year: 'numeric' },
} as const;

export type Formats = ReturnType<typeof createFormats>;

/** Returns a function that calls `create` once for each list of arguments: a formatter of Intl takes up to a millisecond to create. */
function memoize<Args extends readonly string[], T>(create: (...args: Args) => T): (...args: Args) => T {
  const created = new Map<string, T>();
  return (...args) => {
    const key = args.join(' ');
    const value = created.get(key) ?? create(...args);
    created.set(key, value);
    return value;
  };
}

/** Returns the one object for this language and time zone. Every row of a list asks for it. */
export const formatsOf = memoize(createFormats);

function createFormats(language: string, timeZone: string) {
  const date = language === 'pt-BR' ? DATE['pt-BR'] : DATE.en;
  const number = memoize(() => new Intl.NumberFormat(language));
  const signed = memoize(() => new Intl.NumberFormat(language, { signDisplay: 'exceptZero' }));
  const compact = memoize(() => new Intl.NumberFormat(language, { notation: 'compact', maximumFractionDigits: 1 }));
  const money = memoize((currency: string) => new Intl.NumberFormat(language, { style: 'currency', currency }));
  const day = memoize(() => new Intl.DateTimeFormat(language, { ...date, timeZone }));
  const dayAndTime = memoize(() => new Intl.DateTimeFormat(language, { ...date, hour: '2-digit', minute: '2-digit', timeZone }));
  const time = memoize(() => new Intl.DateTimeFormat(language, { timeStyle: 'medium', timeZone }));
  const dayIn = memoize((zone: string) => new Intl.DateTimeFormat(language, { ...DAY, timeZone: zone }));
  const monthIn = memoize((zone: string) => new Intl.DateTimeFormat(language, { ...MONTH, timeZone: zone }));
  const relative = memoize(() => new Intl.RelativeTimeFormat(language, { numeric: 'auto' }));
  const past = memoize(() => new Intl.RelativeTimeFormat(language, { numeric: 'always' }));
  const span = memoize((unit: 'day' | 'hour' | 'minute') => new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }));
  const calendar = memoize(() => new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }));
  /** Days since 1970 by the zone's calendar. */
  const dayNumber = (ms: number) => Date.parse(`${calendar().format(ms)}T00:00:00Z`) / DAY_MS;
  const dayStartMs = (nowMs: number, days: number) => {
    const wanted = dayNumber(nowMs) + days;
    let [before, after] = [nowMs + (days - 2) * DAY_MS, nowMs + (days + 2) * DAY_MS];
    while (after - before > 1) {
      const between = Math.floor((before + after) / 2);
      if (dayNumber(between) < wanted) before = between;
      else after = between;
    }
    return after;
  };
  return {
    language,
    timeZone,
    /** A whole number: credits, customers. */
    number: (value: number) => number().format(value),
    /** A change in credits, with its sign. */
    delta: (value: number) => signed().format(value),
    compact: (value: number) => compact().format(value),
    /** `minor` is in cents. */
    money: (minor: number, currency: string) => money(currency).format(minor / 100),
    day: (at: string) => day().format(new Date(at)),
    dayAndTime: (at: string) => dayAndTime().format(new Date(at)),
    time: (at: string) => time().format(new Date(at)),
    /** The first day, or the month, of an interval that the server computed in that time zone. */
    intervalIn: (at: string, by: 'DAY' | 'WEEK' | 'MONTH', zone: string) => (by === 'MONTH' ? monthIn : dayIn)(zone).format(new Date(at)),
    /** The start of the zone's day `days` days from now. Not always midnight: clocks may be put forward then. */
    dayStartMs,
    /** The end of the zone's day: the start of the next one. */
    dayEndMs: (nowMs: number) => dayStartMs(nowMs, 1),
    /** Calendar days between two times: 0 on the same day, negative if the second is earlier. */
    daysBetween: (fromMs: number, toMs: number) => dayNumber(toMs) - dayNumber(fromMs),
    /** For example "3 days". */
    span: (value: number, unit: 'day' | 'hour' | 'minute') => span(unit).format(value),
    /** For example "3 days ago". */
    ago: (value: number, unit: 'day' | 'hour' | 'minute') => past().format(-value, unit),
    /** By the calendar: "tomorrow", "in 3 days". Less than a day away, with the hours: "today, in 5 hours". */
    daysFromNow(at: string, nowMs = Date.now()): string {
      const ms = Date.parse(at) - nowMs;
      const days = relative().format(dayNumber(Date.parse(at)) - dayNumber(nowMs), 'day');
      if (Math.abs(ms) >= DAY_MS) return days;
      const near =
        Math.abs(ms) >= HOUR_MS
          ? relative().format(Math.trunc(ms / HOUR_MS), 'hour')
          : relative().format(Math.trunc(ms / MINUTE_MS), 'minute');
      return `${days}, ${near}`;
    },
  };
}
