/** Recognizes queries for one page of a statement, which are read without Prisma. */

import { z } from 'zod';
import { type EntriesPage, type PanelWithStatement, readPanelWithStatement } from '../../src/domain/account/panel-with-statement.ts';
import type { Context } from '../core/context.ts';
import type { Nameable } from '../core/global-id.ts';

/** The shape of Prisma's query if the client selects only a panel's account and one page of its statement. */
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

/** The page of entries that the query reads. Null if the query reads anything else. */
function statementOf(query: object): EntriesPage | null {
  const { data } = STATEMENT.safeParse(query);
  if (data === undefined) return null;
  const { orderBy, take, where } = data.include.account.include.entries;
  const { gt: above, lt: before } = where.version;
  const upTo = before === undefined ? Number.MAX_SAFE_INTEGER : before - 1;
  return { limit: take, backward: orderBy.version === 'asc', above, upTo };
}

/**
 * Reads a panel with one page of its statement, if the query reads nothing else. Panels open this page most often, and this path
 * takes a third of the CPU time. Returns undefined if the query must go to Prisma. The caller checks who may see the panel.
 */
export async function panelWithStatement(
  { ports: { lists, topology } }: Context,
  { id, tenantId }: Nameable,
  query: object,
): Promise<PanelWithStatement | null | undefined> {
  const asked = statementOf(query);
  return asked === null ? undefined : readPanelWithStatement(lists, topology, { tenantId, id }, asked);
}
