/** A panel's statement as a connection. */

import { queryFromInfo } from '@pothos/plugin-prisma';
import { type Versions, versionsBetween } from '../../src/domain/account/versions-between.ts';
import { builder } from '../core/builder.ts';
import { BY_VERSION, connectionComplexity, nullIfBadInput, type Page, readPage, toConnection } from '../core/connection.ts';
import { TransferKind, type TransferKindName } from '../core/enums.ts';
import { ownOrUnlocked } from '../core/scopes.ts';
import { Account } from './account.ts';
import { Entry, EntryConnection } from './transfer.ts';

/** The type Entry includes the transfer anyway. It is repeated here so that TypeScript knows. */
const WITH_TRANSFER = { include: { transfer: true } } as const;

interface Filter {
  readonly kinds?: readonly TransferKindName[] | null | undefined;
}

/** Prisma's arguments for a page of one account's entries, newest first. */
function entriesQuery(page: Page<number>, { kinds }: Filter, versions: Versions = { above: null, upTo: null }) {
  const above = Math.max(page.before ?? 0, versions.above ?? 0);
  return {
    where: {
      version: {
        gt: above,
        ...(page.after === null ? {} : { lt: page.after }),
        ...(versions.upTo === null ? {} : { lte: versions.upTo }),
      },
      ...(kinds ? { kind: { in: [...kinds] } } : {}),
    },
    orderBy: { version: page.backward ? ('asc' as const) : ('desc' as const) },
    take: page.size + 1,
  };
}

function entryConnection<Row extends { readonly version: bigint }>(rows: readonly Row[], page: Page<number>) {
  return toConnection(rows, page, BY_VERSION, (entry) => Number(entry.version));
}

builder.prismaObjectField(Account, 'statement', (t) =>
  t.connection(
    {
      type: Entry,
      description: 'The changes of the balance, newest first.',
      authScopes: ownOrUnlocked,
      complexity: connectionComplexity,
      args: {
        kinds: t.arg({ type: [TransferKind], description: 'Returns only changes by transfers of these kinds.' }),
        from: t.arg({ type: 'DateTime', description: 'Returns only changes at this time or later.' }),
        to: t.arg({ type: 'DateTime', description: 'Returns only changes before this time.' }),
      },
      // A period needs its own SQL statement (see resolve). Without a period, the entries are read together with the account.
      select: (args, _ctx, nested) => {
        const query = args.from || args.to ? null : nullIfBadInput(() => entriesQuery(readPage(args, BY_VERSION), args));
        return { entries: query === null ? { take: 0, ...WITH_TRANSFER } : { ...query, ...nested(WITH_TRANSFER, ['edges', 'node']) } };
      },
      resolve: async (account, args, ctx, info) => {
        const page = readPage(args, BY_VERSION);
        if (!args.from && !args.to) return entryConnection(account.entries, page);
        const period = { fromMs: args.from?.getTime() ?? null, toMs: args.to?.getTime() ?? null };
        const versions = await versionsBetween(ctx.ports.lists, account, period);
        const query = entriesQuery(page, args, versions);
        const entries = await ctx.ports.prisma.entry.findMany({
          ...queryFromInfo({ context: ctx, info, typeName: 'Entry', path: ['edges', 'node'], ...WITH_TRANSFER }),
          ...query,
          where: { ...query.where, tenantId: account.tenantId, accountId: account.id },
        });
        return entryConnection(entries, page);
      },
    },
    EntryConnection,
  ),
);
