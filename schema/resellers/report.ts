/** Reports of a panel or branch. */

import { totalOf } from '../../src/domain/report/credit-sums.ts';
import { type Report as OpenReport, openReport } from '../../src/domain/report/open-report.ts';
import { builder } from '../core/builder.ts';
import { REPORT_COMPLEXITY, STATEMENT_COMPLEXITY } from '../core/limits.ts';
import { loadersOf } from '../core/loaders.ts';
import { reached } from '../core/scopes.ts';
import { Reseller } from './reseller.ts';

const ReportInterval = builder.enumType('ReportInterval', {
  description: "What a report is divided into, by the clocks of the tenant's time zone.",
  values: {
    DAY: { description: 'From midnight to midnight.' },
    WEEK: { description: 'From Monday to Monday.' },
    MONTH: { description: 'From the first to the first.' },
  } as const,
});

/** One interval by its place; null: the whole period. */
interface Part {
  readonly report: OpenReport;
  readonly place: number | null;
}

async function creditsOf({ place, report }: Part) {
  const sums = await report.credits();
  return (place === null ? null : sums[place]) ?? totalOf(sums);
}

async function customersOf({ place, report }: Part) {
  const { intervals, total } = await report.customers();
  return (place === null ? null : intervals[place]) ?? total;
}

const ReportSums = builder.objectRef<Part>('ReportSums').implement({
  description:
    'What happened in a time. The balance changed by creditsReceived - creditsPassedOn - activation - renewal - screens + refunded + undone - withdrawn. In a branch, credits that moved between two of its panels are neither received nor passed on.',
  ...reached(
    ...['creditsReceived', 'creditsPassedOn', 'activation', 'renewal', 'screens', 'refunded', 'undone', 'withdrawn'],
    ...['newCustomers', 'renewedCustomers', 'lostCustomers'],
  ),
  fields: (t) => ({
    creditsReceived: t.field({
      type: 'Credits',
      description: 'Credits that came in: issued, bought, from the panel above, or back from a panel below.',
      resolve: async (part) => (await creditsOf(part)).received,
    }),
    creditsPassedOn: t.field({
      type: 'Credits',
      description: 'Credits that went to panels below, or back to the panel above.',
      resolve: async (part) => (await creditsOf(part)).passedOn,
    }),
    activation: t.field({
      type: 'Credits',
      description: 'Credits spent on activations.',
      resolve: async (part) => (await creditsOf(part)).activation,
    }),
    renewal: t.field({
      type: 'Credits',
      description: 'Credits spent on renewals.',
      resolve: async (part) => (await creditsOf(part)).renewal,
    }),
    screens: t.field({
      type: 'Credits',
      description: 'Credits spent on further screens.',
      resolve: async (part) => (await creditsOf(part)).screens,
    }),
    refunded: t.field({
      type: 'Credits',
      description: 'Credits that came back from canceled customers.',
      resolve: async (part) => (await creditsOf(part)).refunded,
    }),
    undone: t.field({
      type: 'Credits',
      description: 'Credits that came back from undone spends; these stay counted among what was spent.',
      resolve: async (part) => (await creditsOf(part)).undone,
    }),
    withdrawn: t.field({
      type: 'Credits',
      description: 'Credits taken out after charged-back purchases.',
      resolve: async (part) => (await creditsOf(part)).withdrawn,
    }),
    newCustomers: t.int({
      description: 'Customers who were activated for the first time in their life; a trial counts when it is activated.',
      resolve: async (part) => (await customersOf(part)).activated,
    }),
    renewedCustomers: t.int({
      description: 'Customers who were renewed at least once. In the total of several intervals each counts once.',
      resolve: async (part) => (await customersOf(part)).renewed,
    }),
    lostCustomers: t.int({
      description:
        'Customers of the present whose paid service ended in this time and is still over: neither renewed nor activated since. Trials that were never paid for do not count. They count for the panel that they belong to now.',
      resolve: async (part) => (await customersOf(part)).lost,
    }),
  }),
});

const ReportRow = builder.objectRef<Part & { readonly place: number }>('ReportRow').implement({
  description: 'One day, week or month.',
  ...reached('start', 'end', 'sums'),
  fields: (t) => ({
    start: t.field({
      type: 'DateTime',
      description: 'When it begins; the first one with the report.',
      resolve: ({ place, report: { intervals } }) => new Date(intervals.startsMs[place] ?? intervals.endMs),
    }),
    end: t.field({
      type: 'DateTime',
      description: 'When the next one begins; the last one ends with the report.',
      resolve: ({ place, report: { intervals } }) => new Date(intervals.startsMs[place + 1] ?? intervals.endMs),
    }),
    sums: t.field({ type: ReportSums, description: 'What happened in it.', resolve: (part) => part }),
  }),
});

const ExpiringDay = builder.objectRef<{ readonly startMs: number; readonly customers: number }>('ExpiringDay').implement({
  description: 'A day on which the service of customers ends.',
  ...reached('start', 'customers'),
  fields: (t) => ({
    start: t.field({
      type: 'DateTime',
      description: "When the day begins, by the clocks of the tenant's time zone.",
      resolve: ({ startMs }) => new Date(startMs),
    }),
    customers: t.exposeInt('customers', {
      description: 'Customers whose service ends on it; today, from now on. Trials and canceled ones count.',
    }),
  }),
});

const Report = builder.objectRef<OpenReport>('Report').implement({
  description: 'What a panel or a branch did in a time, from the journal.',
  ...reached('timeZone', 'intervals', 'total', 'expiring'),
  fields: (t) => ({
    timeZone: t.string({
      description: "The tenant's time zone, by whose clocks days begin: see `Viewer.policy`.",
      resolve: ({ intervals }) => intervals.timeZone,
    }),
    intervals: t.field({
      type: [ReportRow],
      description: 'Every day, week or month of the time, in order, with those in which nothing happened.',
      // The report has been counted.
      complexity: { field: 1, multiplier: 1 },
      resolve: (report) => report.intervals.startsMs.map((_, place) => ({ report, place })),
    }),
    total: t.field({ type: ReportSums, description: 'What happened in all of the time.', resolve: (report) => ({ report, place: null }) }),
    expiring: t.field({
      type: [ExpiringDay],
      description: 'Customers whose service ends today or on one of the next days, whatever the time of the report.',
      complexity: { field: STATEMENT_COMPLEXITY, multiplier: 1 },
      args: { days: t.arg.int({ required: true, defaultValue: 7, description: 'How many days, today included: 1 to 90.' }) },
      resolve: (report, { days }) => report.expiring(days),
    }),
  }),
});

builder.prismaObjectField(Reseller, 'report', (t) =>
  t.field({
    type: Report,
    nullable: true,
    description: 'What the panel did in a time, or it and everything below it: by days, weeks or months; at most 400 of them.',
    authScopes: { unlocked: true },
    complexity: { field: REPORT_COMPLEXITY, multiplier: 1 },
    args: {
      from: t.arg({ type: 'DateTime', required: true, description: 'When the report begins.' }),
      to: t.arg({ type: 'DateTime', required: true, description: 'Where it ends: what happens at exactly this time is not in it.' }),
      by: t.arg({ type: ReportInterval, required: true, defaultValue: 'DAY', description: 'What it is divided into.' }),
      branch: t.arg.boolean({
        required: true,
        defaultValue: false,
        description: 'Of the panel and everything below it, as the tree is now.',
      }),
    },
    select: { path: true },
    resolve: ({ id, path, tenantId }, { branch, by, from, to }, ctx) =>
      openReport(
        loadersOf(ctx).report,
        { tenantId, id, branchPath: branch ? path : null },
        { fromMs: from.getTime(), toMs: to.getTime(), by },
      ),
  }),
);
