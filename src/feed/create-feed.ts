/** Builds the feed of one process: hubs, listener, notifier and journal. */

import { randomBytes } from 'node:crypto';
import { openSql } from '../db/sql.ts';
import type { Topology } from '../db/topology.ts';
import type { Change } from '../kernel/journal.ts';
import type { Logger } from '../kernel/log.ts';
import type { RightsHint } from '../kernel/rights.ts';
import { AccessFeeds } from './access/hub.ts';
import { AccessStream } from './access/stream.ts';
import { Hub } from './accounts/hub.ts';
import { SharedReads } from './accounts/shared-reads.ts';
import { AccountStream, LockStream } from './accounts/stream.ts';
import { Branches } from './branches/hub.ts';
import { iterate } from './branches/reader.ts';
import { BranchSubscriber, branchStream } from './branches/stream.ts';
import { PanelStream } from './changed-of-panel.ts';
import { CustomerPayments } from './customer-payments/hub.ts';
import { Endpoints } from './endpoints/hub.ts';
import type { Feed } from './feed.ts';
import { Listener } from './hints/listener.ts';
import { type AccountKey, type ChangedVersion, type Message, UNKNOWN_VERSION } from './hints/message.ts';
import { Notifier } from './hints/notifier.ts';
import { Imports } from './imports/hub.ts';
import { ImportStream } from './imports/stream.ts';
import { createJournal } from './journal.ts';
import { createJournalByTenant } from './journal-by-tenant.ts';
import { FEED_LIMITS, type FeedLimits, type FeedObserver } from './limits.ts';
import { Purchases } from './purchases/hub.ts';
import { PurchaseStream } from './purchases/stream.ts';
import { openQueryClient } from './query-client.ts';

export interface FeedOptions {
  /** The primary's address. It must allow LISTEN, so it is not a pooler that shares sessions. */
  readonly url: string;
  readonly topology: Topology;
  readonly log: Logger;
  readonly observe?: FeedObserver;
  readonly limits?: Partial<FeedLimits>;
}

/** The calls by which the ledger notifies the feed. They neither throw nor block. */
interface FeedSink {
  /** Committed changes. The changes of one account may arrive in any order. */
  publish(changes: readonly Change[]): void;
  /** A commit whose outcome is unknown touched these accounts. */
  wake(accounts: readonly AccountKey[]): void;
  /** A commit changed purchases or customers' payments. Its outcome may be unknown. */
  purchases(): void;
}

export interface RunningFeed {
  readonly feed: Feed;
  readonly sink: FeedSink;
  /** Resolves when this process receives the hints of others; rejects when the database cannot be reached. */
  start(): Promise<void>;
  /** Ends every subscription, sends the pending hints to other processes, and closes the connections. */
  stop(): Promise<void>;
}

/** Connections that read the journal. */
const READ_CONNECTIONS = 4;

/** Plans are cached for the life of a connection. Every read of the feed must be a nested loop by key, even if tables were small. */
const READ_PARAMETERS = { enable_seqscan: 'off', enable_hashjoin: 'off', enable_mergejoin: 'off' };

/** A notification has no use after a crash, so its commit need not wait for the disk. */
const NOTIFY_PARAMETERS = { synchronous_commit: 'off' };

const observeNothing: FeedObserver = { delivered() {}, caughtUp() {}, hintSent() {}, hintReceived() {} };

/** Creates the feed of this process over one database. Connects on the first use. */
export function createFeed({ url, log, observe = observeNothing, limits: given, topology }: FeedOptions): RunningFeed {
  const limits = { ...FEED_LIMITS, ...given };
  const ended = new AbortController();
  const process = randomBytes(9).toString('base64url');
  const openReads = () =>
    openSql(url, { name: 'revenda feed reads', max: READ_CONNECTIONS, role: 'revenda_read', parameters: READ_PARAMETERS });
  const open = () => openSql(url, { name: 'revenda feed hints', max: 1, role: 'revenda_read', parameters: NOTIFY_PARAMETERS });

  const client = openQueryClient(openReads, limits.queryDeadlineMs);
  const journal = topology === 'single' ? createJournal(client) : createJournalByTenant(client);
  const shared = { journal, limits, observe, log, signal: ended.signal };
  const hub = new Hub(shared);
  const streams = { hub, reads: new SharedReads(shared), observe, signal: ended.signal };
  const branches = new Branches(shared);
  const purchases = new Purchases(shared);
  const payments = new CustomerPayments(shared);
  const endpoints = new Endpoints(shared);
  const access = new AccessFeeds(shared);
  const imports = new Imports(shared);
  const rights = new RightsListeners(log);
  const timers = new Set<NodeJS.Timeout>();

  /** Checks purchases, customers' payments and endpoints: one hint covers all three, and a check costs one query each. */
  const checkRows = () => {
    purchases.check();
    payments.check();
    endpoints.check();
  };
  const ofPanel = (tenantId: string, resellerId: string) => ({ tenantId: tenantId.toLowerCase(), resellerId: resellerId.toLowerCase() });
  const onHint = (hint: ChangedVersion) => {
    hub.hint(hint);
    branches.hint(hint);
  };
  const onLost = (ageMs: number) => {
    void hub.compare();
    branches.lost(ageMs);
    checkRows();
    access.check();
    rights.notify(null);
  };
  const onRights = (hint: RightsHint) => {
    rights.notify(hint);
    // Moving or closing a panel cancels its orders, and closing it also hands its payments on.
    if (hint.kind === 'branch') checkRows();
  };
  const onMessage = (message: Message) => {
    if (message.kind === 'changes') for (const change of message.changes) onHint(change);
    else if (message.kind === 'rights') onRights(message.hint);
    else if (message.kind === 'rows') checkRows();
    else if (message.kind === 'lost') onLost(message.ageMs);
  };
  const listener: Listener = new Listener({ open, process, limits, observe, log, onMessage, onLost });
  const notifier = new Notifier({ open, process, hasPeers: () => listener.hasPeers, limits, observe, log });

  const wake = (accounts: readonly AccountKey[]) => {
    for (const { tenantId, id } of accounts) {
      onHint({ tenantId, id, version: UNKNOWN_VERSION });
      notifier.changed({ tenantId, id, version: UNKNOWN_VERSION });
    }
  };
  const later = (afterMs: number, work: () => void) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      work();
    }, afterMs).unref();
    timers.add(timer);
  };

  const rowsChanged = () => {
    checkRows();
    notifier.rows();
  };

  const feed: Feed = {
    balance: (tenantId, accountId, after) => new AccountStream(streams, accountKey(tenantId, accountId), after),
    locks: (tenantId, accountId, after) => new LockStream(streams, accountKey(tenantId, accountId), after),
    branch(tenantId, path, sinceMs) {
      const subscriber = new BranchSubscriber(tenantId.toLowerCase(), path, limits, sinceMs);
      return iterate(subscriber, branchStream({ ...shared, branches }, subscriber));
    },
    purchases: ({ panelId, standsIn, tenantId }) =>
      new PurchaseStream(
        purchases,
        { tenantId: tenantId.toLowerCase(), panelId: panelId?.toLowerCase() ?? null, standsIn },
        limits.rowsPending,
      ),
    rowsChanged,
    customerPayments: (tenantId, resellerId) => new PanelStream(payments, ofPanel(tenantId, resellerId), limits.rowsPending),
    endpoints: (tenantId, resellerId) => new PanelStream(endpoints, ofPanel(tenantId, resellerId), limits.rowsPending),
    imports: (tenantId) => new ImportStream(imports, tenantId?.toLowerCase() ?? null, limits.importPageLength),
    importsChanged: () => imports.check(),
    access: (tenantId, resellerId, after) =>
      new AccessStream(access, { tenantId: tenantId.toLowerCase(), resellerId: resellerId?.toLowerCase() ?? null }, after),
    accessNumbered: () => access.check(),
    announce(hint) {
      onRights(hint);
      notifier.rights(hint);
    },
    onRights: (listener) => rights.add(listener),
  };

  const sink: FeedSink = {
    publish(changes) {
      for (const change of changes) {
        const { tenantId, id, version } = change.account;
        hub.offer(change);
        branches.offer(change.path, change);
        notifier.changed({ tenantId, id, version });
      }
    },
    wake(accounts) {
      wake(accounts);
      // The commit may not have happened yet.
      for (const afterMs of limits.wakeAgainMs) later(afterMs, () => wake(accounts));
    },
    purchases: rowsChanged,
  };

  return {
    feed,
    sink,
    async start() {
      await listener.start();
      // One after another, so that they share a connection: opening one costs more than all three queries.
      for (const rows of [purchases, payments, endpoints]) await rows.start();
      notifier.beat();
      const beats = setInterval(() => {
        notifier.beat();
        for (const rows of [purchases, payments, endpoints]) rows.beat();
        access.check();
        imports.check();
        listener.check(notifier.sentMs);
      }, limits.beatEveryMs).unref();
      timers.add(beats);
    },
    async stop() {
      for (const timer of timers) clearTimeout(timer);
      ended.abort();
      hub.closeAll();
      branches.closeAll();
      purchases.closeAll();
      payments.closeAll();
      endpoints.closeAll();
      access.closeAll();
      imports.closeAll();
      await notifier.stop();
      await Promise.all([listener.stop(), shared.journal.close()]);
    },
  };
}

/** Postgres accepts ids in any case and returns them in lower case, which the hub uses as keys. */
function accountKey(tenantId: string, id: string): AccountKey {
  return { tenantId: tenantId.toLowerCase(), id: id.toLowerCase() };
}

class RightsListeners {
  readonly #log: Logger;
  readonly #listeners = new Set<(hint: RightsHint | null) => void>();

  constructor(log: Logger) {
    this.#log = log;
  }

  add(listener: (hint: RightsHint | null) => void): () => void {
    // Wrapped, so that a function that was added twice is also removed twice.
    const added = (hint: RightsHint | null) => listener(hint);
    this.#listeners.add(added);
    return () => this.#listeners.delete(added);
  }

  notify(hint: RightsHint | null): void {
    for (const listener of this.#listeners) {
      try {
        listener(hint);
      } catch (error) {
        this.#log.error({ err: error }, 'a listener for changed rights failed');
      }
    }
  }
}
