/** The mutations on webhook endpoints (R50, R51). */

import { createEndpoint } from '../../src/domain/endpoint/create-endpoint.ts';
import { replayEvents, sendTestEvent } from '../../src/domain/endpoint/replay-events.ts';
import { removeEndpoint, rotateSecret, updateEndpoint } from '../../src/domain/endpoint/update-endpoint.ts';
import { TEAM_ROLES } from '../../src/domain/identity/invite-user.ts';
import type { RowId } from '../../src/domain/input.ts';
import { Forbidden, InvalidInput, InvalidState, NotFound, PanelLocked } from '../../src/kernel/errors.ts';
import { builder } from '../core/builder.ts';
import type { Context } from '../core/context.ts';
import { decodeIdOf, encodeId } from '../core/global-id.ts';
import { mutation } from '../core/mutation.ts';
import { actingOf, reached } from '../core/scopes.ts';
import { WebhookEvent } from '../subscriptions/customer-changed.ts';
import { Delivery, findDelivery, findEndpoint, WebhookEndpoint, WebhookScope } from './endpoint.ts';

const WHO = { person: true, role: TEAM_ROLES } as const;
const ENDPOINT_NOW = 'The endpoint as it is now.';
const OWN_ENDPOINT = 'An endpoint of your own panel.';
const SECRET = 'The secret (whsec_…) with which its messages are signed. It is returned only once.';

async function endpointNow(ctx: Context, row: RowId) {
  return (await findEndpoint(ctx, row)) ?? Promise.reject(new Error('an endpoint that was written a moment ago is gone'));
}

const CreateWebhookEndpointInput = builder.inputType('CreateWebhookEndpointInput', {
  description: 'An address to which events are sent.',
  fields: (t) => ({
    url: t.string({
      required: true,
      description:
        'An https address with port 443 or at least 1024, which resolves to public network addresses (R51). It has no user, password or fragment. Up to 2,000 characters.',
    }),
    scope: t.field({
      type: WebhookScope,
      required: true,
      defaultValue: 'PANEL',
      description: 'The panels whose events to send. TENANT is only for the root panel.',
    }),
    events: t.field({ type: [WebhookEvent], required: true, description: 'The kinds of events to send: at least one.' }),
  }),
});

const CreateWebhookEndpointPayload = builder.objectRef<RowId & { readonly secret: string }>('CreateWebhookEndpointPayload').implement({
  description: 'The endpoint was created.',
  ...reached('endpoint', 'secret'),
  fields: (t) => ({
    endpoint: t.field({ type: WebhookEndpoint, description: ENDPOINT_NOW, resolve: (row, _args, ctx) => endpointNow(ctx, row) }),
    secret: t.exposeString('secret', { description: SECRET }),
  }),
});

mutation('createWebhookEndpoint', {
  description: "Creates a webhook endpoint of the viewer's panel. It receives events from now on. A panel has at most 100. For OWNER.",
  who: WHO,
  input: CreateWebhookEndpointInput,
  argument: 'The endpoint to create.',
  payload: CreateWebhookEndpointPayload,
  refusals: [Forbidden, InvalidInput, PanelLocked, InvalidState],
  result: 'The endpoint, or why it was not created.',
  run: (input, ctx) => createEndpoint(ctx.ports, actingOf(ctx), input),
});

const UpdateWebhookEndpointInput = builder.inputType('UpdateWebhookEndpointInput', {
  description: 'The changes of an endpoint. Fields that are not given stay as they are.',
  fields: (t) => ({
    endpointId: t.id({ required: true, description: OWN_ENDPOINT }),
    url: t.string({ description: 'The new address.' }),
    events: t.field({ type: [WebhookEvent], description: 'The kinds of events to send from now on: at least one.' }),
    enabled: t.boolean({
      description:
        'Whether events are sent. When the endpoint is enabled again, waiting deliveries are sent at once, and events of customers and accounts continue where they stopped.',
    }),
  }),
});

const UpdateWebhookEndpointPayload = builder.objectRef<RowId>('UpdateWebhookEndpointPayload').implement({
  description: 'The endpoint was changed.',
  ...reached('endpoint'),
  fields: (t) => ({
    endpoint: t.field({ type: WebhookEndpoint, description: ENDPOINT_NOW, resolve: (row, _args, ctx) => endpointNow(ctx, row) }),
  }),
});

mutation('updateWebhookEndpoint', {
  description: "Changes, enables or disables a webhook endpoint of the viewer's panel. For OWNER.",
  who: WHO,
  input: UpdateWebhookEndpointInput,
  argument: 'The endpoint and the changes.',
  payload: UpdateWebhookEndpointPayload,
  refusals: [Forbidden, InvalidInput, PanelLocked, NotFound],
  result: 'The endpoint, or why it was not changed.',
  run: ({ endpointId, ...input }, ctx) => updateEndpoint(ctx.ports, actingOf(ctx), decodeIdOf(ctx, 'WebhookEndpoint', endpointId), input),
});

const RemoveWebhookEndpointInput = builder.inputType('RemoveWebhookEndpointInput', {
  description: 'An endpoint to remove.',
  fields: (t) => ({ endpointId: t.id({ required: true, description: OWN_ENDPOINT }) }),
});

const RemoveWebhookEndpointPayload = builder.objectRef<RowId>('RemoveWebhookEndpointPayload').implement({
  description: 'The endpoint was removed.',
  ...reached('endpointId'),
  fields: (t) => ({
    endpointId: t.id({
      description: 'The id of the removed endpoint.',
      resolve: (row, _args, ctx) => encodeId(ctx, 'WebhookEndpoint', row),
    }),
  }),
});

mutation('removeWebhookEndpoint', {
  description: "Removes a webhook endpoint of the viewer's panel with all its deliveries, waiting ones included. For OWNER.",
  who: WHO,
  input: RemoveWebhookEndpointInput,
  argument: 'The endpoint to remove.',
  payload: RemoveWebhookEndpointPayload,
  refusals: [Forbidden, PanelLocked, NotFound],
  result: 'The removed endpoint, or why it was not removed.',
  run: ({ endpointId }, ctx) => removeEndpoint(ctx.ports, actingOf(ctx), decodeIdOf(ctx, 'WebhookEndpoint', endpointId)),
});

const RotateWebhookSecretInput = builder.inputType('RotateWebhookSecretInput', {
  description: 'The endpoint whose secret is replaced.',
  fields: (t) => ({ endpointId: t.id({ required: true, description: OWN_ENDPOINT }) }),
});

const RotateWebhookSecretPayload = builder.objectRef<RowId & { readonly secret: string }>('RotateWebhookSecretPayload').implement({
  description: 'The secret was replaced.',
  ...reached('endpoint', 'secret'),
  fields: (t) => ({
    endpoint: t.field({ type: WebhookEndpoint, description: ENDPOINT_NOW, resolve: (row, _args, ctx) => endpointNow(ctx, row) }),
    secret: t.exposeString('secret', { description: SECRET }),
  }),
});

mutation('rotateWebhookSecret', {
  description:
    'Gives an endpoint a new secret. For 24 hours, messages are signed with the previous secret too (R50). After a second rotation in that time, they are signed with the last two. For OWNER.',
  who: WHO,
  input: RotateWebhookSecretInput,
  argument: 'The endpoint.',
  payload: RotateWebhookSecretPayload,
  refusals: [Forbidden, PanelLocked, NotFound, InvalidState],
  result: 'The new secret, or why it was not replaced.',
  run: ({ endpointId }, ctx) => rotateSecret(ctx.ports, actingOf(ctx), decodeIdOf(ctx, 'WebhookEndpoint', endpointId)),
});

const SendTestEventInput = builder.inputType('SendTestEventInput', {
  description: 'The endpoint to test.',
  fields: (t) => ({
    endpointId: t.id({ required: true, description: OWN_ENDPOINT }),
    event: t.field({
      type: WebhookEvent,
      description: 'The kind of event to send. If not given, the first kind that the endpoint receives.',
    }),
  }),
});

const SendTestEventPayload = builder.objectRef<RowId>('SendTestEventPayload').implement({
  description: 'The test event was queued.',
  ...reached('delivery'),
  fields: (t) => ({
    delivery: t.field({
      type: Delivery,
      description: 'The delivery of the test event.',
      resolve: async (row, _args, ctx) =>
        (await findDelivery(ctx, row)) ?? Promise.reject(new Error('a delivery that was written a moment ago is gone')),
    }),
  }),
});

mutation('sendTestEvent', {
  description: 'Sends a test event without a real subject, marked with `test: true`, to an enabled endpoint. One at a time. For OWNER.',
  who: WHO,
  input: SendTestEventInput,
  argument: 'The endpoint and the kind of event.',
  payload: SendTestEventPayload,
  refusals: [Forbidden, PanelLocked, NotFound, InvalidState],
  result: 'The delivery, or why nothing was sent.',
  run: ({ endpointId, event }, ctx) => sendTestEvent(ctx.ports, actingOf(ctx), decodeIdOf(ctx, 'WebhookEndpoint', endpointId), { event }),
});

const ReplayEventsInput = builder.inputType('ReplayEventsInput', {
  description: 'The events to send again: give `endpointId` and `afterVersion`, or `deliveryId`.',
  fields: (t) => ({
    endpointId: t.id({ description: OWN_ENDPOINT }),
    afterVersion: t.field({
      type: 'Version',
      description:
        'Sends every event of customers that the endpoint receives and that is numbered above this. At most 10,000 below the present version.',
    }),
    deliveryId: t.id({ description: 'A delivery that is DELIVERED or DEAD.' }),
  }),
});

const ReplayEventsPayload = builder.objectRef<RowId>('ReplayEventsPayload').implement({
  description: 'The events are sent again, each with its original id.',
  ...reached('endpoint'),
  fields: (t) => ({
    endpoint: t.field({ type: WebhookEndpoint, description: ENDPOINT_NOW, resolve: (row, _args, ctx) => endpointNow(ctx, row) }),
  }),
});

mutation('replayEvents', {
  description:
    'Sends events again to an enabled endpoint. Each keeps its original id, so that a receiver can ignore an event that it has. For OWNER.',
  who: WHO,
  input: ReplayEventsInput,
  argument: 'The events to send again.',
  payload: ReplayEventsPayload,
  refusals: [Forbidden, InvalidInput, PanelLocked, NotFound, InvalidState],
  result: 'The endpoint, or why nothing is sent again.',
  run: ({ afterVersion, deliveryId, endpointId }, ctx) =>
    replayEvents(ctx.ports, actingOf(ctx), {
      endpoint: typeof endpointId === 'string' ? decodeIdOf(ctx, 'WebhookEndpoint', endpointId) : null,
      afterVersion,
      delivery: typeof deliveryId === 'string' ? decodeIdOf(ctx, 'Delivery', deliveryId) : undefined,
    }),
});
