import { createServer, type Server } from 'node:http';
import { createYoga } from 'graphql-yoga';
import type { Context } from '../schema/context.ts';
import { schema } from '../schema/index.ts';
import type { Ports } from '../src/domain/ports.ts';
import { createFeed } from '../src/feed/create-feed.ts';
import type { Feed } from '../src/feed/feed.ts';
import type { Actor } from '../src/kernel/actor.ts';
import { createLogger } from '../src/kernel/log.ts';

/** Yoga as its documentation shows it, over the same schema, use cases and ledger: what the doors are built not to be. */
export function createStockYoga(url: string, ports: Ports): Server {
  // Never started: nothing here subscribes.
  const { feed } = createFeed({ url, log: createLogger('silent') });
  const yoga = createYoga({
    schema,
    logging: false,
    context: async ({ request }) => {
      const token = request.headers.get('authorization')?.slice('Bearer '.length) ?? '';
      return contextOf(ports, feed, await ports.sessions.authenticate(token));
    },
  });
  return createServer(yoga);
}

function contextOf(ports: Ports, feed: Feed, actor: Actor | null): Context {
  return { actor, ports, feed, address: '127.0.0.1', userAgent: null, cookies: null };
}
