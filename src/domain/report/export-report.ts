/** Exports a report as rows, one for each of its intervals. */

import { z } from 'zod';
import type { Sql } from '../../db/sql.ts';
import type { Actor } from '../../kernel/actor.ts';
import type { RowId } from '../input.ts';
import type { Ports } from '../ports.ts';
import { creditSums } from './credit-sums.ts';
import { customerCounts } from './customer-counts.ts';
import { expectedMoney } from './expected.ts';
import { expiringDays } from './expiring.ts';
import { type Export, readParameters, timeSchema } from './export.ts';
import { formFields } from './export-form.ts';
import { intervalsOf } from './intervals.ts';
import { moneyRows } from './money.ts';
import { openReport, type ReportReaders, seesMoney } from './open-report.ts';
import { requestedPanel } from './requested-panel.ts';

const BAD_TIME = 'must be given.';

const schema = z.strictObject({
  ...formFields,
  reseller: z.string().optional(),
  branch: z.literal('true', 'must be true or absent.').optional(),
  from: timeSchema.pipe(z.date(BAD_TIME)),
  to: timeSchema.pipe(z.date(BAD_TIME)),
  by: z.enum(['DAY', 'WEEK', 'MONTH'], 'must be DAY, WEEK or MONTH.').default('DAY'),
});

const COLUMNS = [
  ...['start', 'end', 'creditsReceived', 'creditsPassedOn', 'activation', 'renewal', 'screens', 'refunded', 'undone', 'withdrawn'],
  ...['newCustomers', 'renewedCustomers', 'lostCustomers', 'receivedMinor', 'creditCostMinor', 'profitMinor', 'currency'],
];

/**
 * Exports the report of a panel of the viewer's branch, alone or with everything below it. Money columns are empty if the viewer may
 * not see them, as in `Report`.
 */
export async function exportReport(
  ports: Pick<Ports, 'sql' | 'topology' | 'reports'>,
  actor: Actor,
  parameters: URLSearchParams,
  decode: (id: string) => RowId | null,
): Promise<Export> {
  const { branch, by, from, reseller, to, ...form } = readParameters(schema, parameters);
  const { id, path, tenantId } = await requestedPanel(ports, actor, reseller, decode);
  const branchPath = branch ? path : null;
  const report = await openReport(
    readersOf(ports.reports),
    { tenantId, id, branchPath, seesMoney: seesMoney(actor, { tenantId, id, branchPath }) },
    { fromMs: from.getTime(), toMs: to.getTime(), by },
  );
  return {
    name: 'report',
    columns: COLUMNS,
    form,
    async read(take) {
      const [credits, customers, money] = await Promise.all([report.credits(), report.customers(), report.money()]);
      const { endMs, startsMs } = report.intervals;
      await take(
        startsMs.map((startMs, place) => {
          const [sums, counts, sum] = [credits[place], customers.intervals[place], money?.intervals[place]];
          return {
            ...{ start: new Date(startMs), end: new Date(startsMs[place + 1] ?? endMs) },
            ...{ ...sums, creditsReceived: sums?.received, creditsPassedOn: sums?.passedOn },
            ...{ newCustomers: counts?.activated, renewedCustomers: counts?.renewed, lostCustomers: counts?.lost },
            ...{ receivedMinor: sum?.received, creditCostMinor: sum?.cost, profitMinor: sum?.profit, currency: money?.currency },
          };
        }),
      );
    },
  };
}

/** Reads the parts of a single report. */
function readersOf(sql: Sql): ReportReaders {
  const only = <Value>(values: readonly Value[]): Value => {
    const [value] = values;
    if (value === undefined) throw new Error('a reader returned no value');
    return value;
  };
  return {
    intervals: (asked) => intervalsOf(sql, asked.tenantId, asked),
    credits: async (asked) => only(await creditSums(sql, [asked])),
    customers: async (asked) => only(await customerCounts(sql, [asked])),
    expiring: async (asked) => only(await expiringDays(sql, [asked])),
    money: async (asked) => only(await moneyRows(sql, [asked])),
    expected: async (asked) => only(await expectedMoney(sql, [asked])),
  };
}
