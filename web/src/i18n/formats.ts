/** Numbers, money, dates and distances in time as a language writes them in a time zone. */

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const DAY = { day: '2-digit', month: '2-digit' } as const;
const MONTH = { month: 'short', year: '2-digit' } as const;
/** One form of a day, wherever one is shown: numbers where the language writes them in one order only. */
const DATE = {
  'pt-BR': { day: '2-digit', month: '2-digit', year: 'numeric' },
  en: { day: 'numeric', month: 'short', year: 'numeric' },
} as const;

export type Formats = ReturnType<typeof formatsOf>;

export function formatsOf(language: string, timeZone: string) {
  const date = language === 'pt-BR' ? DATE['pt-BR'] : DATE.en;
  const number = new Intl.NumberFormat(language);
  const signed = new Intl.NumberFormat(language, { signDisplay: 'exceptZero' });
  const compact = new Intl.NumberFormat(language, { notation: 'compact', maximumFractionDigits: 1 });
  const day = new Intl.DateTimeFormat(language, { ...date, timeZone });
  const dayAndTime = new Intl.DateTimeFormat(language, { ...date, hour: '2-digit', minute: '2-digit', timeZone });
  const time = new Intl.DateTimeFormat(language, { timeStyle: 'medium', timeZone });
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  const past = new Intl.RelativeTimeFormat(language, { numeric: 'always' });
  const span = (unit: 'day' | 'hour' | 'minute') => new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' });
  const spans = { day: span('day'), hour: span('hour'), minute: span('minute') };
  const calendar = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  /** Days since 1970 by the zone's calendar. */
  const dayNumber = (ms: number) => Date.parse(`${calendar.format(ms)}T00:00:00Z`) / DAY_MS;
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
    number: (value: number) => number.format(value),
    /** A change in credits, with its sign. */
    delta: (value: number) => signed.format(value),
    compact: (value: number) => compact.format(value),
    /** `minor` is in cents. */
    money: (minor: number, currency: string) => new Intl.NumberFormat(language, { style: 'currency', currency }).format(minor / 100),
    day: (at: string) => day.format(new Date(at)),
    dayAndTime: (at: string) => dayAndTime.format(new Date(at)),
    time: (at: string) => time.format(new Date(at)),
    /** As the day or month of that zone in which it begins: what the server has cut into intervals. */
    intervalIn: (at: string, by: 'DAY' | 'WEEK' | 'MONTH', zone: string) =>
      new Intl.DateTimeFormat(language, { ...(by === 'MONTH' ? MONTH : DAY), timeZone: zone }).format(new Date(at)),
    /** When the zone's day, so many days from this one, begins: not at midnight where the clocks are put forward then. */
    dayStartMs,
    /** When the zone's day ends: the first moment of the next one. */
    dayEndMs: (nowMs: number) => dayStartMs(nowMs, 1),
    /** Midnights of the zone between two times: 0 on one day, negative backwards. */
    daysBetween: (fromMs: number, toMs: number) => dayNumber(toMs) - dayNumber(fromMs),
    /** As "3 days". */
    span: (value: number, unit: 'day' | 'hour' | 'minute') => spans[unit].format(value),
    /** As "3 days ago". */
    ago: (value: number, unit: 'day' | 'hour' | 'minute') => past.format(-value, unit),
    /** As "tomorrow" and "in 3 days", by the calendar; less than a day away, the hours too: "today, in 5 hours". */
    daysFromNow(at: string, nowMs = Date.now()): string {
      const ms = Date.parse(at) - nowMs;
      const days = relative.format(dayNumber(Date.parse(at)) - dayNumber(nowMs), 'day');
      if (Math.abs(ms) >= DAY_MS) return days;
      const near =
        Math.abs(ms) >= HOUR_MS ? relative.format(Math.trunc(ms / HOUR_MS), 'hour') : relative.format(Math.trunc(ms / MINUTE_MS), 'minute');
      return `${days}, ${near}`;
    },
  };
}
