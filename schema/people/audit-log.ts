/** The audit log: the type AuditEntry and the query auditLog. */

import { queryFromInfo } from '@pothos/plugin-prisma';
import type { AuditChange as Change } from '../../src/domain/audit/record.ts';
import { isAboutCustomers, presentSpelling, visibleChanges } from '../../src/domain/audit/shown.ts';
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

/** The roles that may read the audit log. */
export const AUDIT_ROLES: readonly Role[] = ['PLATFORM', 'OWNER'];

const AuditChange = builder.objectRef<Change>('AuditChange').implement({
  description: 'The change of one field. Values of secrets are never recorded.',
  ...reached('field', 'before', 'after'),
  fields: (t) => ({
    field: t.exposeString('field', { description: 'The name of the field in the API.' }),
    before: t.exposeString('before', { nullable: true, description: 'The old value. Null if there was none.' }),
    after: t.exposeString('after', { nullable: true, description: 'The new value. Null if there is none.' }),
  }),
});

export const AuditEntry = builder.prismaObject('AuditEntry', {
  description: 'A record of a change that moved no credits: who changed what, when and from where. Entries are never changed or removed.',
  interfaces: [Node],
  ...reached('id', 'at', 'action', 'actor', 'address', 'reseller', 'subject', 'changes'),
  fields: (t) => ({
    id: t.id(idField('AuditEntry', (entry) => entry)),
    at: t.expose('createdAt', { type: 'DateTime', description: 'When the change was made.' }),
    action: t.string({
      description: 'The kind of change, for example RESELLER_SUSPENDED.',
      resolve: ({ action }) => presentSpelling(action),
    }),
    actor: t.string({
      nullable: true,
      description: 'The e-mail of the user who made the change. Null if the viewer may not see that user.',
      complexity: STATEMENT_COMPLEXITY,
      resolve: (entry, _args, ctx) => actorIfVisible(ctx, entry),
    }),
    address: t.string({
      nullable: true,
      description: 'The network address of the user. Null if `actor` is null, or if no address was recorded.',
      complexity: STATEMENT_COMPLEXITY,
      resolve: async (entry, _args, ctx) => ((await actorIfVisible(ctx, entry)) === null ? null : entry.address),
    }),
    reseller: t.field({
      type: Reseller,
      description: 'The panel in which the change was made.',
      select: (_args, _ctx, nested) => ({ reseller: nested(true) }),
      resolve: ({ reseller }) => reseller ?? Promise.reject(new Error('an audit entry of the platform itself was selected')),
    }),
    subject: t.string({
      nullable: true,
      description: "The object that was changed: a name or an e-mail. Null if there is none, and for another panel's customer (R18).",
      resolve: (entry, _args, ctx) => (isOfStranger(ctx, entry) ? null : entry.subject),
    }),
    changes: t.field({
      type: [AuditChange],
      description: "The changed fields. For another panel's customer, without their values (R18).",
      resolve: (entry, _args, ctx) => [...visibleChanges(entry.changes, isOfStranger(ctx, entry))],
    }),
  }),
});

/** Whether the entry is about a customer of another panel, whom the viewer may not see (R18). */
function isOfStranger(
  ctx: Context,
  { action, resellerId, tenantId }: { action: string; resellerId: string | null; tenantId: string },
): boolean {
  return isAboutCustomers(action) && (resellerId === null || !ownsCustomers(ctx, { tenantId, id: resellerId }));
}

const AuditEntryConnection = builder.connectionObject(
  { type: AuditEntry, name: 'AuditEntryConnection', description: 'A page of the audit log.' },
  { name: 'AuditEntryEdge', description: 'An entry and its cursor.' },
);

/** The branch whose log to read. Null if the id names no panel that the viewer may see. */
async function branchToRead(ctx: Context, resellerId: string | null | undefined): Promise<{ tenantId: string; path: string } | null> {
  const { panel, tenantId } = viewerOf(ctx);
  if (resellerId === null || resellerId === undefined) {
    if (panel === null) throw new BadUserInput('resellerId', 'the platform has no panel of its own, so give the id of one.');
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
      description: 'The audit log of a panel and everything below it, newest first. Null if the id is unknown. For OWNER and the platform.',
      authScopes: { reads: AUDIT_ROLES, unlocked: true },
      complexity: connectionComplexity,
      args: {
        resellerId: t.arg.id({
          description: "A panel of the viewer's branch. If not given, the viewer's own panel. The platform must give one.",
        }),
      },
      resolve: async (_root, args, ctx, info) => {
        const page = readPage(args, BY_ID);
        const branch = await branchToRead(ctx, args.resellerId);
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
