/** Acts on the recorded facts of a provider's payment, and repeats it until they no longer change meanwhile (R28, R54). */

import type { Sql } from '../../db/sql.ts';
import { Overloaded } from '../../kernel/errors.ts';
import type { PaymentEvent } from '../../payments/gateway.ts';
import type { PaymentAccount } from './payment-accounts.ts';
import { findPayment, type PaymentState } from './payment-records.ts';

/** How many times the facts, or the order's panel, may change during one delivery before the provider must send it again. */
const MAX_ROUNDS = 5;

/** done: the order matches these facts. again: its customer moved to another panel meanwhile. */
export type Followed = 'done' | 'again';

/**
 * Two concurrent deliveries both write their facts first. A delivery that finds afterwards that the facts have changed meanwhile
 * acts again (ADR-0045). An event without a payment has no facts.
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
    if (facts === null) throw new Error('an event recorded no facts');
    const followed = await follow(facts);
    const now = await findPayment(sql, account, reference);
    const isSame = now?.isPaid === facts.isPaid && now.returnedMinor === facts.returnedMinor && now.recovered === facts.recovered;
    if (followed === 'done' && isSame) return;
    facts = now;
  }
  throw new Overloaded(1);
}
