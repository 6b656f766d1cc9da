/** Splits a query for several tenants into one query per tenant, because a statement on a distributed database names one (ADR-0129). */

import type { Sql, Transaction } from './sql.ts';

interface OfTenant {
  readonly tenantId: string;
}

/**
 * The SQL of the tenant of the requested rows. It is a parameter if all rows belong to one tenant; a distributed database always needs
 * this (see `byTenant`). Otherwise it is the column of the request list that contains the tenant.
 */
export function tenantFragment(sql: Sql | Transaction, asked: readonly OfTenant[], column: string) {
  const tenantId = asked[0]?.tenantId;
  return tenantOr(sql, tenantId !== undefined && asked.every((one) => one.tenantId === tenantId) ? tenantId : null, column);
}

/** The tenant as a parameter, or the column if `tenantId` is null. */
export function tenantOr(sql: Sql | Transaction, tenantId: string | null, column: string) {
  return tenantId === null ? sql.unsafe(column) : sql`${tenantId}::uuid`;
}

/** A condition that a row belongs to the tenant; always true if `tenantId` is null. */
export function isOf(sql: Sql | Transaction, tenantId: string | null, column = 'tenant_id') {
  return tenantId === null ? sql`true` : sql`${sql.unsafe(column)} = ${tenantId}::uuid`;
}

/** Returns the answers in the order of the requests. `ask` must return one answer for each request, in order. Tenants run in parallel. */
export async function byTenant<Asked extends OfTenant, Answer>(
  asked: readonly Asked[],
  ask: (tenantId: string, asked: readonly Asked[]) => Promise<readonly Answer[]>,
): Promise<Answer[]> {
  const groups = [...Map.groupBy(asked.entries(), ([, { tenantId }]) => tenantId)];
  const answered = await Promise.all(
    groups.map(async ([tenantId, group]) => {
      const answers = await ask(
        tenantId,
        group.map(([, one]) => one),
      );
      if (answers.length !== group.length) throw new Error('a query by tenant must return one answer for each request');
      return answers.map((answer, index) => [group[index]?.[0] ?? 0, answer] as const);
    }),
  );
  return answered
    .flat()
    .sort(([a], [b]) => a - b)
    .map(([, answer]) => answer);
}

/** Returns the rows of all tenants, in no particular order. */
export async function rowsByTenant<Asked extends OfTenant, Row>(
  asked: readonly Asked[],
  ask: (tenantId: string, asked: readonly Asked[]) => Promise<readonly Row[]>,
): Promise<Row[]> {
  const groups = [...Map.groupBy(asked, ({ tenantId }) => tenantId)];
  return (await Promise.all(groups.map(([tenantId, group]) => ask(tenantId, group)))).flat();
}
