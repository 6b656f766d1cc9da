/** The use case buyCredits: makes a purchase (R26, R28). */

import { z } from 'zod';
import type { Actor, Panel, Role } from '../../kernel/actor.ts';
import { InvalidState, Refusal } from '../../kernel/errors.ts';
import { uuidv7 } from '../../kernel/uuid.ts';
import type { BuyCredits } from '../../ledger/command.ts';
import type { PaymentProvider, Posted, Replayed } from '../../ledger/outcome.ts';
import { checkInput } from '../check-input.ts';
import { keySchema, requirePanel } from '../input.ts';
import { keyed } from '../keyed-command.ts';
import { accepted } from '../outcome.ts';
import type { Ports } from '../ports.ts';
import { methodsOf } from './payment-accounts.ts';
import { paymentInstructions } from './payment-instructions.ts';
import { requireQuantity } from './price.ts';
import { findPurchase } from './purchase-row.ts';
import { isPlatform, offerTo } from './seller.ts';

export const BUY_ROLES: readonly Role[] = ['OWNER', 'FINANCE'];

/** After 72 h an unpaid order is EXPIRED (R28). */
const PAY_WITHIN_MS = 259_200_000;

const schema = z.object({ idempotencyKey: keySchema });

export interface BuyCreditsInput {
  readonly quantity: number;
  /** A provider that the seller has set up. If absent: the seller's first provider, or else MANUAL. */
  readonly provider?: PaymentProvider | null | undefined;
  readonly idempotencyKey: string;
}

type Needed = Pick<Ports, 'ledger' | 'sql' | 'secrets' | 'payments'>;

/**
 * Makes an order at today's price, to be paid within 72 h. A locked or suspended panel may buy too. Returns after the commit, and
 * after the call to the provider for payment instructions. If the provider does not answer, the next read of the order calls it again.
 */
export async function buyCredits(ports: Needed, actor: Actor, input: BuyCreditsInput): Promise<Posted | Replayed> {
  const panel = requirePanel(actor, BUY_ROLES);
  checkInput(schema, input);
  requireQuantity('input.quantity', input.quantity);
  const terms = await termsOrReplay(ports, actor, panel, input);
  const done = accepted(
    await ports.ledger.post({
      ...keyed('buyCredits', actor, BUY_ROLES, input),
      purchaseId: uuidv7(),
      quantity: input.quantity,
      expiresAfterMs: PAY_WITHIN_MS,
      ...terms,
    }),
  );
  const purchase = await findPurchase(ports.sql, { tenantId: actor.tenantId, id: purchaseIdOf(done) });
  if (purchase) await paymentInstructions(ports, purchase);
  return done;
}

/** The id of the purchase that was made, or found by the key. */
function purchaseIdOf(done: Posted | Replayed): string {
  const id = done.status === 'posted' ? done.purchase?.id : done.subjectId;
  if (!id) throw new Error('the ledger returned no purchase');
  return id;
}

type Terms = Pick<BuyCredits, 'sellerId' | 'totalMinor' | 'currency' | 'provider'>;

/** Placeholder terms for a replay: with a used key the ledger returns before it reads them (R31, R35). */
const NO_TERMS: Terms = { sellerId: null, totalMinor: 0, currency: 'XXX', provider: 'MANUAL' };

/** Throws the reason if nothing can be bought now, unless the key was used: then the first result is the answer. */
async function termsOrReplay(ports: Needed, actor: Actor, panel: Panel, input: BuyCreditsInput): Promise<Terms> {
  try {
    return await termsOf(ports, actor, input);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const used = await ports.sql`
      SELECT FROM command_key WHERE tenant_id = ${actor.tenantId} AND scope_id = ${panel.id} AND key = ${input.idempotencyKey}`;
    if (used.length === 0) throw error;
    return NO_TERMS;
  }
}

async function termsOf(ports: Needed, actor: Actor, { provider, quantity }: BuyCreditsInput): Promise<Terms> {
  const { currency, seller, totalMinor } = await offerTo(ports, actor, quantity, 'input.quantity');
  const methods = await methodsOf(ports.sql, seller, currency);
  const chosen = provider ?? methods[0];
  if (!methods.includes(chosen)) throw new InvalidState(`The seller does not accept ${chosen}: see paymentMethods.`);
  return { sellerId: isPlatform(seller) ? null : seller.id, totalMinor, currency, provider: chosen };
}
