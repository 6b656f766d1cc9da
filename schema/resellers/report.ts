/** The type Report and its parts: sums of a panel or a branch over days, weeks or months. */

import { totalOf } from '../../src/domain/report/credit-sums.ts';
import { EXPECTED_DAYS } from '../../src/domain/report/expected.ts';
import type { MoneySums } from '../../src/domain/report/money.ts';
import { type Report as OpenReport, openReport, seesMoney } from '../../src/domain/report/open-report.ts';
import { builder } from '../core/builder.ts';
import { REPORT_COMPLEXITY, STATEMENT_COMPLEXITY } from '../core/limits.ts';
import { loadersOf } from '../core/loaders.ts';
import { reached, viewerOf } from '../core/scopes.ts';
import { Reseller } from './reseller.ts';

/** The largest value of GraphQL's Int. */
const MAX_INT = 2 ** 31 - 1;

const ReportInterval = builder.enumType('ReportInterval', {
  description: "The intervals of a report, in the tenant's time zone.",
  values: {
    DAY: { description: 'From midnight to midnight.' },
    WEEK: { description: 'From Monday to Monday.' },
    MONTH: { description: 'From the first day of a month to the first day of the next.' },
  } as const,
});

/** One interval of a report by its index, or the whole period if `place` is null. */
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

/** Null if the viewer may not see the money. */
async function moneyIn({ place, report }: Part) {
  const money = await report.money();
  return (place === null ? null : money?.intervals[place]) ?? money?.total ?? null;
}

const ReportSums = builder.objectRef<Part>('ReportSums').implement({
  description:
    'The sums of an interval or of the whole report. The balance changed by creditsReceived - creditsPassedOn - activation - renewal - screens + refunded + undone - withdrawn. In the report of a branch, credits that moved between two of its panels count as neither received nor passed on.',
  ...reached(
    ...['creditsReceived', 'creditsPassedOn', 'activation', 'renewal', 'screens', 'refunded', 'undone', 'withdrawn'],
    ...['newCustomers', 'renewedCustomers', 'lostCustomers', 'receivedMinor', 'creditCostMinor', 'profitMinor'],
  ),
  fields: (t) => ({
    creditsReceived: t.field({
      type: 'Credits',
      description: 'Credits that came in: issued, bought, received from the panel above, or returned by a panel below.',
      resolve: async (part) => (await creditsOf(part)).received,
    }),
    creditsPassedOn: t.field({
      type: 'Credits',
      description: 'Credits that went to panels below, or were returned to the panel above.',
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
      description: 'Credits spent on added screens.',
      resolve: async (part) => (await creditsOf(part)).screens,
    }),
    refunded: t.field({
      type: 'Credits',
      description: 'Credits refunded for canceled customers.',
      resolve: async (part) => (await creditsOf(part)).refunded,
    }),
    undone: t.field({
      type: 'Credits',
      description: 'Credits that came back from undone spends. `activation`, `renewal` and `screens` still include these spends.',
      resolve: async (part) => (await creditsOf(part)).undone,
    }),
    withdrawn: t.field({
      type: 'Credits',
      description: 'Credits withdrawn after charge-backs.',
      resolve: async (part) => (await creditsOf(part)).withdrawn,
    }),
    newCustomers: t.int({
      description: 'Customers who were activated for the first time. A trial counts when it is activated.',
      resolve: async (part) => (await customersOf(part)).activated,
    }),
    renewedCustomers: t.int({
      description: 'Customers who were renewed at least once. In the total, each customer counts once.',
      resolve: async (part) => (await customersOf(part)).renewed,
    }),
    lostCustomers: t.int({
      description:
        'Customers whose paid service ended in this interval and who were neither renewed nor activated since. Trials that were never paid for do not count. A customer counts for its present panel.',
      resolve: async (part) => (await customersOf(part)).lost,
    }),
    receivedMinor: t.field({
      type: 'MinorUnits',
      nullable: true,
      description:
        "The money that the panel's customers paid, by `CustomerPayment.paidAt`, in minor units. Returned money (REFUNDED, or `returnedMinor`) is not included, nor is money without a CustomerPayment. Null if the viewer may not see it (see `Report.currency`), or if some of it was paid in another currency.",
      resolve: async (part) => (await moneyIn(part))?.received ?? null,
    }),
    creditCostMinor: t.field({
      type: 'MinorUnits',
      nullable: true,
      description:
        'The cost of the credits spent on customers, in minor units: (activation + renewal + screens - refunded, without undone spends) × the average purchase price (`Report.boughtMinor` / `Report.boughtCredits`). It is rounded half up to a whole minor unit, once for each interval and once for the total, so the total may differ from the sum. Never below 0. Null if the viewer may not see it, or if the panel bought no credits in this currency.',
      resolve: async (part) => (await moneyIn(part))?.cost ?? null,
    }),
    profitMinor: t.int({
      nullable: true,
      description:
        'The profit in minor units: receivedMinor - creditCostMinor. It may be negative. Null if one of them is null, or if the difference does not fit in 32 bits: then subtract them yourself.',
      resolve: async (part) => int32(await moneyIn(part)),
    }),
  }),
});

function int32(money: MoneySums | null): number | null {
  const profit = money?.profit ?? null;
  return profit === null || Math.abs(profit) > MAX_INT ? null : profit;
}

const ReportRow = builder.objectRef<Part & { readonly place: number }>('ReportRow').implement({
  description: 'One day, week or month of a report.',
  ...reached('start', 'end', 'sums'),
  fields: (t) => ({
    start: t.field({
      type: 'DateTime',
      description: 'When the interval begins. The first one begins with the report.',
      resolve: ({ place, report: { intervals } }) => new Date(intervals.startsMs[place] ?? intervals.endMs),
    }),
    end: t.field({
      type: 'DateTime',
      description: 'When the next interval begins. The last one ends with the report.',
      resolve: ({ place, report: { intervals } }) => new Date(intervals.startsMs[place + 1] ?? intervals.endMs),
    }),
    sums: t.field({ type: ReportSums, description: 'The sums of the interval.', resolve: (part) => part }),
  }),
});

const ExpiringDay = builder.objectRef<{ readonly startMs: number; readonly customers: number }>('ExpiringDay').implement({
  description: 'A day, with the number of customers whose service ends on it.',
  ...reached('start', 'customers'),
  fields: (t) => ({
    start: t.field({
      type: 'DateTime',
      description: "When the day begins, in the tenant's time zone.",
      resolve: ({ startMs }) => new Date(startMs),
    }),
    customers: t.exposeInt('customers', {
      description: 'Customers whose service ends on this day; for today, from now on. Trials and canceled customers count too.',
    }),
  }),
});

const Report = builder.objectRef<OpenReport>('Report').implement({
  description: 'The sums of a panel or a branch over a period, computed from the journal.',
  ...reached('timeZone', 'intervals', 'total', 'expiring', 'currency', 'boughtCredits', 'boughtMinor', 'expectedMinor'),
  fields: (t) => ({
    timeZone: t.string({
      description: "The tenant's time zone, in which days begin: see `TenantPolicy.timeZone`.",
      resolve: ({ intervals }) => intervals.timeZone,
    }),
    intervals: t.field({
      type: [ReportRow],
      description: 'Every day, week or month of the period, in order, including those without activity.',
      // The cost of the report includes its intervals already.
      complexity: { field: 1, multiplier: 1 },
      resolve: (report) => report.intervals.startsMs.map((_, place) => ({ report, place })),
    }),
    total: t.field({ type: ReportSums, description: 'The sums of the whole period.', resolve: (report) => ({ report, place: null }) }),
    expiring: t.field({
      type: [ExpiringDay],
      description: 'The customers whose service ends today or on one of the next days, independent of the period of the report.',
      complexity: { field: STATEMENT_COMPLEXITY, multiplier: 1 },
      args: { days: t.arg.int({ required: true, defaultValue: 7, description: 'The number of days including today, 1 to 90.' }) },
      resolve: (report, { days }) => report.expiring(days),
    }),
    currency: t.string({
      nullable: true,
      description:
        "The currency of all money of the report in ISO 4217, for example BRL. It is the currency of the panel's plans. Without plans, it is that of its customers' newest payment, or else of its newest purchase. Null if there is none of these, or if the viewer may not see the money. Only the panel itself may see it: not panels above, a support session or the platform, and not in the report of a branch (R18).",
      resolve: async (report) => (await report.money())?.currency ?? null,
    }),
    boughtCredits: t.field({
      type: 'Credits',
      nullable: true,
      description:
        'The credits of all PAID purchases in this currency that were settled before the end of the report. Null if the viewer may not see the money.',
      resolve: async (report) => (await report.money())?.bought.credits ?? null,
    }),
    boughtMinor: t.field({
      type: 'MinorUnits',
      nullable: true,
      description:
        'The price of these purchases, in minor units. Divided by `boughtCredits` it is the average price in `creditCostMinor`. Null if the viewer may not see the money.',
      resolve: async (report) => (await report.money())?.bought.minor ?? null,
    }),
    expectedMinor: t.field({
      type: 'MinorUnits',
      nullable: true,
      description: `The money expected in the next ${EXPECTED_DAYS} days, in minor units, independent of the period of the report. It is the sum of the plan prices of customers who are not canceled and whose paid term ends in these days. Null if the viewer may not see the money.`,
      complexity: STATEMENT_COMPLEXITY,
      resolve: (report) => report.expected(),
    }),
  }),
});

builder.prismaObjectField(Reseller, 'report', (t) =>
  t.field({
    type: Report,
    nullable: true,
    description: 'A report of the panel, or of the panel and everything below it, by days, weeks or months. At most 400 intervals.',
    authScopes: { unlocked: true },
    complexity: { field: REPORT_COMPLEXITY, multiplier: 1 },
    args: {
      from: t.arg({ type: 'DateTime', required: true, description: 'When the report begins.' }),
      to: t.arg({ type: 'DateTime', required: true, description: 'When the report ends. Changes at exactly this time are not included.' }),
      by: t.arg({ type: ReportInterval, required: true, defaultValue: 'DAY', description: 'The length of the intervals.' }),
      branch: t.arg.boolean({
        required: true,
        defaultValue: false,
        description: 'If true, the report covers the panel and everything below it in the present tree.',
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
