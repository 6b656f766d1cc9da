/** The waiting commands on a distributed database: each batch contains one tenant's commands, and tenants take turns (ADR-0131). */

import type { Submission } from './submission.ts';
import { type Line, SMALLEST_SHARE, Waiting } from './waiting.ts';

interface Tenant {
  readonly waiting: Waiting;
  inFlight: number;
}

/** A line for each tenant. The next batch is for the tenant that has waited longest for a batch and has not reached its limit. */
export class WaitingByTenant implements Line {
  /** The tenants with waiting or running commands. A tenant moves to the end when it gets a batch. */
  readonly #tenants = new Map<string, Tenant>();
  #length = 0;
  readonly #maxInFlight: number;

  /** `maxInFlight`: the most batches of one tenant in flight, so that connections are left for other tenants. */
  constructor(maxInFlight: number) {
    this.#maxInFlight = maxInFlight;
  }

  get length(): number {
    return this.#length;
  }

  push(submission: Submission): void {
    const tenantId = tenantOf(submission);
    let tenant = this.#tenants.get(tenantId);
    if (!tenant) {
      tenant = { waiting: new Waiting(), inFlight: 0 };
      this.#tenants.set(tenantId, tenant);
    }
    tenant.waiting.push(submission);
    this.#length += 1;
  }

  take(mostCommands: number, _idle: number, park: (submission: Submission) => boolean, leastCommands = 0): Submission[] {
    for (const [tenantId, tenant] of this.#tenants) {
      if (tenant.inFlight >= this.#maxInFlight || tenant.waiting.length === 0) continue;
      const least = tenant.inFlight === 0 ? 0 : Math.min(leastCommands, SMALLEST_SHARE);
      const before = tenant.waiting.length;
      const batch = tenant.waiting.take(mostCommands, this.#maxInFlight - tenant.inFlight, park, least);
      this.#length -= before - tenant.waiting.length;
      if (batch.length === 0) {
        this.#forgetIdle(tenantId, tenant);
        continue;
      }
      tenant.inFlight += 1;
      this.#tenants.delete(tenantId);
      this.#tenants.set(tenantId, tenant);
      return batch;
    }
    return [];
  }

  free(batch: readonly Submission[]): void {
    const [first] = batch;
    const tenantId = first && tenantOf(first);
    const tenant = tenantId === undefined ? undefined : this.#tenants.get(tenantId);
    if (tenantId === undefined || !tenant) return;
    tenant.waiting.free(batch);
    tenant.inFlight -= 1;
    this.#forgetIdle(tenantId, tenant);
  }

  #forgetIdle(tenantId: string, { inFlight, waiting }: Tenant): void {
    if (inFlight === 0 && waiting.length === 0) this.#tenants.delete(tenantId);
  }
}

/** The tenant of the submission's commands. Empty for a submission without commands, which posts nothing. */
export function tenantOf({ commands }: Pick<Submission, 'commands'>): string {
  return commands[0]?.tenantId ?? '';
}
