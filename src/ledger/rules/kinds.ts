/** Every kind of command, with its record. */

import type { Command } from '../command.ts';
import { chargeBackPurchase, reverseChargeBack } from './charge-back.ts';
import type { CommandKind } from './command-kind.ts';
import { CUSTOMER_KINDS } from './customer.ts';
import { applyCustomerPayment, refundCustomerPayment, settleCustomerPayment } from './customer-payment.ts';
import { importCustomer, importReseller, importRoot } from './import.ts';
import { buyCredits, cancelPurchase, settlePurchase } from './purchase.ts';
import { closeReseller, createReseller, createTenant, issueCredits, reclaimCredits, transferCredits } from './tree.ts';
import { undoSpending } from './undo.ts';

type Kinds = { readonly [Kind in Command['kind']]: CommandKind<Extract<Command, { readonly kind: Kind }>> };

const KINDS: Kinds = {
  createTenant,
  issueCredits,
  createReseller,
  transferCredits,
  reclaimCredits,
  closeReseller,
  ...CUSTOMER_KINDS,
  undoSpending,
  importRoot,
  importReseller,
  importCustomer,
  buyCredits,
  cancelPurchase,
  settlePurchase,
  chargeBackPurchase,
  reverseChargeBack,
  settleCustomerPayment,
  refundCustomerPayment,
  applyCustomerPayment,
};

export const COMMAND_KINDS = Object.keys(KINDS) as readonly Command['kind'][];

/** The record of this command's kind, typed for this command. */
export function kindOf<C extends Command>(command: C): CommandKind<C> {
  const kinds: Readonly<Record<Command['kind'], CommandKind<never>>> = KINDS;
  return kinds[command.kind];
}
