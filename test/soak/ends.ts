/** Checks that every end of a term is announced once. */

import { PATIENCE_MS, until } from '../support/until.ts';
import { rowOf } from './client.ts';
import { activate } from './operations.ts';
import type { Scene } from './scene.ts';

/** Customers for each fault. */
const ENDING = 12;

/** How many ends of terms the feed announced, in total. */
export interface Ends {
  readonly made: number;
  readonly lost: number;
  /** Ends that were announced more than once. */
  readonly doubled: number;
}

/** Customers that no caller renews, so that their terms end once. */
export class Ending {
  readonly #ids: string[] = [];
  readonly #everyMs: number;

  /** `everyMs`: the time between two ends. All of them should take about as long as a fault. */
  constructor(everyMs: number) {
    this.#everyMs = everyMs;
  }

  /** Activates customers whose terms end one after another from now on. */
  async begin({ callers, stranger, world }: Scene): Promise<void> {
    const ids: string[] = [];
    for (const payer of world.payers.slice(0, ENDING)) {
      const payload = await callers.settle(activate(payer));
      if (payload?.customer) ids.push(rowOf(payload.customer.id));
    }
    for (const [index, id] of ids.entries())
      await stranger`
        UPDATE customer SET expires_at = date_trunc('milliseconds', now()) + ${index * this.#everyMs} * interval '1 millisecond', later_spans = NULL
        WHERE tenant_id = ${world.root.tenantId} AND id = ${id}`;
    this.#ids.push(...ids);
  }

  /** Waits until every end has been announced. */
  async ends({ stranger, world }: Scene): Promise<Ends> {
    const count = async () => {
      const rows = await stranger<{ id: string; times: number }[]>`
        SELECT customer_id AS id, count(*)::integer AS times FROM access_event
        WHERE tenant_id = ${world.root.tenantId} AND event = 'CUSTOMER_EXPIRED' GROUP BY customer_id, expires_at`;
      const announced = new Set(rows.map(({ id }) => id));
      return {
        made: this.#ids.length,
        lost: this.#ids.filter((id) => !announced.has(id)).length,
        doubled: rows.reduce((sum, { times }) => sum + times, 0) - this.#ids.filter((id) => announced.has(id)).length,
      };
    };
    await until(async () => (await count()).lost === 0, PATIENCE_MS).catch(() => {});
    return count();
  }
}
