/** The model of R29: charge-backs, the debts after them, and disputes that are won. */
import type { ChargeBackPurchase, ReverseChargeBack } from '../../src/ledger/command.ts';
import {
  type Data,
  debtsOf,
  heirOf,
  isOwn,
  type ModelClaim,
  type ModelPanel,
  type ModelPurchase,
  panelOf,
  pay,
  type Rules,
  repay,
  spenderOf,
} from './model-data.ts';

export function chargeBackRules(data: Data, command: ChargeBackPurchase | ReverseChargeBack, purchase: ModelPurchase | undefined): Rules {
  return command.kind === 'chargeBackPurchase' ? chargeBack(data, command, purchase) : reverse(data, command, purchase);
}

function chargeBack(data: Data, command: ChargeBackPurchase, purchase: ModelPurchase | undefined): Rules {
  const byProvider = command.by === 'PROVIDER';
  const isParty = purchase !== undefined && (byProvider || isOwn(data, command, purchase));
  const { chargedBack = 0, quantity = 0, status } = purchase ?? {};
  const wanted = command.quantity ?? quantity - chargedBack;
  const mine = isParty ? data.claims.filter(({ purchaseId }) => purchaseId === purchase.id) : [];
  const isKnown = mine.some(({ dispute, isReversal }) => dispute !== null && dispute === command.dispute && !isReversal);
  const isOpen = mine.some(({ dispute, isReversal, won }) => dispute !== null && dispute === command.dispute && !isReversal && !won);
  const endsAgain = byProvider && isOpen && status === 'PAID_UNFUNDED';
  const isUnposted = status !== 'PAID' && status !== 'CHARGED_BACK';
  const endsUnposted = byProvider
    ? status === 'PENDING' || status === 'PAID_UNFUNDED' || command.dispute !== null
    : status === 'PAID_UNFUNDED' && command.quantity === null;
  return {
    words: [
      ['RECOVERED', mine.some(({ id }) => id === command.transferId)],
      ['REPLAYED', (isKnown && !endsAgain) || (isParty && status === 'CHARGED_BACK' && command.key === null)],
      ...(!byProvider && command.scopeTenantId === command.tenantId ? spenderOf(data, command).words : []),
      ['NOT_FOUND', !isParty],
      [
        'INVALID_STATE',
        status === 'CHARGED_BACK' || (isUnposted && !endsUnposted) || (status === 'PAID' && wanted > quantity - chargedBack),
      ],
    ],
    deed: () => {
      if (!purchase) return;
      if (isUnposted) {
        purchase.status = 'CANCELED';
        if (command.dispute !== null && !isKnown) data.claims.push(madeBy(data, command, purchase, 0));
        return;
      }
      purchase.chargedBack += wanted;
      if (purchase.chargedBack === purchase.quantity) purchase.status = 'CHARGED_BACK';
      claim(data, madeBy(data, command, purchase, wanted));
    },
  };
}

/** The buyer must give the credits back to their source. A closed panel is replaced by its heir. */
function madeBy(data: Data, command: ChargeBackPurchase | ReverseChargeBack, purchase: ModelPurchase, quantity: number): ModelClaim {
  const { buyerId, id: purchaseId, source, tenantId } = purchase;
  const [debtor, creditor] = [buyerId, source].map((id) => heirOf(data, panelOf(data, tenantId, id)));
  const { dispute, transferId: id } = command;
  const sides = { debtorId: debtor?.id ?? null, creditorId: creditor?.id ?? null };
  return { tenantId, id, purchaseId, dispute, isReversal: false, ...sides, quantity, owed: quantity, won: false, atMs: data.nowMs };
}

function claim(data: Data, made: ModelClaim): void {
  const [debtor, creditor] = [made.debtorId, made.creditorId].map((id) => panelOf(data, made.tenantId, id));
  if (made.debtorId === made.creditorId) made.owed = 0;
  // First, the creditor's own debts to the debtor are set off.
  for (const counter of creditor && made.owed > 0 ? debtsOf(data, creditor) : []) {
    if (counter.creditorId !== made.debtorId) continue;
    const off = Math.min(counter.owed, made.owed);
    counter.owed -= off;
    made.owed -= off;
    if (creditor) creditor.debt -= off;
  }
  data.claims.push(made);
  if (debtor) debtor.debt += made.owed;
  const now = debtor ? Math.min(debtor.balance, made.owed) : made.owed;
  if (now === 0) return;
  repay(data, pay(data, made, now, data.nowMs), data.nowMs);
}

function reverse(data: Data, command: ReverseChargeBack, purchase: ModelPurchase | undefined): Rules {
  const mine = data.claims.filter(({ purchaseId, tenantId }) => purchaseId === command.purchaseId && tenantId === command.tenantId);
  const known = mine.find(({ dispute, isReversal }) => dispute === command.dispute && !isReversal);
  return {
    words: [
      ['NOT_FOUND', !purchase],
      ['RECOVERED', known?.won === true && mine.some(({ id }) => id === command.transferId)],
      ['REPLAYED', known?.won === true],
    ],
    deed: () => {
      if (!purchase) return;
      const now = madeBy(data, command, purchase, 0);
      if (!known) {
        data.claims.push({ ...now, owed: 0, won: true });
        return;
      }
      known.won = true;
      const taken = known.quantity - known.owed;
      forgive(data, known);
      purchase.chargedBack -= known.quantity;
      if (purchase.status === 'CHARGED_BACK' && known.quantity > 0) purchase.status = 'PAID';
      else if (purchase.status === 'CANCELED') purchase.status = 'PAID_UNFUNDED';
      const sides = { debtorId: now.creditorId, creditorId: now.debtorId };
      claim(data, { ...now, ...sides, dispute: null, isReversal: true, quantity: taken, owed: taken });
    },
  };
}

function forgive(data: Data, one: ModelClaim): void {
  const debtor: ModelPanel | undefined = panelOf(data, one.tenantId, one.debtorId);
  if (debtor) debtor.debt -= one.owed;
  one.owed = 0;
}
