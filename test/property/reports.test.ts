import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Sql } from '../../src/db/sql.ts';
import { type CreditSums, creditSums, totalOf } from '../../src/domain/report/credit-sums.ts';
import { customerCounts } from '../../src/domain/report/customer-counts.ts';
import { intervalsOf, type ReportInterval } from '../../src/domain/report/intervals.ts';
import { openTestSql } from '../support/sql.ts';
import { createDatabase, type TestDatabase } from '../support/worlds/database.ts';
import { type History, historyDraft, historyOf, type Made, writeHistory } from './journal-history.ts';

const RUNS = 40;
const DAY_MS = 86_400_000;
/** Clocks change in these zones on different days and by different amounts, sometimes at midnight. */
const ZONES = ['America/Sao_Paulo', 'Europe/Lisbon', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'America/Santiago', 'UTC'];

let database: TestDatabase;
let sql: Sql;
let reports: Sql;

beforeAll(async () => {
  database = await createDatabase();
  sql = openTestSql(database.url);
  reports = openTestSql(database.url, { max: 2, role: 'revenda_read' });
});

afterAll(async () => {
  await Promise.all([sql?.end(), reports?.end()]);
  await database?.drop();
});

/** Local time in the zone: the clock, the day and the day of the week. */
function wall(timeZone: string, atMs: number): { readonly clock: string; readonly day: string; readonly weekday: string } {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short', timeStyle: 'medium', hourCycle: 'h23' });
  const [day = '', clock = ''] = format.format(atMs).split(', ');
  return { clock, day, weekday: new Intl.DateTimeFormat('en', { timeZone, weekday: 'short' }).format(atMs) };
}

/** The local day, week or month of a time. Two consecutive intervals must have consecutive keys. */
function keyOf(timeZone: string, by: ReportInterval, atMs: number): string {
  const { day, weekday } = wall(timeZone, atMs);
  if (by === 'MONTH') return day.slice(0, 7);
  if (by === 'DAY') return day;
  const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
  return new Date(Date.parse(`${day}T00:00:00Z`) - weekdays.indexOf(weekday) * DAY_MS).toISOString().slice(0, 10);
}

interface Counted extends CreditSums {
  readonly activated: number;
  readonly renewed: number;
  readonly lost: number;
}

/** The plain fold: what the panels with these numbers did from `startMs` until before `endMs`. */
function fold(history: History, panels: ReadonlySet<number>, startMs: number, endMs: number, nowMs: number): Counted {
  const isIn = ({ atMs }: Made) => atMs >= startMs && atMs < endMs;
  const own = (panel: number | null) => panel !== null && panels.has(panel);
  const made = history.made.filter((one) => isIn(one) && (own(one.from) || own(one.to)));
  const stands = (one: Made) => !history.made.some(({ undoes }) => undoes !== null && history.made[undoes] === one);
  const between = new Set(['PURCHASE', 'GRANT', 'TRANSFER', 'RECLAIM', 'SWEEP', 'ISSUE', 'REVERSAL']);
  const sum = (some: (one: Made) => boolean) => made.filter(some).reduce((total, { amount }) => total + amount, 0);
  const of = (kind: string) => sum((one) => one.kind === kind);
  const firsts = history.made.filter(
    (one, index) =>
      one.kind === 'ACTIVATION' &&
      stands(one) &&
      !history.made.slice(0, index).some((other) => other.kind === 'ACTIVATION' && other.customerId === one.customerId && stands(other)),
  );
  return {
    received: sum((one) => (between.has(one.kind) || one.kind === 'CHARGEBACK') && own(one.to) && !own(one.from)),
    passedOn: sum((one) => between.has(one.kind) && own(one.from) && !own(one.to)),
    activation: of('ACTIVATION'),
    renewal: of('RENEWAL'),
    screens: of('SCREENS'),
    refunded: of('REFUND'),
    undone: of('UNDO'),
    withdrawn: sum((one) => one.kind === 'CHARGEBACK' && own(one.from) && !own(one.to)),
    activated: firsts.filter((one) => isIn(one) && own(one.from)).length,
    renewed: new Set(made.filter((one) => one.kind === 'RENEWAL' && stands(one)).map(({ customerId }) => customerId)).size,
    lost: history.customers.filter(
      ({ expiresAtMs, isTrial, panel }) => !isTrial && own(panel) && expiresAtMs >= startMs && expiresAtMs < Math.min(endMs, nowMs),
    ).length,
  };
}

test('a report equals a plain fold over the journal, for every panel read together and for a branch, in any time zone', async () => {
  const asked = fc.record({
    history: historyDraft,
    // Near the days on which clocks change in spring and autumn, and some other days.
    beginsMs: fc.constantFrom(Date.UTC(2018, 9, 25), Date.UTC(2019, 1, 5), Date.UTC(2026, 2, 20), Date.UTC(2026, 8, 25)),
    zone: fc.constantFrom(...ZONES),
    by: fc.constantFrom<ReportInterval>('DAY', 'WEEK', 'MONTH'),
    panel: fc.nat(),
    skipMs: fc.integer({ min: -5 * DAY_MS, max: 10 * DAY_MS }),
    lengthMs: fc.integer({ min: 1, max: 60 * DAY_MS }),
  });
  await fc.assert(
    fc.asyncProperty(asked, async ({ beginsMs, by, history: { panels, steps }, lengthMs, panel: picked, skipMs, zone }) => {
      const history = historyOf(panels, steps, beginsMs);
      const { ids, paths, tenantId } = history;
      await writeHistory(sql, history, panels);
      await sql`UPDATE tenant SET time_zone = ${zone} WHERE id = ${tenantId}`;
      const [fromMs, toMs] = [beginsMs + skipMs, beginsMs + skipMs + lengthMs];
      const within = await intervalsOf(reports, tenantId, { fromMs, toMs, by });

      const { endMs, startsMs, timeZone } = within;
      expect([startsMs[0], endMs, timeZone]).toEqual([fromMs, toMs, zone]);
      const ends = [...startsMs.slice(1), endMs];
      const keys = startsMs.map((startMs) => keyOf(zone, by, startMs));
      expect(new Set(keys).size).toBe(keys.length);
      for (const [index, startMs] of startsMs.entries()) expect(keyOf(zone, by, (ends[index] ?? 0) - 1)).toBe(keyOf(zone, by, startMs));

      const panel = picked % panels.length;
      const path = paths[panel] ?? '';
      const alone = ids.map((id, index) => ({ of: { tenantId, id, branchPath: null, within }, own: new Set([index]) }));
      const below = new Set(paths.flatMap((one, index) => (one.startsWith(path) ? [index] : [])));
      const every = [...alone, { of: { tenantId, id: ids[panel] ?? '', branchPath: path, within }, own: below }];
      const nowMs = Date.now();
      const read = async (some: typeof every) => {
        const together = some.map(({ of }) => of);
        const [credits, customers] = await Promise.all([creditSums(reports, together), customerCounts(reports, together)]);
        return some.map(({ own }, index) => ({ own, credits: credits[index] ?? [], customers: customers[index] }));
      };
      const answered = await read(every);
      for (const { credits, customers, own } of answered) {
        const intervals = startsMs.map((_, index) => ({ ...credits[index], ...customers?.intervals[index] }));
        expect(intervals).toEqual(startsMs.map((startMs, index) => fold(history, own, startMs, ends[index] ?? 0, nowMs)));
        expect({ ...totalOf(credits), ...customers?.total }).toEqual(fold(history, own, fromMs, toMs, nowMs));
      }
      expect(await read(alone.slice(panel, panel + 1))).toEqual(answered.slice(panel, panel + 1));
    }),
    { numRuns: RUNS },
  );
});
