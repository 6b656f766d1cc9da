/** The use cases replayEvents and sendTestEvent. */

import { z } from 'zod';
import type { Transaction } from '../../db/sql.ts';
import type { Acting } from '../../kernel/actor.ts';
import { InvalidInput, InvalidState } from '../../kernel/errors.ts';
import { NIL_UUID } from '../../kernel/nil-uuid.ts';
import { checkInput } from '../check-input.ts';
import type { RowId } from '../input.ts';
import type { Ports } from '../ports.ts';
import { transactAsOwner } from '../transact.ts';
import type { Endpoint } from './endpoint.ts';
import { holdEndpoint, requireOwner } from './endpoint-input.ts';
import { WEBHOOK_EVENTS, type WebhookEvent } from './events.ts';
import { accountEvents, customerEvent, purchaseEvent, reminderEvent, resellerEvents, type WriteId } from './payloads.ts';
import { MAX_WAITING, makeFirstsDue, type NewDelivery, writeDeliveries } from './write-deliveries.ts';

const replaySchema = z.object({ afterVersion: z.number().int().min(0, 'must be 0 or more.').nullish() });

export interface ReplayInput {
  /** The endpoint, if `afterVersion` is given. */
  readonly endpoint: RowId | null;
  /** Replays events of the access feed above this version. Otherwise `delivery` is given. */
  readonly afterVersion?: number | null | undefined;
  /** undefined if none is given. null if the given id names none. */
  readonly delivery?: RowId | null | undefined;
}

/**
 * Sends the endpoint the customer events above a version of the tenant's feed, or one finished delivery, once more. Each event keeps
 * its id, so a receiver can ignore events that it has.
 */
export async function replayEvents(ports: Pick<Ports, 'sql' | 'webhooks'>, acting: Acting, input: ReplayInput): Promise<RowId> {
  const { actor } = acting;
  const panel = requireOwner(actor);
  const { afterVersion } = checkInput(replaySchema, { afterVersion: input.afterVersion });
  const isByVersion = typeof afterVersion === 'number';
  if (isByVersion === (input.delivery !== undefined)) throw outside('give afterVersion with endpointId, or deliveryId.');
  const done = await transactAsOwner(ports, actor, panel, async (tx) => {
    const endpoint = isByVersion ? input.endpoint : await endpointOf(tx, actor, input.delivery ?? null);
    const held = await holdEndpoint(tx, actor, panel, endpoint);
    if (!held.enabled) throw new InvalidState('The endpoint is disabled: enable it first.');
    if (isByVersion) await goBack(tx, held, afterVersion);
    else await sendAgain(tx, held, input.delivery?.id ?? null);
    return { tenantId: held.tenantId, id: held.id };
  });
  ports.webhooks.wake();
  return done;
}

async function endpointOf(tx: Transaction, { tenantId }: Acting['actor'], delivery: RowId | null): Promise<RowId | null> {
  const [row] = await tx<RowId[]>`
    SELECT tenant_id AS "tenantId", endpoint_id AS id FROM webhook_delivery WHERE tenant_id = ${tenantId} AND id = ${delivery?.id ?? null}`;
  return row ?? null;
}

async function goBack(tx: Transaction, { id, tenantId }: RowId, afterVersion: number): Promise<void> {
  const [{ last } = { last: 0 }] = await tx<{ last: number }[]>`
    SELECT coalesce(max(version), 0) AS last FROM access_event WHERE tenant_id = ${tenantId}`;
  if (afterVersion > last) throw outside(`must not be above the present version, ${last}.`);
  if (last - afterVersion > MAX_WAITING) throw outside(`must be at most ${MAX_WAITING} below the present version, ${last}.`);
  await tx`
    UPDATE webhook_endpoint SET access_version = least(access_version, ${afterVersion}::bigint) WHERE tenant_id = ${tenantId} AND id = ${id}`;
}

/** A delivery that is still waiting stays as it is. A repeated one goes to the end, as if it were new. */
async function sendAgain(tx: Transaction, endpoint: RowId, delivery: string | null): Promise<void> {
  const [again] = await tx<{ subject: string }[]>`
    INSERT INTO webhook_delivery (tenant_id, id, endpoint_id, event, subject, version, body, created_at)
    SELECT d.tenant_id, d.id, d.endpoint_id, d.event, d.subject, d.version, d.body, d.created_at FROM webhook_delivery d
    WHERE d.tenant_id = ${endpoint.tenantId} AND d.id = ${delivery} AND d.endpoint_id = ${endpoint.id} AND d.finished_at IS NOT NULL
    ON CONFLICT (tenant_id, id) DO UPDATE
      SET status = 'PENDING', attempts = 0, position = excluded.position, finished_at = NULL, last_status = NULL, last_error = NULL
    RETURNING subject`;
  if (again !== undefined) await makeFirstsDue(tx, endpoint, [again.subject]);
}

function outside(message: string): InvalidInput {
  return new InvalidInput([{ path: 'input.afterVersion', message }]);
}

const testSchema = z.object({ event: z.enum(WEBHOOK_EVENTS).nullish() });
/** Test events have a subject of their own, so they wait for no other delivery. */
const TEST_SUBJECT = 'test';

/**
 * Sends a test event of the given kind, or of the first kind that the endpoint selected. It is marked as a test, and its ids do not
 * exist.
 */
export async function sendTestEvent(
  ports: Pick<Ports, 'sql' | 'webhooks'>,
  acting: Acting,
  endpoint: RowId | null,
  input: { readonly event?: WebhookEvent | null | undefined },
): Promise<RowId> {
  const { actor } = acting;
  const panel = requireOwner(actor);
  const given = checkInput(testSchema, input);
  const { tenantId } = actor;
  const done = await transactAsOwner(ports, actor, panel, async (tx) => {
    const held = await holdEndpoint(tx, actor, panel, endpoint);
    if (!held.enabled) throw new InvalidState('The endpoint is disabled: enable it first.');
    const [{ last, now, waits } = { last: 0, now: held.createdAt, waits: false }] = await tx<{ last: number; now: Date; waits: boolean }[]>`
      SELECT coalesce(max(version), 0) AS last, clock_timestamp() AS now, coalesce(bool_or(finished_at IS NULL), false) AS waits
      FROM webhook_delivery WHERE tenant_id = ${tenantId} AND endpoint_id = ${held.id} AND subject = ${TEST_SUBJECT}`;
    if (waits) throw new InvalidState('A test event is already waiting.');
    const event = given.event ?? held.events[0] ?? 'CUSTOMER_ACTIVATED';
    const version = last + 1;
    const made = { ...exampleOf(ports.webhooks.writeId, held, event, now), version, subject: TEST_SUBJECT, isTest: true } as const;
    await writeDeliveries(tx, held, [made]);
    const [row] = await tx<{ id: string }[]>`
      SELECT id FROM webhook_delivery
      WHERE tenant_id = ${tenantId} AND endpoint_id = ${held.id} AND subject = ${TEST_SUBJECT} AND version = ${version} AND event = ${event}`;
    if (row === undefined) throw new Error('a test event was not stored');
    return { tenantId, id: row.id };
  });
  ports.webhooks.wake();
  return done;
}

/** A fictitious event of this kind. */
function exampleOf(writeId: WriteId, { scope, tenantId }: Endpoint, event: WebhookEvent, now: Date): NewDelivery {
  const nobody = { tenantId, id: NIL_UUID };
  const times = { createdAt: now, expiresAt: now, reportedAt: null, at: now, now };
  const ids = { customerId: NIL_UUID, resellerId: NIL_UUID, accountId: NIL_UUID, buyerId: NIL_UUID, sellerId: null, parentId: null };
  const common = { ...nobody, ...times, ...ids, version: 1 };
  const [entry] = accountEvents(writeId, new Set(['ACCOUNT_CHANGED']), {
    ...common,
    ...{ kind: 'TRANSFER', delta: 10, balanceAfter: 10, reserveThreshold: 1 },
  });
  if (event.startsWith('ACCOUNT_') && entry) return { ...entry, event };
  if (event === 'PURCHASE_CHANGED') {
    const order = { revision: 1, number: 1, status: 'PAID', quantity: 10, totalMinor: 1000, currency: 'BRL', provider: 'MANUAL' };
    return purchaseEvent(writeId, { ...common, ...order });
  }
  if (event.startsWith('RESELLER_')) {
    const [made] = resellerEvents(writeId, true, { ...common, revision: 1, name: 'Test', suspended: false, closed: false });
    if (made) return { ...made, event };
  }
  if (event === 'CUSTOMER_REMINDED') {
    return reminderEvent(writeId, { ...common, number: 1, dueAt: now, name: 'Test', contact: null, text: 'Test' });
  }
  return customerEvent(writeId, scope, { ...common, event, active: true, screens: 1, login: 'test', name: 'Test', contact: null });
}
