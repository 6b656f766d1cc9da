/** One subscriber's stream of the changes of all accounts in a branch. */

import { branchEnd } from '../../kernel/actor.ts';
import type { BalanceEvent } from '../feed.ts';
import type { BranchRange, Journal, LocatedEvent } from '../journal.ts';
import type { FeedLimits, FeedObserver } from '../limits.ts';
import { untilRead } from '../retry.ts';
import { Reader } from './reader.ts';

/** The position of a search for changes since a time, in the order of paths. */
export interface Search {
  readonly sinceMs: number;
  readonly fromPath: string;
}

/**
 * Keeps the newest state of each panel of a branch that changed and was not read yet, up to a limit. Beyond it all states
 * are dropped, and only the earliest time of a dropped change is kept. When the subscriber reads again, it finds every panel
 * that changed since then in the database, in pages.
 */
export class BranchSubscriber extends Reader {
  readonly tenantId: string;
  readonly path: string;
  readonly #limits: FeedLimits;
  readonly #pending = new Map<string, BalanceEvent>();
  /** The last offered version of the panels that were offered last. */
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

  /** The position where the search for missed changes continues, or null if none were missed. */
  search(): Search | null {
    if (this.#missedSinceMs !== null) {
      const sinceMs = Math.min(this.#missedSinceMs, this.#search?.sinceMs ?? this.#missedSinceMs);
      this.#missedSinceMs = null;
      this.#search = { sinceMs, fromPath: this.path };
    }
    return this.#search;
  }

  /** Call this with the page that answered the search. */
  searched(search: Search, page: readonly LocatedEvent[]): void {
    this.#search = nextPage(search, page, this.#limits.branchPageLength);
  }

  /** Whether a state that was read is newer than the sent ones. It replaces a state that waits to be sent. */
  supersedes(event: BalanceEvent): boolean {
    if (!this.#isNewer(event)) return false;
    this.#pending.delete(event.account.id);
    return true;
  }

  #overflow(): void {
    let sinceMs = Number.MAX_SAFE_INTEGER;
    for (const { account } of this.#pending.values()) sinceMs = Math.min(sinceMs, account.changedAtMs);
    this.#pending.clear();
    // The dropped states were not sent, so the search must not treat their versions as known.
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

/** The position of the next page, or null after the last. A space sorts before every character of a path. */
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
  /** Offers changes to attached subscribers. */
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
        const page = await untilRead(() => journal.changedSince(range, search.sinceMs, limits.branchPageLength), limits, subscriber.signal);
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
