/** A panel's parent, children and descendants, and the query tenants. */

import { queryFromInfo } from '@pothos/plugin-prisma';
import { descendantIds } from '../../src/domain/reseller/descendants.ts';
import { builder } from '../core/builder.ts';
import {
  BY_ID,
  BY_LEVEL,
  connectionComplexity,
  idPage,
  nullIfBadInput,
  type Page,
  readPage,
  toConnection,
  wholeRowsIfEmpty,
} from '../core/connection.ts';
import { loadersOf } from '../core/loaders.ts';
import { isOwn } from '../core/scopes.ts';
import { nameContains, searchPattern } from '../core/search.ts';
import { isVisible } from '../core/visibility.ts';
import { planChildren, ResellerOrder } from './children-order.ts';
import { Reseller, ResellerConnection } from './reseller.ts';

const SEARCH = { description: 'Returns only panels whose name contains this text, ignoring case.' };

/** Prisma's arguments for a page of panels, oldest first. */
function panelsQuery(page: Page<string>, search: string | null | undefined) {
  const { where, ...rest } = idPage(page);
  return { ...rest, where: { ...where, ...nameContains(search) } };
}

builder.prismaObjectFields(Reseller, (t) => ({
  parent: t.field({
    type: Reseller,
    nullable: true,
    description: "The panel directly above. Null for the viewer's own panel, because nothing above it is visible (R18).",
    select: (_args, _ctx, nested) => ({ parent: nested(true) }),
    resolve: (reseller, _args, ctx) =>
      !isOwn(ctx, reseller) && reseller.parent !== null && isVisible(ctx, reseller.parent) ? reseller.parent : null,
  }),
  children: t.connection(
    {
      type: Reseller,
      nullable: true,
      description: 'The panels directly below this one.',
      authScopes: { unlocked: true },
      complexity: connectionComplexity,
      args: {
        search: t.arg.string(SEARCH),
        order: t.arg({ type: ResellerOrder, required: true, defaultValue: 'OLDEST', description: 'The order of the list.' }),
        locked: t.arg.boolean({ description: 'True returns only locked panels, false only panels with credits.' }),
      },
      select: (args, _ctx, nested) => {
        const query = nullIfBadInput(() => planChildren(args).query(wholeRowsIfEmpty(nested(true, ['edges', 'node']))));
        return { children: query ?? { take: 0 } };
      },
      resolve: (reseller, args, ctx) => {
        const { locked = null, search } = args;
        const asked = { tenantId: reseller.tenantId, parentId: reseller.id, pattern: searchPattern(search), locked };
        return planChildren(args).connect(reseller.children, () => loadersOf(ctx).childCount.load(asked));
      },
    },
    ResellerConnection,
  ),
  descendants: t.connection(
    {
      type: Reseller,
      nullable: true,
      description: 'All panels below this one, nearest level first.',
      authScopes: { unlocked: true },
      complexity: connectionComplexity,
      args: { search: t.arg.string(SEARCH) },
      resolve: async (reseller, args, ctx, info) => {
        const page = readPage(args, BY_LEVEL);
        const { after, backward, before, size } = page;
        const pattern = searchPattern(args.search);
        const ids = await descendantIds(ctx.ports.lists, reseller, { limit: size + 1, backward, after, before, pattern });
        const rows = await ctx.ports.prisma.reseller.findMany({
          ...queryFromInfo({ context: ctx, info, typeName: 'Reseller', path: ['edges', 'node'] }),
          where: { tenantId: reseller.tenantId, id: { in: ids } },
        });
        const byId = new Map(rows.map((row) => [row.id, row]));
        const inOrder = ids.flatMap((id) => byId.get(id) ?? []);
        return toConnection(inOrder, page, BY_LEVEL, ({ depth, path }) => ({ depth, path }));
      },
    },
    ResellerConnection,
  ),
}));

builder.queryField('tenants', (t) =>
  t.connection(
    {
      type: Reseller,
      nullable: true,
      description: 'The root panels of all tenants, oldest first. For the platform.',
      authScopes: { reads: ['PLATFORM'] },
      complexity: connectionComplexity,
      args: { search: t.arg.string(SEARCH) },
      resolve: async (_root, args, ctx, info) => {
        const page = readPage(args, BY_ID);
        const query = panelsQuery(page, args.search);
        const rows = await ctx.ports.prisma.reseller.findMany({
          ...queryFromInfo({ context: ctx, info, typeName: 'Reseller', path: ['edges', 'node'] }),
          ...query,
          where: { ...query.where, parentId: null },
        });
        return toConnection(rows, page, BY_ID, ({ id }) => id);
      },
    },
    ResellerConnection,
  ),
);
