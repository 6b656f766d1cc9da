import { schema } from '../../schema/index.ts';
import { createApp } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import { createFeed } from '../../src/feed/create-feed.ts';
import { createLogger } from '../../src/kernel/log.ts';
import { contextFactory } from '../../src/server/context.ts';
import { createServer } from '../../src/server/http.ts';
import { DEFAULT_LIMITS } from '../../src/server/limits.ts';
import { createMetrics } from '../../src/server/metrics.ts';
import { serveSockets } from '../socket-server.ts';

/** All sockets of the benchmark come from one address, and a shared machine may make the event loop wait. */
const LIMITS = { ...DEFAULT_LIMITS, socketsPerAddress: 1_000_000, eventLoopDelayMs: 60_000 };

/** The application as src/app.ts composes it, but for the feed, whose ledger's end is in the benchmark's hand. */
serveSockets(async ({ url }) => {
  const log = createLogger('warn');
  const metrics = createMetrics();
  const running = createFeed({ url, log, observe: metrics });
  const app = await createApp(readConfig({ DATABASE_URL: url, HOST: '127.0.0.1' }), url, log);
  const ports = { ...app.ports, announce: running.feed.announce };
  let operations = () => 0;
  const server = createServer({
    schema,
    authenticate: ports.sessions.authenticate,
    stillValid: ports.sessions.stillValid,
    onRights: running.feed.onRights,
    createContext: contextFactory({ ports, feed: running.feed }),
    limits: LIMITS,
    corsOrigins: [],
    trustProxyHops: 0,
    cookieSecure: false,
    log,
    health: { ready: async () => true },
    metrics: {
      ...metrics,
      operations(read) {
        operations = read;
      },
    },
  });
  await running.start();
  const { port } = await server.listen(0, '127.0.0.1');
  return { port, publish: running.sink.publish, subscribers: () => operations() };
});
