/** Updates contact keys that were stored under earlier rules, while servers of both versions keep running (R24). */

import { isOf, tenantOr } from '../../db/by-tenant.ts';
import type { Sql, Transaction } from '../../db/sql.ts';
import { CONTACT_KEY_VERSION } from '../../ledger/command.ts';
import type { Ports } from '../ports.ts';
import { type TenantWithWork, tenantsWithWork } from '../tenants-with-work.ts';
import { transact } from '../transact.ts';
import { contactKeyOf } from './contact.ts';
import { searchKeyOf } from './search-key.ts';

/** Rows in one transaction. It keeps the transaction short, because a server that is posting may wait for it. */
const BATCH_ROWS = 500;

/**
 * Adds a row with the new key for each trial. The row with the old key stays, because a server of the previous version, which is
 * being replaced, still looks for it. Ends when no row is left. Several processes can share the work.
 */
export async function rekeyTrials(ports: Pick<Ports, 'sql' | 'topology'>, stop?: AbortSignal): Promise<void> {
  const old = () =>
    ports.sql<TenantWithWork[]>`SELECT DISTINCT tenant_id AS "tenantId" FROM trial WHERE contact_key_version < ${CONTACT_KEY_VERSION}`;
  for (const tenantId of await tenantsWithWork(ports, old)) await untilNoneIsLeft(ports, (tx) => rekeySomeTrials(tx, tenantId), stop);
}

/** Updates the contact keys and search keys of customers. Ends when no row is left, as `rekeyTrials` does. */
export async function rekeyCustomers(ports: Pick<Ports, 'sql' | 'topology'>, stop?: AbortSignal): Promise<void> {
  const old = () => ports.sql<TenantWithWork[]>`
    SELECT DISTINCT tenant_id AS "tenantId" FROM customer WHERE contact_key_version < ${CONTACT_KEY_VERSION} AND contact_key IS NOT NULL`;
  for (const tenantId of await tenantsWithWork(ports, old)) await untilNoneIsLeft(ports, (tx) => rekeySomeCustomers(tx, tenantId), stop);
}

async function untilNoneIsLeft(
  ports: Pick<Ports, 'sql'>,
  rekeySome: (tx: Transaction) => Promise<{ rows: number }>,
  stop: AbortSignal | undefined,
): Promise<void> {
  let rows = BATCH_ROWS;
  while (rows === BATCH_ROWS && !stop?.aborted) ({ rows } = await transact(ports, rekeySome));
}

async function rekeySomeTrials(tx: Transaction, ofTenant: string | null): Promise<{ rows: number }> {
  const rows = await tx<{ tenantId: string; contactKey: string }[]>`
    SELECT tenant_id AS "tenantId", contact_key AS "contactKey" FROM trial
    WHERE ${isOf(tx, ofTenant)} AND contact_key_version < ${CONTACT_KEY_VERSION} LIMIT ${BATCH_ROWS} FOR UPDATE SKIP LOCKED`;
  if (rows.length === 0) return { rows: 0 };
  const keys = rows.map(({ contactKey, tenantId }) => ({ tenant: tenantId, old: contactKey, new: contactKeyOf(contactKey) }));
  const itsTenant = tenantOr(tx, ofTenant, 'g.tenant');
  await tx`
    WITH given AS (${given(tx, keys)}), marked AS (
      UPDATE trial t SET contact_key_version = ${CONTACT_KEY_VERSION} FROM given g WHERE t.tenant_id = ${itsTenant} AND t.contact_key = g.old
    )
    INSERT INTO trial (tenant_id, contact_key, contact_key_version, customer_id, reseller_id, started_at)
    SELECT t.tenant_id, g.new, ${CONTACT_KEY_VERSION}, t.customer_id, t.reseller_id, t.started_at
    FROM given g JOIN trial t ON t.tenant_id = ${itsTenant} AND t.contact_key = g.old
    WHERE g.new <> g.old ON CONFLICT DO NOTHING`;
  return { rows: rows.length };
}

async function rekeySomeCustomers(tx: Transaction, ofTenant: string | null): Promise<{ rows: number }> {
  const rows = await tx<{ tenantId: string; id: string; name: string; contact: string | null }[]>`
    SELECT tenant_id AS "tenantId", id, name, contact FROM customer
    WHERE ${isOf(tx, ofTenant)} AND contact_key_version < ${CONTACT_KEY_VERSION} AND contact_key IS NOT NULL
    LIMIT ${BATCH_ROWS} FOR NO KEY UPDATE SKIP LOCKED`;
  if (rows.length === 0) return { rows: 0 };
  const keys = rows.map(({ contact, id, name, tenantId }) => {
    const key = contact === null ? null : contactKeyOf(contact);
    return { tenant: tenantId, old: id, new: key, search: searchKeyOf(name, contact, key) };
  });
  await tx`
    UPDATE customer c SET contact_key = g.new, search_key = g.search, contact_key_version = ${CONTACT_KEY_VERSION}
    FROM (${given(tx, keys)}) AS g WHERE c.tenant_id = ${tenantOr(tx, ofTenant, 'g.tenant')} AND c.id = g.old::uuid`;
  return { rows: rows.length };
}

function given(tx: Sql | Transaction, keys: readonly object[]) {
  return tx`SELECT tenant, old, new, search FROM json_to_recordset(${JSON.stringify(keys)}::text::json) AS k (tenant uuid, old text, new text, search text)`;
}
