/** Measures the screen-time that customers are granted, using only the times at which each number of screens ends. */
import assert from 'node:assert/strict';
import { type CustomerRow, type SpanRow, spansOf } from './invariants.ts';

const PERIOD_MS = 2_592_000_000;

interface Seen {
  readonly isTrial: boolean;
  readonly spans: readonly SpanRow[];
}

/**
 * Observes customers over time: the screen-time used so far, plus what is promised until the service ends. The sum is
 * never more than was paid for or imported. It is exactly that unless screens were added, which are paid for by whole
 * periods (R23). Trials are free and not measured.
 */
export class ServiceMeter {
  readonly #last = new Map<string, Seen>();
  /** Milliseconds × screens that have passed. */
  readonly #used = new Map<string, number>();
  /** The most screens that each customer ever had, which bounds the screen-time that a clock error can add or remove. */
  readonly #most = new Map<string, number>();
  /** Customers that got more screens: the rest of a period is paid for as a whole period. */
  readonly #widened = new Set<string>();
  /** Milliseconds × screens that an import brought. */
  readonly #brought = new Map<string, number>();
  readonly #patienceMs: number;
  #nowMs = 0;
  /** The total by which the clock went back. Service that ends then was already used, or began before it was observed. */
  #setBackMs = 0;
  #late = 0;

  /** `patienceMs`: how long after a change its customer is observed. */
  constructor(patienceMs = 0) {
    this.#patienceMs = patienceMs;
  }

  /** Screens were added to the customer, or may have been. */
  widen(customerId: string): void {
    this.#widened.add(customerId);
  }

  /** A spend was undone: the milliseconds × screens it served were not paid for (R45). */
  forgive(customerId: string, screenMs: number): void {
    this.#used.set(customerId, (this.#used.get(customerId) ?? 0) - screenMs);
  }

  /** An import brought this many milliseconds × screens, which were paid for elsewhere (R55). */
  bring(customerId: string, screenMs: number): void {
    this.#brought.set(customerId, screenMs);
  }

  /** Observes the customers at `nowMs`. Nothing changed them since the last observation, except at this very time. */
  observe(nowMs: number, customers: readonly CustomerRow[]): void {
    const thenMs = this.#nowMs;
    this.#setBackMs += Math.max(0, thenMs - nowMs);
    this.#late += this.#patienceMs;
    this.#nowMs = Math.max(nowMs, thenMs);
    for (const [id, { isTrial, spans }] of this.#last) {
      if (!isTrial) this.#used.set(id, (this.#used.get(id) ?? 0) + screenTime(spans, thenMs, this.#nowMs));
    }
    for (const customer of customers) {
      const { creditsSpent, id, isTrial } = customer;
      const spans = spansOf(customer);
      this.#last.set(id, { isTrial, spans });
      if (isTrial) continue;
      const granted = (this.#used.get(id) ?? 0) + screenTime(spans, this.#nowMs, Number.POSITIVE_INFINITY);
      const paid = PERIOD_MS * creditsSpent + (this.#brought.get(id) ?? 0);
      const most = Math.max(this.#most.get(id) ?? 0, ...spans.map(({ screens }) => screens));
      this.#most.set(id, most);
      const says = `granted ${granted / PERIOD_MS} periods for ${paid / PERIOD_MS}`;
      assert(granted <= paid + most * this.#setBackMs, says);
      if (!this.#widened.has(id)) assert(granted >= paid - most * (this.#setBackMs + this.#late), says);
    }
  }
}

/** Milliseconds × screens between two times. */
export function screenTime(spans: readonly SpanRow[], fromMs: number, toMs: number): number {
  let [total, beginsMs] = [0, fromMs];
  for (const { endsAtMs, screens } of spans) {
    const endMs = Math.min(endsAtMs, toMs);
    total += screens * Math.max(0, endMs - beginsMs);
    beginsMs = Math.max(beginsMs, endMs);
  }
  return total;
}
