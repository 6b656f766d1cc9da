/** Makes ledger commands on customers, purchases and panels. */

import { hash } from 'node:crypto';
import { PLATFORM_TENANT_ID, PROVIDER_ACTOR_ID, type Role } from '../../../src/kernel/actor.ts';
import { uuidv7 } from '../../../src/kernel/uuid.ts';
import type {
  ActivateCustomer,
  AddScreens,
  BuyCredits,
  CancelCustomer,
  ChargeBackPurchase,
  CloseReseller,
  NewAccess,
  ReclaimCredits,
  RenewCustomer,
  ReverseChargeBack,
  SettlePurchase,
  SpendingFacts,
  StartTrial,
  UndoSpending,
} from '../../../src/ledger/command.ts';
import type { Panel } from './ledger-world.ts';

/** What all commands of a panel's owner have in common, with a new key for each. */
function by({ id: scopeId, tenantId, userId: actorId }: Panel, ...input: readonly unknown[]) {
  const roles: readonly Role[] = ['OWNER'];
  return { tenantId, scopeTenantId: tenantId, scopeId, actorId, roles, key: uuidv7(), hash: hash('sha256', JSON.stringify(input)) };
}

function details(contact: string | null) {
  return { name: 'Customer', contact, contactKey: contact, notes: null, searchKey: 'customer' };
}

/** Activates a new customer, whose id the command contains. */
export function activation(panel: Panel, periods: number, screens: number): ActivateCustomer & { readonly customerId: string } {
  const ids = { transferId: uuidv7(), customerId: uuidv7() };
  return { ...by(panel, 'activate', periods, screens), kind: 'activateCustomer', ...ids, details: details(null), periods, screens };
}

/** Activates with the first of these logins that is free. */
export function activationWith(panel: Panel, logins: NewAccess['logins']): ActivateCustomer & { readonly customerId: string } {
  return { ...activation(panel, 1, 1), access: { logins, secret: 'sealed', proof: 'proof' } };
}

/** Activates an existing customer. */
export function reactivation(panel: Panel, customerId: string, periods: number, screens: number): ActivateCustomer {
  const input = { transferId: uuidv7(), customerId, details: null, periods, screens };
  return { ...by(panel, 'activate', customerId, periods, screens), kind: 'activateCustomer', ...input };
}

export function renewal(panel: Panel, customerId: string, periods: number): RenewCustomer {
  return { ...by(panel, 'renew', customerId, periods), kind: 'renewCustomer', transferId: uuidv7(), customerId, periods };
}

export function moreScreens(panel: Panel, customerId: string, screens: number): AddScreens {
  return { ...by(panel, 'screens', customerId, screens), kind: 'addScreens', transferId: uuidv7(), customerId, screens };
}

export function cancellation(panel: Panel, customerId: string): CancelCustomer {
  return { ...by(panel, 'cancel', customerId), kind: 'cancelCustomer', transferId: uuidv7(), customerId };
}

/** Undoes a spend of the panel. */
export function undo(panel: Panel, customerId: string, spending: SpendingFacts): UndoSpending {
  return { ...by(panel, 'undo', spending.transferId), kind: 'undoSpending', transferId: uuidv7(), customerId, spending };
}

export function trial(panel: Panel, contact: string): StartTrial {
  const whose = { ...details(contact), contact, contactKey: contact };
  return { ...by(panel, 'trial', contact), kind: 'startTrial', customerId: uuidv7(), details: whose, hours: 4 };
}

/** A null `seller` is the platform. */
export function order(panel: Panel, quantity: number, seller: Panel | null = null): BuyCredits {
  const price = { totalMinor: quantity * 100, currency: 'BRL', provider: 'STRIPE', expiresAfterMs: 3_600_000 } as const;
  return { ...by(panel, 'buy', quantity), kind: 'buyCredits', purchaseId: uuidv7(), sellerId: seller?.id ?? null, quantity, ...price };
}

type Order = Pick<BuyCredits, 'tenantId' | 'purchaseId' | 'scopeId' | 'sellerId'>;

function byProvider({ purchaseId, scopeId: buyerId, sellerId, tenantId }: Order) {
  const scope = { tenantId, scopeTenantId: PLATFORM_TENANT_ID, scopeId: PLATFORM_TENANT_ID, actorId: PROVIDER_ACTOR_ID, roles: [] };
  return { ...scope, key: null, hash: null, purchaseId, buyerId, sellerId, transferId: uuidv7(), by: 'PROVIDER' } as const;
}

/** A provider's message that the money arrived. */
export function payment(of: Order): SettlePurchase {
  return { ...byProvider(of), kind: 'settlePurchase', reference: `payment ${of.purchaseId}` };
}

/** A provider's message that the money went back. */
export function chargeBack(of: Order): ChargeBackPurchase {
  return { ...byProvider(of), kind: 'chargeBackPurchase', dispute: null, quantity: null, memo: null };
}

/** A provider's message that the dispute was won. */
export function wonDispute(of: Order, dispute: string): ReverseChargeBack {
  return { ...byProvider(of), kind: 'reverseChargeBack', dispute, memo: null };
}

export function reclaim(panel: Panel, child: Panel, amount: number): ReclaimCredits {
  return { ...by(panel, 'reclaim', child.id, amount), kind: 'reclaimCredits', transferId: uuidv7(), fromId: child.id, amount, memo: 'why' };
}

/** Closes a direct child. */
export function closing(panel: Panel, child: Panel): CloseReseller {
  const which = { transferId: uuidv7(), panelId: child.id, parentId: panel.id, address: null };
  return { ...by(panel, 'close', child.id), kind: 'closeReseller', ...which };
}
