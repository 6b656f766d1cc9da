/** Reads whether the service serves customers, as their panel sees it: waiting for the server, ready or failed (ADR-0081). */

import { tenantFragment } from '../../db/by-tenant.ts';
import type { Sql, Transaction } from '../../db/sql.ts';
import type { RowId } from '../input.ts';
import { rowsById, wantedRows } from '../rows-by-id.ts';

type ServiceStatus = 'WAITING' | 'READY' | 'FAILED';

export interface ServiceState {
  readonly status: ServiceStatus;
  /** The reason of a failure. */
  readonly reason: string | null;
  /** When the service reported the state. null while it is waiting. */
  readonly at: Date | null;
}

interface StateRow extends RowId {
  readonly begin: number | null;
  readonly lastVersion: number | null;
  readonly hasWaiting: boolean;
  readonly version: number | null;
  readonly state: 'READY' | 'FAILED' | null;
  readonly reason: string | null;
  readonly at: Date | null;
}

/** Returns the states in the order of `asked`. null if the service has not reported the customer, and no report is expected. */
export async function serviceStates(sql: Sql | Transaction, asked: readonly RowId[]): Promise<(ServiceState | null)[]> {
  const itsTenant = tenantFragment(sql, asked, 'w."tenantId"');
  const rows = await sql<StateRow[]>`
    SELECT w."tenantId", w.id, b.version AS begin, s.version, s.state, s.reason, s.at,
      (SELECT e.version FROM access_event e WHERE e.tenant_id = ${itsTenant} AND e.customer_id = w.id
        AND e.event NOT IN ('SERVICE_READY', 'SERVICE_FAILED') ORDER BY e.version DESC LIMIT 1) AS "lastVersion",
      EXISTS (SELECT FROM access_waiting p WHERE p.tenant_id = ${itsTenant} AND p.customer_id = w.id
        AND p.event NOT IN ('SERVICE_READY', 'SERVICE_FAILED'))
        OR EXISTS (SELECT FROM access_posted p WHERE p.tenant_id = ${itsTenant} AND w.id = ANY (p.customers)) AS "hasWaiting"
    FROM jsonb_to_recordset(${wantedRows(asked)}::text::jsonb) AS w ("tenantId" uuid, id uuid)
    JOIN service_begin b ON b.tenant_id = ${itsTenant}
    LEFT JOIN service_state s ON s.tenant_id = ${itsTenant} AND s.customer_id = w.id`;
  return rowsById(asked, rows).map((row) => row && stateOf(row));
}

function stateOf({ at, begin, hasWaiting, lastVersion, reason, state, version }: StateRow): ServiceState | null {
  const last = lastVersion ?? 0;
  if (!hasWaiting && state !== null && version !== null && version >= last) return { status: state, reason, at };
  // No report is expected for events before the service's first report.
  return hasWaiting || last > (begin ?? 0) || state !== null ? { status: 'WAITING', reason: null, at: null } : null;
}
