/** The mutations on webhook endpoints. */

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
const ENDPOINT = 'The endpoint as it is now.';
const WHICH = "One of the panel's.";
const SECRET = 'What its messages are signed with, as whsec_…. Shown once.';

async function endpointNow(ctx: Context, row: RowId) {
  return (await findEndpoint(ctx, row)) ?? Promise.reject(new Error('an endpoint that was written a moment ago is gone'));
}

const CreateWebhookEndpointInput = builder.inputType('CreateWebhookEndpointInput', {
  description: 'An address to tell of events.',
  fields: (t) => ({
    url: t.string({
      required: true,
      description:
        'By https, port 443 or from 1024 on, leading to a public address; without user, password or fragment. Up to 2,000 characters.',
    }),
    scope: t.field({
      type: WebhookScope,
      required: true,
      defaultValue: 'PANEL',
      description: 'Whose events; TENANT is for the root panel.',
    }),
    events: t.field({ type: [WebhookEvent], required: true, description: 'Which events: one at least.' }),
  }),
});

const CreateWebhookEndpointPayload = builder.objectRef<RowId & { readonly secret: string }>('CreateWebhookEndpointPayload').implement({
  description: 'The endpoint was made.',
  ...reached('endpoint', 'secret'),
  fields: (t) => ({
    endpoint: t.field({ type: WebhookEndpoint, description: ENDPOINT, resolve: (row, _args, ctx) => endpointNow(ctx, row) }),
    secret: t.exposeString('secret', { description: SECRET }),
  }),
});

mutation('createWebhookEndpoint', {
  description:
    "Makes a webhook endpoint of the viewer's panel, that receives what happens from now on. At most 100 a panel. For its OWNERs.",
  who: WHO,
  input: CreateWebhookEndpointInput,
  argument: 'The endpoint to make.',
  payload: CreateWebhookEndpointPayload,
  refusals: [Forbidden, InvalidInput, PanelLocked, InvalidState],
  result: 'The endpoint, or why there is none.',
  run: (input, ctx) => createEndpoint(ctx.ports, actingOf(ctx), input),
});

const UpdateWebhookEndpointInput = builder.inputType('UpdateWebhookEndpointInput', {
  description: 'What to change of an endpoint; what is not given stays.',
  fields: (t) => ({
    endpointId: t.id({ required: true, description: WHICH }),
    url: t.string({ description: 'Another address to post to.' }),
    events: t.field({ type: [WebhookEvent], description: 'Which events from now on: one at least.' }),
    enabled: t.boolean({
      description:
        'Whether events are sent to it. When it is enabled, what waited is sent at once, and customers and accounts go on where they stopped.',
    }),
  }),
});

const UpdateWebhookEndpointPayload = builder.objectRef<RowId>('UpdateWebhookEndpointPayload').implement({
  description: 'The endpoint was changed.',
  ...reached('endpoint'),
  fields: (t) => ({
    endpoint: t.field({ type: WebhookEndpoint, description: ENDPOINT, resolve: (row, _args, ctx) => endpointNow(ctx, row) }),
  }),
});

mutation('updateWebhookEndpoint', {
  description: "Changes, enables or disables a webhook endpoint of the viewer's panel. For its OWNERs.",
  who: WHO,
  input: UpdateWebhookEndpointInput,
  argument: 'Which one, and what of it.',
  payload: UpdateWebhookEndpointPayload,
  refusals: [Forbidden, InvalidInput, PanelLocked, NotFound],
  result: 'The endpoint, or why it was not changed.',
  run: ({ endpointId, ...input }, ctx) => updateEndpoint(ctx.ports, actingOf(ctx), decodeIdOf(ctx, 'WebhookEndpoint', endpointId), input),
});

const RemoveWebhookEndpointInput = builder.inputType('RemoveWebhookEndpointInput', {
  description: 'An endpoint to remove.',
  fields: (t) => ({ endpointId: t.id({ required: true, description: WHICH }) }),
});

const RemoveWebhookEndpointPayload = builder.objectRef<RowId>('RemoveWebhookEndpointPayload').implement({
  description: 'The endpoint is gone.',
  ...reached('endpointId'),
  fields: (t) => ({
    endpointId: t.id({
      description: 'The id of the endpoint that was removed.',
      resolve: (row, _args, ctx) => encodeId(ctx, 'WebhookEndpoint', row),
    }),
  }),
});

mutation('removeWebhookEndpoint', {
  description: "Removes a webhook endpoint of the viewer's panel with all its deliveries, made and waiting. For its OWNERs.",
  who: WHO,
  input: RemoveWebhookEndpointInput,
  argument: 'The endpoint.',
  payload: RemoveWebhookEndpointPayload,
  refusals: [Forbidden, PanelLocked, NotFound],
  result: 'That it is gone, or why it is not.',
  run: ({ endpointId }, ctx) => removeEndpoint(ctx.ports, actingOf(ctx), decodeIdOf(ctx, 'WebhookEndpoint', endpointId)),
});

const RotateWebhookSecretInput = builder.inputType('RotateWebhookSecretInput', {
  description: 'An endpoint whose secret to replace.',
  fields: (t) => ({ endpointId: t.id({ required: true, description: WHICH }) }),
});

const RotateWebhookSecretPayload = builder.objectRef<RowId & { readonly secret: string }>('RotateWebhookSecretPayload').implement({
  description: 'There is a new secret.',
  ...reached('endpoint', 'secret'),
  fields: (t) => ({
    endpoint: t.field({ type: WebhookEndpoint, description: ENDPOINT, resolve: (row, _args, ctx) => endpointNow(ctx, row) }),
    secret: t.exposeString('secret', { description: SECRET }),
  }),
});

mutation('rotateWebhookSecret', {
  description:
    'Gives an endpoint a new secret. For 24 hours messages are signed with the one before as well; after a second rotation in that time, with the last two. For OWNERs.',
  who: WHO,
  input: RotateWebhookSecretInput,
  argument: 'The endpoint.',
  payload: RotateWebhookSecretPayload,
  refusals: [Forbidden, PanelLocked, NotFound, InvalidState],
  result: 'The new secret, or why there is none.',
  run: ({ endpointId }, ctx) => rotateSecret(ctx.ports, actingOf(ctx), decodeIdOf(ctx, 'WebhookEndpoint', endpointId)),
});

const SendTestEventInput = builder.inputType('SendTestEventInput', {
  description: 'An endpoint to try.',
  fields: (t) => ({
    endpointId: t.id({ required: true, description: WHICH }),
    event: t.field({ type: WebhookEvent, description: 'As which event; not given: the first of those that it receives.' }),
  }),
});

const SendTestEventPayload = builder.objectRef<RowId>('SendTestEventPayload').implement({
  description: 'A test is on its way.',
  ...reached('delivery'),
  fields: (t) => ({
    delivery: t.field({
      type: Delivery,
      description: 'The delivery, as it is now.',
      resolve: async (row, _args, ctx) =>
        (await findDelivery(ctx, row)) ?? Promise.reject(new Error('a delivery that was written a moment ago is gone')),
    }),
  }),
});

mutation('sendTestEvent', {
  description: 'Sends an event about nobody, marked with `test: true`, to an enabled endpoint. One at a time. For OWNERs.',
  who: WHO,
  input: SendTestEventInput,
  argument: 'Which one, and what.',
  payload: SendTestEventPayload,
  refusals: [Forbidden, PanelLocked, NotFound, InvalidState],
  result: 'The delivery, or why there is none.',
  run: ({ endpointId, event }, ctx) => sendTestEvent(ctx.ports, actingOf(ctx), decodeIdOf(ctx, 'WebhookEndpoint', endpointId), { event }),
});

const ReplayEventsInput = builder.inputType('ReplayEventsInput', {
  description: 'What to send again: `endpointId` with `afterVersion`, or `deliveryId`.',
  fields: (t) => ({
    endpointId: t.id({ description: WHICH }),
    afterVersion: t.field({
      type: 'Version',
      description: 'Every event of customers that the endpoint asks for, numbered above this; at most 10,000 below the present version.',
    }),
    deliveryId: t.id({ description: 'One delivery that was delivered or given up.' }),
  }),
});

const ReplayEventsPayload = builder.objectRef<RowId>('ReplayEventsPayload').implement({
  description: 'It is sent again, each event under the id that it had.',
  ...reached('endpoint'),
  fields: (t) => ({
    endpoint: t.field({ type: WebhookEndpoint, description: ENDPOINT, resolve: (row, _args, ctx) => endpointNow(ctx, row) }),
  }),
});

mutation('replayEvents', {
  description: 'Sends events again to an enabled endpoint, each under the id that it had: who has it drops it. For OWNERs.',
  who: WHO,
  input: ReplayEventsInput,
  argument: 'What to send again.',
  payload: ReplayEventsPayload,
  refusals: [Forbidden, InvalidInput, PanelLocked, NotFound, InvalidState],
  result: 'The endpoint, or why nothing is sent.',
  run: ({ afterVersion, deliveryId, endpointId }, ctx) =>
    replayEvents(ctx.ports, actingOf(ctx), {
      endpoint: typeof endpointId === 'string' ? decodeIdOf(ctx, 'WebhookEndpoint', endpointId) : null,
      afterVersion,
      delivery: typeof deliveryId === 'string' ? decodeIdOf(ctx, 'Delivery', deliveryId) : undefined,
    }),
});
