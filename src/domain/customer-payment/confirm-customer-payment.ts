/** The use case confirmCustomerPayment: the panel says that a customer's money arrived (R54). */

import { z } from 'zod';
import type { Acting, Role } from '../../kernel/actor.ts';
import { uuidv7 } from '../../kernel/uuid.ts';
import type { Posted, Replayed } from '../../ledger/outcome.ts';
import { checkInput } from '../check-input.ts';
import { type RowId, requirePanel } from '../input.ts';
import { accepted } from '../outcome.ts';
import type { Ports } from '../ports.ts';
import { text } from '../text.ts';

/** The roles that may renew customers, or confirm that money arrived. */
export const PAYMENT_ROLES: readonly Role[] = ['OWNER', 'OPERATOR', 'FINANCE'];

const MAX_REFERENCE_CHARACTERS = 255;

const schema = z.object({
  /** A form sends an empty text when no reference was typed: it becomes null. */
  reference: z.union([z.literal('').transform(() => null), text(MAX_REFERENCE_CHARACTERS)]).nullish(),
});

/**
 * Marks the payment as paid, once. It renews the customer in the same commit, or waits until the panel can spend. The payment is the
 * key: a repetition returns the first result. `payment` is the row that the caller's id names, or null. Returns after the commit.
 */
export async function confirmCustomerPayment(
  ports: Pick<Ports, 'ledger' | 'sql'>,
  { actor, address }: Acting,
  input: { readonly reference?: string | null | undefined },
  payment: RowId | null,
): Promise<Posted | Replayed> {
  const panel = requirePanel(actor, PAYMENT_ROLES);
  const { reference } = checkInput(schema, { reference: input.reference });
  const { tenantId } = actor;
  return accepted(
    await ports.ledger.post({
      kind: 'settleCustomerPayment',
      ...{ tenantId, scopeTenantId: tenantId, scopeId: panel.id, actorId: actor.userId, roles: PAYMENT_ROLES, key: null, hash: null },
      ...(await named(ports, tenantId, payment)),
      settlementId: uuidv7(),
      reference: reference ?? null,
      turn: 0,
      address,
    }),
  );
}

/** If the payment does not exist, the command names random ids, so that the ledger refuses it in the order of R35. */
async function named({ sql }: Pick<Ports, 'sql'>, tenantId: string, payment: RowId | null) {
  const [row] = await sql<{ customerId: string }[]>`
    SELECT customer_id AS "customerId" FROM customer_payment WHERE tenant_id = ${tenantId} AND id = ${payment?.id ?? null}`;
  return { paymentId: payment?.id ?? uuidv7(), customerId: row?.customerId ?? uuidv7() };
}
