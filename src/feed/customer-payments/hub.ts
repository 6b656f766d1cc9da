/** Finds which customers' payments changed since the last look, and offers each to those who watch its panel (R54). */

import { ChangedRows } from '../changed-rows.ts';
import type { PaymentEvent } from '../feed.ts';
import type { ChangedPlace } from '../journal.ts';
import type { PaymentSource, PaymentStream } from './stream.ts';

export class CustomerPayments extends ChangedRows<PaymentEvent> implements PaymentSource {
  readonly #byPanel = new Map<string, Set<PaymentStream>>();

  protected page(above: ChangedPlace | null, length: number) {
    return this.options.journal.changedPayments(above, length);
  }

  protected get isWatched(): boolean {
    return this.#byPanel.size > 0;
  }

  protected offer(event: PaymentEvent): void {
    for (const stream of this.#byPanel.get(keyOf(event)) ?? []) stream.offer(event);
  }

  attach(stream: PaymentStream): void {
    const streams = this.#byPanel.get(keyOf(stream.panel)) ?? new Set();
    this.#byPanel.set(keyOf(stream.panel), streams.add(stream));
    this.look();
  }

  detach(stream: PaymentStream): void {
    const streams = this.#byPanel.get(keyOf(stream.panel));
    streams?.delete(stream);
    if (streams?.size === 0) this.#byPanel.delete(keyOf(stream.panel));
  }

  closeAll(): void {
    for (const streams of this.#byPanel.values()) for (const stream of streams) stream.close();
  }
}

function keyOf({ resellerId, tenantId }: { readonly tenantId: string; readonly resellerId: string }): string {
  return `${tenantId}/${resellerId}`;
}
