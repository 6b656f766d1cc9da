/** Asks tenant by tenant what was asked of several: a statement of a distributed database names one (ADR-0129). */

import type { Sql, Transaction } from './sql.ts';

interface OfTenant {
  readonly tenantId: string;
}

/**
 * How a statement names the tenant of what it is asked: by a parameter where all is one tenant's, which is the only way of a distributed
 * database (see `byTenant`), and else by the column that its list has for it.
 */
export function tenantOf(sql: Sql | Transaction, asked: readonly OfTenant[], column: string) {
  const tenantId = asked[0]?.tenantId;
  return tenantOr(sql, tenantId !== undefined && asked.every((one) => one.tenantId === tenantId) ? tenantId : null, column);
}

/** The tenant, or the column that says it where none is given. */
export function tenantOr(sql: Sql | Transaction, tenantId: string | null, column: string) {
  return tenantId === null ? sql.unsafe(column) : sql`${tenantId}::uuid`;
}

/** That a row is the tenant's; always so where none is given. */
export function isOf(sql: Sql | Transaction, tenantId: string | null, column = 'tenant_id') {
  return tenantId === null ? sql`true` : sql`${sql.unsafe(column)} = ${tenantId}::uuid`;
}

/** The answers in the order asked; `ask` gives one for each that it was asked, in its order. Tenants are asked side by side. */
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
      if (answers.length !== group.length) throw new Error('an answer for each that was asked');
      return answers.map((answer, index) => [group[index]?.[0] ?? 0, answer] as const);
    }),
  );
  return answered
    .flat()
    .sort(([a], [b]) => a - b)
    .map(([, answer]) => answer);
}

/** The rows of all tenants, in no order. */
export async function rowsByTenant<Asked extends OfTenant, Row>(
  asked: readonly Asked[],
  ask: (tenantId: string, asked: readonly Asked[]) => Promise<readonly Row[]>,
): Promise<Row[]> {
  const groups = [...Map.groupBy(asked, ({ tenantId }) => tenantId)];
  return (await Promise.all(groups.map(([tenantId, group]) => ask(tenantId, group)))).flat();
}
