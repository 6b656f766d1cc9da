/** Reads dates and times as spreadsheets and other panels write them, in a given time zone. */

const SECOND_MS = 1_000;
const DAY_MS = 86_400_000;

/** Spreadsheets count days from 1899-12-30. Their error about 29 February 1900 does not matter: it is before all dates of customers. */
const SERIAL_ZERO_MS = Date.UTC(1899, 11, 30);
/** Serial numbers are accepted from 1982 on: a smaller one cannot be the end of a service. */
const MIN_SERIAL = 30_000;
const MAX_SERIAL = 80_000;
const MAX_UNIX_SECONDS = 99_999_999_999;

const YEAR_FIRST = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?(Z|[+-]\d{2}:?\d{2})?$/;
const DAY_FIRST = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:[ T,]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?$/;
const NUMBER = /^\d{1,14}(?:\.\d{1,12})?$/;

/** A local date and time. Without a time it is the end of the day. */
interface Wall {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly time: readonly [hour: number, minute: number, second: number] | null;
}

/** Converts a local time, given as if it were UTC, to milliseconds since 1970. */
export type Clock = (wallMs: number) => number;

/**
 * The clock of a time zone, for example `America/Sao_Paulo`. A time that was skipped when clocks went forward is moved forward by the
 * length of the gap. A time that occurred twice means the first occurrence.
 */
export function clockOf(timeZone: string): Clock {
  const format = new Intl.DateTimeFormat('en-US', {
    ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' },
    hourCycle: 'h23',
    calendar: 'gregory',
    timeZone,
  });
  const offsetAt = (ms: number) => {
    const parts = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
    const { day = 1, hour = 0, minute = 0, month = 1, second = 0, year = 1970 } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(ms / SECOND_MS) * SECOND_MS;
  };
  return (wallMs) => {
    const [before, after] = [offsetAt(wallMs - DAY_MS), offsetAt(wallMs + DAY_MS)];
    for (const offset of before === after ? [before] : [before, after]) {
      if (offsetAt(wallMs - offset) === offset) return wallMs - offset;
    }
    return wallMs - before;
  };
}

/**
 * Reads `2026-08-09 23:59:59`, `09/08/2026`, `09/08/2026 23:59`, RFC 3339, a spreadsheet's serial number, or Unix seconds or
 * milliseconds. Returns milliseconds since 1970, or null if it is none of these or the day does not exist. A date alone means the last
 * second of its day.
 */
export function parseMoment(text: string, clock: Clock): number | null {
  if (NUMBER.test(text)) return ofNumber(Number(text), clock);
  const yearFirst = YEAR_FIRST.exec(text);
  if (yearFirst) {
    const [, year, month, day, hour, minute, second, fraction, zone] = yearFirst;
    const wall = wallOf([year, month, day], [hour, minute, second]);
    const fractionMs = Number((fraction ?? '').slice(0, 3).padEnd(3, '0'));
    if (wall === null) return null;
    if (zone === undefined) return momentOf(wall, clock) + fractionMs;
    return wall.time === null ? null : momentOf(wall, (ms) => ms - offsetMs(zone)) + fractionMs;
  }
  const dayFirst = DAY_FIRST.exec(text);
  if (!dayFirst) return null;
  const [, day, month, year, hour, minute, second] = dayFirst;
  const wall = wallOf([year, month, day], [hour, minute, second]);
  return wall && momentOf(wall, clock);
}

function ofNumber(value: number, clock: Clock): number | null {
  if (value >= MIN_SERIAL && value < MAX_SERIAL) {
    const ms = SERIAL_ZERO_MS + Math.round((value * DAY_MS) / SECOND_MS) * SECOND_MS;
    return clock(Number.isInteger(value) ? ms + DAY_MS - SECOND_MS : ms);
  }
  if (!Number.isInteger(value)) return null;
  if (value >= 1_000_000_000 && value <= MAX_UNIX_SECONDS) return value * SECOND_MS;
  return value > MAX_UNIX_SECONDS * 10 ? value : null;
}

type Digits = readonly (string | undefined)[];

/** Returns null if there is no such day or time. */
function wallOf(date: Digits, time: Digits): Wall | null {
  const [year = 0, month = 0, day = 0] = date.map(Number);
  const isDay = new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day && month >= 1 && month <= 12 && year >= 1970;
  if (!isDay) return null;
  const [hour, minute, second = '0'] = time;
  if (hour === undefined || minute === undefined) return { year, month, day, time: null };
  const at = [Number(hour), Number(minute), Number(second)] as const;
  return at[0] > 23 || at[1] > 59 || at[2] > 59 ? null : { year, month, day, time: at };
}

function momentOf({ day, month, time, year }: Wall, clock: Clock): number {
  const [hour, minute, second] = time ?? [23, 59, 59];
  return clock(Date.UTC(year, month - 1, day, hour, minute, second));
}

function offsetMs(zone: string): number {
  if (zone === 'Z') return 0;
  const digits = zone.replace(':', '');
  const minutes = Number(digits.slice(1, 3)) * 60 + Number(digits.slice(3));
  return (digits.startsWith('-') ? -minutes : minutes) * 60 * SECOND_MS;
}
