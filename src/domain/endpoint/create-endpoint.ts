/** The use case createWebhookEndpoint. */

import { z } from 'zod';
import type { Acting } from '../../kernel/actor.ts';
import { InvalidState } from '../../kernel/errors.ts';
import { uuidv7 } from '../../kernel/uuid.ts';
import { checkInput } from '../check-input.ts';
import type { RowId } from '../input.ts';
import type { Ports } from '../ports.ts';
import { transactAsOwner } from '../transact.ts';
import { MAX_ENDPOINTS, writtenEvents } from './endpoint.ts';
import { eventList, eventsSchema, recordEndpoint, refuseAddress, requireOwner, requireScope, urlSchema } from './endpoint-input.ts';
import type { WebhookEvent, WebhookScope } from './events.ts';
import { newSecret, secretContext } from './signature.ts';

const schema = z.object({ url: urlSchema, scope: z.enum(['PANEL', 'TENANT']), events: eventsSchema });

export interface CreateEndpointInput {
  readonly url: string;
  readonly scope: WebhookScope;
  readonly events: readonly WebhookEvent[];
}

/** Creates an endpoint of the acting panel, which receives events from now on (R50). The secret is shown once. */
export async function createEndpoint(
  ports: Pick<Ports, 'sql' | 'secrets' | 'webhooks'>,
  acting: Acting,
  input: CreateEndpointInput,
): Promise<RowId & { readonly secret: string }> {
  const { actor } = acting;
  const panel = requireOwner(actor);
  const { events, scope, url } = checkInput(schema, input);
  requireScope(panel, scope);
  await refuseAddress(ports.webhooks.addresses, url);
  const { tenantId } = actor;
  const id = uuidv7();
  const secret = newSecret();
  const sealed = ports.secrets.seal(secret, secretContext({ tenantId, id }));
  return transactAsOwner(ports, actor, panel, async (tx) => {
    const [{ there } = { there: 0 }] = await tx<{ there: number }[]>`
      SELECT count(*)::integer AS there FROM webhook_endpoint
      WHERE tenant_id = ${tenantId} AND reseller_id = ${panel.id} AND removed_at IS NULL`;
    if (there >= MAX_ENDPOINTS) throw new InvalidState(`A panel has at most ${MAX_ENDPOINTS} endpoints: remove one first.`);
    await tx`
      INSERT INTO webhook_endpoint (tenant_id, id, reseller_id, url, scope, events, secret, created_at, access_version, accounts_since)
      SELECT ${tenantId}, ${id}, ${panel.id}, ${url}, ${scope}, ${writtenEvents(events)}::text[], ${sealed}, t.now,
        coalesce((SELECT max(version) FROM access_event WHERE tenant_id = ${tenantId}), 0), t.now
      FROM (SELECT date_trunc('milliseconds', statement_timestamp()) AS now) AS t`;
    await recordEndpoint(tx, acting, panel, {
      ...{ action: 'WEBHOOK_CREATED', url },
      changes: [
        { field: 'scope', before: null, after: scope },
        { field: 'events', before: null, after: eventList(events) },
      ],
    });
    return { tenantId, id, secret };
  });
}
