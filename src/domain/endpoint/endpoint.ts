/** Reads endpoints and their deliveries, as the owner sees them. */

import { plainArray, readArray } from '../../db/arrays/literal.ts';
import type { Sql, Transaction } from '../../db/sql.ts';
import type { RowId } from '../input.ts';
import type { DeliveryStatus, WebhookEvent, WebhookScope } from './events.ts';

/** The most endpoints of one panel. */
export const MAX_ENDPOINTS = 100;

export interface Endpoint extends RowId {
  readonly resellerId: string;
  readonly url: string;
  readonly scope: WebhookScope;
  readonly events: readonly WebhookEvent[];
  readonly enabled: boolean;
  readonly disabledReason: string | null;
  readonly createdAt: Date;
}

interface EndpointRow extends Omit<Endpoint, 'events' | 'enabled'> {
  readonly events: string;
  readonly disabledAt: Date | null;
}

/** Returns a panel's endpoints, oldest first, or only the one with this id. */
export async function readEndpoints(
  sql: Sql | Transaction,
  { tenantId, id: resellerId }: RowId,
  id: string | null = null,
): Promise<Endpoint[]> {
  const rows = await sql<EndpointRow[]>`
    SELECT tenant_id AS "tenantId", id, reseller_id AS "resellerId", url, scope, events::text AS events, disabled_at AS "disabledAt",
      disabled_reason AS "disabledReason", created_at AS "createdAt"
    FROM webhook_endpoint
    WHERE tenant_id = ${tenantId} AND reseller_id = ${resellerId} AND removed_at IS NULL AND (${id}::uuid IS NULL OR id = ${id}::uuid)
    ORDER BY id LIMIT ${MAX_ENDPOINTS}`;
  return rows.map(({ disabledAt, events, ...row }) => ({
    ...row,
    events: readArray(events) as WebhookEvent[],
    enabled: disabledAt === null,
  }));
}

/** The host of an address, for logs: the rest of the address may contain a secret. */
export function hostOf(url: string): string {
  return URL.parse(url)?.host ?? '';
}

export interface Delivery extends RowId {
  readonly event: WebhookEvent;
  readonly version: number;
  readonly status: DeliveryStatus;
  readonly attempts: number;
  readonly lastStatusCode: number | null;
  readonly lastError: string | null;
  readonly nextAttemptAt: Date | null;
  readonly createdAt: Date;
}

/** A range of an endpoint's deliveries, newest first. */
export interface DeliveryRange {
  readonly endpoint: RowId;
  readonly status: DeliveryStatus | null;
  readonly below: string | null;
  readonly above: string | null;
  /** Starts from the end of the list. */
  readonly isBackward: boolean;
  readonly limit: number;
}

export async function readDeliveries(sql: Sql, range: DeliveryRange): Promise<Delivery[]> {
  const { above, below, endpoint, isBackward, limit, status } = range;
  return sql<Delivery[]>`
    SELECT ${deliveryColumns(sql)} FROM webhook_delivery
    WHERE tenant_id = ${endpoint.tenantId} AND endpoint_id = ${endpoint.id} ${status === null ? sql`` : sql`AND status = ${status}`}
      ${below === null ? sql`` : sql`AND id < ${below}::uuid`} ${above === null ? sql`` : sql`AND id > ${above}::uuid`}
    ORDER BY id ${isBackward ? sql`ASC` : sql`DESC`} LIMIT ${limit}`;
}

/** Reads a delivery of one of the panel's endpoints. */
export async function readDelivery(sql: Sql, panel: RowId, id: string): Promise<Delivery | null> {
  const [row] = await sql<Delivery[]>`
    SELECT ${deliveryColumns(sql)} FROM webhook_delivery
    WHERE tenant_id = ${panel.tenantId} AND id = ${id} AND endpoint_id = ANY (
      SELECT e.id FROM webhook_endpoint e WHERE e.tenant_id = ${panel.tenantId} AND e.reseller_id = ${panel.id} AND e.removed_at IS NULL)`;
  return row ?? null;
}

function deliveryColumns(sql: Sql) {
  return sql`tenant_id AS "tenantId", id, event, version, status, attempts, last_status AS "lastStatusCode", last_error AS "lastError",
    due_at AS "nextAttemptAt", created_at AS "createdAt"`;
}

/** The events as an array for the database column. */
export function writtenEvents(events: readonly WebhookEvent[]): string {
  return plainArray(events);
}
