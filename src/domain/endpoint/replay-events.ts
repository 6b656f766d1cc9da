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
import { dueFirsts, MAX_WAITING, type NewDelivery, writeDeliveries } from './write-deliveries.ts';

const replaySchema = z.object({ afterVersion: z.number().int().min(0, 'must be 0 or more.').nullish() });

export interface ReplayInput {
  /** With `afterVersion`: which one. */
  readonly endpoint: RowId | null;
  /** Numbers of the access feed above this, or `delivery`. */
  readonly afterVersion?: number | null | undefined;
  /** undefined: none is given; null: one that nothing is known of. */
  readonly delivery?: RowId | null | undefined;
}

/**
 * Tells the endpoint again what happened to customers above a version of the tenant's feed, or one finished delivery. Each event keeps
 * its id, so a receiver that has it drops it.
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

/** One that waits already is left as it is. Its place is a new row's, at the end. */
async function sendAgain(tx: Transaction, endpoint: RowId, delivery: string | null): Promise<void> {
  const [again] = await tx<{ subject: string }[]>`
    INSERT INTO webhook_delivery (tenant_id, id, endpoint_id, event, subject, version, body, created_at)
    SELECT d.tenant_id, d.id, d.endpoint_id, d.event, d.subject, d.version, d.body, d.created_at FROM webhook_delivery d
    WHERE d.tenant_id = ${endpoint.tenantId} AND d.id = ${delivery} AND d.endpoint_id = ${endpoint.id} AND d.finished_at IS NOT NULL
    ON CONFLICT (tenant_id, id) DO UPDATE
      SET status = 'PENDING', attempts = 0, position = excluded.position, finished_at = NULL, last_status = NULL, last_error = NULL
    RETURNING subject`;
  if (again !== undefined) await dueFirsts(tx, endpoint, [again.subject]);
}

function outside(message: string): InvalidInput {
  return new InvalidInput([{ path: 'input.afterVersion', message }]);
}

const testSchema = z.object({ event: z.enum(WEBHOOK_EVENTS).nullish() });
/** Test events wait in a line of their own. */
const TEST_SUBJECT = 'test';

/** An event of the given kind, or of the first that the endpoint asks for, about nobody: its ids name nothing, and it says that it is a test. */
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
    if (waits) throw new InvalidState('A test event waits already.');
    const event = given.event ?? held.events[0] ?? 'CUSTOMER_ACTIVATED';
    const version = last + 1;
    const made = { ...exampleOf(ports.webhooks.writeId, held, event, now), version, subject: TEST_SUBJECT, isTest: true } as const;
    await writeDeliveries(tx, held, [made]);
    const [row] = await tx<{ id: string }[]>`
      SELECT id FROM webhook_delivery
      WHERE tenant_id = ${tenantId} AND endpoint_id = ${held.id} AND subject = ${TEST_SUBJECT} AND version = ${version} AND event = ${event}`;
    if (row === undefined) throw new Error('a test event was not written');
    return { tenantId, id: row.id };
  });
  ports.webhooks.wake();
  return done;
}

/** What such an event looks like. */
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
