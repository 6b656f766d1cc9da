/** Reports of a panel or branch. */

import { totalOf } from '../../src/domain/report/credit-sums.ts';
import { EXPECTED_DAYS } from '../../src/domain/report/expected.ts';
import type { MoneySums } from '../../src/domain/report/money.ts';
import { type Report as OpenReport, openReport, seesMoney } from '../../src/domain/report/open-report.ts';
import { builder } from '../core/builder.ts';
import { REPORT_COMPLEXITY, STATEMENT_COMPLEXITY } from '../core/limits.ts';
import { loadersOf } from '../core/loaders.ts';
import { reached, viewerOf } from '../core/scopes.ts';
import { Reseller } from './reseller.ts';

/** GraphQL's Int. */
const MAX_INT = 2 ** 31 - 1;

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

/** null: not for the viewer. */
async function moneyIn({ place, report }: Part) {
  const money = await report.money();
  return (place === null ? null : money?.intervals[place]) ?? money?.total ?? null;
}

const ReportSums = builder.objectRef<Part>('ReportSums').implement({
  description:
    'What happened in a time. The balance changed by creditsReceived - creditsPassedOn - activation - renewal - screens + refunded + undone - withdrawn. In a branch, credits that moved between two of its panels are neither received nor passed on.',
  ...reached(
    ...['creditsReceived', 'creditsPassedOn', 'activation', 'renewal', 'screens', 'refunded', 'undone', 'withdrawn'],
    ...['newCustomers', 'renewedCustomers', 'lostCustomers', 'receivedMinor', 'creditCostMinor', 'profitMinor'],
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
    receivedMinor: t.field({
      type: 'MinorUnits',
      nullable: true,
      description:
        "What the panel's customers paid, by when it was said to have arrived (`CustomerPayment.paidAt`); what was given back (REFUNDED, or `returnedMinor`) is not in it. Money that was taken without a CustomerPayment is not known here. null: not for the viewer (see `Report.currency`), or some of it was paid in another currency.",
      resolve: async (part) => (await moneyIn(part))?.received ?? null,
    }),
    creditCostMinor: t.field({
      type: 'MinorUnits',
      nullable: true,
      description:
        'What the credits spent on customers had cost the panel: activation + renewal + screens - refunded, without what was undone, × the average price of what it bought (`Report.boughtMinor` / `Report.boughtCredits`). Rounded to a whole minor unit, half up: once for each interval, and once for the total, which may differ from their sum. Never below 0. null: not for the viewer, or the panel bought nothing at a price in this currency.',
      resolve: async (part) => (await moneyIn(part))?.cost ?? null,
    }),
    profitMinor: t.int({
      nullable: true,
      description:
        'The difference, receivedMinor - creditCostMinor; may be below 0. null: one of them is null, or the difference is no 32-bit number: then subtract them.',
      resolve: async (part) => int32(await moneyIn(part)),
    }),
  }),
});

function int32(money: MoneySums | null): number | null {
  const profit = money?.profit ?? null;
  return profit === null || Math.abs(profit) > MAX_INT ? null : profit;
}

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
  ...reached('timeZone', 'intervals', 'total', 'expiring', 'currency', 'boughtCredits', 'boughtMinor', 'expectedMinor'),
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
    currency: t.string({
      nullable: true,
      description:
        "Of all money of the report: ISO 4217, as BRL. That of the panel's plans; without plans that of its customers' newest payment, or else of its newest purchase. null: there is none of these, or the money is not for the viewer. It is for the panel itself: not for those above it, a support session, or the platform, and not of a branch (R18).",
      resolve: async (report) => (await report.money())?.currency ?? null,
    }),
    boughtCredits: t.field({
      type: 'Credits',
      nullable: true,
      description: 'Credits of the PAID purchases in this currency that were settled before the report ends. null: not for the viewer.',
      resolve: async (report) => (await report.money())?.bought.credits ?? null,
    }),
    boughtMinor: t.field({
      type: 'MinorUnits',
      nullable: true,
      description:
        'What was paid for them: divided by `boughtCredits`, the price that `creditCostMinor` is made of. null: not for the viewer.',
      resolve: async (report) => (await report.money())?.bought.minor ?? null,
    }),
    expectedMinor: t.field({
      type: 'MinorUnits',
      nullable: true,
      description: `What is expected in the next ${EXPECTED_DAYS} days, whatever the time of the report: for each customer whose paid term ends in them, and who is not canceled, the price of its plan. null: not for the viewer.`,
      complexity: STATEMENT_COMPLEXITY,
      resolve: (report) => report.expected(),
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
    resolve: ({ id, path, tenantId }, { branch, by, from, to }, ctx) => {
      const of = { tenantId, id, branchPath: branch ? path : null };
      return openReport(
        loadersOf(ctx).report,
        { ...of, seesMoney: seesMoney(viewerOf(ctx), of) },
        { fromMs: from.getTime(), toMs: to.getTime(), by },
      );
    },
  }),
);
