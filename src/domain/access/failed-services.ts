/** Reads the customers of a panel whose service failed (ADR-0081). */

import type { Sql } from '../../db/sql.ts';
import type { RowId } from '../input.ts';

/** The most customers that are returned: those that failed most recently. */
export const MAX_FAILED = 1_000;

/** Returns the customers' ids. A customer that changed after the failure is waiting for the service again, and is not included. */
export async function failedServices(sql: Sql, { id: resellerId, tenantId }: RowId): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    SELECT s.customer_id AS id FROM service_state s JOIN customer c ON c.tenant_id = s.tenant_id AND c.id = s.customer_id
    WHERE s.tenant_id = ${tenantId} AND s.state = 'FAILED' AND c.reseller_id = ${resellerId}
      AND NOT EXISTS (SELECT FROM access_event e WHERE e.tenant_id = s.tenant_id AND e.customer_id = s.customer_id AND e.version > s.version
        AND e.event NOT IN ('SERVICE_READY', 'SERVICE_FAILED'))
      AND NOT EXISTS (SELECT FROM access_waiting p WHERE p.tenant_id = s.tenant_id AND p.customer_id = s.customer_id
        AND p.event NOT IN ('SERVICE_READY', 'SERVICE_FAILED'))
      AND NOT EXISTS (SELECT FROM access_posted p WHERE p.tenant_id = s.tenant_id AND s.customer_id = ANY (p.customers))
    ORDER BY s.at DESC LIMIT ${MAX_FAILED}`;
  return rows.map(({ id }) => id);
}
