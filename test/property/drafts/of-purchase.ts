/** Makes commands that order, settle and charge back purchases. */

import { uuidv7 } from '../../../src/kernel/uuid.ts';
import type { BuyCredits, Command } from '../../../src/ledger/command.ts';
import type { Draft } from '../drafts.ts';
import { isSuspended, type ModelPanel, type ModelPurchase } from '../model-data.ts';
import type { Drawing } from './drawing.ts';

const HOUR_MS = 3_600_000;
const MOST_BOUGHT = 1_000_000_000;

export function buy(drawing: Drawing, draft: Draft, panel: ModelPanel): BuyCredits {
  const quantity = Math.max(1, Math.min(drawing.amount(draft, panel), MOST_BOUGHT));
  const isParents = drawing.model.policyOf(panel.tenantId).purchaseSource === 'PARENT';
  const sellerId = isParents === draft.rightful ? panel.parentId : null;
  const order = { quantity, totalMinor: quantity * 100, currency: 'BRL', provider: draft.provider, expiresAfterMs: 72 * HOUR_MS };
  return {
    ...drawing.byPanel(draft, panel, ['buy', quantity, draft.provider]),
    kind: 'buyCredits',
    purchaseId: uuidv7(),
    sellerId,
    ...order,
  };
}

export function ofPurchase(drawing: Drawing, draft: Draft, panel: ModelPanel): Command {
  const { purchases } = drawing.model.data;
  const purchaseId = drawing.subject(draft, purchasesFor(drawing, draft, panel)) ?? uuidv7();
  const purchase = purchases.find(({ id }) => id === purchaseId);
  const buyerId = purchase?.buyerId ?? panel.id;
  const sellerId = purchase?.sellerId ?? null;
  const transferId = uuidv7();
  if (draft.kind === 'unbuy') {
    const buyer = (draft.rightful && drawing.model.panel(buyerId)) || panel;
    return {
      ...drawing.byPanel(draft, buyer, []),
      key: null,
      hash: null,
      kind: 'cancelPurchase',
      auditId: uuidv7(),
      purchaseId,
      buyerId,
      sellerId,
    };
  }
  const by = { ...drawing.bySeller(draft, purchase, panel), key: null, hash: null, purchaseId, buyerId, sellerId, transferId };
  const named = draft.by === 'PROVIDER' ? (draft.reference ?? draft.contact) : draft.reference;
  const reference = named === null ? null : `${drawing.run} payment ${named}`;
  if (draft.kind === 'settle') return { ...by, kind: 'settlePurchase', by: draft.by, reference };
  const dispute = `dispute ${disputeOf(drawing, draft, purchaseId)}`;
  if (draft.kind === 'winDispute')
    return { ...by, ...drawing.byProvider(draft, purchase, panel), kind: 'reverseChargeBack', by: 'PROVIDER', dispute, memo: null };
  const isWhole = draft.by === 'PROVIDER' || draft.screens === 1 || typeof draft.amount !== 'number' || draft.amount > MOST_BOUGHT;
  const quantity = isWhole || typeof draft.amount !== 'number' ? null : draft.amount;
  const charge = { kind: 'chargeBackPurchase', dispute: null, quantity, memo: null } as const;
  if (draft.by === 'PROVIDER') return { ...by, ...charge, by: draft.by, dispute: draft.hours % 4 === 0 ? null : dispute };
  if (draft.key === null) return { ...by, ...charge, by: draft.by };
  const { hash, key, ...keyed } = drawing.bySeller(draft, purchase, panel, ['charge back', purchaseId, quantity]);
  return { ...by, ...charge, by: draft.by, ...keyed, key, hash };
}

/** Usually the purchases in a state that fits the command. */
function purchasesFor(drawing: Drawing, { kind, rightful, subject }: Draft, panel: ModelPanel): readonly ModelPurchase[] {
  const { purchases } = drawing.model.data;
  if (subject !== 'own') return purchases.filter(({ buyerId }) => buyerId === panel.id);
  const paid = purchases.filter(({ status }) => status === 'PAID');
  const spent = paid.filter(({ buyerId, quantity }) => (drawing.model.panel(buyerId)?.balance ?? 0) < quantity);
  const stuck = kind === 'settle' ? purchases.filter((purchase) => isStuck(drawing, purchase)) : [];
  if (rightful && stuck.length > 0) return stuck;
  const unpaid = purchases.filter(({ status }) => status === 'PENDING' || status === 'PAID_UNFUNDED');
  const disputed = new Set(drawing.model.data.claims.filter(({ dispute, won }) => dispute !== null && !won).map((one) => one.purchaseId));
  if (kind === 'winDispute') {
    const known = purchases.filter(({ id }) => disputed.has(id));
    // Sometimes a purchase whose seller no longer has the credits that it must give back.
    const short = known.filter(({ quantity, source }) => source !== null && (drawing.model.panel(source)?.balance ?? 0) < quantity);
    return !rightful || known.length === 0 ? purchases : short.length > 0 ? short : known;
  }
  const fitting = kind !== 'chargeBack' ? unpaid : spent.length > 0 ? spent : paid;
  return rightful && fitting.length > 0 ? fitting : purchases;
}

/** Whether its money has arrived and its seller cannot deliver. */
function isStuck(drawing: Drawing, { sellerId, status }: ModelPurchase): boolean {
  const seller = drawing.model.panel(sellerId);
  return status === 'PAID_UNFUNDED' && seller !== undefined && (seller.closed || isSuspended(drawing.model.data, seller));
}

/** One of few disputes; when a dispute is won, usually a known one. */
function disputeOf(drawing: Drawing, draft: Draft, purchaseId: string): string | number {
  const known = drawing.model.data.claims.filter((claim) => claim.purchaseId === purchaseId && claim.dispute !== null && !claim.won);
  const name = known[draft.pick % Math.max(1, known.length)]?.dispute?.slice('dispute '.length);
  return (draft.kind === 'winDispute' && draft.rightful ? name : undefined) ?? draft.contact % 3;
}
