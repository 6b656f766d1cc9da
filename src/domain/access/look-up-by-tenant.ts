/** Looks up attempts in a distributed database: customers on the node of their tenant, failures in their own table. */

import { byTenant } from '../../db/by-tenant.ts';
import type { Sql } from '../../db/sql.ts';
import { NIL_UUID } from '../../kernel/nil-uuid.ts';
import type { PaidRow } from '../customer/paid-screens.ts';
import type { FailureKeys, Failures } from './access-failures.ts';

/** The facts of a login at one moment. Without a customer the login does not exist. */
export type FoundRow = Failures & { readonly version: number } & (
    | (PaidRow & { readonly customerId: string; readonly proof: string; readonly now: Date })
    | { readonly customerId: null; readonly proof: null }
  );

interface LoginAttempt {
  readonly tenantId: string;
  readonly login: string;
  readonly keys: FailureKeys;
}

/** As `lookUp` of check-access.ts, with a statement for the failures and one for each tenant. Returns rows in the order of the attempts. */
export async function lookUpByTenant(sql: Sql, attempts: readonly LoginAttempt[]): Promise<readonly FoundRow[]> {
  const [failures, found] = await Promise.all([
    failuresOf(sql, attempts),
    byTenant(attempts, (tenantId, own) => customersOf(sql, tenantId, own)),
  ]);
  return found.map((row, index) => {
    const failed = failures[index];
    if (failed === undefined) throw new Error('an attempt was not looked up');
    return { ...row, ...failed };
  });
}

function failuresOf(sql: Sql, attempts: readonly LoginAttempt[]): Promise<Failures[]> {
  const asked = attempts.map(({ keys }, place) => ({ place, both: keys.both, alone: keys.login, secret: keys.secret }));
  return sql<Failures[]>`
    SELECT b.points AS "bothPoints", b.expire - moment.ms AS "bothLeftMs", l.points AS "loginPoints", l.expire - moment.ms AS "loginLeftMs",
      s.expire > moment.ms IS TRUE AS "isRepeated"
    FROM (SELECT round(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS ms OFFSET 0) AS moment
    CROSS JOIN jsonb_to_recordset(${JSON.stringify(asked)}::text::jsonb) AS w (place integer, "both" text, alone text, secret text)
    LEFT JOIN LATERAL (SELECT points, expire FROM sign_in_failure WHERE key = w."both" OFFSET 0) AS b ON true
    LEFT JOIN LATERAL (SELECT points, expire FROM sign_in_failure WHERE key = w.alone OFFSET 0) AS l ON true
    LEFT JOIN LATERAL (SELECT expire FROM sign_in_failure WHERE key = w.secret OFFSET 0) AS s ON true
    ORDER BY w.place`;
}

type Customer =
  | Omit<FoundRow & { readonly customerId: string }, keyof Failures>
  | Omit<FoundRow & { readonly customerId: null }, keyof Failures>;

function customersOf(sql: Sql, tenantId: string, attempts: readonly LoginAttempt[]): Promise<Customer[]> {
  const asked = attempts.map(({ login }, place) => ({ place, login }));
  return sql<Customer[]>`
    SELECT a.customer_id AS "customerId", a.proof, c.screens, c.later_spans AS "laterSpans", c.next_screens AS "nextScreens",
      c.expires_at AS "expiresAt", moment.now, coalesce(v.version, 0) AS version
    FROM (SELECT clock_timestamp() AS now OFFSET 0) AS moment
    CROSS JOIN jsonb_to_recordset(${JSON.stringify(asked)}::text::jsonb) AS w (place integer, login text)
    LEFT JOIN LATERAL (
      SELECT f.customer_id, f.proof FROM (
        SELECT login, customer_id, proof FROM customer_access WHERE tenant_id = ${tenantId}::uuid AND login >= w.login ORDER BY login LIMIT 1
      ) AS f WHERE f.login = w.login
    ) AS a ON true
    LEFT JOIN LATERAL (
      SELECT f.* FROM (
        SELECT id, screens, later_spans, next_screens, expires_at FROM customer
        WHERE tenant_id = ${tenantId}::uuid AND id >= coalesce(a.customer_id, ${NIL_UUID}::uuid) ORDER BY id LIMIT 1
      ) AS f WHERE f.id = a.customer_id
    ) AS c ON true
    LEFT JOIN LATERAL (SELECT version FROM access_event WHERE tenant_id = ${tenantId}::uuid ORDER BY version DESC LIMIT 1) AS v ON true
    ORDER BY w.place`;
}
