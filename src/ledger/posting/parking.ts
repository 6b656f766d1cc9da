/** Holds commands that need a row which somebody else has locked. */

import { monotonicMs } from '../../kernel/clock.ts';
import type { Item } from './item.ts';

export interface ParkingLimits {
  /** How often parked items are tried again. */
  readonly retryMs: number;
  /** Commands that may be parked. */
  readonly maxCommands: number;
  /** A row counts as free again when no command needed it for this long. */
  readonly forgetMs: number;
}

/** Items that need rows which another session holds, set aside so that they delay no other item (ADR-0008). */
export class Parking {
  readonly #limits: ParkingLimits;
  readonly #retry: (items: readonly Item[]) => void;
  /** In order of arrival. */
  #parked: Item[] = [];
  #commands = 0;
  /** Rows that another session held, and when that was last seen. */
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

  /** The item was decided: what it needs was free. */
  sawFree(item: Item): void {
    if (this.#held.size > 0) for (const row of item.rows) this.#held.delete(row);
  }

  /** Forgets rows that no command has needed for so long that nothing is known of them any more. */
  forgetOld(nowMs: number): void {
    for (const [row, seenMs] of this.#held) if (seenMs + this.#limits.forgetMs < nowMs) this.#held.delete(row);
  }

  forgetAll(): void {
    this.#held.clear();
  }

  /** Whether there was room. */
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

  /** One item for each held row, and all that need none: retrying everything would delay the other commands. */
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
