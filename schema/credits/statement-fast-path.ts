/** Recognizes queries for one page of a statement, which are read without Prisma. */

import { z } from 'zod';
import { type EntriesAsked, type StatedPanel, statedPanel } from '../../src/domain/account/stated-panel.ts';
import type { Context } from '../core/context.ts';
import type { Nameable } from '../core/global-id.ts';

/** What Prisma is to be asked for where nothing is selected of a panel but its account and a page of its statement. */
const STATEMENT = z.strictObject({
  include: z.strictObject({
    account: z.strictObject({
      include: z.strictObject({
        entries: z.strictObject({
          where: z.strictObject({ version: z.strictObject({ gt: z.int(), lt: z.int().optional() }) }),
          orderBy: z.strictObject({ version: z.enum(['asc', 'desc']) }),
          take: z.int().positive(),
          include: z.strictObject({ transfer: z.literal(true) }),
        }),
      }),
    }),
  }),
});

/** The page of a statement that a query for a panel comes down to; null when more is asked for, or something else. */
function statementOf(query: object): EntriesAsked | null {
  const { data } = STATEMENT.safeParse(query);
  if (data === undefined) return null;
  const { orderBy, take, where } = data.include.account.include.entries;
  const { gt: above, lt: before } = where.version;
  const upTo = before === undefined ? Number.MAX_SAFE_INTEGER : before - 1;
  return { limit: take, backward: orderBy.version === 'asc', above, upTo };
}

/**
 * The panel with its statement, where that is all that Prisma would be asked for: the page that panels look at most, for a third
 * of the CPU. undefined: Prisma is the one to ask. Who may see the panel is the caller's to decide.
 */
export async function panelWithStatement(
  { ports: { lists, topology } }: Context,
  { id, tenantId }: Nameable,
  query: object,
): Promise<StatedPanel | null | undefined> {
  const asked = statementOf(query);
  return asked === null ? undefined : statedPanel(lists, topology, { tenantId, id }, asked);
}
