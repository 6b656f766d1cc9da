/** Which tenants' part of a distributed database did not answer lately (ADR-0131). */

import { Overloaded } from '../../kernel/errors.ts';
import type { Item } from './item.ts';
import { tenantOf } from './waiting-by-tenant.ts';

/** Until one command of the tenant tries again, so that those of one lost machine do not take the connections of all. */
const REST_MS = 1_000;
const RETRY_AFTER_SECONDS = 2;

export function unreachable(): Overloaded {
  return new Overloaded(
    RETRY_AFTER_SECONDS,
    'The part of the database that has this tenant does not answer: try again, with the same idempotency key.',
  );
}

export class Unreachable {
  /** When each is tried again, in monotonic milliseconds. */
  readonly #until = new Map<string, number>();

  saw(items: readonly Item[], nowMs: number): void {
    for (const item of items) this.#until.set(tenantOf(item), nowMs + REST_MS);
  }

  /** Why not now; null: it may be tried. */
  refuse(item: Pick<Item, 'commands'>, nowMs: number): Overloaded | null {
    const tenantId = tenantOf(item);
    const untilMs = this.#until.get(tenantId);
    if (untilMs === undefined) return null;
    if (nowMs < untilMs) return unreachable();
    this.#until.delete(tenantId);
    return null;
  }

  forgetOld(nowMs: number): void {
    for (const [tenantId, untilMs] of this.#until) if (untilMs <= nowMs) this.#until.delete(tenantId);
  }
}
