/** Serves all subscriptions of this process to accounts: keeps recent changes and fills gaps. */

import type { Logger } from '../../kernel/log.ts';
import type { BalanceEvent } from '../feed.ts';
import { type AccountKey, type ChangedVersion, UNKNOWN_VERSION } from '../hints/message.ts';
import type { Journal } from '../journal.ts';
import type { FeedLimits, FeedObserver } from '../limits.ts';
import { untilRead } from '../retry.ts';
import { SmallSet } from './small-set.ts';

/** One subscription's end of the hub. */
export interface Subscriber {
  /** Called when there are changes above the subscriber's version, or the feed has stopped. Must be cheap. */
  wake(): void;
  /** Whether it is counted as having everything up to this head. */
  isAt(head: number | null): boolean;
  close(): void;
}

/** An account with subscribers. */
export interface Served extends AccountKey {
  readonly subscribers: SmallSet<Subscriber>;
  /** The latest changes up to the head, without gaps, until all subscribers have taken them; bounded. */
  events: BalanceEvent[];
  /** Subscribers that lack changes up to the head. */
  behind: number;
  /** The head: the version up to which all changes were offered; null until a subscriber has read one. */
  head: number | null;
  /** The highest known version. */
  target: number;
  /** The journal must be read although no higher version is known. */
  mustRead: boolean;
}

/** Never appended to: the first change makes a new array. */
const NONE: BalanceEvent[] = [];

interface HubOptions {
  readonly journal: Journal;
  readonly limits: FeedLimits;
  readonly observe: FeedObserver;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/**
 * Delivers each served account's changes to its subscribers in version order without gaps. A change that follows the
 * head is passed on directly. Any other change makes the hub read the journal above the head, once for all subscribers:
 * another process wrote in between, a notification was lost, or two batches were reported in reverse order.
 * A change of an account without subscribers costs two look-ups.
 */
export class Hub {
  readonly #options: HubOptions;
  readonly #tenants = new Map<string, Map<string, Served>>();
  /** Accounts whose head may be below the journal's last version. */
  #behind = new Set<Served>();
  #filling = false;
  #comparing = false;
  #compareAgain = false;

  constructor(options: HubOptions) {
    this.#options = options;
  }

  /** Keeps changes for the subscriber from now on, up to the limit. */
  attach({ tenantId, id }: AccountKey, subscriber: Subscriber): Served {
    const accounts = this.#tenants.get(tenantId) ?? new Map<string, Served>();
    this.#tenants.set(tenantId, accounts);
    const served = accounts.get(id) ?? newServed(tenantId, id);
    accounts.set(id, served);
    served.subscribers.add(subscriber);
    served.behind += 1;
    return served;
  }

  /** Call this once when a subscriber has taken everything up to the head. */
  reached(served: Served): void {
    served.behind -= 1;
    if (served.behind === 0) served.events = NONE;
  }

  detach(served: Served, subscriber: Subscriber): void {
    if (!served.subscribers.delete(subscriber)) return;
    if (!subscriber.isAt(served.head)) this.reached(served);
    if (served.subscribers.size > 0) return;
    this.#behind.delete(served);
    const accounts = this.#tenants.get(served.tenantId);
    if (accounts?.get(served.id) === served) accounts.delete(served.id);
    if (accounts?.size === 0) this.#tenants.delete(served.tenantId);
  }

  closeAll(): void {
    for (const accounts of this.#tenants.values()) for (const { subscribers } of accounts.values()) subscribers.forEach(close);
  }

  /** Call this when a subscriber has read this version in the database. */
  settle(served: Served, version: number): void {
    if (served.head === null) served.head = version;
    this.#raise(served, version);
  }

  /** A committed change that this process wrote. */
  offer(change: BalanceEvent): void {
    const { tenantId, id, version } = change.account;
    const served = this.#tenants.get(tenantId)?.get(id);
    if (!served) return;
    if (served.head === null || version === served.head + 1) this.#deliver(served, change);
    else this.#raise(served, version);
  }

  /** Another process has changed the account, or may have changed it (UNKNOWN_VERSION). */
  hint({ tenantId, id, version }: ChangedVersion): void {
    const served = this.#tenants.get(tenantId)?.get(id);
    if (!served) return;
    if (version === UNKNOWN_VERSION) served.mustRead = true;
    this.#raise(served, version);
  }

  /** Compares every served account with the database, because hints may have been lost. */
  async compare(): Promise<void> {
    this.#compareAgain = true;
    if (this.#comparing) return;
    this.#comparing = true;
    const { journal, limits, log, signal } = this.#options;
    try {
      while (this.#compareAgain) {
        this.#compareAgain = false;
        const accounts = [...this.#tenants.values()].flatMap((served) => [...served.values()]);
        for (let start = 0; start < accounts.length; start += limits.compareAccounts) {
          const some = accounts.slice(start, start + limits.compareAccounts);
          for (const found of await untilRead(() => journal.versions(some), limits, signal)) this.hint(found);
        }
      }
    } catch (error) {
      if (!signal.aborted) log.error({ err: error }, 'comparing the served accounts with the database failed');
    } finally {
      this.#comparing = false;
    }
  }

  #raise(served: Served, version: number): void {
    if (version > served.target) served.target = version;
    if (isBehind(served)) {
      this.#behind.add(served);
      if (!this.#filling) void this.#fill();
    }
  }

  /** Runs one query at a time, for all accounts that are behind. Under load, more accounts gather while it runs. */
  async #fill(): Promise<void> {
    const { journal, limits, observe, log, signal } = this.#options;
    this.#filling = true;
    try {
      while (this.#behind.size > 0) {
        const batch = this.#takeBehind();
        if (batch.length === 0) continue;
        const positions = batch.map(({ tenantId, id, head }) => ({ tenantId, id, above: head ?? 0 }));
        const targets = batch.map((served) => served.target);
        const events = await untilRead(() => journal.above(positions, limits.gapLength), limits, signal);
        observe.caughtUp();
        const counts = this.#deliverRead(events);
        batch.forEach((served, index) => {
          this.#judge(served, counts.get(served) ?? 0, targets[index] ?? 0);
        });
      }
    } catch (error) {
      if (!signal.aborted) log.error({ err: error }, 'reading the journal for subscribers failed');
    } finally {
      this.#filling = false;
    }
  }

  #takeBehind(): Served[] {
    const batch: Served[] = [];
    for (const served of this.#behind) {
      if (batch.length === this.#options.limits.gapAccounts) break;
      this.#behind.delete(served);
      if (!isBehind(served)) continue;
      served.mustRead = false;
      batch.push(served);
    }
    return batch;
  }

  #deliver(served: Served, event: BalanceEvent): void {
    served.head = event.account.version;
    served.behind = served.subscribers.size;
    // An array of one has no spare capacity, but a grown one does. Most accounts have one quick subscriber.
    if (served.events.length === 0) served.events = [event];
    else served.events.push(event);
    if (served.events.length > this.#options.limits.queueLength) served.events.shift();
    served.subscribers.forEach(wake);
  }

  /** Returns how many changes were read of each account. */
  #deliverRead(events: readonly BalanceEvent[]): Map<Served, number> {
    const counts = new Map<Served, number>();
    for (const event of events) {
      const { tenantId, id, version } = event.account;
      const served = this.#tenants.get(tenantId)?.get(id);
      if (!served) continue;
      counts.set(served, (counts.get(served) ?? 0) + 1);
      // Changes that were offered while the query ran may be ahead of its result.
      if (served.head === null || version === served.head + 1) this.#deliver(served, event);
    }
    return counts;
  }

  /** Decides whether an account must be read again. */
  #judge(served: Served, count: number, targetBefore: number): void {
    if (count === this.#options.limits.gapLength) served.mustRead = true;
    // A page that is not full ends where the journal ends. A higher target, unless raised meanwhile, was never written.
    else if (served.target === targetBefore && served.head !== null) served.target = Math.min(served.target, served.head);
    if (served.subscribers.size > 0 && isBehind(served)) this.#behind.add(served);
  }
}

function isBehind(served: Served): boolean {
  return served.head !== null && (served.mustRead || served.target > served.head);
}

function wake(subscriber: Subscriber): void {
  subscriber.wake();
}

function close(subscriber: Subscriber): void {
  subscriber.close();
}

function newServed(tenantId: string, id: string): Served {
  return { tenantId, id, subscribers: new SmallSet(), events: NONE, behind: 0, head: null, target: 0, mustRead: false };
}
