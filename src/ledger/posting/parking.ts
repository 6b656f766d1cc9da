/** Sets commands aside that need a row which another session has locked. */

import { monotonicMs } from '../../kernel/clock.ts';
import type { Item } from './item.ts';

export interface ParkingLimits {
  /** The time between two retries of parked items. */
  readonly retryMs: number;
  /** The most parked commands. */
  readonly maxCommands: number;
  /** A row is treated as free again when no command has needed it for this long. */
  readonly forgetMs: number;
}

/** The items that need rows which another session has locked. They are set aside so that they delay no other item (ADR-0008). */
export class Parking {
  readonly #limits: ParkingLimits;
  readonly #retry: (items: readonly Item[]) => void;
  /** In order of arrival. */
  #parked: Item[] = [];
  #commands = 0;
  /** Rows that another session had locked, and when that was last seen. */
  readonly #held = new Map<string, number>();
  #timer: NodeJS.Timeout | null = null;

  /** `retry` is called with the items that are due. */
  constructor(limits: ParkingLimits, retry: (items: readonly Item[]) => void) {
    this.#limits = limits;
    this.#retry = retry;
  }

  get rowsHeld(): number {
    return this.#held.size;
  }

  needsHeld(item: Item): boolean {
    return this.#held.size > 0 && item.rows.some((row) => this.#held.has(row));
  }

  sawHeld(rows: readonly string[]): void {
    for (const row of rows) this.#held.set(row, monotonicMs());
  }

  /** The item was decided, so the rows that it needs were free. */
  sawFree(item: Item): void {
    if (this.#held.size > 0) for (const row of item.rows) this.#held.delete(row);
  }

  /** Forgets rows whose lock was last seen longer than `forgetMs` ago. */
  forgetOld(nowMs: number): void {
    for (const [row, seenMs] of this.#held) if (seenMs + this.#limits.forgetMs < nowMs) this.#held.delete(row);
  }

  forgetAll(): void {
    this.#held.clear();
  }

  /** Returns false if there was no room for the item. */
  park(item: Item): boolean {
    return this.#keep(item);
  }

  stop(): void {
    if (this.#timer) clearTimeout(this.#timer);
  }

  #keep(item: Item): boolean {
    const { length } = item.commands;
    if (this.#commands > 0 && this.#commands + length > this.#limits.maxCommands) return false;
    this.#parked.push(item);
    this.#commands += length;
    this.#timer ??= setTimeout(() => this.#retrySome(), this.#limits.retryMs);
    return true;
  }

  /** Retries one item for each locked row, and all items that need none. Retrying every item would delay the other commands. */
  #retrySome(): void {
    this.#timer = null;
    const waiting = this.#parked.filter((item) => item.state !== 'answered');
    this.#parked = [];
    this.#commands = 0;
    const asked = new Set<string>();
    const ready: Item[] = [];
    for (const item of waiting) {
      const held = item.rows.filter((row) => this.#held.has(row));
      if (held.length > 0 && held.every((row) => asked.has(row))) {
        this.#keep(item);
        continue;
      }
      for (const row of held) asked.add(row);
      ready.push(item);
    }
    this.#retry(ready);
  }
}
