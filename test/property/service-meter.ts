import assert from 'node:assert/strict';
import type { CustomerRow } from './invariants.ts';

const PERIOD_MS = 2_592_000_000;

/**
 * Measures what customers were granted, by looking at them as time goes on: screen-time used so far and promised until
 * their service ends. Trials are free, and not measured (R23).
 */
export class ServiceMeter {
  readonly #last = new Map<string, CustomerRow>();
  /** Milliseconds × screens that are over. */
  readonly #used = new Map<string, number>();
  #nowMs = 0;
  /** By how much the clock went back, all in all: service that ended by it, and was had already. */
  #setBackMs = 0;

  /** The customers as they are at `nowMs`. Nothing changed them since they were looked at last, but at this very time. */
  look(nowMs: number, customers: readonly CustomerRow[]): void {
    const thenMs = this.#nowMs;
    this.#setBackMs += Math.max(0, thenMs - nowMs);
    this.#nowMs = Math.max(nowMs, thenMs);
    for (const { expiresAtMs, id, isTrial, screens } of this.#last.values()) {
      if (isTrial) continue;
      const usedMs = Math.max(0, Math.min(this.#nowMs, expiresAtMs) - thenMs);
      this.#used.set(id, (this.#used.get(id) ?? 0) + screens * usedMs);
    }
    for (const customer of customers) {
      this.#last.set(customer.id, customer);
      const { creditsSpent, expiresAtMs, id, isTrial, screens } = customer;
      const promised = isTrial ? 0 : screens * Math.max(0, expiresAtMs - this.#nowMs);
      const granted = (this.#used.get(id) ?? 0) + promised;
      assert(
        granted <= PERIOD_MS * creditsSpent + screens * this.#setBackMs,
        `granted ${granted / PERIOD_MS} periods for ${creditsSpent} credits`,
      );
    }
  }
}
