/** One subscriber's ordered stream of a tenant's access feed, or of one panel's part of it. */

import { isServiceReport } from '../../kernel/access-events.ts';
import { BadUserInput } from '../../kernel/errors.ts';
import { Stream } from '../../kernel/stream.ts';
import type { AccessEvent } from '../feed.ts';
import type { AccessRange } from '../journal.ts';

/** A tenant whose feed has subscribers. */
export interface FollowedTenant {
  readonly tenantId: string;
  /** All events up to this version were offered; null until it is known. */
  head: number | null;
  readonly streams: Set<AccessStream>;
}

/** Gives a stream its pages, and offers it live events. */
export interface AccessSource {
  /** The most live events that may wait for one stream. */
  readonly pending: number;
  attach(stream: AccessStream): FollowedTenant;
  detach(stream: AccessStream): void;
  /** A page, whether it is the last for now, and the tenant's present version. */
  page(range: AccessRange): Promise<{ readonly present: number; readonly events: readonly AccessEvent[]; readonly isWhole: boolean }>;
  delivered(): void;
}

/**
 * Attaches, reads pages until nothing is missing up to the tenant's head, and then is live. Live events wait for their reader up to a
 * limit. Beyond it they are dropped, and read again by pages. So it holds a version, and never an unlimited queue.
 */
export class AccessStream extends Stream<AccessEvent> {
  readonly range: Omit<AccessRange, 'above'>;
  readonly #feeds: AccessSource;
  readonly #after: number | null;
  #tenant: FollowedTenant | null = null;
  #pending: AccessEvent[] = [];
  /** All events up to this version were taken or wait in `#pending`. */
  #covered = 0;
  #isLive = false;
  #isReading = false;
  #isOver = false;
  #failure: unknown = null;

  constructor(feeds: AccessSource, range: Omit<AccessRange, 'above'>, after: number | null) {
    super();
    this.#feeds = feeds;
    this.range = range;
    this.#after = after;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  take(): AccessEvent | undefined {
    if (this.#failure !== null) {
      const failure = this.#failure;
      this.#failure = null;
      throw failure;
    }
    if (this.#isOver) return undefined;
    const event = this.#pending.shift();
    if (event !== undefined) {
      this.#feeds.delivered();
      return event;
    }
    if (!this.#isLive && !this.#isReading) void this.#read();
    return undefined;
  }

  offer(event: AccessEvent): void {
    if (!this.#isLive || this.#isOver || event.version <= this.#covered) return;
    const { resellerId } = this.range;
    if (resellerId === null ? isServiceReport(event.event) : event.resellerId !== resellerId) return;
    if (this.#pending.length >= this.#feeds.pending) {
      // The waiting events stay. The following ones are read by pages.
      this.#isLive = false;
      this.#covered = this.#pending.at(-1)?.version ?? this.#covered;
      return;
    }
    this.#pending.push(event);
    this.reader?.ready();
  }

  close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#pending = [];
    if (this.#tenant !== null) this.#feeds.detach(this);
    this.reader?.ready();
  }

  async #read(): Promise<void> {
    this.#isReading = true;
    try {
      if (this.#tenant === null) await this.#begin();
      else await this.#readOn();
    } catch (error) {
      if (!this.#isOver) this.#failure = error;
      this.close();
    }
    this.#isReading = false;
    this.reader?.ready();
  }

  async #begin(): Promise<void> {
    const after = this.#after;
    this.#tenant = this.#feeds.attach(this);
    const { present } = await this.#feeds.page({ ...this.range, above: Number.MAX_SAFE_INTEGER });
    if (this.#isOver) return;
    if (after !== null && after > present) throw new BadUserInput('after', `must not be above the present version, ${present}.`);
    this.#covered = after ?? present;
    // The first subscriber determines the version from which events are live.
    this.#tenant.head ??= present;
    this.#goLive();
  }

  async #readOn(): Promise<void> {
    const { events, isWhole, present } = await this.#feeds.page({ ...this.range, above: this.#covered });
    if (this.#isOver) return;
    this.#pending.push(...events);
    this.#covered = isWhole ? Math.max(present, this.#covered) : (events.at(-1)?.version ?? this.#covered);
    this.#goLive();
  }

  /** Goes live once it has every event that was offered so far. Events that it already has are not taken again. */
  #goLive(): void {
    const head = this.#tenant?.head ?? null;
    if (head !== null && this.#covered >= head) this.#isLive = true;
  }
}
