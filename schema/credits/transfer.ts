/** The types Transfer and Entry, and the parts of them that each viewer sees. */

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

/** The account through whose entry a transfer was reached. */
const seenFrom = new WeakMap<object, string>();

export const Transfer = builder.prismaObject('Transfer', {
  description: 'One movement of credits: into the tenant, from panel to panel, or out when credits are consumed or withdrawn (R32).',
  interfaces: [Node],
  ...reached('id', 'kind', 'amount', 'createdAt', 'memo', 'from', 'to', 'counterparty', 'actor'),
  fields: (t) => ({
    id: t.id(idField('Transfer', (transfer) => transfer)),
    kind: t.expose('kind', { type: TransferKind, description: 'Why the credits moved.' }),
    amount: t.expose('amount', { type: 'Credits', description: 'The number of credits that moved.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the credits moved.' }),
    memo: t.exposeString('memo', { nullable: true, description: 'The note of the user who made the transfer. Null if there is none.' }),
    from: t.field({
      type: Account,
      nullable: true,
      description: 'The account that paid. Null for issued credits, and if the viewer may not see the account (R18).',
      complexity: STATEMENT_COMPLEXITY,
      resolve: (transfer, _args, ctx) => accountIfVisible(ctx, transfer.tenantId, transfer.fromId),
    }),
    to: t.field({
      type: Account,
      nullable: true,
      description: 'The account that received. Null for consumed or withdrawn credits, and if the viewer may not see the account (R18).',
      complexity: STATEMENT_COMPLEXITY,
      resolve: (transfer, _args, ctx) => accountIfVisible(ctx, transfer.tenantId, transfer.toId),
    }),
    counterparty: t.field({
      type: Counterparty,
      nullable: true,
      description: 'The other side, as seen from the panel whose entry led to this transfer. Null if it was reached in another way.',
      deprecationReason: 'The value depends on how the transfer was reached. Use Entry.counterparty.',
      resolve: (transfer, _args, ctx) => {
        const account = seenFrom.get(transfer);
        return account === undefined ? null : counterpartyOf(ctx, transfer, account);
      },
    }),
    actor: t.string({
      nullable: true,
      description: 'The e-mail of the user who made the transfer. Null if the viewer may not see that user.',
      complexity: STATEMENT_COMPLEXITY,
      resolve: (transfer, _args, ctx) => actorIfVisible(ctx, transfer),
    }),
  }),
});

/** The e-mail of the user who acted. Null if the viewer may not see that user; a locked viewer sees only users of its own panel. */
export async function actorIfVisible(ctx: Context, { tenantId, actorId }: { tenantId: string; actorId: string }): Promise<string | null> {
  const viewer = viewerOf(ctx);
  const who = await loadersOf(ctx).transferActors.load({ tenantId, actorId });
  if (who === null) return null;
  if (viewer.panel === null) return who.email;
  const path = who.path ?? '';
  const visible = isVisible(ctx, { tenantId: who.tenantId, path }) && (path === viewer.panel.path || !(await isClosedByLock(ctx)));
  return visible ? who.email : null;
}

const BY_CUSTOMERS: readonly KindName[] = ['ACTIVATION', 'RENEWAL', 'SCREENS', 'REFUND', 'UNDO'];
const UPWARDS: readonly KindName[] = ['RECLAIM', 'SWEEP'];

type Side = 'PLATFORM' | 'PARENT' | 'CHILD' | 'CUSTOMER';

/** Credits go down the tree unless they are taken back. The other side of a transfer with one account is a customer or the platform. */
function counterpartyOf(ctx: Context, transfer: TransferRow, accountId: string): Side | Promise<Side | null> {
  const { fromId, kind, purchaseId, tenantId, toId } = transfer;
  if (fromId === null || toId === null) return BY_CUSTOMERS.includes(kind) ? 'CUSTOMER' : 'PLATFORM';
  if (purchaseId !== null) return sideOfSale(ctx, { tenantId, id: purchaseId }, accountId, accountId === fromId ? toId : fromId);
  const child = UPWARDS.includes(kind) ? fromId : toId;
  return accountId === child ? 'PARENT' : 'CHILD';
}

/**
 * The credits of a sale can go both ways, and the buyer or seller can be moved later. So the sale itself decides: the seller is the
 * PARENT and the buyer the CHILD. A panel that acts in place of one of them (ADR-0040, ADR-0041) is neither, which gives null.
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
  // The transfer is read with the entry, because an event of a subscription has it too.
  include: { transfer: true },
  fields: (t) => ({
    id: t.id(idField('Entry', (entry) => ({ tenantId: entry.tenantId, id: entry.accountId, version: entry.version }))),
    version: t.expose('version', {
      type: 'Version',
      description: 'The number of the change in the account: 1, 2, 3 … without gaps (R33).',
    }),
    delta: t.expose('delta', { type: 'CreditsDelta', description: 'The credits that came in, or went out if negative.' }),
    balanceAfter: t.expose('balanceAfter', { type: 'Credits', description: 'The balance after the change.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the credits moved.' }),
    counterparty: t.field({
      type: Counterparty,
      nullable: true,
      description: 'The other side, as seen from this account. Null if a panel settled a sale in place of its seller or buyer.',
      resolve: ({ accountId, transfer }, _args, ctx) => counterpartyOf(ctx, transfer, accountId),
    }),
    transfer: t.field({
      type: Transfer,
      description: 'The transfer that moved the credits.',
      resolve: ({ accountId, transfer }) => {
        seenFrom.set(transfer, accountId);
        return transfer;
      },
    }),
  }),
});

export const TransferConnection = builder.connectionObject(
  { type: Transfer, name: 'TransferConnection', description: 'A page of transfers.' },
  { name: 'TransferEdge', description: 'A transfer and its cursor.' },
);

export const EntryConnection = builder.connectionObject(
  { type: Entry, name: 'EntryConnection', description: 'A page of a statement.' },
  { name: 'EntryEdge', description: 'An entry and its cursor.' },
);

builder.globalConnectionField('totalCount', (t) =>
  t.int({
    nullable: true,
    description: 'The number of nodes in the whole list. Null if the list cannot be counted.',
    complexity: STATEMENT_COMPLEXITY,
    resolve: (connection) => connection.count?.() ?? null,
  }),
);
