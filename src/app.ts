/** The composition root: builds every layer from the configuration and joins them into one server. */

import { fileURLToPath } from 'node:url';
import { encodeIdWithin } from '../schema/core/global-id.ts';
import { schema } from '../schema/index.ts';
import type { Config } from './config.ts';
import { openDirectory } from './db/directory.ts';
import { openPrisma, type PrismaOptions } from './db/prisma.ts';
import { openReplica, type ReplicaOptions } from './db/replica/open-replica.ts';
import type { Replica, ReplicaLimits } from './db/replica/replica.ts';
import { isUnavailable } from './db/retry.ts';
import { openSql } from './db/sql.ts';
import { readTopology } from './db/topology.ts';
import { createAccessClock } from './domain/access/access-clock.ts';
import { CHECK_PARAMETERS, createAccessChecks } from './domain/access/check-access.ts';
import { giveAccess } from './domain/access/give-access.ts';
import { resealAccess } from './domain/access/reseal-access.ts';
import { rekeyCustomers, rekeyTrials } from './domain/customer/rekey-contacts.ts';
import { sweepPayments } from './domain/customer-payment/sweep-payments.ts';
import { resealEndpoints } from './domain/endpoint/reseal-secrets.ts';
import { createWebhooks, DEFAULT_WEBHOOK_OPTIONS, type WebhookOptions } from './domain/endpoint/webhooks.ts';
import { passwordResetChannel, RESET_CHANNEL, sweepPasswordResets } from './domain/identity/password-reset-channel.ts';
import { createPasswordResetLimits } from './domain/identity/password-reset-limits.ts';
import { createPasswords, type PasswordCost } from './domain/identity/passwords.ts';
import { rekeyEmails } from './domain/identity/rekey-emails.ts';
import { createSessions } from './domain/identity/sessions.ts';
import { createSignInLimits } from './domain/identity/sign-in-limits.ts';
import { createImportWorker } from './domain/imports/import-worker.ts';
import { sweepImports } from './domain/imports/sweep-imports.ts';
import { mailChannel } from './domain/mail/mail-channel.ts';
import { MAIL_CHANNEL } from './domain/mail/send-mail.ts';
import type { Ports } from './domain/ports.ts';
import { REMINDER_CHANNEL, reminderChannel } from './domain/reminder/mail-reminders.ts';
import { createReminderClock } from './domain/reminder/reminder-clock.ts';
import { sweepMessages } from './domain/reminder/sweep-messages.ts';
import { createLinkGuesses } from './domain/renewal/link-guesses.ts';
import { resealLinks } from './domain/renewal/reseal-links.ts';
import { createFeed } from './feed/create-feed.ts';
import type { Logger } from './kernel/log.ts';
import { createSecretBox } from './kernel/secrets.ts';
import type { Siblings } from './kernel/siblings.ts';
import type { ChangeSink } from './ledger/ledger.ts';
import { DEFAULT_QUEUE_LIMITS, type QueueObserver } from './ledger/posting/limits.ts';
import { PostingQueue } from './ledger/posting/queue.ts';
import { createUniqueValues } from './ledger/posting/unique-values.ts';
import { SharedLedger } from './ledger/sharing/shared-ledger.ts';
import { createMailer } from './mail/smtp.ts';
import { createOutbox } from './outbox/create-outbox.ts';
import { createPayments, type PaymentOptions } from './payments/create-payments.ts';
import { createAccessHandler } from './server/doors/access.ts';
import { createExportHandler } from './server/doors/export.ts';
import { createExportSlots } from './server/doors/export-slots.ts';
import { createImportHandler } from './server/doors/import.ts';
import { createRenewalHandler } from './server/doors/renewal/door.ts';
import { openWebHandler } from './server/doors/web.ts';
import { createWebhookHandler } from './server/doors/webhooks.ts';
import { contextFactory } from './server/graphql/context.ts';
import { DEFAULT_LIMITS, type Limits } from './server/limits.ts';
import { createMetrics, type Metrics } from './server/metrics.ts';
import { createServer } from './server/server.ts';
import { openTracing, type Tracing } from './server/tracing.ts';

/** The build of `npm run web`. */
const WEB_FOLDER = fileURLToPath(new URL('../web/dist', import.meta.url));
/**
 * Background workers start one after another at this distance. So their first statements share a connection, which costs more to open
 * than to use, and their polls stay apart.
 */
const WORKER_EVERY_MS = 50;
/** How often expired sessions, old failures and other expired rows are deleted. */
const SWEEP_EVERY_MS = 60_000;

/** For long reads, separate from the connections that short queries share. */
const REPORT_CONNECTIONS = 4;
/** A year of a busy panel takes longer to read than a page, and an export waits for its client between pages. Milliseconds. */
const REPORT_PARAMETERS = { statement_timeout: '30000', idle_in_transaction_session_timeout: '30000' };

/** Access checks have their own connections, so they never wait for other statements. */
const CHECK_CONNECTIONS = 2;

/** Limits that callers may override: of requests, postings, payment providers and replicas, and the cost of a password hash. */
export type AppLimits = Partial<Limits> &
  Pick<PaymentOptions, 'providerTimeoutMs'> & {
    readonly postingDeadlineMs?: number;
    readonly importLeaseMs?: number;
    readonly passwordCost?: PasswordCost;
    readonly replica?: Partial<ReplicaLimits>;
    readonly webhooks?: WebhookOptions;
  };

export interface App {
  /** For seeding before the server listens. */
  readonly ports: Ports;
  /** Whether the web application was built. */
  readonly hasWeb: boolean;
  /** Rejects when the port is in use. */
  listen(): Promise<{ readonly port: number }>;
  /** Stops accepting, finishes accepted requests, closes sockets with 1001, then closes every connection to the database. */
  close(): Promise<void>;
}

/** The composition root, which alone knows every layer. The database at `url` must be migrated. */
export async function createApp(
  config: Config,
  url: string,
  log: Logger,
  appLimits: AppLimits = {},
  siblings: Siblings | null = null,
): Promise<App> {
  const {
    importLeaseMs,
    passwordCost,
    providerTimeoutMs,
    postingDeadlineMs = DEFAULT_QUEUE_LIMITS.deadlineMs,
    replica: replicaLimits,
    webhooks: webhookOptions,
    ...limits
  } = appLimits;
  const metrics = createMetrics(siblings);
  const tracing = config.tracing && (await openTracing(config.tracing));
  const sql = openSql(url, { name: 'revenda writes', max: config.writeConnections, role: 'revenda_app' });
  const topology = await readTopology(sql);
  const directory = openDirectory(url, topology);
  const reports = openSql(url, { name: 'revenda reports', max: REPORT_CONNECTIONS, role: 'revenda_read', parameters: REPORT_PARAMETERS });
  const prisma = openPrisma(url, { name: 'revenda reads', max: config.readConnections, observePool: metrics.pool });
  const observePool: PrismaOptions['observePool'] = (count, read) => metrics.pool(`replica ${count}`, read);
  const replicaUrl = config.database?.readUrl ?? null;
  const replica =
    replicaUrl === null
      ? null
      : await followReplica(config, [url, replicaUrl], { observe: metrics, observePool, log, limits: replicaLimits });
  const running = createFeed({ url, topology, log, observe: metrics });
  const { feed } = running;
  const secrets = createSecretBox(config.secretsKeys);
  const outbox = createOutbox({ sql, topology, secrets, log, observe: metrics });
  const mail = config.mail && createMailer(config.mail);
  const webhooks = createWebhooks(
    { ports: { sql, topology, secrets, outbox, mail }, writeId: encodeIdWithin, log, observe: metrics, endpointsChanged: feed.rowsChanged },
    { allowLoopback: config.database === null, ...DEFAULT_WEBHOOK_OPTIONS, ...webhookOptions },
  );
  const numbered = () => {
    feed.accessNumbered();
    webhooks.changed();
  };
  const accessClock = createAccessClock({ ports: { sql, topology }, log, numbered });
  const sink: ChangeSink = {
    ...running.sink,
    publish(changes) {
      running.sink.publish(changes);
      webhooks.accountsChanged();
    },
    customers: accessClock.wake,
    customerPayments: running.sink.purchases,
  };
  const queue = new PostingQueue(
    url,
    sink,
    postingObserver(metrics, tracing, log),
    (error) => log.error({ err: error }, 'posting failed'),
    {
      ...DEFAULT_QUEUE_LIMITS,
      ...config.posting,
      deadlineMs: postingDeadlineMs,
    },
    topology,
    directory && createUniqueValues(directory, sql),
  );
  const shared = siblings && new SharedLedger({ local: queue, siblings, deadlineMs: postingDeadlineMs, observe: metrics.handedOn });
  const ledger = shared ?? queue;
  const reminderClock = createReminderClock({ ports: { ledger, sql, topology, mail, outbox }, log });
  metrics.queueDepth(() => queue.depth);
  metrics.pool('posting busy', () => queue.batchesInFlight);

  const sessions = createSessions({ sql, directory, idleMinutes: config.sessionIdleMinutes, maxDays: config.sessionMaxDays });
  const signInLimits = createSignInLimits({ sql });
  const passwords = createPasswords({ maxConcurrent: config.passwordHashesAtOnce, cost: passwordCost });
  const checkSql = openSql(url, {
    name: 'revenda access checks',
    max: CHECK_CONNECTIONS,
    role: 'revenda_app',
    parameters: CHECK_PARAMETERS,
  });
  const checks = createAccessChecks({ sql: checkSql, topology, secrets, log, siblings });
  const payments = createPayments({ ...config, providerTimeoutMs, log });
  const passwordResetLimits = createPasswordResetLimits({ sql });
  const imports = createImportWorker({
    ports: { ledger, sql, topology, secrets, passwords },
    log,
    changed: feed.importsChanged,
    leaseMs: importLeaseMs,
  });
  const ports: Ports = {
    ledger,
    sql,
    topology,
    directory,
    reports,
    prisma,
    lists: sql,
    passwords,
    signInLimits,
    passwordResetLimits,
    sessions,
    secrets,
    payments,
    outbox,
    mail,
    announce: feed.announce,
    purchasesChanged: feed.rowsChanged,
    customerPaymentsChanged: feed.rowsChanged,
    customersChanged: accessClock.wake,
    webhooks: webhooks.port,
    imports: imports.port,
  };
  feed.onRights((hint) => sessions.invalidate(hint));

  const web = openWebHandler(WEB_FOLDER);
  const serverLimits = { ...DEFAULT_LIMITS, drainMs: config.drainSeconds * 1000, refuseUnparsed: config.refuseUnparsed, ...limits };
  const takeSlot = createExportSlots(serverLimits, siblings);
  const server = createServer({
    schema,
    authenticate: sessions.authenticate,
    stillValid: sessions.stillValid,
    onRights: feed.onRights,
    createContext: contextFactory({ ports, feed }),
    limits: serverLimits,
    corsOrigins: config.corsOrigins,
    trustProxyHops: config.trustProxyHops,
    cookieSecure: config.cookieSecure,
    log,
    health: {
      ready: async () => {
        const [writes, reads] = await Promise.all([sql`SELECT 1 AS ready`, prisma.$queryRaw<unknown[]>`SELECT 1 AS ready`]);
        return writes.length === 1 && reads.length === 1;
      },
    },
    isUnavailable,
    metrics,
    tracing,
    siblings,
    replica: replica && {
      failed: replica.failed.bind(replica),
      async caughtUp() {
        const clients = await replica.caughtUp();
        return clients && ((context) => ({ ...context, ports: { ...ports, ...clients } }));
      },
    },
    exporter: createExportHandler(ports, serverLimits, takeSlot, log, replica),
    access: createAccessHandler({ ...ports, checks }, serverLimits, takeSlot, log),
    importer: createImportHandler(ports, serverLimits, takeSlot),
    webhooks: createWebhookHandler(ports, isUnavailable, log),
    renewal: createRenewalHandler(ports, createLinkGuesses(siblings), isUnavailable, log),
    web,
  });

  const mailWorker = {
    start() {
      if (mail === null) return;
      outbox.start({
        [MAIL_CHANNEL]: mailChannel(mail),
        [RESET_CHANNEL]: passwordResetChannel({ sql, directory, mailer: mail, publicUrl: config.publicUrl }),
        [REMINDER_CHANNEL]: reminderChannel({ sql, mailer: mail }),
      });
    },
  };
  /** In the order in which they start. */
  const workers = [accessClock, ...webhooks.workers, reminderClock, imports, mailWorker];
  const starts: NodeJS.Timeout[] = [];
  const closing = new AbortController();
  /** Converts the rows of a server of the previous version, which may still run for some minutes. */
  const rekeyContacts = async () => {
    await rekeyTrials(ports, closing.signal);
    await rekeyCustomers(ports, closing.signal);
    await giveAccess(ports, closing.signal);
  };
  /** One after another, so that they leave the other connections to requests. The conversion may take long, so it is the last. */
  const sweeps: readonly (() => Promise<unknown>)[] = [
    () => sessions.sweep(),
    () => signInLimits.sweep(),
    () => outbox.sweep(),
    () => webhooks.sweep(),
    () => sweepPasswordResets(ports),
    () => sweepImports(ports),
    () => sweepMessages(ports),
    () => sweepPayments(ports),
    rekeyContacts,
  ];
  const sweep = setInterval(async () => {
    for (const one of sweeps) {
      if (!closing.signal.aborted) await one().catch((error: unknown) => log.warn({ err: error }, 'a sweep failed'));
    }
  }, SWEEP_EVERY_MS).unref();

  await running.start();
  // Trials are converted before anybody can start one. Customers are many, and their keys decide less, so they are converted later.
  await rekeyTrials(ports);
  await rekeyEmails(ports);
  const rekeying = rekeyCustomers(ports, closing.signal)
    .then(() => giveAccess(ports, closing.signal))
    .then(() => resealAccess(ports, closing.signal))
    .then(() => resealLinks(ports, closing.signal))
    .then(() => resealEndpoints(ports))
    .catch((error: unknown) => log.warn({ err: error }, 'some customers keep their old keys, or have no access, for now'));
  return {
    ports,
    hasWeb: web !== null,
    async listen() {
      const listening = await server.listen(config.port, config.host);
      starts.push(...workers.map((worker, place) => setTimeout(() => worker.start(), place * WORKER_EVERY_MS).unref()));
      return listening;
    },
    async close() {
      clearInterval(sweep);
      for (const start of starts) clearTimeout(start);
      shared?.leave();
      await Promise.all([server.close(), outbox.close()]);
      await Promise.all([accessClock.close(), reminderClock.close(), webhooks.close(), imports.close()]);
      closing.abort();
      await rekeying;
      await ledger.close();
      await running.stop();
      await Promise.all([
        sql.end(),
        reports.end(),
        checkSql.end(),
        prisma.$disconnect(),
        tracing?.close(),
        replica?.close(),
        directory?.close(),
      ]);
    },
  };
}

/** Opens the clients of a read replica, with the same numbers and limits as for the primary. */
function followReplica(
  { readConnections, writeConnections }: Config,
  [primaryUrl, replicaUrl]: readonly [string, string],
  { observePool, ...options }: Pick<ReplicaOptions, 'observe' | 'log' | 'limits'> & Pick<PrismaOptions, 'observePool'>,
): Promise<Replica> {
  const asking = { name: 'revenda replica', max: 1, role: 'revenda_read' } as const;
  return openReplica({
    openPrimary: () => openSql(primaryUrl, asking),
    openReplica: () => openSql(replicaUrl, asking),
    openClients(replica, cut) {
      const open = (name: string, max: number, parameters = {}) => {
        const sql = openSql(replicaUrl, { name: `revenda replica ${name}`, max, role: 'revenda_read', parameters, replica });
        cut.addEventListener('abort', () => void sql.end({ timeout: 0 }).catch(() => {}));
        return sql;
      };
      return {
        reports: open('reports', REPORT_CONNECTIONS, REPORT_PARAMETERS),
        lists: open('lists', writeConnections),
        prisma: openPrisma(replicaUrl, {
          name: 'revenda replica reads',
          max: readConnections,
          observePool,
          replica: { server: replica, cut },
        }),
      };
    },
    ...options,
  });
}

/** The observers of batches. A failed batch is logged with the ids of the requests whose commands it had. */
function postingObserver(metrics: Metrics, tracing: Tracing | null, log: Logger): QueueObserver {
  return {
    posted: metrics.posted,
    refused: metrics.refused,
    retried(reason, requestIds) {
      metrics.retried(reason);
      const ids = reason === 'unknown' || reason === 'failed' ? requestIds() : [];
      if (ids.length > 0) log.warn({ reason, requestIds: ids }, 'a batch is retried');
    },
    ...(tracing && { begun: tracing.batch }),
  };
}
