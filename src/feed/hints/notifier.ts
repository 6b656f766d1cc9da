/** Sends this process's hints as coalesced notifications, outside every posting transaction. */

import type { Sql } from '../../db/sql.ts';
import { within } from '../../db/within.ts';
import { monotonicMs } from '../../kernel/clock.ts';
import type { Logger } from '../../kernel/log.ts';
import type { RightsHint } from '../../kernel/rights.ts';
import type { FeedLimits, FeedObserver } from '../limits.ts';
import {
  BEAT,
  type ChangedVersion,
  type EncodedMessage,
  encodeChanges,
  encodeLost,
  encodeNotification,
  encodeRights,
  GOODBYE,
  ROWS,
  UNKNOWN_VERSION,
} from './message.ts';

export const CHANNEL = 'revenda_feed';

interface NotifierOptions {
  /** Opens a client with one connection. */
  readonly open: () => Sql;
  readonly process: string;
  /** Whether another process is alive, and so waits for our hints. */
  readonly hasPeers: () => boolean;
  readonly limits: FeedLimits;
  readonly observe: FeedObserver;
  readonly log: Logger;
}

/** The hints that were not sent yet. */
interface Pending {
  changes: Map<string, Map<string, number>>;
  accounts: number;
  rights: RightsHint[];
  rows: boolean;
  /** There were too many hints: the other processes must check for changes themselves. */
  lost: boolean;
  beat: boolean;
}

/**
 * Notifies the other processes of changes, on a connection of its own and never inside a posting transaction. It sends one
 * notification at a time, a few milliseconds apart. Each account appears once, with its newest version. Hints that could
 * not be sent are kept and sent again.
 */
export class Notifier {
  readonly #options: NotifierOptions;
  #sql: Sql;
  #pending = nothing();
  #number = 0;
  #timer: NodeJS.Timeout | null = null;
  #sending: Promise<void> | null = null;
  #stopped = false;
  /** On the monotonic clock. */
  #triedMs = Number.NEGATIVE_INFINITY;
  #sentMs = monotonicMs();

  constructor(options: NotifierOptions) {
    this.#options = options;
    this.#sql = options.open();
  }

  /** When the database last accepted a notification, on the monotonic clock. */
  get sentMs(): number {
    return this.#sentMs;
  }

  changed({ tenantId, id, version }: ChangedVersion): void {
    const pending = this.#pending;
    let accounts = pending.changes.get(tenantId);
    if (!accounts) {
      accounts = new Map();
      pending.changes.set(tenantId, accounts);
    }
    const before = accounts.size;
    const known = accounts.get(id);
    if (known === undefined || (known !== UNKNOWN_VERSION && (version > known || version === UNKNOWN_VERSION))) accounts.set(id, version);
    pending.accounts += accounts.size - before;
    if (pending.accounts > this.#options.limits.notifyAccounts) giveUpChanges(pending);
    this.#schedule();
  }

  rights(hint: RightsHint): void {
    this.#pending.rights.push(hint);
    this.#schedule();
  }

  rows(): void {
    this.#pending.rows = true;
    this.#schedule();
  }

  beat(): void {
    this.#pending.beat = true;
    this.#schedule();
  }

  /** Sends the pending hints and a goodbye, so that other processes do not mistake the silence for a crash. */
  async stop(): Promise<void> {
    const { limits, log } = this.#options;
    this.#stopped = true;
    if (this.#timer) clearTimeout(this.#timer);
    const last = async () => {
      await this.#sending;
      await this.#notify([...this.#take(this.#pending), GOODBYE]);
    };
    await within(last(), limits.goodbyeMs).catch((error: unknown) =>
      log.debug({ err: error }, 'could not send a goodbye to the other processes'),
    );
    await this.#sql.end({ timeout: limits.goodbyeMs / 1000 });
  }

  #schedule(): void {
    if (this.#timer || this.#sending || this.#stopped) return;
    const { limits, hasPeers } = this.#options;
    const everyMs = hasPeers() ? limits.notifyEveryMs : limits.notifyAloneEveryMs;
    const waitMs = Math.max(0, this.#triedMs + everyMs - monotonicMs());
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#sending = this.#send();
    }, waitMs).unref();
  }

  async #send(): Promise<void> {
    const pending = this.#pending;
    this.#pending = nothing();
    this.#triedMs = monotonicMs();
    try {
      await this.#notify(this.#take(pending));
    } catch (error) {
      this.#options.log.warn({ err: error }, 'could not notify the other processes; retrying');
      this.#restore(pending);
      this.#triedMs = monotonicMs() + this.#options.limits.retryLongestMs;
      this.#replace();
    }
    this.#sending = null;
    if (!isNothing(this.#pending)) this.#schedule();
  }

  #take(pending: Pending): EncodedMessage[] {
    return [
      ...(pending.lost ? [encodeLost(monotonicMs() - this.#sentMs)] : []),
      ...pending.rights.map(encodeRights),
      ...(pending.rows ? [ROWS] : []),
      ...encodeChanges(pending.changes),
      ...(pending.beat ? [BEAT] : []),
    ];
  }

  async #notify(messages: readonly EncodedMessage[]): Promise<void> {
    const payloads = messages.map((message) => {
      this.#number += 1;
      return encodeNotification(this.#options.process, this.#number, message);
    });
    const sent = this.#sql`
      SELECT pg_notify(${CHANNEL}, payload) FROM json_array_elements_text(${JSON.stringify(payloads)}::text::json) AS payload`;
    await within(sent, this.#options.limits.queryDeadlineMs);
    this.#sentMs = monotonicMs();
    this.#options.observe.hintSent(payloads.length);
  }

  /** Keeps hints whose sending failed, even if they may have been sent: a repeated hint does no harm. */
  #restore(failed: Pending): void {
    const pending = this.#pending;
    pending.rights.unshift(...failed.rights);
    pending.beat ||= failed.beat;
    pending.rows ||= failed.rows;
    if (failed.lost) giveUpChanges(pending);
    for (const [tenantId, accounts] of failed.changes) for (const [id, version] of accounts) this.changed({ tenantId, id, version });
  }

  /** A connection that failed may be half dead: the next notification goes over a new one. */
  #replace(): void {
    const old = this.#sql;
    this.#sql = this.#options.open();
    old.end({ timeout: 0 }).catch(() => {});
  }
}

function nothing(): Pending {
  return { changes: new Map(), accounts: 0, rights: [], rows: false, lost: false, beat: false };
}

function isNothing(pending: Pending): boolean {
  return pending.accounts === 0 && pending.rights.length === 0 && !pending.rows && !pending.lost && !pending.beat;
}

function giveUpChanges(pending: Pending): void {
  pending.changes.clear();
  pending.accounts = 0;
  pending.lost = true;
}
