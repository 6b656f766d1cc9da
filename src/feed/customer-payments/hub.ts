/** Finds the customers' payments that changed since the last check, and offers each to its panel's subscribers (R54). */

import { ChangedOfPanel } from '../changed-of-panel.ts';
import type { PaymentEvent } from '../feed.ts';

export class CustomerPayments extends ChangedOfPanel<PaymentEvent> {
  protected page(from: ReadonlyMap<string, number>, length: number) {
    return this.options.journal.changedPayments(from, length);
  }
}
