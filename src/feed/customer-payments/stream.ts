/** One subscriber's stream of what the customers of a panel pay. */

import type { PaymentEvent } from '../feed.ts';
import { BoundedStream, type Source } from '../newest-stream.ts';

export type PaymentSource = Source<PaymentStream>;

/** The payments that changed and were not taken yet, one event each. */
export class PaymentStream extends BoundedStream<PaymentEvent> {
  readonly panel: { readonly tenantId: string; readonly resellerId: string };

  constructor(source: PaymentSource, panel: PaymentStream['panel'], most: number) {
    super(source, most);
    this.panel = panel;
  }
}
