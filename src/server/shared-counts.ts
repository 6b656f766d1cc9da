/** Counts by name over all processes that serve one port. */

import type { Siblings } from '../kernel/siblings.ts';

/** How much there is of each name, here and elsewhere. Two processes that add one within a millisecond do not see each other's. */
export class SharedCounts {
  readonly #topic: string;
  readonly #here = new Map<string, number>();
  /** Of other processes of this port, by whom told it. */
  readonly #elsewhere = new Map<number, Map<string, number>>();
  readonly #siblings: Siblings | null;

  /** `topic` names these counts among the processes. */
  constructor(topic: string, siblings: Siblings | null) {
    this.#topic = topic;
    this.#siblings = siblings;
    siblings?.hear(topic, (told, from) => this.#hear(told, from));
    siblings?.onJoined(() => siblings.tell(topic, [...this.#here]));
    siblings?.onGone((from) => this.#elsewhere.delete(from));
  }

  /** In all processes of this port. */
  count(name: string): number {
    let count = this.#here.get(name) ?? 0;
    for (const counts of this.#elsewhere.values()) count += counts.get(name) ?? 0;
    return count;
  }

  /** Of all names, in all processes of this port. */
  total(): number {
    let total = 0;
    for (const counts of [this.#here, ...this.#elsewhere.values()]) for (const count of counts.values()) total += count;
    return total;
  }

  add(name: string, change: 1 | -1): void {
    const count = (this.#here.get(name) ?? 0) + change;
    if (count > 0) this.#here.set(name, count);
    else this.#here.delete(name);
    this.#siblings?.tell(this.#topic, [[name, count]]);
  }

  #hear(told: unknown, from: number): void {
    if (!Array.isArray(told)) return;
    const counts = this.#elsewhere.get(from) ?? new Map<string, number>();
    this.#elsewhere.set(from, counts);
    for (const [name, count] of told) {
      if (count > 0) counts.set(name, count);
      else counts.delete(name);
    }
  }
}
