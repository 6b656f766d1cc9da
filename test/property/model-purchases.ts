/** The model of purchases. */

import { MAX_CREDITS } from '../../src/kernel/credits.ts';
import type { PurchaseCommand } from '../../src/ledger/command.ts';
import { chargeBackRules } from './model-charge-backs.ts';
import {
  type Data,
  give,
  isOwn,
  isSuspended,
  type ModelPurchase,
  panelOf,
  policyOf,
  type Rules,
  spenderOf,
  take,
  timeOf,
  type Word,
} from './model-data.ts';

type Of<Kind extends PurchaseCommand['kind']> = Extract<PurchaseCommand, { kind: Kind }>;

const MOST_PENDING = 50;

/** The model of R26 to R30. */
export function purchaseRules(data: Data, command: PurchaseCommand): Rules {
  const purchase = data.purchases.find(({ id, tenantId }) => id === command.purchaseId && tenantId === command.tenantId);
  switch (command.kind) {
    case 'buyCredits':
      return buy(data, command);
    case 'cancelPurchase':
      return cancel(data, command, purchase);
    case 'settlePurchase':
      return command.by === 'SELLER' ? confirm(data, command, purchase) : hear(data, command, purchase);
    case 'chargeBackPurchase':
    case 'reverseChargeBack':
      return chargeBackRules(data, command, purchase);
  }
}

/** An order that is not paid in time is no longer open. */
function isOpen(data: Data, { expiresAtMs, status }: ModelPurchase): boolean {
  return status === 'PENDING' && expiresAtMs > data.nowMs;
}

function buy(data: Data, command: Of<'buyCredits'>): Rules {
  const { expiresAfterMs, provider, purchaseId: id, quantity, scopeId: buyerId, sellerId, tenantId } = command;
  const buyer = panelOf(data, tenantId, buyerId);
  const seller = policyOf(data, tenantId).purchaseSource === 'PARENT' ? (buyer?.parentId ?? null) : null;
  const open = data.purchases.filter((one) => one.buyerId === buyerId && isOpen(data, one));
  return {
    words: [
      ['BELOW_MINIMUM', quantity < policyOf(data, tenantId).minimumPurchase],
      ['INVALID_STATE', seller !== sellerId || open.length >= MOST_PENDING],
    ],
    deed: () => {
      const expiresAtMs = data.nowMs + expiresAfterMs;
      const order = {
        tenantId,
        id,
        buyerId,
        sellerId,
        quantity,
        provider,
        expiresAtMs,
        transferId: null,
        reference: null,
        chargedBack: 0,
        source: sellerId,
      };
      data.purchases.push({ ...order, status: 'PENDING' });
    },
  };
}

function cancel(data: Data, command: Of<'cancelPurchase'>, purchase: ModelPurchase | undefined): Rules {
  return {
    words: [
      ['NOT_FOUND', purchase?.buyerId !== command.scopeId],
      ['REPLAYED', purchase?.status === 'CANCELED'],
      ['INVALID_STATE', purchase !== undefined && !isOpen(data, purchase)],
    ],
    deed: () => {
      if (purchase) purchase.status = 'CANCELED';
    },
  };
}

/** Whose credits pay the purchase out: the seller's, those of whoever acts in the seller's place, or new ones (null). */
function sourceOf(command: Of<'settlePurchase'>, purchase: ModelPurchase | undefined): string | null {
  if (!purchase || purchase.sellerId === null || command.by === 'PROVIDER') return purchase?.sellerId ?? null;
  return command.scopeTenantId === command.tenantId ? command.scopeId : null;
}

/** The reasons why it cannot be paid out, whoever confirms it. */
function hindrances(data: Data, command: Of<'settlePurchase'>, purchase: ModelPurchase | undefined): Word[] {
  const { quantity = 0, tenantId = '' } = purchase ?? {};
  const sellerId = sourceOf(command, purchase);
  const buyer = panelOf(data, tenantId, purchase?.buyerId ?? null);
  const seller = panelOf(data, tenantId, sellerId);
  const tooMany = (buyer?.balance ?? 0) + quantity > MAX_CREDITS;
  return [
    ['INVALID_STATE', buyer?.closed !== false || (sellerId !== null && (seller?.closed !== false || isSuspended(data, seller)))],
    ['INSUFFICIENT_CREDITS', sellerId !== null && (seller?.balance ?? 0) < quantity],
    ['INVALID_STATE', tooMany || (sellerId === null && (data.issued.get(tenantId) ?? 0) + quantity > MAX_CREDITS)],
  ];
}

/** A provider's payment pays for one purchase of its seller. The platform is the same seller in every tenant. */
function isSpent(data: Data, { reference }: Of<'settlePurchase'>, purchase: ModelPurchase | undefined): boolean {
  if (reference === null || purchase?.provider === 'MANUAL') return false;
  return data.purchases.some(
    (one) => one !== purchase && one.provider === purchase?.provider && one.sellerId === purchase.sellerId && one.reference === reference,
  );
}

function payOut(data: Data, command: Of<'settlePurchase'>, purchase: ModelPurchase | undefined): void {
  if (!purchase) return;
  const { quantity, tenantId } = purchase;
  const sellerId = sourceOf(command, purchase);
  const buyer = panelOf(data, tenantId, purchase.buyerId);
  const seller = panelOf(data, tenantId, sellerId);
  const at = timeOf(data, buyer, seller);
  if (sellerId === null) data.issued.set(tenantId, (data.issued.get(tenantId) ?? 0) + quantity);
  else take(seller, quantity, at);
  give(data, buyer, quantity, at);
  purchase.status = 'PAID';
  purchase.source = sellerId;
  purchase.transferId = command.transferId;
  purchase.reference = command.reference ?? purchase.reference;
}

/** The seller confirms that the money arrived. */
function confirm(data: Data, command: Of<'settlePurchase'>, purchase: ModelPurchase | undefined): Rules {
  const isSettled = isOwn(data, command, purchase) && purchase?.status === 'PAID';
  return {
    words: [
      ['RECOVERED', isSettled && purchase?.transferId === command.transferId],
      ['REPLAYED', isSettled],
      ...(command.scopeTenantId === command.tenantId ? spenderOf(data, command).words : []),
      ['NOT_FOUND', !isOwn(data, command, purchase)],
      ['INVALID_STATE', isSpent(data, command, purchase)],
      ['INVALID_STATE', purchase !== undefined && !isOpen(data, purchase) && purchase.status !== 'PAID_UNFUNDED'],
      ...hindrances(data, command, purchase),
    ],
    deed: () => payOut(data, command, purchase),
  };
}

/** A provider reports that the money arrived. A purchase that cannot be paid out is remembered as paid (R28). */
function hear(data: Data, command: Of<'settlePurchase'>, purchase: ModelPurchase | undefined): Rules {
  const isSentBack = purchase?.status === 'CANCELED' && purchase.reference !== null && purchase.reference === command.reference;
  const isKnown = isSentBack || ['PAID', 'PAID_UNFUNDED', 'CHARGED_BACK'].includes(purchase?.status ?? '');
  const settled: Word[] = [
    ['RECOVERED', isKnown && purchase?.transferId === command.transferId],
    ['REPLAYED', isKnown],
  ];
  return {
    words: [
      ['NOT_FOUND', !purchase],
      ...(purchase?.status === 'PAID' ? settled : []),
      ['INVALID_STATE', isSpent(data, command, purchase)],
      ...settled,
    ],
    deed: () => {
      if (!purchase) return;
      if (isOpen(data, purchase) && !hindrances(data, command, purchase).some(([, applies]) => applies))
        return payOut(data, command, purchase);
      purchase.status = 'PAID_UNFUNDED';
      purchase.reference = command.reference;
    },
  };
}
