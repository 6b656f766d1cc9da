/** Finds which customers' payments changed since the last look, and offers each to those who watch its panel (R54). */

import { ChangedOfPanel } from '../changed-of-panel.ts';
import type { PaymentEvent } from '../feed.ts';

export class CustomerPayments extends ChangedOfPanel<PaymentEvent> {
  protected page(from: ReadonlyMap<string, number>, length: number) {
    return this.options.journal.changedPayments(from, length);
  }
}
