/** The audit log: its type and its query. */

import { queryFromInfo } from '@pothos/plugin-prisma';
import type { AuditChange as Change } from '../../src/domain/audit/record.ts';
import { changesShown, isOfCustomer, spelledNow } from '../../src/domain/audit/shown.ts';
import { branchEnd, type Role } from '../../src/kernel/actor.ts';
import { BadUserInput } from '../../src/kernel/errors.ts';
import { builder } from '../core/builder.ts';
import { BY_ID, connectionComplexity, newestPage, readPage, toConnection } from '../core/connection.ts';
import type { Context } from '../core/context.ts';
import { decodeIdOf } from '../core/global-id.ts';
import { STATEMENT_COMPLEXITY } from '../core/limits.ts';
import { idField, Node } from '../core/node.ts';
import { reached, viewerOf } from '../core/scopes.ts';
import { ownsCustomers, visibleResellers } from '../core/visibility.ts';
import { actorIfVisible } from '../credits/transfer.ts';
import { Reseller } from '../resellers/reseller.ts';

/** Who reads the log of a branch. */
export const AUDIT_ROLES: readonly Role[] = ['PLATFORM', 'OWNER'];

const AuditChange = builder.objectRef<Change>('AuditChange').implement({
  description: 'One field, before and after. Secrets are never written down.',
  ...reached('field', 'before', 'after'),
  fields: (t) => ({
    field: t.exposeString('field', { description: 'What it is called in the API.' }),
    before: t.exposeString('before', { nullable: true, description: 'As it was; null: nothing.' }),
    after: t.exposeString('after', { nullable: true, description: 'As it became; null: nothing.' }),
  }),
});

export const AuditEntry = builder.prismaObject('AuditEntry', {
  description: 'A change that moved no credits: who did it, to what, when, and from where. Entries are never changed or removed.',
  interfaces: [Node],
  ...reached('id', 'at', 'action', 'actor', 'address', 'reseller', 'subject', 'changes'),
  fields: (t) => ({
    id: t.id(idField('AuditEntry', (entry) => entry)),
    at: t.expose('createdAt', { type: 'DateTime', description: 'When it was done.' }),
    action: t.string({
      description: 'What was done, as RESELLER_SUSPENDED.',
      resolve: ({ action }) => spelledNow(action),
    }),
    actor: t.string({
      nullable: true,
      description: 'The e-mail of who did it; null when outside what the viewer may see.',
      complexity: STATEMENT_COMPLEXITY,
      resolve: (entry, _args, ctx) => actorIfVisible(ctx, entry),
    }),
    address: t.string({
      nullable: true,
      description: 'The network address it was done from; null when the actor is not shown.',
      complexity: STATEMENT_COMPLEXITY,
      resolve: async (entry, _args, ctx) => ((await actorIfVisible(ctx, entry)) === null ? null : entry.address),
    }),
    reseller: t.field({
      type: Reseller,
      description: 'The panel it happened in.',
      select: (_args, _ctx, nested) => ({ reseller: nested(true) }),
      resolve: ({ reseller }) => reseller ?? Promise.reject(new Error("an entry of the platform's own is nobody's to read")),
    }),
    subject: t.string({
      nullable: true,
      description: "What it was done to, in words: a name or an e-mail; null of another panel's customer.",
      resolve: (entry, _args, ctx) => (isOfStranger(ctx, entry) ? null : entry.subject),
    }),
    changes: t.field({
      type: [AuditChange],
      description: "What became different; of another panel's customer only what kind of thing.",
      resolve: (entry, _args, ctx) => [...changesShown(entry.changes, isOfStranger(ctx, entry))],
    }),
  }),
});

/** Customers are their own panel's business (R18), in the log of the branch above it too. */
function isOfStranger(
  ctx: Context,
  { action, resellerId, tenantId }: { action: string; resellerId: string | null; tenantId: string },
): boolean {
  return isOfCustomer(action) && (resellerId === null || !ownsCustomers(ctx, { tenantId, id: resellerId }));
}

const AuditEntryConnection = builder.connectionObject(
  { type: AuditEntry, name: 'AuditEntryConnection', description: 'Entries of an audit log.' },
  { name: 'AuditEntryEdge', description: 'An entry and its place in the log.' },
);

/** The branch whose log is read; null when the id names nothing that the viewer may see. */
async function branchAskedAbout(ctx: Context, resellerId: string | null | undefined): Promise<{ tenantId: string; path: string } | null> {
  const { panel, tenantId } = viewerOf(ctx);
  if (resellerId === null || resellerId === undefined) {
    if (panel === null) throw new BadUserInput('resellerId', 'the platform has no panel of its own: name one.');
    return { tenantId, path: panel.path };
  }
  const named = decodeIdOf(ctx, 'Reseller', resellerId);
  if (named === null) return null;
  const where = { tenantId_id: named, ...visibleResellers(ctx) };
  return ctx.ports.prisma.reseller.findUnique({ where, select: { tenantId: true, path: true } });
}

builder.queryField('auditLog', (t) =>
  t.connection(
    {
      type: AuditEntry,
      nullable: true,
      description:
        'Changes that moved no credits, of a panel and everything below it, newest first; null when the id is unknown. For OWNERs and the platform.',
      authScopes: { reads: AUDIT_ROLES, unlocked: true },
      complexity: connectionComplexity,
      args: {
        resellerId: t.arg.id({
          description: "A panel of the viewer's branch; the viewer's own when not given. The platform must name one.",
        }),
      },
      resolve: async (_root, args, ctx, info) => {
        const page = readPage(args, BY_ID);
        const branch = await branchAskedAbout(ctx, args.resellerId);
        if (branch === null) return null;
        const { tenantId, path } = branch;
        const { where, ...query } = newestPage(page);
        const rows = await ctx.ports.prisma.auditEntry.findMany({
          ...queryFromInfo({ context: ctx, info, typeName: 'AuditEntry', path: ['edges', 'node'] }),
          ...query,
          where: { ...where, tenantId, reseller: { path: { gte: path, lt: branchEnd(path) } } },
        });
        return toConnection(rows, page, BY_ID, ({ id }) => id);
      },
    },
    AuditEntryConnection,
  ),
);
