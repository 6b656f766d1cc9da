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

/** What the list is counted as: few panels have more. */
const USUAL_ENDPOINTS = 20;

type Described<Names extends string> = Record<Names, { readonly description: string }>;

const scopes = {
  PANEL: { description: "The panel's own: its customers with their names, its account, its purchases and sales, itself and its children." },
  TENANT: {
    description: "Every panel's of the tenant, without names or contacts of customers; purchases its own. For the root panel.",
  },
} satisfies Described<ScopeName>;

export const WebhookScope = builder.enumType('WebhookScope', { description: 'Whose events an endpoint receives.', values: scopes });

const statuses = {
  PENDING: { description: 'It was not tried yet.' },
  DELIVERED: { description: 'The endpoint answered with a status of 2xx.' },
  RETRYING: { description: 'Tried in vain, and will be tried again.' },
  DEAD: { description: 'Tried in vain eight times, in about 35 hours; replayEvents sends it again.' },
} satisfies Described<StatusName>;

const DeliveryStatus = builder.enumType('DeliveryStatus', { description: 'What became of a delivery.', values: statuses });

export const Delivery = builder.objectRef<DeliveryRow>('Delivery').implement({
  description: 'One event for one endpoint. Kept for 30 days after it was delivered or given up.',
  interfaces: [Node],
  ...reached('id', 'event', 'version', 'status', 'attempts', 'lastStatusCode', 'lastError', 'nextAttemptAt', 'createdAt'),
  fields: (t) => ({
    id: t.id(idField('Delivery', (delivery) => delivery)),
    event: t.expose('event', { type: WebhookEvent, description: 'The event that the delivery tells of.' }),
    version: t.expose('version', {
      type: 'Version',
      description: "It rises with each event of the same subject: of customers the access feed's, of accounts the account's version.",
    }),
    status: t.expose('status', { type: DeliveryStatus, description: 'What became of it.' }),
    attempts: t.exposeInt('attempts', { description: 'How often it was tried.' }),
    lastStatusCode: t.exposeInt('lastStatusCode', { nullable: true, description: 'The last answer; null: there was none.' }),
    lastError: t.exposeString('lastError', { nullable: true, description: 'A code for why it was not accepted, as TIMEOUT or HTTP_500.' }),
    nextAttemptAt: t.expose('nextAttemptAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it is tried next; null: not any more, or after another of the same subject.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was written down.' }),
  }),
});

const DeliveryConnection = builder.connectionObject(
  { type: Delivery, name: 'DeliveryConnection', description: 'Deliveries of a list.' },
  { name: 'DeliveryEdge', description: 'A delivery and its place in the list.' },
);

export const WebhookEndpoint = builder.objectRef<Endpoint>('WebhookEndpoint').implement({
  description: 'An address of the panel that receives events by POST, signed as Standard Webhooks says.',
  interfaces: [Node],
  ...reached('id', 'url', 'scope', 'events', 'enabled', 'disabledReason', 'createdAt', 'deliveries'),
  fields: (t) => ({
    id: t.id(idField('WebhookEndpoint', (endpoint) => endpoint)),
    url: t.exposeString('url', { description: 'The address that is posted to.' }),
    scope: t.expose('scope', { type: WebhookScope, description: 'Whose events it receives.' }),
    events: t.field({ type: [WebhookEvent], description: 'The events that it receives.', resolve: ({ events }) => [...events] }),
    enabled: t.exposeBoolean('enabled', { description: 'Whether events are sent to it now. While they are not, they wait.' }),
    disabledReason: t.exposeString('disabledReason', {
      nullable: true,
      description:
        'BY_OWNER; GONE: it answered 410; FAILING: it accepted nothing for five days. null: it is enabled. updateWebhookEndpoint enables it.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made: it receives what has happened since.' }),
    deliveries: t.connection(
      {
        type: Delivery,
        description: 'Its deliveries, made and waiting, newest first.',
        args: { status: t.arg({ type: DeliveryStatus, description: 'Only deliveries with this status.' }) },
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
    description: "The webhook endpoints of the viewer's panel, the oldest first; at most 100. For its OWNERs.",
    authScopes: { person: true, reads: TEAM_ROLES, unlocked: true },
    complexity: { field: 1, multiplier: USUAL_ENDPOINTS },
    resolve: ({ panel, tenantId }, _args, { ports: { sql } }) => (panel === null ? [] : readEndpoints(sql, { tenantId, id: panel.id })),
  }),
);

/** As OWNERs find their own panel's by id. */
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
