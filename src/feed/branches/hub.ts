/** Serves all subscriptions of this process to branches, and reads the panels that other processes changed. */

import { setTimeout as delay } from 'node:timers/promises';
import { monotonicMs } from '../../kernel/clock.ts';
import type { Logger } from '../../kernel/log.ts';
import type { BalanceEvent } from '../feed.ts';
import type { AccountKey } from '../hints/message.ts';
import type { Journal } from '../journal.ts';
import type { FeedLimits, FeedObserver } from '../limits.ts';
import { untilRead } from '../retry.ts';
import { type BranchSubscriber, nextPage, type Search } from './stream.ts';

interface BranchesOptions {
  readonly journal: Journal;
  readonly limits: FeedLimits;
  readonly observe: FeedObserver;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

interface Tenant {
  readonly id: string;
  readonly byPath: Map<string, Set<BranchSubscriber>>;
  /** Panels that another process changed, to be read. */
  readonly wanted: Set<string>;
  /** Changes since this time, on the monotonic clock, may have been missed; null if none. */
  missedFromMs: number | null;
}

/** Paths hold digits, lower-case letters and dots: all of them are below this. */
const AFTER_ALL_PATHS = '~';

/**
 * Finds the branch subscribers of a change by the prefixes of its path: one step for each level of the tree, whatever
 * the number of subscribers. Hints of other processes cause reads only in tenants with branch subscribers; the reads are
 * merged, one query at a time. If hints were lost, the tenant is searched once, for all its subscribers.
 */
export class Branches {
  readonly #options: BranchesOptions;
  readonly #tenants = new Map<string, Tenant>();
  #reading = false;

  constructor(options: BranchesOptions) {
    this.#options = options;
  }

  attach(subscriber: BranchSubscriber): void {
    const { tenantId, path } = subscriber;
    const tenant = this.#tenants.get(tenantId) ?? newTenant(tenantId);
    this.#tenants.set(tenantId, tenant);
    const subscribers = tenant.byPath.get(path) ?? new Set();
    tenant.byPath.set(path, subscribers.add(subscriber));
  }

  detach(subscriber: BranchSubscriber): void {
    const tenant = this.#tenants.get(subscriber.tenantId);
    const subscribers = tenant?.byPath.get(subscriber.path);
    subscribers?.delete(subscriber);
    if (subscribers?.size === 0) tenant?.byPath.delete(subscriber.path);
    if (tenant?.byPath.size === 0) this.#tenants.delete(tenant.id);
  }

  closeAll(): void {
    for (const tenant of this.#tenants.values())
      for (const subscribers of tenant.byPath.values()) for (const subscriber of subscribers) subscriber.close();
  }

  /** A committed change, or the newest state of a panel. */
  offer(path: string, event: BalanceEvent): void {
    const tenant = this.#tenants.get(event.account.tenantId);
    if (!tenant) return;
    for (let dot = path.indexOf('.'); dot !== -1; dot = path.indexOf('.', dot + 1)) {
      const subscribers = tenant.byPath.get(path.slice(0, dot + 1));
      if (subscribers) for (const subscriber of subscribers) subscriber.offer(event);
    }
  }

  /** Another process has changed the panel, or may have changed it. */
  hint({ tenantId, id }: AccountKey): void {
    const tenant = this.#tenants.get(tenantId);
    if (!tenant) return;
    tenant.wanted.add(id);
    if (tenant.wanted.size > this.#options.limits.branchWanted) {
      tenant.wanted.clear();
      miss(tenant, this.#options.limits.lateCommitMs);
    }
    this.#start();
  }

  /** Hints of the last `ageMs` milliseconds may have been lost. */
  lost(ageMs: number): void {
    for (const tenant of this.#tenants.values()) miss(tenant, ageMs + this.#options.limits.lateCommitMs);
    this.#start();
  }

  #start(): void {
    if (!this.#reading) void this.#read();
  }

  async #read(): Promise<void> {
    const { limits, log, signal } = this.#options;
    this.#reading = true;
    try {
      for (let tenants = this.#waiting(); tenants.length > 0; tenants = this.#waiting()) {
        for (const tenant of tenants) if (tenant.missedFromMs !== null) await this.#search(tenant);
        await this.#readWanted(tenants);
        await delay(limits.branchReadEveryMs, undefined, { signal, ref: false });
      }
    } catch (error) {
      if (!signal.aborted) log.error({ err: error }, 'reading changed panels for branch subscribers failed');
    } finally {
      this.#reading = false;
    }
  }

  #waiting(): Tenant[] {
    return [...this.#tenants.values()].filter(({ wanted, missedFromMs }) => wanted.size > 0 || missedFromMs !== null);
  }

  async #readWanted(tenants: readonly Tenant[]): Promise<void> {
    const { journal, limits, observe, signal } = this.#options;
    const accounts = tenants.flatMap((tenant) => takeWanted(tenant));
    for (let start = 0; start < accounts.length; start += limits.branchPageLength) {
      const some = accounts.slice(start, start + limits.branchPageLength);
      const found = await untilRead(() => journal.newest(some), limits, signal);
      observe.caughtUp();
      for (const { path, event } of found) this.offer(path, event);
    }
  }

  /** Offers every panel of the tenant that changed since the loss, in pages. Another loss meanwhile causes another search. */
  async #search(tenant: Tenant): Promise<void> {
    const { journal, limits, observe, signal } = this.#options;
    const sinceMs = await this.#missedSince(tenant);
    let search: Search | null = { sinceMs, fromPath: '' };
    while (search && tenant.byPath.size > 0) {
      const fromPath: string = search.fromPath;
      const range = { tenantId: tenant.id, fromPath, endPath: AFTER_ALL_PATHS };
      const page = await untilRead(() => journal.changedSince(range, sinceMs, limits.branchPageLength), limits, signal);
      observe.caughtUp();
      for (const { path, event } of page) this.offer(path, event);
      search = nextPage(search, page, limits.branchPageLength);
    }
  }

  /** Takes the time since which the tenant missed changes, by the database's clock, which wrote the times that are compared (R25). */
  async #missedSince(tenant: Tenant): Promise<number> {
    const { journal, limits, signal } = this.#options;
    const nowMs = await untilRead(() => journal.clockMs(), limits, signal);
    const agoMs = monotonicMs() - (tenant.missedFromMs ?? monotonicMs());
    tenant.missedFromMs = null;
    return Math.max(0, Math.floor(nowMs - agoMs));
  }
}

function newTenant(id: string): Tenant {
  return { id, byPath: new Map(), wanted: new Set(), missedFromMs: null };
}

function miss(tenant: Tenant, ageMs: number): void {
  tenant.missedFromMs = Math.min(tenant.missedFromMs ?? Number.POSITIVE_INFINITY, monotonicMs() - ageMs);
}

function takeWanted(tenant: Tenant): AccountKey[] {
  const accounts = [...tenant.wanted].map((id) => ({ tenantId: tenant.id, id }));
  tenant.wanted.clear();
  return accounts;
}
