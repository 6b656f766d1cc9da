/** The loaders that gather an operation's look-ups into one statement each. */

import { createContextCache } from '@pothos/core';
import DataLoader from 'dataloader';
import { accessOf } from '../../src/domain/access/read-access.ts';
import { balancesAt } from '../../src/domain/account/balance-at.ts';
import { undoings } from '../../src/domain/customer/undoing.ts';
import { whoActed } from '../../src/domain/identity/who-acted.ts';
import { staticPixCodes } from '../../src/domain/purchase/static-pix.ts';
import { deliverable } from '../../src/domain/purchase/stranded-sales.ts';
import { activeCustomers } from '../../src/domain/reseller/active-customers.ts';
import { branchSummaries } from '../../src/domain/reseller/branch-summary.ts';
import { type ChildrenAsked, countChildren } from '../../src/domain/reseller/count-children.ts';
import { suspensions } from '../../src/domain/reseller/suspensions.ts';
import type { Context } from './context.ts';

interface RowKey {
  readonly tenantId: string;
  readonly id: string;
}

/**
 * What the rows of a page ask for one by one and the database answers at once: one statement a kind and step of an operation,
 * however many rows ask.
 */
export const loadersOf = createContextCache(({ ports: { prisma, sql } }: Context) => ({
  branchSummary: batched((asked: readonly { tenantId: string; path: string }[]) => branchSummaries(sql, asked)),
  activeCustomers: batched((asked: readonly { tenantId: string; path: string }[]) => activeCustomers(sql, asked)),
  suspension: batched((asked: readonly { tenantId: string; path: string }[]) => suspensions(sql, asked)),
  childCount: batched((asked: readonly ChildrenAsked[]) => countChildren(sql, asked)),
  balanceAt: batched((asked: readonly { tenantId: string; accountId: string; atMs: number }[]) => balancesAt(sql, asked)),
  deliverable: batched((asked: readonly RowKey[]) => deliverable(sql, asked)),
  staticPix: batched((asked: readonly RowKey[]) => staticPixCodes(sql, asked)),
  whoActed: batched((asked: readonly { tenantId: string; actorId: string }[]) => whoActed(sql, asked)),
  /** What of a user is not known from its session. */
  userFacts: batched(async (asked: readonly RowKey[]) => {
    const rows = await prisma.appUser.findMany({
      where: { OR: byTenant(asked).map(([tenantId, ids]) => ({ tenantId, id: { in: ids } })) },
      select: {
        tenantId: true,
        id: true,
        createdAt: true,
        disabledAt: true,
        totpConfirmedAt: true,
        oneTimePasswordUntil: true,
        lastSignInAt: true,
      },
    });
    const found = new Map(rows.map((row) => [`${row.tenantId}/${row.id}`, row]));
    return asked.map((key) => found.get(`${key.tenantId}/${key.id}`) ?? null);
  }),
  /** Accounts with the panel they belong to, for deciding who may see them. */
  account: batched(async (asked: readonly RowKey[]) => {
    const rows = await prisma.account.findMany({
      where: { OR: byTenant(asked).map(([tenantId, ids]) => ({ tenantId, id: { in: ids } })) },
      include: { reseller: true },
    });
    const found = new Map(rows.map((row) => [`${row.tenantId}/${row.id}`, row]));
    return asked.map((key) => found.get(`${key.tenantId}/${key.id}`) ?? null);
  }),
  customer: batched(async (asked: readonly RowKey[]) => {
    const rows = await prisma.customer.findMany({
      where: { OR: byTenant(asked).map(([tenantId, ids]) => ({ tenantId, id: { in: ids } })) },
    });
    const found = new Map(rows.map((row) => [`${row.tenantId}/${row.id}`, row]));
    return asked.map((key) => found.get(`${key.tenantId}/${key.id}`) ?? null);
  }),
  access: batched((asked: readonly RowKey[]) => accessOf(sql, asked)),
  undoing: batched((asked: readonly RowKey[]) => undoings(sql, asked)),
  transfer: batched(async (asked: readonly RowKey[]) => {
    const rows = await prisma.transfer.findMany({
      where: { OR: byTenant(asked).map(([tenantId, ids]) => ({ tenantId, id: { in: ids } })) },
    });
    const found = new Map(rows.map((row) => [`${row.tenantId}/${row.id}`, row]));
    return asked.map((key) => found.get(`${key.tenantId}/${key.id}`) ?? null);
  }),
  /** Who bought of whom. */
  sides: batched(async (asked: readonly RowKey[]) => {
    const rows = await prisma.purchase.findMany({
      where: { OR: byTenant(asked).map(([tenantId, ids]) => ({ tenantId, id: { in: ids } })) },
      select: { tenantId: true, id: true, buyerId: true, sellerId: true },
    });
    const found = new Map(rows.map((row) => [`${row.tenantId}/${row.id}`, row]));
    return asked.map((key) => found.get(`${key.tenantId}/${key.id}`) ?? null);
  }),
}));

function batched<Key extends object, Value>(load: (keys: readonly Key[]) => Promise<readonly Value[]>): DataLoader<Key, Value, string> {
  return new DataLoader(load, { cacheKeyFn: (key) => Object.values(key).join('/') });
}

function byTenant(keys: readonly RowKey[]): [string, string[]][] {
  const ids = new Map<string, string[]>();
  for (const key of keys) {
    const known = ids.get(key.tenantId);
    if (known === undefined) ids.set(key.tenantId, [key.id]);
    else known.push(key.id);
  }
  return [...ids];
}
