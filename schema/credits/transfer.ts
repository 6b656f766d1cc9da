/** The types Transfer and Entry, and what of them each viewer sees. */

import type { Transfer as TransferRow } from '../../prisma/generated/client/client.ts';
import type { TransferKind as KindName } from '../../src/kernel/journal.ts';
import { builder } from '../core/builder.ts';
import type { Context } from '../core/context.ts';
import { Counterparty, TransferKind } from '../core/enums.ts';
import { STATEMENT_COMPLEXITY } from '../core/limits.ts';
import { loadersOf } from '../core/loaders.ts';
import { idField, Node } from '../core/node.ts';
import { isClosedByLock, reached, viewerOf } from '../core/scopes.ts';
import { accountIfVisible, isVisible } from '../core/visibility.ts';
import { Account } from './account.ts';

/** From which account a transfer was reached: the one whose entry led to it. */
const seenFrom = new WeakMap<object, string>();

export const Transfer = builder.prismaObject('Transfer', {
  description: 'Credits that moved: into the tenant, from panel to panel, or out as they were consumed or withdrawn.',
  interfaces: [Node],
  ...reached('id', 'kind', 'amount', 'createdAt', 'memo', 'from', 'to', 'counterparty', 'actor'),
  fields: (t) => ({
    id: t.id(idField('Transfer', (transfer) => transfer)),
    kind: t.expose('kind', { type: TransferKind, description: 'Why the credits moved.' }),
    amount: t.expose('amount', { type: 'Credits', description: 'Credits that moved.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the credits moved.' }),
    memo: t.exposeString('memo', { nullable: true, description: 'What its maker wrote about it.' }),
    from: t.field({
      type: Account,
      nullable: true,
      description: 'The account that paid; absent for issued credits, and where the viewer may not see it.',
      complexity: STATEMENT_COMPLEXITY,
      resolve: (transfer, _args, ctx) => accountIfVisible(ctx, transfer.tenantId, transfer.fromId),
    }),
    to: t.field({
      type: Account,
      nullable: true,
      description: 'The account that received; absent for consumed credits, and where the viewer may not see it.',
      complexity: STATEMENT_COMPLEXITY,
      resolve: (transfer, _args, ctx) => accountIfVisible(ctx, transfer.tenantId, transfer.toId),
    }),
    counterparty: t.field({
      type: Counterparty,
      nullable: true,
      description: 'Seen from the panel whose entry it is; null when reached otherwise.',
      deprecationReason: 'One transfer has up to three values, by the way it was reached: use Entry.counterparty.',
      resolve: (transfer, _args, ctx) => {
        const account = seenFrom.get(transfer);
        return account === undefined ? null : counterpartyOf(ctx, transfer, account);
      },
    }),
    actor: t.string({
      nullable: true,
      description: 'The e-mail of who did it; null when outside what the viewer may see.',
      complexity: STATEMENT_COMPLEXITY,
      resolve: (transfer, _args, ctx) => actorIfVisible(ctx, transfer),
    }),
  }),
});

/** The e-mail of who acted; null when outside what the viewer may see, or somebody else of a panel while the viewer is locked. */
export async function actorIfVisible(ctx: Context, { tenantId, actorId }: { tenantId: string; actorId: string }): Promise<string | null> {
  const viewer = viewerOf(ctx);
  const who = await loadersOf(ctx).whoActed.load({ tenantId, actorId });
  if (who === null) return null;
  if (viewer.panel === null) return who.email;
  const path = who.path ?? '';
  const visible = isVisible(ctx, { tenantId: who.tenantId, path }) && (path === viewer.panel.path || !(await isClosedByLock(ctx)));
  return visible ? who.email : null;
}

const BY_CUSTOMERS: readonly KindName[] = ['ACTIVATION', 'RENEWAL', 'SCREENS', 'REFUND', 'UNDO'];
const UPWARDS: readonly KindName[] = ['RECLAIM', 'SWEEP'];

type Side = 'PLATFORM' | 'PARENT' | 'CHILD' | 'CUSTOMER';

/** Credits go down the tree except when they are taken back; what has one side only is a customer's or the platform's. */
function counterpartyOf(ctx: Context, transfer: TransferRow, accountId: string): Side | Promise<Side | null> {
  const { fromId, kind, purchaseId, tenantId, toId } = transfer;
  if (fromId === null || toId === null) return BY_CUSTOMERS.includes(kind) ? 'CUSTOMER' : 'PLATFORM';
  if (purchaseId !== null) return sideOfSale(ctx, { tenantId, id: purchaseId }, accountId, accountId === fromId ? toId : fromId);
  const child = UPWARDS.includes(kind) ? fromId : toId;
  return accountId === child ? 'PARENT' : 'CHILD';
}

/**
 * Credits of a sale go both ways, and outlive the place of its two sides in the tree: the buyer bought of the panel above it. Whoever
 * stands in for one of them (ADR-0040, ADR-0041) is neither above the other nor below it.
 */
async function sideOfSale(ctx: Context, id: { tenantId: string; id: string }, accountId: string, otherId: string): Promise<Side | null> {
  const sale = await loadersOf(ctx).purchase.load(id);
  if (sale?.buyerId === accountId && sale.sellerId === otherId) return 'PARENT';
  return sale?.sellerId === accountId && sale.buyerId === otherId ? 'CHILD' : null;
}

export const Entry = builder.prismaObject('Entry', {
  description: 'One change of an account. Entries are never changed or removed.',
  interfaces: [Node],
  ...reached('id', 'version', 'delta', 'balanceAfter', 'createdAt', 'transfer', 'counterparty'),
  // Read with the entry: an event of a subscription has it at hand as well.
  include: { transfer: true },
  fields: (t) => ({
    id: t.id(idField('Entry', (entry) => ({ tenantId: entry.tenantId, id: entry.accountId, version: entry.version }))),
    version: t.expose('version', { type: 'Version', description: "Its number among the account's changes: 1, 2, 3 …" }),
    delta: t.expose('delta', { type: 'CreditsDelta', description: 'Credits that came in; negative: that went out.' }),
    balanceAfter: t.expose('balanceAfter', { type: 'Credits', description: 'The balance it left.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the credits moved.' }),
    counterparty: t.field({
      type: Counterparty,
      nullable: true,
      description: "Who is on the other side, from this account's side; null for a panel that settled a sale in another's place.",
      resolve: ({ accountId, transfer }, _args, ctx) => counterpartyOf(ctx, transfer, accountId),
    }),
    transfer: t.field({
      type: Transfer,
      description: 'What moved the credits.',
      resolve: ({ accountId, transfer }) => {
        seenFrom.set(transfer, accountId);
        return transfer;
      },
    }),
  }),
});

export const TransferConnection = builder.connectionObject(
  { type: Transfer, name: 'TransferConnection', description: 'Transfers of a list.' },
  { name: 'TransferEdge', description: 'A transfer and its place in the list.' },
);

export const EntryConnection = builder.connectionObject(
  { type: Entry, name: 'EntryConnection', description: 'Entries of a statement.' },
  { name: 'EntryEdge', description: 'An entry and its place in the statement.' },
);

builder.globalConnectionField('totalCount', (t) =>
  t.int({
    nullable: true,
    description: 'How many there are in all; null where counting is not offered.',
    complexity: STATEMENT_COMPLEXITY,
    resolve: (connection) => connection.count?.() ?? null,
  }),
);
