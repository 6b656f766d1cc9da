/** Remembers the tenants whose machine of a distributed database recently did not answer (ADR-0131). */

import { Overloaded } from '../../kernel/errors.ts';
import type { Submission } from './submission.ts';
import { tenantOf } from './waiting-by-tenant.ts';

/** How long a tenant's commands are refused before one may try again, so that a lost machine's tenants do not occupy all connections. */
const REST_MS = 1_000;
const RETRY_AFTER_SECONDS = 2;

export function unreachable(): Overloaded {
  return new Overloaded(
    RETRY_AFTER_SECONDS,
    'The database machine of this tenant does not answer: try again, with the same idempotency key.',
  );
}

export class Unreachable {
  /** By tenant, when its commands may try again, in monotonic milliseconds. */
  readonly #until = new Map<string, number>();

  saw(submissions: readonly Submission[], nowMs: number): void {
    for (const submission of submissions) this.#until.set(tenantOf(submission), nowMs + REST_MS);
  }

  /** Returns the error for a submission that may not be tried now; null if it may. */
  refuse(submission: Pick<Submission, 'commands'>, nowMs: number): Overloaded | null {
    const tenantId = tenantOf(submission);
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
