/** Reads the new events of every access feed that has subscribers, once for all of them. */

import type { Logger } from '../../kernel/log.ts';
import type { AccessEvent } from '../feed.ts';
import type { AccessRange, Journal } from '../journal.ts';
import type { FeedLimits, FeedObserver } from '../limits.ts';
import { untilRead } from '../retry.ts';
import type { AccessSource, AccessStream, FollowedTenant } from './stream.ts';

interface Options {
  readonly journal: Journal;
  readonly limits: FeedLimits;
  readonly observe: FeedObserver;
  readonly log: Logger;
  /** Aborted when the feed has stopped. */
  readonly signal: AbortSignal;
}

export class AccessFeeds implements AccessSource {
  readonly #options: Options;
  readonly #tenants = new Map<string, FollowedTenant>();
  #isChecking = false;
  #isDue = false;

  constructor(options: Options) {
    this.#options = options;
  }

  attach(stream: AccessStream): FollowedTenant {
    const { tenantId } = stream.range;
    const tenant = this.#tenants.get(tenantId) ?? { tenantId, head: null, streams: new Set() };
    this.#tenants.set(tenantId, tenant);
    tenant.streams.add(stream);
    return tenant;
  }

  detach(stream: AccessStream): void {
    const tenant = this.#tenants.get(stream.range.tenantId);
    tenant?.streams.delete(stream);
    if (tenant?.streams.size === 0) this.#tenants.delete(tenant.tenantId);
  }

  /** A page for one stream, with the tenant's present version. */
  async page(
    range: AccessRange,
  ): Promise<{ readonly present: number; readonly events: readonly AccessEvent[]; readonly isWhole: boolean }> {
    const { journal, limits, observe, signal } = this.#options;
    const { events, present } = await untilRead(() => journal.accessPage(range, limits.accessPageLength), limits, signal);
    if (events.length > 0) observe.caughtUp();
    return { present, events, isWhole: events.length < limits.accessPageLength };
  }

  get pending(): number {
    return this.#options.limits.accessPending;
  }

  delivered(): void {
    this.#options.observe.delivered(1);
  }

  /** Checks for new events. Call this on every heartbeat, and when events may have been numbered. */
  check(): void {
    this.#isDue = true;
    if (!this.#isChecking && this.#tenants.size > 0) void this.#run();
  }

  closeAll(): void {
    for (const { streams } of this.#tenants.values()) for (const stream of streams) stream.close();
  }

  async #run(): Promise<void> {
    const { log, signal } = this.#options;
    this.#isChecking = true;
    try {
      while (this.#isDue) {
        this.#isDue = false;
        await this.#read();
      }
    } catch (error) {
      if (!signal.aborted) log.error({ err: error }, 'reading the access feed failed');
    } finally {
      this.#isChecking = false;
    }
  }

  async #read(): Promise<void> {
    const { journal, limits, signal } = this.#options;
    const positions = [...this.#tenants.values()].flatMap(({ head, tenantId }) => (head === null ? [] : [{ tenantId, above: head }]));
    if (positions.length === 0) return;
    const events = await untilRead(() => journal.accessAbove(positions, limits.accessPageLength), limits, signal);
    for (const event of events) this.#offer(event);
    if (events.length >= limits.accessPageLength) this.#isDue = true;
  }

  #offer(event: AccessEvent): void {
    const tenant = this.#tenants.get(event.tenantId);
    if (tenant === undefined || tenant.head === null || event.version !== tenant.head + 1) return;
    tenant.head = event.version;
    for (const stream of tenant.streams) stream.offer(event);
  }
}
