/** Writes customers' credentials in the caller's transaction. */

import { tenantFragment } from '../../db/by-tenant.ts';
import type { Transaction } from '../../db/sql.ts';
import type { NewAccess } from '../../ledger/command.ts';
import type { RowId } from '../input.ts';

/**
 * Replaces the credentials of each customer; `rows` has a customer only once. Of several generated logins it takes the first free one.
 * Throws the violation of access_login if a given login belongs to another customer, or if a login is taken at the same moment.
 */
export async function writeAccess(tx: Transaction, rows: readonly (RowId & NewAccess)[]): Promise<void> {
  if (rows.length === 0) return;
  const itsTenant = tenantFragment(tx, rows, 'w.tenant_id');
  const given = rows.map(({ id, logins, proof, secret, tenantId }) => ({ tenantId, id, logins, secret, proof }));
  await tx`
    WITH wanted AS (
      SELECT "tenantId" AS tenant_id, id, secret, proof, logins FROM jsonb_to_recordset(${JSON.stringify(given)}::text::jsonb)
        AS r ("tenantId" uuid, id uuid, secret text, proof text, logins jsonb)
    ), marked AS (
      UPDATE customer c SET has_access = true FROM wanted w WHERE c.tenant_id = ${itsTenant} AND c.id = w.id AND NOT c.has_access
    )
    INSERT INTO customer_access AS a (tenant_id, customer_id, login, secret, proof, updated_at)
    SELECT tenant_id, id, coalesce((
        SELECT login FROM jsonb_array_elements_text(logins) WITH ORDINALITY AS l (login, place)
        WHERE (SELECT true FROM customer_access t WHERE t.tenant_id = ${itsTenant} AND t.login = l.login AND t.customer_id <> w.id OFFSET 0) IS NULL
        ORDER BY place LIMIT 1
      ), logins ->> 0), secret, proof, date_trunc('milliseconds', statement_timestamp())
    FROM wanted w
    ON CONFLICT (tenant_id, customer_id) DO UPDATE SET login = excluded.login, secret = excluded.secret, proof = excluded.proof,
      updated_at = excluded.updated_at`;
}

/** Adds an event to the access feed for each customer whose credentials changed (R48). It is numbered after the commit. */
export async function addAccessResetEvents(tx: Transaction, customers: readonly RowId[]): Promise<void> {
  await addAccessEvents(tx, 'ACCESS_RESET', customers);
}

/** Adds an event to the access feed for each customer. */
export async function addAccessEvents(tx: Transaction, event: string, customers: readonly RowId[]): Promise<void> {
  const given = customers.map(({ id, tenantId }) => ({ tenantId, id }));
  await tx`
    INSERT INTO access_waiting (tenant_id, customer_id, event, at)
    SELECT "tenantId", id, ${event}, date_trunc('milliseconds', statement_timestamp())
    FROM jsonb_to_recordset(${JSON.stringify(given)}::text::jsonb) AS r ("tenantId" uuid, id uuid)`;
}
