/** The commands that wait on a distributed database: a batch is of one tenant, and tenants take turns (ADR-0131). */

import type { Item } from './item.ts';
import { type Line, SMALLEST_SHARE, Waiting } from './waiting.ts';

interface Tenant {
  readonly waiting: Waiting;
  underWay: number;
}

/** A line for each tenant. The next batch is of the tenant whose turn was longest ago, of those that may have one more. */
export class WaitingByTenant implements Line {
  /** Those with commands that wait or are posted, by turn: who had one stands last. */
  readonly #tenants = new Map<string, Tenant>();
  #length = 0;
  readonly #mostOfOne: number;

  /** `mostOfOne`: batches of one tenant in flight, so that others find connections. */
  constructor(mostOfOne: number) {
    this.#mostOfOne = mostOfOne;
  }

  get length(): number {
    return this.#length;
  }

  push(item: Item): void {
    const tenantId = tenantOf(item);
    let tenant = this.#tenants.get(tenantId);
    if (!tenant) {
      tenant = { waiting: new Waiting(), underWay: 0 };
      this.#tenants.set(tenantId, tenant);
    }
    tenant.waiting.push(item);
    this.#length += 1;
  }

  take(mostCommands: number, _idle: number, park: (item: Item) => boolean, leastCommands = 0): Item[] {
    for (const [tenantId, tenant] of this.#tenants) {
      if (tenant.underWay >= this.#mostOfOne || tenant.waiting.length === 0) continue;
      const least = tenant.underWay === 0 ? 0 : Math.min(leastCommands, SMALLEST_SHARE);
      const before = tenant.waiting.length;
      const batch = tenant.waiting.take(mostCommands, this.#mostOfOne - tenant.underWay, park, least);
      this.#length -= before - tenant.waiting.length;
      if (batch.length === 0) {
        this.#forgetIdle(tenantId, tenant);
        continue;
      }
      tenant.underWay += 1;
      this.#tenants.delete(tenantId);
      this.#tenants.set(tenantId, tenant);
      return batch;
    }
    return [];
  }

  free(batch: readonly Item[]): void {
    const [first] = batch;
    const tenantId = first && tenantOf(first);
    const tenant = tenantId === undefined ? undefined : this.#tenants.get(tenantId);
    if (tenantId === undefined || !tenant) return;
    tenant.waiting.free(batch);
    tenant.underWay -= 1;
    this.#forgetIdle(tenantId, tenant);
  }

  #forgetIdle(tenantId: string, { underWay, waiting }: Tenant): void {
    if (underWay === 0 && waiting.length === 0) this.#tenants.delete(tenantId);
  }
}

/** An item without commands is of nobody, and posts nothing. */
export function tenantOf({ commands }: Pick<Item, 'commands'>): string {
  return commands[0]?.tenantId ?? '';
}
