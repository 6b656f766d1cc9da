/** The orders in which a panel's children are listed, and how a page of each is read. */

import type { Prisma } from '../../prisma/generated/client/client.ts';
import { builder } from '../core/builder.ts';
import {
  BY_BALANCE,
  BY_ID,
  BY_ID_DOWN,
  BY_NAME,
  type Connection,
  type CursorKind,
  idPage,
  newestPage,
  type Page,
  type PageArgs,
  readPage,
  toConnection,
  valuePage,
} from '../core/connection.ts';
import { nameContains } from '../core/search.ts';

export const ResellerOrder = builder.enumType('ResellerOrder', {
  description: 'The order of a list of panels.',
  values: {
    OLDEST: { description: 'Oldest first.' },
    NEWEST: { description: 'Newest first.' },
    NAME: { description: 'By name, ignoring case and accents.' },
    BALANCE: { description: 'Smallest balance first.' },
  } as const,
});

interface ChildrenArgs extends PageArgs {
  readonly search?: string | null | undefined;
  readonly order: typeof ResellerOrder.$inferType;
  readonly locked?: boolean | null | undefined;
}

/** The columns by which panels are ordered. The account is read only for the order BALANCE. */
interface Ordered {
  readonly id: string;
  readonly sortKey: string;
  readonly account?: { readonly balance: bigint } | null;
}

interface PageQuery {
  readonly where: Prisma.ResellerWhereInput;
  readonly orderBy: Prisma.ResellerOrderByWithRelationInput | Prisma.ResellerOrderByWithRelationInput[];
  readonly take: number;
}

interface Plan {
  /** Prisma's arguments for the page, with the columns to select of each panel. */
  query(selection: Selection | undefined): PageQuery & Selection;
  connect<Row extends Ordered>(rows: readonly Row[], count: () => Promise<number>): Connection<Row>;
}

interface Selection {
  readonly include?: Prisma.ResellerInclude;
}

/**
 * Plans a page in the requested order. Every order except BALANCE has an index. A balance changes with every transfer, so it has
 * none: the children of the one panel are sorted.
 */
export function planChildren(args: ChildrenArgs): Plan {
  const planned = <Key>(
    kind: CursorKind<Key>,
    pageOf: (page: Page<Key>) => PageQuery,
    keyOf: (row: Ordered) => Key,
    needs?: Selection,
  ): Plan => {
    const page = readPage(args, kind);
    const { where, ...rest } = pageOf(page);
    const asked = { AND: [where, nameContains(args.search), isLocked(args.locked)] };
    return {
      query: (selection = {}) => ({
        ...selection,
        ...rest,
        where: asked,
        ...(needs && { include: { ...needs.include, ...selection.include } }),
      }),
      connect: (rows, count) => toConnection(rows, page, kind, keyOf, count),
    };
  };
  switch (args.order) {
    case 'OLDEST':
      return planned(BY_ID, idPage, ({ id }) => id);
    case 'NEWEST':
      return planned(BY_ID_DOWN, newestPage, ({ id }) => id);
    case 'NAME':
      return planned(
        BY_NAME,
        (page) => valuePage(page, (sortKey) => ({ sortKey })),
        ({ id, sortKey }) => ({ value: sortKey, id }),
      );
    case 'BALANCE':
      return planned(
        BY_BALANCE,
        (page) => valuePage(page, (balance) => ({ account: { balance } })),
        ({ account, id }) => ({ value: account?.balance ?? 0n, id }),
        { include: { account: true } },
      );
  }
}

function isLocked(locked: boolean | null | undefined): Prisma.ResellerWhereInput {
  return locked === null || locked === undefined ? {} : { account: { locked } };
}
