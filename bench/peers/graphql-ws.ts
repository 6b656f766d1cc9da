/** The peer graphql-ws for subscriptions. */

import { EventEmitter, once } from 'node:events';
import { buildSchema } from 'graphql';
import { PubSub } from 'graphql-subscriptions';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { panelOf } from '../server.ts';
import { serveSockets } from '../socket-server.ts';
import { eventOf, SUBSCRIPTION_SDL } from '../subscription-schema.ts';
import type { Panel } from '../world.ts';

/**
 * graphql-ws on ws as documented, with the PubSub from Apollo's documentation: it executes the operation anew for
 * each subscriber.
 */
serveSockets(async ({ sessions: signedIn }) => {
  const sessions = new Map(signedIn);
  const eventEmitter = new EventEmitter().setMaxListeners(0);
  const pubsub = new PubSub({ eventEmitter });
  let subscribers = 0;
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', path: '/graphql' });
  useServer(
    {
      schema: buildSchema(SUBSCRIPTION_SDL),
      context: ({ connectionParams }) => ({ panel: panelOf(sessions, String(connectionParams?.authorization)) }),
      roots: {
        subscription: {
          balanceChanged: (_args: unknown, { panel }: { panel: Panel }) => {
            subscribers += 1;
            return pubsub.asyncIterableIterator(panel.id);
          },
        },
      },
    },
    server,
  );
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('ws does not listen');
  return {
    port: address.port,
    publish(changes) {
      for (const change of changes) void pubsub.publish(change.account.id, eventOf(change));
    },
    subscribers: () => subscribers,
  };
});
