/** Revenda with a feed to which the benchmark publishes. */

import { encodeIdWithin } from '../../schema/core/global-id.ts';
import { schema } from '../../schema/index.ts';
import { readConfig } from '../../src/config.ts';
import { openPrisma } from '../../src/db/prisma.ts';
import { openSql } from '../../src/db/sql.ts';
import { createWebhooks } from '../../src/domain/endpoint/webhooks.ts';
import { createPasswordResetLimits } from '../../src/domain/identity/password-reset-limits.ts';
import { createPasswords } from '../../src/domain/identity/passwords.ts';
import { createSessions } from '../../src/domain/identity/sessions.ts';
import { createSignInLimits } from '../../src/domain/identity/sign-in-limits.ts';
import type { Ports } from '../../src/domain/ports.ts';
import { createFeed } from '../../src/feed/create-feed.ts';
import { createLogger } from '../../src/kernel/log.ts';
import { createSecretBox } from '../../src/kernel/secrets.ts';
import { PostingQueue } from '../../src/ledger/posting/queue.ts';
import { createOutbox } from '../../src/outbox/create-outbox.ts';
import { createPayments } from '../../src/payments/create-payments.ts';
import { contextFactory } from '../../src/server/graphql/context.ts';
import { DEFAULT_LIMITS } from '../../src/server/limits.ts';
import { createMetrics } from '../../src/server/metrics.ts';
import { createServer } from '../../src/server/server.ts';
import { serveSockets } from '../socket-server.ts';

/** All sockets of the benchmark come from one address, and a shared machine may delay the event loop. */
const LIMITS = { ...DEFAULT_LIMITS, socketsPerAddress: 1_000_000, eventLoopDelayMs: 60_000 };

/**
 * The application as src/app.ts composes it, in one process, except that the benchmark publishes to the feed in place
 * of the ledger.
 */
serveSockets(async ({ url }) => {
  const log = createLogger('warn');
  const config = readConfig({ DATABASE_URL: url, HOST: '127.0.0.1' });
  const metrics = createMetrics();
  const running = createFeed({ url, topology: 'single', log, observe: metrics });
  const sql = openSql(url, { name: 'revenda writes', max: config.writeConnections, role: 'revenda_app' });
  const secrets = createSecretBox(config.secretsKeys);
  const outbox = createOutbox({ sql, secrets, log, observe: metrics });
  const ports: Ports = {
    ledger: new PostingQueue(url, running.sink, metrics, (error) => log.error({ err: error }, 'posting failed')),
    sql,
    topology: 'single',
    directory: null,
    reports: sql,
    lists: sql,
    prisma: openPrisma(url, { name: 'revenda reads', max: config.readConnections, observePool: metrics.pool }),
    passwords: createPasswords({ maxConcurrent: config.passwordHashesAtOnce }),
    signInLimits: createSignInLimits({ sql }),
    sessions: createSessions({ sql, directory: null, idleMinutes: config.sessionIdleMinutes, maxDays: config.sessionMaxDays }),
    secrets,
    mail: null,
    passwordResetLimits: createPasswordResetLimits({ sql }),
    outbox,
    payments: createPayments({ ...config, log }),
    announce: running.feed.announce,
    customersChanged: () => {},
    imports: { wake: () => {} },
    webhooks: createWebhooks(
      {
        ports: { sql, topology: 'single', secrets, outbox, mail: null },
        writeId: encodeIdWithin,
        log,
        observe: metrics,
        endpointsChanged: () => {},
      },
      {},
    ).port,
    purchasesChanged: running.feed.rowsChanged,
    customerPaymentsChanged: running.feed.rowsChanged,
  };
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
