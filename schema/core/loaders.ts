/** The loaders that combine an operation's look-ups into one SQL statement each. */

import { createContextCache } from '@pothos/core';
import DataLoader from 'dataloader';
import { accessOf } from '../../src/domain/access/read-access.ts';
import { serviceStates } from '../../src/domain/access/service-state.ts';
import { balancesAt } from '../../src/domain/account/balance-at.ts';
import { undoings } from '../../src/domain/customer/undoing.ts';
import { transferActors } from '../../src/domain/identity/transfer-actors.ts';
import { inTenants } from '../../src/domain/in-tenants.ts';
import { plansById } from '../../src/domain/plan/plans.ts';
import { staticPixCodes } from '../../src/domain/purchase/static-pix.ts';
import { deliverable } from '../../src/domain/purchase/stranded-sales.ts';
import { linksOf } from '../../src/domain/renewal/renewal-link.ts';
import { creditSums } from '../../src/domain/report/credit-sums.ts';
import { customerCounts } from '../../src/domain/report/customer-counts.ts';
import { expectedMoney } from '../../src/domain/report/expected.ts';
import { expiringDays } from '../../src/domain/report/expiring.ts';
import { type Intervals, intervalsOf } from '../../src/domain/report/intervals.ts';
import { moneyRows } from '../../src/domain/report/money.ts';
import type { PeriodOf, ReportReaders } from '../../src/domain/report/open-report.ts';
import type { PartRequest } from '../../src/domain/report/sources.ts';
import { activeCustomers } from '../../src/domain/reseller/active-customers.ts';
import { branchSummaries } from '../../src/domain/reseller/branch-summary.ts';
import { type ChildrenQuery, countChildren } from '../../src/domain/reseller/count-children.ts';
import { suspensions } from '../../src/domain/reseller/suspensions.ts';
import type { Context } from './context.ts';

interface RowKey {
  readonly tenantId: string;
  readonly id: string;
}

/** A panel with everything below it. */
interface Branch {
  readonly tenantId: string;
  readonly path: string;
}

/**
 * The loaders of an operation. The rows of a page request their values one by one; a loader reads them together, with one SQL
 * statement for each kind of value and step of the operation, whatever the number of rows.
 */
export const loadersOf = createContextCache(({ ports: { lists, payments, prisma, reports, secrets, sql, topology } }: Context) => {
  const batched: Batched = (load) => batchedIn({ topology }, load);
  return {
    ...tableLoaders(prisma, batched),
    branchSummary: batched((asked: readonly Branch[]) => branchSummaries(lists, asked)),
    activeCustomers: batched((asked: readonly Branch[]) => activeCustomers(lists, asked)),
    suspension: batched((asked: readonly Branch[]) => suspensions(sql, asked)),
    childCount: batched((asked: readonly ChildrenQuery[]) => countChildren(lists, asked)),
    balanceAt: batched((asked: readonly { tenantId: string; accountId: string; atMs: number }[]) => balancesAt(lists, asked)),
    deliverable: batched((asked: readonly RowKey[]) => deliverable(sql, asked)),
    staticPix: batched((asked: readonly RowKey[]) => staticPixCodes(sql, asked)),
    transferActors: batched((asked: readonly { tenantId: string; actorId: string }[]) => transferActors({ sql, topology }, asked)),
    service: batched((asked: readonly RowKey[]) => serviceStates(sql, asked)),
    renewalLink: batched((asked: readonly RowKey[]) => linksOf({ sql, secrets, publicUrl: payments.publicUrl }, asked)),
    plan: batched((asked: readonly RowKey[]) => plansById(sql, asked)),
    access: batched((asked: readonly RowKey[]) => accessOf(sql, asked)),
    report: reportReaders(reports),
    undoing: batched((asked: readonly RowKey[]) => undoings(sql, asked)),
  };
});

/** Reads the reports of the panels of a page together. These loaders cache nothing, because each report keeps what it has read. */
function reportReaders(sql: Context['ports']['reports']): ReportReaders {
  const intervals = new DataLoader(async ([asked]: readonly PeriodOf[]) => (asked ? [await intervalsOf(sql, asked.tenantId, asked)] : []), {
    cacheKeyFn: ({ by, fromMs, tenantId, toMs }) => `${tenantId}/${fromMs}/${toMs}/${by}`,
    batch: false,
  });
  const together = <One, Value>(read: (asked: readonly One[]) => Promise<readonly Value[]>) => {
    const loader = new DataLoader(read, { cache: false });
    return (asked: One) => loader.load(asked);
  };
  return {
    intervals: (asked) => intervals.load(asked),
    credits: together((asked: readonly PartRequest<Intervals>[]) => creditSums(sql, asked)),
    customers: together((asked: readonly PartRequest<Intervals>[]) => customerCounts(sql, asked)),
    expiring: together((asked: readonly PartRequest<number>[]) => expiringDays(sql, asked)),
    money: together((asked: readonly PartRequest<Intervals>[]) => moneyRows(sql, asked)),
    expected: together((asked: readonly PartRequest<number>[]) => expectedMoney(sql, asked)),
  };
}

/** One loader for each table, by primary key. Returns null if there is no such row. Callers check whether the viewer may see it. */
function tableLoaders(prisma: Context['ports']['prisma'], batched: Batched) {
  const byKey = <Row extends RowKey>(find: (where: ByTenant) => Promise<readonly Row[]>) => batched(ofKeys(find));
  return {
    /** Includes the panel of each account. */
    account: byKey((where) => prisma.account.findMany({ where, include: { reseller: true } })),
    customer: byKey((where) => prisma.customer.findMany({ where })),
    transfer: byKey((where) => prisma.transfer.findMany({ where })),
    /** Only the buyer and the seller of each purchase. */
    purchase: byKey((where) => prisma.purchase.findMany({ where, select: SIDES })),
    /** Only the facts that a user's session does not contain. */
    appUser: byKey((where) => prisma.appUser.findMany({ where, select: USER_FACTS })),
  };
}

const SIDES = { tenantId: true, id: true, buyerId: true, sellerId: true } as const;
const USER_FACTS = {
  tenantId: true,
  id: true,
  createdAt: true,
  disabledAt: true,
  totpConfirmedAt: true,
  oneTimePasswordUntil: true,
  lastSignInAt: true,
} as const;

/** Prisma's condition for the rows of several keys, grouped by tenant. */
interface ByTenant {
  OR: { tenantId: string; id: { in: string[] } }[];
}

function ofKeys<Row extends RowKey>(find: (where: ByTenant) => Promise<readonly Row[]>) {
  return async (asked: readonly RowKey[]): Promise<(Row | null)[]> => {
    const rows = await find({ OR: idsByTenant(asked).map(([tenantId, ids]) => ({ tenantId, id: { in: ids } })) });
    const found = new Map(rows.map((row) => [`${row.tenantId}/${row.id}`, row]));
    return asked.map((key) => found.get(`${key.tenantId}/${key.id}`) ?? null);
  };
}

interface OfTenant {
  readonly tenantId: string;
}

type Batched = <Key extends OfTenant, Value>(load: (keys: readonly Key[]) => Promise<readonly Value[]>) => DataLoader<Key, Value, string>;

function batchedIn<Key extends OfTenant, Value>(
  ports: Pick<Context['ports'], 'topology'>,
  load: (keys: readonly Key[]) => Promise<readonly Value[]>,
): DataLoader<Key, Value, string> {
  return new DataLoader((keys) => inTenants(ports, keys, load), { cacheKeyFn: (key) => Object.values(key).join('/') });
}

function idsByTenant(keys: readonly RowKey[]): [string, string[]][] {
  const ids = new Map<string, string[]>();
  for (const key of keys) {
    const known = ids.get(key.tenantId);
    if (known === undefined) ids.set(key.tenantId, [key.id]);
    else known.push(key.id);
  }
  return [...ids];
}
