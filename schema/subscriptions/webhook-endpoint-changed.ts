/** The subscription webhookEndpointChanged: the own panel's endpoints when they change or need their owner's attention. */

import { requireOwner } from '../../src/domain/endpoint/endpoint-input.ts';
import { TEAM_ROLES } from '../../src/domain/identity/invite-user.ts';
import type { EndpointEvent } from '../../src/feed/feed.ts';
import type { Stream } from '../../src/kernel/stream.ts';
import { builder } from '../core/builder.ts';
import type { Context } from '../core/context.ts';
import { clearCaches, viewerOf } from '../core/scopes.ts';
import { findEndpoint, WebhookEndpoint } from '../webhooks/endpoint.ts';
import { SubscriptionRights } from './rights.ts';
import { watched } from './watched-stream.ts';

async function subscribe(ctx: Context): Promise<Stream<EndpointEvent>> {
  const rights = new SubscriptionRights<EndpointEvent>(ctx, {
    resellerId: null,
    isOpenWhileLocked: false,
    source({ id, tenantId }) {
      requireOwner(viewerOf(ctx));
      return { key: id, open: () => ctx.feed.endpoints(tenantId, id) };
    },
  });
  const stream = await watched(rights);
  clearCaches(ctx);
  return stream;
}

builder.subscriptionField('webhookEndpointChanged', (t) =>
  t.field({
    type: WebhookEndpoint,
    nullable: true,
    description:
      "A webhook endpoint of the viewer's panel, each time one is created, changed, disabled or enabled, or one of its deliveries is given up or sent again. Null if an endpoint was removed. Always sends the newest state, so fast changes may be merged. Sends nothing at the start. For OWNER. Closed to a locked panel: PANEL_LOCKED.",
    authScopes: { person: true, reads: TEAM_ROLES, unlocked: true },
    subscribe: (_root, _args, ctx) => subscribe(ctx),
    resolve: (event, _args, ctx) => {
      clearCaches(ctx);
      return findEndpoint(ctx, event);
    },
  }),
);
