import type { Logger } from '../kernel/log.ts';
import type { AccountSubscriber } from './account-stream.ts';
import type { Journal } from './catch-up.ts';
import { type AccountKey, type ChangedVersion, LOOK } from './change.ts';
import type { BalanceEvent } from './feed.ts';
import type { FeedLimits, FeedObserver } from './limits.ts';
import { patiently } from './patience.ts';

/** Subscribers of one account that are woken in one turn of the event loop. */
const WOKEN_AT_ONCE = 128;

/** An account that somebody subscribes to. */
export interface Served extends AccountKey {
  readonly subscribers: Set<AccountSubscriber>;
  /** The version up to which its subscribers have everything, as far as the hub is concerned; null until one has read it. */
  head: number | null;
  /** The highest version heard of. */
  target: number;
  /** Something may have happened that no version tells of. */
  look: boolean;
}

interface HubOptions {
  readonly journal: Journal;
  readonly limits: FeedLimits;
  readonly observe: FeedObserver;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/**
 * Hands each served account's changes to its subscribers in version order without gaps. A change that follows the
 * head is passed on as it is; one that does not (another process wrote in between, a notification was lost, two
 * batches were reported in the other order) makes the hub read the journal above the head, once for all subscribers.
 * Accounts that nobody serves cost two look-ups.
 */
export class Hub {
  readonly #options: HubOptions;
  readonly #tenants = new Map<string, Map<string, Served>>();
  /** Accounts whose head may be below what the journal holds. */
  #behind = new Set<Served>();
  #filling = false;
  #comparing = false;
  #compareAgain = false;

  constructor(options: HubOptions) {
    this.#options = options;
  }

  attach({ tenantId, id }: AccountKey, subscriber: AccountSubscriber): Served {
    const accounts = this.#tenants.get(tenantId) ?? new Map<string, Served>();
    this.#tenants.set(tenantId, accounts);
    const served = accounts.get(id) ?? { tenantId, id, subscribers: new Set(), head: null, target: 0, look: false };
    accounts.set(id, served);
    served.subscribers.add(subscriber);
    return served;
  }

  detach(served: Served, subscriber: AccountSubscriber): void {
    served.subscribers.delete(subscriber);
    if (served.subscribers.size > 0) return;
    this.#behind.delete(served);
    const accounts = this.#tenants.get(served.tenantId);
    if (accounts?.get(served.id) === served) accounts.delete(served.id);
    if (accounts?.size === 0) this.#tenants.delete(served.tenantId);
  }

  closeAll(): void {
    for (const accounts of this.#tenants.values())
      for (const served of accounts.values()) for (const subscriber of served.subscribers) subscriber.close();
  }

  /**
   * A subscriber has read version `version` in the database. Answers the head: a subscriber that is below it has
   * missed what was delivered before its read, and must read on.
   */
  settle(served: Served, version: number): number {
    if (served.head === null) served.head = version;
    this.#raise(served, version);
    return served.head;
  }

  /** A committed change that this process wrote. */
  offer(change: BalanceEvent): void {
    const { tenantId, id, version } = change.account;
    const served = this.#tenants.get(tenantId)?.get(id);
    if (!served) return;
    if (served.head === null || version === served.head + 1) deliver(served, change);
    else this.#raise(served, version);
  }

  /** Another process changed the account, or nobody knows (LOOK). */
  hint({ tenantId, id, version }: ChangedVersion): void {
    const served = this.#tenants.get(tenantId)?.get(id);
    if (!served) return;
    if (version === LOOK) served.look = true;
    this.#raise(served, version);
  }

  /** Hints may have been lost: compares every served account with the database. */
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
          for (const found of await patiently(() => journal.versions(some), limits, signal)) this.hint(found);
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

  /** One query at a time for all accounts that are behind: under load they gather while it runs. */
  async #fill(): Promise<void> {
    const { journal, limits, observe, log, signal } = this.#options;
    this.#filling = true;
    try {
      while (this.#behind.size > 0) {
        const batch = this.#takeBehind();
        if (batch.length === 0) continue;
        const positions = batch.map(({ tenantId, id, head }) => ({ tenantId, id, above: head ?? 0 }));
        const targets = batch.map((served) => served.target);
        const events = await patiently(() => journal.above(positions, limits.gapLength), limits, signal);
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
      served.look = false;
      batch.push(served);
    }
    return batch;
  }

  /** Answers how many changes were read of each account. */
  #deliverRead(events: readonly BalanceEvent[]): Map<Served, number> {
    const counts = new Map<Served, number>();
    for (const event of events) {
      const { tenantId, id, version } = event.account;
      const served = this.#tenants.get(tenantId)?.get(id);
      if (!served) continue;
      counts.set(served, (counts.get(served) ?? 0) + 1);
      // What was offered while the query ran may be ahead of its answer.
      if (served.head === null || version === served.head + 1) deliver(served, event);
    }
    return counts;
  }

  /** Whether an account that was read must be read again. */
  #judge(served: Served, count: number, targetBefore: number): void {
    if (count === this.#options.limits.gapLength) served.look = true;
    // A page that is not full ends where the journal does: a target beyond it, unless raised meanwhile, was never written.
    else if (served.target === targetBefore && served.head !== null) served.target = Math.min(served.target, served.head);
    if (served.subscribers.size > 0 && isBehind(served)) this.#behind.add(served);
  }
}

function isBehind(served: Served): boolean {
  return served.head !== null && (served.look || served.target > served.head);
}

function deliver(served: Served, event: BalanceEvent): void {
  served.head = event.account.version;
  for (const subscriber of served.subscribers) subscriber.hold(event);
  if (served.subscribers.size <= WOKEN_AT_ONCE) for (const subscriber of served.subscribers) subscriber.wake();
  else wakeInTurns([...served.subscribers], 0);
}

/** A few in each turn of the event loop: woken all at once, thousands would keep it from everybody else, and their promises from being collected young. */
function wakeInTurns(subscribers: readonly AccountSubscriber[], start: number): void {
  const end = Math.min(start + WOKEN_AT_ONCE, subscribers.length);
  for (let index = start; index < end; index += 1) subscribers[index]?.wake();
  if (end < subscribers.length) setImmediate(() => wakeInTurns(subscribers, end));
}
