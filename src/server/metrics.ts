/** The metrics that /metrics serves. */

import { type Aggregator, Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { WebhookObserver } from '../domain/endpoint/webhooks.ts';
import type { Siblings } from '../kernel/siblings.ts';
import type { OutboxObserver, OutboxState } from '../outbox/outbox.ts';

const POSTING_SECONDS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5];
const BATCH_MOVEMENTS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];

/** Plain callbacks for the other layers, so that only this file knows how they are counted. */
export interface Metrics extends OutboxObserver, WebhookObserver {
  /** A batch was committed: how many movements it had, and how long it took from lock to answer. */
  posted(movements: number, elapsedMs: number): void;
  /** A batch was retried, for this reason. */
  retried(reason: string): void;
  /** Commands were handed on to another process of the port: it answered, or they were posted here after all. */
  handedOn(outcome: 'answered' | 'taken back', commands: number): void;
  /** `read` is called when the metrics are requested. */
  queueDepth(read: () => number): void;
  /** A refusal with this code was sent. */
  refused(code: string): void;
  /** Changes were delivered to subscribers. */
  delivered(changes: number): void;
  /** A subscriber or an account caught up from the journal. */
  caughtUp(): void;
  hintSent(hints: number): void;
  hintReceived(hints: number): void;
  /** A count of a pool's connections, or of the callers that wait for one. `read` is called when the metrics are requested. */
  pool(count: string, read: () => number): void;
  /** A query or an export was read while a replica is configured; `outcome` says where. */
  replicaRead(outcome: string): void;
  /** Bytes that the replica has not replayed. `read` is called when the metrics are requested. */
  replicaBehind(read: () => number): void;
  /** An HTTP request was answered. */
  answered(door: 'json' | 'yoga' | 'export' | 'access' | 'import'): void;
  sockets(read: () => number): void;
  operations(read: () => number): void;
  /** In Prometheus' text format. */
  text(): Promise<{ contentType: string; body: string }>;
}

let ofProcess: Registry | undefined;

/**
 * The metrics of memory, processor and event loop. They describe the process, so that all its servers share them: the library observes
 * until the process ends, and would keep a closed server in memory.
 */
function processMetrics(): Registry {
  if (ofProcess === undefined) {
    ofProcess = new Registry();
    collectDefaultMetrics({ register: ofProcess });
  }
  return ofProcess;
}

/** With `siblings`, the metrics cover all processes of the port. */
export function createMetrics(siblings: Siblings | null = null): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const shared = processMetrics();
  const all = () => Registry.merge([shared, registry]);
  siblings?.onMetrics(() => all().getMetricsAsJSON());

  const counter = (name: string, help: string) => new Counter({ name: `revenda_${name}`, help, registers });
  const gauge =
    (name: string, help: string, aggregator: Aggregator = 'sum') =>
    (read: () => number) => {
      new Gauge({
        name: `revenda_${name}`,
        help,
        registers,
        aggregator,
        collect() {
          this.set(read());
        },
      });
    };

  const posting = new Histogram({
    name: 'revenda_posting_seconds',
    help: 'From the lock of a batch to the answer to its commit.',
    buckets: POSTING_SECONDS,
    registers,
  });
  const batch = new Histogram({
    name: 'revenda_posting_batch_movements',
    help: 'Movements committed together.',
    buckets: BATCH_MOVEMENTS,
    registers,
  });
  const refusals = new Counter({ name: 'revenda_refusals_total', help: 'Refusals sent.', labelNames: ['code'], registers });
  const retries = new Counter({ name: 'revenda_posting_retries_total', help: 'Batches retried.', labelNames: ['reason'], registers });
  const handedOn = new Counter({
    name: 'revenda_commands_handed_on_total',
    help: 'Commands handed on to another process of the port, by outcome.',
    labelNames: ['outcome'],
    registers,
  });
  const requests = new Counter({ name: 'revenda_http_requests_total', help: 'HTTP requests answered.', labelNames: ['door'], registers });
  const byDoor = {
    ...{ json: requests.labels('json'), yoga: requests.labels('yoga') },
    ...{ export: requests.labels('export'), access: requests.labels('access'), import: requests.labels('import') },
  };
  const deliveries = counter('deliveries_total', 'Changes delivered to subscribers.');
  const catchUps = counter('catch_ups_total', 'Times that a subscriber or an account caught up from the journal.');
  const hintsSent = counter('hints_sent_total', 'Notifications sent to other processes.');
  const hintsReceived = counter('hints_received_total', 'Notifications received from other processes.');
  const webhooks = new Counter({
    name: 'revenda_webhook_attempts_total',
    help: 'Attempts to deliver a webhook, by outcome.',
    labelNames: ['outcome'],
    registers,
  });
  const replicaReads = new Counter({
    name: 'revenda_replica_reads_total',
    help: 'Queries and exports while a read replica is configured, by where they were read.',
    labelNames: ['outcome'],
    registers,
  });
  // Every outcome starts at 0, so that an alert rule that compares them finds each.
  for (const outcome of ['replica', 'behind', 'away', 'failed']) replicaReads.inc({ outcome }, 0);
  let replicaBehind = () => 0;
  gauge(
    'replica_behind_bytes',
    'Bytes of the write-ahead log that the read replica has not replayed, sampled every 0.5 s.',
    'max',
  )(() => replicaBehind());
  const outbox = new Counter({
    name: 'revenda_outbox_attempts_total',
    help: 'Attempts to deliver a message of the outbox, by outcome.',
    labelNames: ['channel', 'outcome'],
    registers,
  });
  const outboxGauge = (name: string, help: string, read: () => ReadonlyMap<string, OutboxState>, field: keyof OutboxState) =>
    new Gauge({
      name: `revenda_outbox_${name}`,
      help,
      labelNames: ['channel'],
      registers,
      aggregator: 'max',
      collect() {
        for (const [channel, state] of read()) this.set({ channel }, state[field]);
      },
    });
  const pools = new Map<string, () => number>();
  new Gauge({
    name: 'revenda_pool_connections',
    help: 'Connections to the database.',
    labelNames: ['count'],
    registers,
    collect() {
      for (const [count, read] of pools) this.set({ count }, read());
    },
  });

  return {
    posted(movements, elapsedMs) {
      posting.observe(elapsedMs / 1_000);
      batch.observe(movements);
    },
    retried: (reason) => retries.inc({ reason }),
    handedOn: (outcome, commands) => handedOn.inc({ outcome }, commands),
    queueDepth: gauge('queue_depth', 'Commands that wait to be posted.'),
    refused: (code) => refusals.inc({ code }),
    delivered: (changes) => deliveries.inc(changes),
    caughtUp: () => catchUps.inc(),
    hintSent: (hints) => hintsSent.inc(hints),
    hintReceived: (hints) => hintsReceived.inc(hints),
    pool(count, read) {
      pools.set(count, read);
    },
    replicaRead: (outcome) => replicaReads.inc({ outcome }),
    replicaBehind(read) {
      replicaBehind = read;
    },
    webhookAttempt: (outcome) => webhooks.inc({ outcome }),
    webhooksWaiting: gauge('webhooks_waiting', 'Deliveries that wait for an endpoint, counted once a minute.', 'max'),
    outboxDelivered: (channel) => outbox.inc({ channel, outcome: 'delivered' }),
    outboxFailed: (channel) => outbox.inc({ channel, outcome: 'failed' }),
    outboxDied: (channel) => outbox.inc({ channel, outcome: 'dead' }),
    outboxState(read) {
      outboxGauge('waiting', 'Messages that wait to be delivered, counted every 15 s.', read, 'waiting');
      outboxGauge('oldest_seconds', 'Age of the oldest message that waits, measured every 15 s.', read, 'oldestSeconds');
    },
    answered: (door) => byDoor[door].inc(),
    sockets: gauge('sockets', 'Open WebSockets.'),
    operations: gauge('operations', 'Unfinished operations on WebSockets and event streams.'),
    text: async () => ({ contentType: registry.contentType, body: await (siblings ?? all()).metrics() }),
  };
}
