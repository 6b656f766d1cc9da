/** The queries reseller, node and nodes. */

import { brandWithType } from '@pothos/core';
import { queryFromInfo } from '@pothos/plugin-prisma';
import type { GraphQLResolveInfo } from 'graphql';
import { ownSessions } from '../src/domain/identity/own-sessions.ts';
import { mayRead } from '../src/kernel/actor.ts';
import { BadUserInput } from '../src/kernel/errors.ts';
import { builder } from './core/builder.ts';
import type { Context } from './core/context.ts';
import { decodeId, type Named, type NodeType } from './core/global-id.ts';
import { MAX_NODES } from './core/limits.ts';
import { Node } from './core/node.ts';
import { isClosedByLock, isOwn, requireUnlocked, viewerOf } from './core/scopes.ts';
import { isVisible, visibleResellers } from './core/visibility.ts';
import { Account } from './credits/account.ts';
import { panelWithStatement } from './credits/statement-fast-path.ts';
import { Entry, Transfer } from './credits/transfer.ts';
import { Customer, findCustomer } from './customers/customer.ts';
import { CustomerPayment, findCustomerPayment } from './customers/payments.ts';
import { findPlan, Plan } from './customers/plans.ts';
import { findImport, Import } from './imports/import.ts';
import { API_KEY_COLUMNS, ApiKey } from './people/api-keys.ts';
import { AUDIT_ROLES, AuditEntry } from './people/audit-log.ts';
import { Session } from './people/sessions.ts';
import { USER_COLUMNS } from './people/team.ts';
import { User } from './people/viewer.ts';
import { CreditPackage, findCreditPackage } from './purchases/price-list.ts';
import { findPurchase, Purchase } from './purchases/purchase.ts';
import { findQueuedMessage, QueuedMessage } from './reminders/messages.ts';
import { Reseller } from './resellers/reseller.ts';
import { Delivery, findDelivery, findEndpoint, WebhookEndpoint } from './webhooks/endpoint.ts';

builder.queryField('reseller', (t) =>
  t.prismaField({
    type: Reseller,
    nullable: true,
    description: "A panel by its id. Null if the id is unknown or outside the viewer's branch (R18).",
    authScopes: { signedIn: true },
    args: { id: t.arg.id({ required: true, description: 'The id of a panel.' }) },
    resolve: async (query, _root, { id }, ctx) => {
      const named = decodeId(ctx, id);
      const ofReseller = named?.type === 'Reseller' ? named : null;
      if (ofReseller === null || !isOwn(ctx, ofReseller)) await requireUnlocked(ctx);
      return ofReseller && findReseller(ctx, ofReseller, query);
    },
  }),
);

builder.queryField('node', (t) =>
  t.field({
    type: Node,
    nullable: true,
    description: 'An object by its id. Null if the id is unknown, or names an object that the viewer may not see (R18).',
    authScopes: { signedIn: true },
    args: { id: t.arg.id({ required: true, description: 'The id of any object.' }) },
    resolve: (_root, { id }, ctx, info) => readNode(ctx, id, info),
  }),
);

builder.queryField('nodes', (t) =>
  t.field({
    type: [Node],
    nullable: { list: false, items: true },
    description: 'The objects with these ids, in the same order. 1 to 100 ids. An element is null where `node` would be null.',
    authScopes: { signedIn: true },
    complexity: ({ ids }) => ({ field: 1, multiplier: Math.min(ids.length, MAX_NODES) }),
    args: { ids: t.arg.idList({ required: true, description: 'The ids of any objects.' }) },
    resolve: (_root, { ids }, ctx, info) => {
      if (ids.length < 1 || ids.length > MAX_NODES) throw new BadUserInput('ids', `must be 1 to ${MAX_NODES} ids.`);
      return ids.map((id) => readNode(ctx, id, info));
    },
  }),
);

/** Finds the object. For a locked panel, any id that is not its own, known or not, throws PanelLocked (R8). */
async function readNode(ctx: Context, id: string, info: GraphQLResolveInfo) {
  const named = decodeId(ctx, id);
  const locked = await isClosedByLock(ctx);
  const row = named !== null && (!locked || isNamedOwn(ctx, named)) ? await FINDERS[named.type](ctx, named, info) : null;
  if (row === null) {
    await requireUnlocked(ctx);
    return null;
  }
  return row;
}

/** Whether the id may name an object of the viewer's own. For the types of OWNER_IN_ROW only the row tells, so their finders check. */
function isNamedOwn(ctx: Context, named: Named): boolean {
  if (named.type === 'User') return named.id === viewerOf(ctx).userId;
  return OWNER_IN_ROW.has(named.type) || isOwn(ctx, named);
}

const OWNER_IN_ROW: ReadonlySet<NodeType> = new Set<NodeType>(['Transfer', 'Purchase', 'CreditPackage', 'Session']);

const FINDERS: Record<NodeType, (ctx: Context, named: Named, info: GraphQLResolveInfo) => Promise<object | null>> = {
  Reseller: async (ctx, named, info) => branded(Reseller, await findReseller(ctx, named, selection(ctx, info, 'Reseller'))),
  Account: async (ctx, { tenantId, id }, info) => {
    const where = { tenantId_id: { tenantId, id }, reseller: visibleResellers(ctx) };
    return branded(Account, await ctx.ports.prisma.account.findUnique({ ...selection(ctx, info, 'Account'), where }));
  },
  Entry: async (ctx, { tenantId, id, version }, info) => {
    const key = { tenantId, accountId: id, version: BigInt(version) };
    const where = { tenantId_accountId_version: key, account: { reseller: visibleResellers(ctx) } };
    return branded(Entry, await ctx.ports.prisma.entry.findUnique({ ...selection(ctx, info, 'Entry'), where }));
  },
  Transfer: async (ctx, { tenantId, id }, info) => {
    const { panel } = viewerOf(ctx);
    const sides = (await isClosedByLock(ctx))
      ? [{ fromId: panel?.id ?? '' }, { toId: panel?.id ?? '' }]
      : [{ from: { reseller: visibleResellers(ctx) } }, { to: { reseller: visibleResellers(ctx) } }];
    const where = { tenantId_id: { tenantId, id }, OR: sides };
    return branded(Transfer, await ctx.ports.prisma.transfer.findUnique({ ...selection(ctx, info, 'Transfer'), where }));
  },
  Customer: async (ctx, named, info) => branded(Customer, await findCustomer(ctx, named, selection(ctx, info, 'Customer'))),
  Purchase: async (ctx, named, info) => branded(Purchase, await findPurchase(ctx, named, selection(ctx, info, 'Purchase'))),
  CreditPackage: async (ctx, named) => branded(CreditPackage, await findCreditPackage(ctx, named)),
  CustomerPayment: async (ctx, named, info) =>
    branded(CustomerPayment, await findCustomerPayment(ctx, named, selection(ctx, info, 'CustomerPayment'))),
  Plan: async (ctx, named) => branded(Plan, await findPlan(ctx, named)),
  QueuedMessage: async (ctx, named) => branded(QueuedMessage, await findQueuedMessage(ctx, named)),
  // Only a panel sees its users: each user itself, and an OWNER who is a person the whole team. The platform sees everyone.
  User: async (ctx, { tenantId, id }) => {
    const { key, panel, role, userId } = viewerOf(ctx);
    const isTeam = role === 'OWNER' && key === null && panel !== null;
    if (role !== 'PLATFORM' && userId !== id && !isTeam) return null;
    const where = { tenantId_id: { tenantId, id }, ...(isTeam ? { resellerId: panel.id } : {}) };
    return branded(User, await ctx.ports.prisma.appUser.findUnique({ where, select: USER_COLUMNS }));
  },
  Session: async (ctx, { id, tenantId }) => {
    const viewer = viewerOf(ctx);
    if (viewer.key !== null || viewer.support !== null || tenantId !== viewer.tenantId) return null;
    return branded(Session, (await ownSessions(ctx.ports.sql, viewer, id))[0] ?? null);
  },
  ApiKey: async (ctx, { id, tenantId }) => {
    const { key, panel, role } = viewerOf(ctx);
    if (role !== 'OWNER' || key !== null || panel === null) return null;
    const where = { tenantId_id: { tenantId, id }, resellerId: panel.id };
    return branded(ApiKey, await ctx.ports.prisma.apiKey.findUnique({ where, select: API_KEY_COLUMNS }));
  },
  WebhookEndpoint: async (ctx, named) => branded(WebhookEndpoint, await findEndpoint(ctx, named)),
  Import: async (ctx, named) => branded(Import, await findImport(ctx, named)),
  Delivery: async (ctx, named) => branded(Delivery, await findDelivery(ctx, named)),
  AuditEntry: async (ctx, { id, tenantId }, info) => {
    if (!mayRead(viewerOf(ctx), AUDIT_ROLES)) return null;
    const where = { tenantId_id: { tenantId, id }, reseller: visibleResellers(ctx) };
    return branded(AuditEntry, await ctx.ports.prisma.auditEntry.findUnique({ ...selection(ctx, info, 'AuditEntry'), where }));
  },
};

async function findReseller(ctx: Context, { tenantId, id }: Named, query: object) {
  const read = await panelWithStatement(ctx, { tenantId, id }, query);
  if (read !== undefined) return read !== null && isVisible(ctx, read) ? read : null;
  return ctx.ports.prisma.reseller.findUnique({ ...query, where: { tenantId_id: { tenantId, id }, ...visibleResellers(ctx) } });
}

function selection(context: Context, info: GraphQLResolveInfo, typeName: NodeType) {
  return queryFromInfo({ context, info, typeName });
}

/** Marks the row with its GraphQL type, so that the Node interface can resolve it. */
function branded<Row extends object>(type: Parameters<typeof brandWithType>[1], row: Row | null): Row | null {
  brandWithType(row, type);
  return row;
}
