/** Outboxes and channels for tests, as several processes have them. */

import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import type { Sql, Transaction } from '../../src/db/sql.ts';
import { createLogger } from '../../src/kernel/log.ts';
import { createSecretBox } from '../../src/kernel/secrets.ts';
import { createOutbox, type RunningOutbox } from '../../src/outbox/create-outbox.ts';
import type { Channel, Message, OutboxObserver, Outcome } from '../../src/outbox/outbox.ts';
import { closedAtEnd } from '../support/leftovers.ts';
import { openTestSql } from '../support/sql.ts';
import { until } from '../support/until.ts';

export const TENANT = '01900000-0000-7000-8000-000000000001';
export const CHANNEL = 'test';

/** A key that seals bodies. */
export function newKey(): Buffer {
  return randomBytes(32);
}

export interface Counted {
  delivered: number;
  failed: number;
  dead: number;
}

export function counting(): OutboxObserver & { readonly counted: Counted } {
  const counted = { delivered: 0, failed: 0, dead: 0 };
  return {
    counted,
    outboxDelivered: () => {
      counted.delivered += 1;
    },
    outboxFailed: () => {
      counted.failed += 1;
    },
    outboxDied: () => {
      counted.dead += 1;
    },
    outboxState: () => {},
  };
}

/** Outboxes on one database, as several processes have them. */
export class OutboxWorld {
  readonly sql: Sql;
  readonly key = newKey();
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
    // Writes of one lane wait for each other, on a busy machine longer than a lock time-out of the product.
    this.sql = openTestSql(url, { max: 6, role: 'revenda_app' });
    closedAtEnd(() => this.sql.end());
  }

  /** A new worker, which polls often. */
  worker({ key = this.key }: { readonly key?: Buffer } = {}) {
    const sql = openTestSql(this.#url, { max: 4, role: 'revenda_app' });
    const observe = counting();
    const outbox = createOutbox({
      sql,
      topology: inject('topology'),
      secrets: createSecretBox([key]),
      log: createLogger('silent'),
      observe,
      pollEveryMs: 20,
    });
    closedAtEnd(async () => {
      await outbox.close();
      await sql.end();
    });
    return { outbox, counted: observe.counted };
  }

  /** Writes a message in its own transaction. */
  async write(outbox: RunningOutbox, lane: string, body: string, { target = 'somewhere', expiresInMs = null as number | null } = {}) {
    await this.sql.begin((tx) => outbox.write(tx, { tenantId: TENANT, channel: CHANNEL, target, lane, body, expiresInMs }));
    outbox.wake();
  }

  async rows() {
    const [lanes, messages] = await Promise.all([
      this.sql<{ lane: string }[]>`SELECT lane FROM outbox_lane ORDER BY lane`,
      this.sql<{ lane: string; body: string | null; attempts: number; why: string | null; dead: boolean }[]>`
        SELECT lane, body, attempts, last_error AS why, dead_at IS NOT NULL AS dead FROM outbox_message ORDER BY lane, position`,
    ]);
    return { lanes: lanes.map(({ lane }) => lane), messages: [...messages] };
  }

  /** Waits until no message is left. */
  settled(): Promise<unknown> {
    return until(async () => (await this.rows()).lanes.length === 0);
  }
}

/** A channel that calls `deliver` for each message, and reports dead messages. */
export function channel(
  deliver: (message: Message, signal: AbortSignal) => Promise<Outcome> | Outcome,
  { retryDelaysMs = [1, 1, 1] as readonly number[], attemptTimeoutMs = 60_000 } = {},
): Channel & {
  readonly died: (tx: Transaction, message: { body: string | null }, why: string) => Promise<void>;
  readonly deaths: string[];
} {
  const deaths: string[] = [];
  return {
    retryDelaysMs,
    attemptTimeoutMs,
    deliver: async (message, signal) => deliver(message, signal),
    died: async (_tx, { body }, why) => {
      deaths.push(`${body}: ${why}`);
    },
    deaths,
  };
}

export const DELIVERED: Outcome = { kind: 'delivered' };
