/** Finds the imports that changed since the last check, and offers each to its tenant's subscribers. */

import type { Logger } from '../../kernel/log.ts';
import type { ImportEvent } from '../feed.ts';
import type { Journal } from '../journal.ts';
import type { FeedLimits, FeedObserver } from '../limits.ts';
import { untilRead } from '../retry.ts';
import type { ImportSource, ImportStream } from './stream.ts';

interface Options {
  readonly journal: Journal;
  readonly limits: FeedLimits;
  readonly observe: FeedObserver;
  readonly log: Logger;
  /** Aborted when the feed has stopped. */
  readonly signal: AbortSignal;
}

/**
 * While there are subscribers, reads the imports that are in progress or changed recently, and compares their revisions.
 * These imports are few, so no process stores anything about them while there are no subscribers.
 */
export class Imports implements ImportSource {
  readonly #options: Options;
  readonly #streams = new Set<ImportStream>();
  #isChecking = false;
  #isDue = false;

  constructor(options: Options) {
    this.#options = options;
  }

  attach(stream: ImportStream): void {
    this.#streams.add(stream);
    this.check();
  }

  detach(stream: ImportStream): void {
    this.#streams.delete(stream);
  }

  closeAll(): void {
    for (const stream of this.#streams) stream.close();
  }

  /** Checks for changes. Call this on every heartbeat, and when an import may have changed. */
  check(): void {
    if (this.#streams.size === 0) return;
    this.#isDue = true;
    if (!this.#isChecking) void this.#run();
  }

  async #run(): Promise<void> {
    const { journal, limits, log, observe, signal } = this.#options;
    this.#isChecking = true;
    try {
      while (this.#isDue) {
        this.#isDue = false;
        const events = await untilRead(() => journal.changedImports(limits.importPageLength), limits, signal);
        if (events.length > 0) observe.caughtUp();
        // From the oldest change to the newest: what a stream forgets first is then no longer in the page.
        for (const stream of this.#streams) for (const event of events.toReversed()) this.#offer(stream, event);
      }
    } catch (error) {
      if (!signal.aborted) log.error({ err: error }, 'reading changed imports failed');
    } finally {
      this.#isChecking = false;
    }
  }

  #offer(stream: ImportStream, event: ImportEvent): void {
    if (stream.tenantId === null || stream.tenantId === event.tenantId) stream.offer(event);
  }
}
