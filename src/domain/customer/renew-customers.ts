/** The use case renewCustomers: many renewals in one call. */

import type { Actor } from '../../kernel/actor.ts';
import type { Outcome } from '../../ledger/outcome.ts';
import { type BatchMode, postBatch, refuseBadList } from '../batch.ts';
import { type RowId, requirePanel } from '../input.ts';
import type { Ports } from '../ports.ts';
import { CUSTOMER_ROLES } from './fields.ts';
import { type RenewCustomerInput, renewalCommand } from './renew-customer.ts';

/** The most renewals in one call. */
export const MAX_BATCH_RENEWALS = 250;

export interface RenewCustomersInput {
  readonly mode: BatchMode;
  readonly renewals: readonly RenewCustomerInput[];
}

/**
 * Posts up to 250 renewals in one commit. ATOMIC: posts all, or throws BatchRefused with the first refusal in input order.
 * BEST_EFFORT: returns an outcome for each. `customers` are the rows that the ids name; the same customer may appear several times.
 */
export async function renewCustomers(
  ports: Pick<Ports, 'ledger'>,
  actor: Actor,
  { mode, renewals }: RenewCustomersInput,
  customers: readonly (RowId | null)[],
): Promise<readonly Outcome[]> {
  requirePanel(actor, CUSTOMER_ROLES);
  refuseBadList('input.renewals', renewals, MAX_BATCH_RENEWALS);
  return postBatch(ports, mode, renewals, (renewal, index) =>
    renewalCommand(actor, renewal, customers[index] ?? null, `input.renewals.${index}`),
  );
}
