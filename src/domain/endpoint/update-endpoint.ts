/** The use cases updateWebhookEndpoint, rotateWebhookSecret and removeWebhookEndpoint. */

import { z } from 'zod';
import type { Transaction } from '../../db/sql.ts';
import type { Acting } from '../../kernel/actor.ts';
import type { AuditChange } from '../audit/record.ts';
import { checkInput } from '../check-input.ts';
import type { RowId } from '../input.ts';
import type { Ports } from '../ports.ts';
import { transactAsOwner } from '../transact.ts';
import { type Endpoint, hostOf, writtenEvents } from './endpoint.ts';
import { eventList, eventsSchema, holdEndpoint, recordEndpoint, refuseAddress, requireOwner, urlSchema } from './endpoint-input.ts';
import { ACCOUNT_EVENTS, type WebhookEvent } from './events.ts';
import { newSecret, secretContext } from './signature.ts';

/** Both secrets are valid for this long after a rotation. */
const OLD_SECRET_HOURS = 24;

const schema = z.object({ url: urlSchema.nullish(), events: eventsSchema.nullish(), enabled: z.boolean().nullish() });

export interface UpdateEndpointInput {
  readonly url?: string | null | undefined;
  readonly events?: readonly WebhookEvent[] | null | undefined;
  readonly enabled?: boolean | null | undefined;
}

/** Absent fields stay as they are. If the endpoint is enabled or its address changes, its waiting deliveries are tried at once. */
export async function updateEndpoint(
  ports: Pick<Ports, 'sql' | 'webhooks'>,
  acting: Acting,
  endpoint: RowId | null,
  input: UpdateEndpointInput,
): Promise<RowId> {
  const { actor } = acting;
  const panel = requireOwner(actor);
  const given = checkInput(schema, input);
  if (typeof given.url === 'string') await refuseAddress(ports.webhooks.addresses, given.url);
  const { tenantId } = actor;
  const done = await transactAsOwner(ports, actor, panel, async (tx) => {
    const before = await holdEndpoint(tx, actor, panel, endpoint);
    const { id } = before;
    const after = { url: given.url ?? before.url, events: given.events ?? before.events, enabled: given.enabled ?? before.enabled };
    const isNew = followsAccounts(after.events) && !followsAccounts(before.events);
    await tx`
      UPDATE webhook_endpoint SET url = ${after.url}, events = ${writtenEvents(after.events)}::text[],
        accounts_since = CASE WHEN ${isNew} THEN (SELECT date_trunc('milliseconds', statement_timestamp())) ELSE accounts_since END
      WHERE tenant_id = ${tenantId} AND id = ${id}`;
    if (isNew) await tx`DELETE FROM webhook_account WHERE tenant_id = ${tenantId} AND endpoint_id = ${id}`;
    if (after.enabled && (!before.enabled || after.url !== before.url)) await tryAtOnce(tx, before);
    if (!after.enabled && before.enabled) {
      await tx`
        UPDATE webhook_endpoint SET disabled_at = date_trunc('milliseconds', statement_timestamp()), disabled_reason = 'BY_OWNER'
        WHERE tenant_id = ${tenantId} AND id = ${id}`;
    }
    const changes = changesOf(before, after);
    if (changes.length > 0) await recordEndpoint(tx, acting, panel, { action: 'WEBHOOK_UPDATED', url: after.url, changes });
    return { tenantId, id };
  });
  ports.webhooks.wake();
  return done;
}

async function tryAtOnce(tx: Transaction, { id, tenantId }: RowId): Promise<void> {
  await tx`
    UPDATE webhook_endpoint SET disabled_at = NULL, disabled_reason = NULL, failing_since = NULL, failed_turns = 0, due_at = statement_timestamp()
    WHERE tenant_id = ${tenantId} AND id = ${id}`;
  await tx`
    UPDATE webhook_delivery SET due_at = statement_timestamp()
    WHERE tenant_id = ${tenantId} AND endpoint_id = ${id} AND due_at > statement_timestamp()`;
}

function followsAccounts(events: readonly WebhookEvent[]): boolean {
  return ACCOUNT_EVENTS.some((event) => events.includes(event));
}

/** Only the host of an address is recorded. A change of the path only is recorded too, with the same host before and after. */
function changesOf(before: Endpoint, after: Pick<Endpoint, 'url' | 'events' | 'enabled'>): AuditChange[] {
  const changes: AuditChange[] = [];
  if (before.url !== after.url) changes.push({ field: 'url', before: hostOf(before.url), after: hostOf(after.url) });
  const [was, is] = [eventList(before.events), eventList(after.events)];
  if (was !== is) changes.push({ field: 'events', before: was, after: is });
  if (before.enabled !== after.enabled) changes.push({ field: 'enabled', before: String(before.enabled), after: String(after.enabled) });
  return changes;
}

/** Makes a new secret, which is shown once. The previous one stays valid for a day; any older one ends now. */
export async function rotateSecret(
  ports: Pick<Ports, 'sql' | 'secrets'>,
  acting: Acting,
  endpoint: RowId | null,
): Promise<RowId & { readonly secret: string }> {
  const { actor } = acting;
  const panel = requireOwner(actor);
  const secret = newSecret();
  return transactAsOwner(ports, actor, panel, async (tx) => {
    const { id, tenantId, url } = await holdEndpoint(tx, actor, panel, endpoint);
    await tx`
      UPDATE webhook_endpoint SET old_secret = secret, secret = ${ports.secrets.seal(secret, secretContext({ tenantId, id }))},
        old_secret_until = date_trunc('milliseconds', statement_timestamp()) + ${OLD_SECRET_HOURS}::integer * interval '1 hour'
      WHERE tenant_id = ${tenantId} AND id = ${id}`;
    await recordEndpoint(tx, acting, panel, { action: 'WEBHOOK_SECRET_ROTATED', url });
    return { tenantId, id, secret };
  });
}

/** Removes an endpoint: it receives nothing more and is no longer listed. Its deliveries are deleted in the background, in batches. */
export async function removeEndpoint(ports: Pick<Ports, 'sql'>, acting: Acting, endpoint: RowId | null): Promise<RowId> {
  const { actor } = acting;
  const panel = requireOwner(actor);
  return transactAsOwner(ports, actor, panel, async (tx) => {
    const { id, tenantId, url } = await holdEndpoint(tx, actor, panel, endpoint);
    await tx`
      UPDATE webhook_endpoint SET removed_at = date_trunc('milliseconds', statement_timestamp()), due_at = NULL
      WHERE tenant_id = ${tenantId} AND id = ${id}`;
    await recordEndpoint(tx, acting, panel, { action: 'WEBHOOK_REMOVED', url });
    return { tenantId, id };
  });
}
