/** The types WebhookEndpoint and Delivery, and the viewer's list of endpoints. */

import {
  type Delivery as DeliveryRow,
  type Endpoint,
  readDeliveries,
  readDelivery,
  readEndpoints,
} from '../../src/domain/endpoint/endpoint.ts';
import type { WebhookScope as ScopeName, DeliveryStatus as StatusName } from '../../src/domain/endpoint/events.ts';
import { TEAM_ROLES } from '../../src/domain/identity/invite-user.ts';
import type { RowId } from '../../src/domain/input.ts';
import { builder } from '../core/builder.ts';
import { BY_ID_DOWN, connectionComplexity, readPage, toConnection } from '../core/connection.ts';
import type { Context } from '../core/context.ts';
import { idField, Node } from '../core/node.ts';
import { reached, viewerOf } from '../core/scopes.ts';
import { Viewer } from '../people/viewer.ts';
import { WebhookEvent } from '../subscriptions/customer-changed.ts';

/** The number of endpoints for which the list is charged. Few panels have more. */
const USUAL_ENDPOINTS = 20;

type Described<Names extends string> = Record<Names, { readonly description: string }>;

const scopes = {
  PANEL: {
    description:
      'Events of the panel itself and its children, of its account, its purchases and sales, and its customers, with their names.',
  },
  TENANT: {
    description:
      "Events of all panels of the tenant, without names or contacts of customers. Of purchases, only the root's own. Only for the root panel.",
  },
} satisfies Described<ScopeName>;

export const WebhookScope = builder.enumType('WebhookScope', {
  description: 'The panels whose events an endpoint receives.',
  values: scopes,
});

const statuses = {
  PENDING: { description: 'Not attempted yet.' },
  DELIVERED: { description: 'The endpoint answered with a 2xx status.' },
  RETRYING: { description: 'The last attempt failed, and there will be another.' },
  DEAD: { description: 'Eight attempts failed, in about 35 hours. replayEvents sends it again.' },
} satisfies Described<StatusName>;

const DeliveryStatus = builder.enumType('DeliveryStatus', { description: 'The status of a delivery.', values: statuses });

export const Delivery = builder.objectRef<DeliveryRow>('Delivery').implement({
  description: 'The delivery of one event to one endpoint (R50). It is deleted 30 days after it was delivered or given up.',
  interfaces: [Node],
  ...reached('id', 'event', 'version', 'status', 'attempts', 'lastStatusCode', 'lastError', 'nextAttemptAt', 'createdAt'),
  fields: (t) => ({
    id: t.id(idField('Delivery', (delivery) => delivery)),
    event: t.expose('event', { type: WebhookEvent, description: 'The kind of event.' }),
    version: t.expose('version', {
      type: 'Version',
      description:
        "A number that rises with each event of the same subject. For customers it is the number of the access feed, for accounts the account's version.",
    }),
    status: t.expose('status', { type: DeliveryStatus, description: 'The status of the delivery.' }),
    attempts: t.exposeInt('attempts', { description: 'The number of attempts so far.' }),
    lastStatusCode: t.exposeInt('lastStatusCode', {
      nullable: true,
      description: 'The HTTP status of the last response. Null if there was no response.',
    }),
    lastError: t.exposeString('lastError', {
      nullable: true,
      description: 'A code for why the last attempt failed, for example TIMEOUT or HTTP_500. Null if it did not fail.',
    }),
    nextAttemptAt: t.expose('nextAttemptAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the next attempt is due. Null if there is none, or if an earlier delivery of the same subject must come first.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the delivery was queued.' }),
  }),
});

const DeliveryConnection = builder.connectionObject(
  { type: Delivery, name: 'DeliveryConnection', description: 'A page of deliveries.' },
  { name: 'DeliveryEdge', description: 'A delivery and its cursor.' },
);

export const WebhookEndpoint = builder.objectRef<Endpoint>('WebhookEndpoint').implement({
  description: 'An address to which the server sends events by POST, signed according to Standard Webhooks (R50).',
  interfaces: [Node],
  ...reached('id', 'url', 'scope', 'events', 'enabled', 'disabledReason', 'createdAt', 'deliveries'),
  fields: (t) => ({
    id: t.id(idField('WebhookEndpoint', (endpoint) => endpoint)),
    url: t.exposeString('url', { description: 'The address.' }),
    scope: t.expose('scope', { type: WebhookScope, description: 'The panels whose events the endpoint receives.' }),
    events: t.field({
      type: [WebhookEvent],
      description: 'The kinds of events that the endpoint receives.',
      resolve: ({ events }) => [...events],
    }),
    enabled: t.exposeBoolean('enabled', { description: 'Whether events are sent now. While the endpoint is disabled, they wait.' }),
    disabledReason: t.exposeString('disabledReason', {
      nullable: true,
      description:
        'BY_OWNER if an OWNER disabled it, GONE if it answered 410, FAILING if every delivery failed for five days. Null if it is enabled. updateWebhookEndpoint enables it again.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the endpoint was created. It receives events since then.' }),
    deliveries: t.connection(
      {
        type: Delivery,
        description: 'The deliveries, waiting ones included, newest first.',
        args: { status: t.arg({ type: DeliveryStatus, description: 'Returns only deliveries with this status.' }) },
        complexity: connectionComplexity,
        resolve: async ({ id, tenantId }, args, { ports: { sql } }) => {
          const page = readPage(args, BY_ID_DOWN);
          const rows = await readDeliveries(sql, {
            endpoint: { tenantId, id },
            status: args.status ?? null,
            below: page.after,
            above: page.before,
            isBackward: page.backward,
            limit: page.size + 1,
          });
          return toConnection(rows, page, BY_ID_DOWN, (delivery) => delivery.id);
        },
      },
      DeliveryConnection,
    ),
  }),
});

builder.objectField(Viewer, 'webhookEndpoints', (t) =>
  t.field({
    type: [WebhookEndpoint],
    nullable: true,
    description: "The webhook endpoints of the viewer's panel, oldest first, at most 100. For OWNER.",
    authScopes: { person: true, reads: TEAM_ROLES, unlocked: true },
    complexity: { field: 1, multiplier: USUAL_ENDPOINTS },
    resolve: ({ panel, tenantId }, _args, { ports: { sql } }) => (panel === null ? [] : readEndpoints(sql, { tenantId, id: panel.id })),
  }),
);

/** The viewer's panel, if the viewer is an OWNER who may see its endpoints by id. Null for all others. */
function ownersPanel(ctx: Context, { tenantId }: RowId): RowId | null {
  const { key, panel, role, support } = viewerOf(ctx);
  return role === 'OWNER' && key === null && support === null && panel !== null ? { tenantId, id: panel.id } : null;
}

export async function findEndpoint(ctx: Context, named: RowId): Promise<Endpoint | null> {
  const panel = ownersPanel(ctx, named);
  return panel && ((await readEndpoints(ctx.ports.sql, panel, named.id))[0] ?? null);
}

export async function findDelivery(ctx: Context, named: RowId): Promise<DeliveryRow | null> {
  const panel = ownersPanel(ctx, named);
  return panel && readDelivery(ctx.ports.sql, panel, named.id);
}
