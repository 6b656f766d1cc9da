/** Holds commands that need a row which somebody else has locked. */

import { monotonicMs } from '../../kernel/clock.ts';
import type { Item } from './item.ts';

export interface ParkingLimits {
  /** How often what is parked is tried again. */
  readonly retryMs: number;
  /** Commands that may be parked. */
  readonly maxCommands: number;
  /** After which a row that nobody asked for again is no longer taken to be held. */
  readonly forgetMs: number;
}

/** Where items wait that need rows a stranger holds, so that they keep no other item waiting. */
export class Parking {
  readonly #limits: ParkingLimits;
  readonly #retry: (items: readonly Item[]) => void;
  /** In the order they came. */
  #parked: Item[] = [];
  #commands = 0;
  /** Rows that a stranger was seen to hold, and when last. */
  readonly #held = new Map<string, number>();
  #timer: NodeJS.Timeout | null = null;

  /** `retry` is given the items whose time to be tried again has come. */
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

  /** Nobody asked for some rows for so long that what was seen of them says nothing any more. */
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

  /** One item asks for each held row; what needs none goes along. Trying all of them would take the others' turns. */
  #retrySome(): void {
    this.#timer = null;
    const waiting = this.#parked.filter((item) => !item.settled);
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
