/** Revenda's schema behind an unchanged Yoga. */

import { createYoga } from 'graphql-yoga';
import type { Context } from '../../schema/core/context.ts';
import { schema } from '../../schema/index.ts';
import { createApp } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import { createFeed } from '../../src/feed/create-feed.ts';
import { createLogger } from '../../src/kernel/log.ts';
import { listen, serve } from '../server.ts';

/** Yoga as documented, over the same schema, use cases and ledger: the comparison for our own handlers. */
serve(async ({ url }) => {
  const config = readConfig({ DATABASE_URL: url, HOST: '127.0.0.1' });
  const { ports } = await createApp(config, url, createLogger('warn'));
  // This feed is never started, because nothing here subscribes.
  const { feed } = createFeed({ url, topology: 'single', log: createLogger('silent') });
  const yoga = createYoga({
    schema,
    logging: false,
    context: async ({ request }): Promise<Context> => {
      const token = request.headers.get('authorization')?.slice('Bearer '.length) ?? '';
      const actor = await ports.sessions.authenticate(token);
      return { actor, ports, feed, address: '127.0.0.1', userAgent: null, cookies: null };
    },
  });
  return { port: await listen(yoga) };
});
