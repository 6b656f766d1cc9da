/** A journal written with plain SQL, and feeds that read it. */

import { pino } from 'pino';
import { inject } from 'vitest';
import type { Sql } from '../../src/db/sql.ts';
import { createFeed, type RunningFeed } from '../../src/feed/create-feed.ts';
import type { BalanceEvent } from '../../src/feed/feed.ts';
import type { FeedLimits, FeedObserver } from '../../src/feed/limits.ts';
import type { Change } from '../../src/kernel/journal.ts';
import { uuidv7 } from '../../src/kernel/uuid.ts';
import { closedAtEnd } from '../support/leftovers.ts';
import { openTestSql } from '../support/sql.ts';

export interface TestPanel {
  readonly tenantId: string;
  readonly id: string;
  readonly path: string;
}

/** The counters of a feed, for tests of when it reads. */
interface Counts {
  delivered: number;
  caughtUp: number;
  hintsSent: number;
  hintsReceived: number;
}

export interface TestFeed extends RunningFeed {
  readonly counts: Counts;
}

/** Writes the journal with plain SQL, so that a test decides which changes are published, and when. */
export class JournalWorld {
  readonly url: string;
  readonly sql: Sql;
  readonly #running: TestFeed[] = [];
  readonly close = closedAtEnd(async () => {
    for (const running of this.#running) await running.stop();
    await this.sql.end();
  });
  #label = 0;

  constructor(url: string) {
    this.url = url;
    this.sql = openTestSql(url, { max: 5 });
  }

  /** Opens a feed of its own, as another process would have. */
  async feed(limits: Partial<FeedLimits> = {}, url = this.url): Promise<TestFeed> {
    const counts: Counts = { delivered: 0, caughtUp: 0, hintsSent: 0, hintsReceived: 0 };
    const observe: FeedObserver = {
      delivered: (events) => {
        counts.delivered += events;
      },
      caughtUp: () => {
        counts.caughtUp += 1;
      },
      hintSent: (notifications) => {
        counts.hintsSent += notifications;
      },
      hintReceived: (notifications) => {
        counts.hintsReceived += notifications;
      },
    };
    const running = { ...createFeed({ url, topology: inject('topology'), log: pino({ level: 'silent' }), observe, limits }), counts };
    await running.start();
    this.#running.push(running);
    return running;
  }

  async tenant(): Promise<string> {
    const id = uuidv7();
    await this.sql`INSERT INTO tenant (id, name, created_at) VALUES (${id}, 'Tenant', now())`;
    return id;
  }

  async panel(tenantId: string, parent: TestPanel | null = null): Promise<TestPanel> {
    this.#label += 1;
    const id = uuidv7();
    const path = `${parent?.path ?? ''}${this.#label.toString(36)}.`;
    const depth = path.split('.').length - 2;
    await this.sql`
      WITH r AS (
        INSERT INTO reseller (tenant_id, id, parent_id, path, depth, name, created_at)
        VALUES (${tenantId}, ${id}, ${parent?.id ?? null}, ${path}, ${depth}, 'Panel', now()) RETURNING tenant_id, id)
      INSERT INTO account (tenant_id, id, balance, version, locked_since, changed_at)
      SELECT tenant_id, id, 0, 0, date_trunc('milliseconds', now()), date_trunc('milliseconds', now()) FROM r`;
    return { tenantId, id, path };
  }

  /** Creates the root panel of a new tenant. */
  async root(): Promise<TestPanel> {
    return this.panel(await this.tenant());
  }

  /** Commits one change without publishing it. */
  async change(panel: TestPanel, delta: number, sql: Sql = this.sql): Promise<Change> {
    const transferId = uuidv7();
    const { tenantId, id, path } = panel;
    const [row] = await sql<{ balance: number; version: number; lockedSince: Date | null; at: Date }[]>`
      WITH clock AS MATERIALIZED (SELECT date_trunc('milliseconds', clock_timestamp()) AS at),
      a AS (
        UPDATE account SET balance = balance + ${delta}, version = version + 1, changed_at = at,
          locked_since = CASE WHEN balance + ${delta} = 0 THEN at END
        FROM clock WHERE tenant_id = ${tenantId} AND id = ${id} RETURNING account.*),
      t AS (
        INSERT INTO transfer (tenant_id, id, kind, from_id, to_id, amount, actor_id, memo, created_at)
        SELECT ${tenantId}, ${transferId}, ${delta > 0 ? 'ISSUE' : 'SWEEP'}, ${delta > 0 ? null : id}, ${delta > 0 ? id : null},
          abs(${delta}::bigint), ${id}, 'a memo', at FROM clock),
      e AS (
        INSERT INTO entry (tenant_id, account_id, version, kind, delta, balance_after, transfer_id, created_at)
        SELECT tenant_id, id, version, ${delta > 0 ? 'ISSUE' : 'SWEEP'}, ${delta}, balance, ${transferId}, changed_at FROM a)
      SELECT balance, version, locked_since AS "lockedSince", changed_at AS at FROM a`;
    if (!row) throw new Error('no such account');
    const at = row.at.getTime();
    return {
      account: {
        tenantId,
        id,
        balance: row.balance,
        version: row.version,
        lockedSinceMs: row.lockedSince?.getTime() ?? null,
        reserveThreshold: 1,
        debt: 0,
        issued: 0,
        consumed: 0,
        withdrawn: 0,
        changedAtMs: at,
      },
      path,
      delta,
      transfer: {
        tenantId,
        id: transferId,
        kind: delta > 0 ? 'ISSUE' : 'SWEEP',
        fromId: delta > 0 ? null : id,
        toId: delta > 0 ? id : null,
        amount: Math.abs(delta),
        actorId: id,
        memo: 'a memo',
        createdAtMs: at,
        customerId: null,
        purchaseId: null,
      },
    };
  }

  /** Commits `count` changes of one credit each, one after another. */
  async changes(panel: TestPanel, count: number): Promise<Change[]> {
    const changes: Change[] = [];
    for (let index = 0; index < count; index += 1) changes.push(await this.change(panel, 1));
    return changes;
  }

  /** Ends the backends of listening feeds, as an administrator or a failing network would. */
  async terminateListeners(): Promise<void> {
    await this.sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND query ILIKE 'listen%'`;
  }
}

/** The next `count` events. */
export async function take<Event>(events: AsyncIterator<Event>, count: number): Promise<Event[]> {
  const taken: Event[] = [];
  while (taken.length < count) {
    const result = await events.next();
    if (result.done) throw new Error(`the stream ended after ${taken.length} events`);
    taken.push(result.value);
  }
  return taken;
}

export async function next<Event>(events: AsyncIterator<Event>): Promise<Event> {
  const [event] = await take(events, 1);
  if (!event) throw new Error('the stream ended');
  return event;
}

export function versions(events: readonly BalanceEvent[]): number[] {
  return events.map((event) => event.account.version);
}

/** from, from + 1, … to. */
export function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
