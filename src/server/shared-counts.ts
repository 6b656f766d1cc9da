/** Counts by name over all processes that serve one port. */

import type { Siblings } from '../kernel/siblings.ts';

/** A count for each name, over all processes. Two processes that add one within a millisecond do not see each other's addition. */
export class SharedCounts {
  readonly #topic: string;
  readonly #here = new Map<string, number>();
  /** The counts of the other processes of this port, by process. */
  readonly #elsewhere = new Map<number, Map<string, number>>();
  readonly #siblings: Siblings | null;

  /** `topic` identifies these counts in messages between the processes. */
  constructor(topic: string, siblings: Siblings | null) {
    this.#topic = topic;
    this.#siblings = siblings;
    siblings?.receive(topic, (changes, from) => this.#receive(changes, from));
    siblings?.onJoined(() => siblings.broadcast(topic, [...this.#here]));
    siblings?.onGone((from) => this.#elsewhere.delete(from));
  }

  /** The count of one name, in all processes of this port. */
  count(name: string): number {
    let count = this.#here.get(name) ?? 0;
    for (const counts of this.#elsewhere.values()) count += counts.get(name) ?? 0;
    return count;
  }

  /** The sum over all names, in all processes of this port. */
  total(): number {
    let total = 0;
    for (const counts of [this.#here, ...this.#elsewhere.values()]) for (const count of counts.values()) total += count;
    return total;
  }

  add(name: string, change: 1 | -1): void {
    const count = (this.#here.get(name) ?? 0) + change;
    if (count > 0) this.#here.set(name, count);
    else this.#here.delete(name);
    this.#siblings?.broadcast(this.#topic, [[name, count]]);
  }

  #receive(changes: unknown, from: number): void {
    if (!Array.isArray(changes)) return;
    const counts = this.#elsewhere.get(from) ?? new Map<string, number>();
    this.#elsewhere.set(from, counts);
    for (const [name, count] of changes) {
      if (count > 0) counts.set(name, count);
      else counts.delete(name);
    }
  }
}
