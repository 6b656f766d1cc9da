/** One subscriber's stream of the changes of all accounts in a branch. */

import { branchEnd } from '../../kernel/actor.ts';
import type { BalanceEvent } from '../feed.ts';
import type { BranchRange, Journal, LocatedEvent } from '../journal.ts';
import type { FeedLimits, FeedObserver } from '../limits.ts';
import { patiently } from '../retry.ts';
import { Reader } from './reader.ts';

/** A place in a search for what changed since a time, in the order of paths. */
export interface Search {
  readonly sinceMs: number;
  readonly fromPath: string;
}

/**
 * The newest state of each panel of a branch that changed and was not read yet, one a panel, up to a bound. Beyond it
 * all are dropped and only the earliest time of what was dropped is kept: when the subscriber reads again, it finds in
 * the database every panel that changed since, in pages.
 */
export class BranchSubscriber extends Reader {
  readonly tenantId: string;
  readonly path: string;
  readonly #limits: FeedLimits;
  readonly #pending = new Map<string, BalanceEvent>();
  /** The last version offered, of the panels offered last. */
  readonly #newest = new Map<string, number>();
  #missedSinceMs: number | null;
  #search: Search | null = null;

  constructor(tenantId: string, path: string, limits: FeedLimits, sinceMs: number | null = null) {
    super();
    this.#missedSinceMs = sinceMs;
    this.tenantId = tenantId;
    this.path = path;
    this.#limits = limits;
  }

  offer(event: BalanceEvent): void {
    if (this.#missedSinceMs !== null) this.#missedSinceMs = Math.min(this.#missedSinceMs, event.account.changedAtMs);
    else if (this.#isNewer(event)) {
      this.#pending.set(event.account.id, event);
      if (this.#pending.size > this.#limits.branchPending) this.#overflow();
    }
    this.wake();
  }

  take(): BalanceEvent | undefined {
    for (const [id, event] of this.#pending) {
      this.#pending.delete(id);
      return event;
    }
    return undefined;
  }

  /** Where to go on searching for what was missed; null: nothing was. */
  search(): Search | null {
    if (this.#missedSinceMs !== null) {
      const sinceMs = Math.min(this.#missedSinceMs, this.#search?.sinceMs ?? this.#missedSinceMs);
      this.#missedSinceMs = null;
      this.#search = { sinceMs, fromPath: this.path };
    }
    return this.#search;
  }

  /** `page` answered the search. */
  searched(search: Search, page: readonly LocatedEvent[]): void {
    this.#search = nextPage(search, page, this.#limits.branchPageLength);
  }

  /** Whether a state that was read is newer than what was sent; one that waits to be sent gives way to it. */
  supersedes(event: BalanceEvent): boolean {
    if (!this.#isNewer(event)) return false;
    this.#pending.delete(event.account.id);
    return true;
  }

  #overflow(): void {
    let sinceMs = Number.MAX_SAFE_INTEGER;
    for (const { account } of this.#pending.values()) sinceMs = Math.min(sinceMs, account.changedAtMs);
    this.#pending.clear();
    // What was dropped was not sent: the search must not take it for known.
    this.#newest.clear();
    this.#missedSinceMs = sinceMs;
  }

  #isNewer({ account: { id, version } }: BalanceEvent): boolean {
    const known = this.#newest.get(id);
    if (known !== undefined && known >= version) return false;
    this.#newest.delete(id);
    this.#newest.set(id, version);
    if (this.#newest.size > this.#limits.branchRemembered) {
      for (const oldest of this.#newest.keys()) {
        this.#newest.delete(oldest);
        break;
      }
    }
    return true;
  }
}

/** Where the next page begins; null after the last. A space sorts before whatever a path goes on with. */
export function nextPage(search: Search, page: readonly LocatedEvent[], length: number): Search | null {
  const last = page.at(-1);
  return last && page.length === length ? { ...search, fromPath: `${last.path} ` } : null;
}

export interface BranchStreamOptions {
  readonly journal: Journal;
  readonly limits: FeedLimits;
  readonly observe: FeedObserver;
  /** Aborted when the feed has stopped. */
  readonly signal: AbortSignal;
  /** Where the subscriber is offered what changes. */
  readonly branches: { attach(subscriber: BranchSubscriber): void; detach(subscriber: BranchSubscriber): void };
}

/** Feed.branch. */
export async function* branchStream(
  { journal, limits, observe, branches, signal }: BranchStreamOptions,
  subscriber: BranchSubscriber,
): AsyncGenerator<BalanceEvent, void> {
  const { tenantId, path } = subscriber;
  if (subscriber.closed || signal.aborted) return;
  branches.attach(subscriber);
  try {
    while (!subscriber.closed) {
      const event = subscriber.take();
      const search = event ? null : subscriber.search();
      if (event) {
        observe.delivered(1);
        yield event;
      } else if (search) {
        const range: BranchRange = { tenantId, fromPath: search.fromPath, endPath: branchEnd(path) };
        const page = await patiently(() => journal.changedSince(range, search.sinceMs, limits.branchPageLength), limits, subscriber.signal);
        observe.caughtUp();
        subscriber.searched(search, page);
        for (const found of page) {
          if (!subscriber.supersedes(found.event)) continue;
          observe.delivered(1);
          yield found.event;
        }
      } else await subscriber.wait();
    }
  } catch (error) {
    if (!subscriber.closed) throw error;
  } finally {
    branches.detach(subscriber);
  }
}
