/** Follows what is known of a payment at a provider until it is no longer changed meanwhile (R28, R54). */

import type { Sql } from '../../db/sql.ts';
import { Overloaded } from '../../kernel/errors.ts';
import type { PaymentEvent } from '../../payments/gateway.ts';
import type { PaymentAccount } from './payment-accounts.ts';
import { findPayment, type PaymentState } from './payment-records.ts';

/** How often the facts, or whom they are of, may change under one delivery before the provider is asked to come again. */
const MAX_ROUNDS = 5;

/** done: everything is as these facts say. again: it was handed to another panel meanwhile. */
export type Followed = 'done' | 'again';

/**
 * Two deliveries at once write their facts first; whoever finds, when it is done, that they have changed meanwhile does it again
 * (ADR-0045). An event of no payment has none.
 */
export async function untilFactsHold(
  sql: Sql,
  account: PaymentAccount,
  { reference }: PaymentEvent,
  follow: (facts: PaymentState) => Promise<Followed>,
): Promise<void> {
  if (reference === null) return;
  let facts = await findPayment(sql, account, reference);
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    if (facts === null) throw new Error('an event has left no facts');
    const followed = await follow(facts);
    const now = await findPayment(sql, account, reference);
    const isSame = now?.isPaid === facts.isPaid && now.returnedMinor === facts.returnedMinor && now.recovered === facts.recovered;
    if (followed === 'done' && isSame) return;
    facts = now;
  }
  throw new Overloaded(1);
}
