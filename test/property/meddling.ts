/** Changes that bypass the ledger's queue, in the model. */

import type { Role } from '../../src/kernel/actor.ts';
import { type Limits, NO_LIMITS } from '../../src/kernel/limits.ts';
import type { Policy } from '../../src/kernel/policy.ts';
import { uuidv7 } from '../../src/kernel/uuid.ts';
import type { CustomerPaymentState } from '../../src/ledger/outcome.ts';
import type { Meddling } from './drafts.ts';
import type { Model } from './model.ts';
import { lineOf, type ModelPanel } from './model-data.ts';
import { spansLeft } from './model-service.ts';

/** A change that bypasses the queue, as the use case for it would leave the rows. */
export type Meddled =
  | {
      readonly kind: 'panel';
      readonly tenantId: string;
      readonly id: string;
      readonly userId: string;
      readonly suspended: boolean;
      readonly closed: boolean;
      readonly role: Role;
      readonly disabled: boolean;
      readonly keepsReserve: boolean;
    }
  | { readonly kind: 'limits'; readonly tenantId: string; readonly id: string; readonly limits: Limits }
  | { readonly kind: 'policy'; readonly tenantId: string; readonly policy: Policy }
  | { readonly kind: 'customer'; readonly tenantId: string; readonly id: string; readonly nextScreens: number }
  | {
      readonly kind: 'payment';
      readonly tenantId: string;
      readonly id: string;
      readonly panelId: string;
      readonly customerId: string;
      readonly periods: number;
      readonly screens: number;
      /** Nobody paid in time. Money that arrives late is accepted. */
      readonly expired: boolean;
    }
  | { readonly kind: 'move'; readonly tenantId: string; readonly id: string; readonly parentId: string };

const DEEPEST = 10;

/** Changes the model. Returns null if there is nothing to change. */
export function meddleInModel(model: Model, { what, pick, choice }: Meddling): Meddled | null {
  if (what === 'fewerScreens') return fewerScreens(model, pick, choice);
  if (what === 'pay') return openPayment(model, pick, choice);
  const panel = model.panels[pick % Math.max(1, model.panels.length)];
  const user = panel && model.user(panel.userId);
  if (!panel || !user) return null;
  if (what === 'move') return move(model, panel, choice);
  if (what === 'limits') return limit(panel, choice);
  const policy = policyAfter(what, choice);
  if (policy) {
    const next = { ...model.policyOf(panel.tenantId), ...policy };
    model.data.policies.set(panel.tenantId, next);
    return { kind: 'policy', tenantId: panel.tenantId, policy: next };
  }
  if (what === 'suspend' || what === 'resume') panel.suspended = what === 'suspend';
  // Only the ledger closes a panel that owes or is owed, if it can be closed at all.
  const isParty = model.data.claims.some(({ creditorId, debtorId, owed }) => owed > 0 && [creditorId, debtorId].includes(panel.id));
  if (what === 'reopen' || (what === 'close' && !isParty)) panel.closed = what === 'close';
  if (what === 'disable' || what === 'enable') user.disabled = what === 'disable';
  if (what === 'demote' || what === 'promote') user.role = what === 'demote' ? 'VIEWER' : 'FINANCE';
  if (what === 'reserve') panel.keepsReserve = choice % 3 > 0;
  const { tenantId, id, userId, suspended, closed, keepsReserve } = panel;
  return { kind: 'panel', tenantId, id, userId, suspended, closed, keepsReserve, role: user.role, disabled: user.disabled };
}

/** Sets limits as the parent would: above, at and below the current counts. */
function limit(panel: ModelPanel, choice: number): Meddled | null {
  if (panel.parentId === null) return null;
  const most = (choice >> 2) % 5;
  const limits: readonly Partial<Limits>[] = [
    {},
    { maxCustomers: most },
    { maxResellers: most, maxTrialsPerDay: most },
    { maxScreensPerCustomer: 1 + most, mayCreateResellers: choice % 3 > 0 },
  ];
  panel.limits = { ...NO_LIMITS, ...limits[choice % 4] };
  return { kind: 'limits', tenantId: panel.tenantId, id: panel.id, limits: panel.limits };
}

/**
 * Moves the panel below another panel of the tenant, as the root would (R16). Its unpaid orders from the old parent
 * are canceled, and nothing else changes.
 */
function move({ data }: Model, panel: ModelPanel, choice: number): Meddled | null {
  const depthOf = (one: ModelPanel) => lineOf(data, one).length - 1;
  const below = data.panels.filter((one) => lineOf(data, one).includes(panel));
  const levels = Math.max(...below.map(depthOf)) - depthOf(panel);
  const parents = data.panels.filter(
    (one) => one.tenantId === panel.tenantId && !one.closed && !below.includes(one) && depthOf(one) + 1 + levels <= DEEPEST,
  );
  const parent = parents[choice % Math.max(1, parents.length)];
  if (!parent || panel.parentId === null || panel.closed || panel.parentId === parent.id) return null;
  panel.parentId = parent.id;
  for (const purchase of data.purchases) {
    const isOpen = purchase.status === 'PENDING' && purchase.expiresAtMs > data.nowMs;
    if (purchase.buyerId === panel.id && purchase.sellerId !== null && isOpen) purchase.status = 'CANCELED';
  }
  return { kind: 'move', tenantId: panel.tenantId, id: panel.id, parentId: parent.id };
}

function policyAfter(what: Meddling['what'], choice: number): Partial<Policy> | null {
  switch (what) {
    case 'minimum':
      return { minimumTransfer: choice % 2 === 0 ? 1 : 12 };
    case 'reclaim':
      return { reclaimAllowed: choice % 4 > 0 };
    case 'source':
      return { purchaseSource: choice % 3 === 0 ? 'PLATFORM' : 'PARENT' };
    case 'refund':
      return { refundPolicy: choice % 3 === 0 ? 'NONE' : 'UNUSED_PERIODS' };
    case 'quota':
      return { trialQuota: [0, 1, 2, 25][choice % 4] ?? 25 };
    case 'undoMinutes':
      return { undoMinutes: [0, 10, 60, 60][choice % 4] ?? 60 };
    case 'minimums':
      return {
        minimumPurchase: choice % 2 === 0 ? 1 : 15,
        minimumInitialCredits: choice % 3 === 0 ? 15 : 1,
        trialsForNewContactsOnly: choice % 2 > 0,
      };
    case 'hours':
      return { trialMaxHours: choice % 2 === 0 ? 24 : 4 };
    default:
      return null;
  }
}

/** Lowers the screens from the next renewal on (R22), to at most the most that are paid for now or later. */
function fewerScreens(model: Model, pick: number, choice: number): Meddled | null {
  const { customers } = model.data;
  const customer = customers[pick % Math.max(1, customers.length)];
  if (!customer || customer.trial) return null;
  const left = spansLeft(customer, model.data.nowMs);
  const most = Math.max(customer.nextScreens, ...(left.length > 0 ? left : customer.spans.slice(-1)).map(({ screens }) => screens));
  const nextScreens = 1 + (choice % most);
  if (nextScreens !== customer.nextScreens) customer.last = null;
  customer.nextScreens = nextScreens;
  return { kind: 'customer', tenantId: customer.tenantId, id: customer.id, nextScreens: customer.nextScreens };
}

/** A customer chooses a plan on its page (R54). */
function openPayment({ data }: Model, pick: number, choice: number): Meddled | null {
  const customer = data.customers[pick % Math.max(1, data.customers.length)];
  if (!customer) return null;
  const { id: customerId, panelId, tenantId } = customer;
  const [id, periods, screens] = [uuidv7(), [1, 1, 2, 3, 12][choice % 5] ?? 1, [1, 1, 2, 3][choice % 4] ?? 1];
  data.payments.push({
    ...{ tenantId, id, panelId, customerId, periods, screens },
    ...{ status: 'OPEN', settledBy: null, paidAtMs: 0, waited: false, renewed: false, reference: null, turn: 0 },
  });
  return { kind: 'payment', tenantId, id, panelId, customerId, periods, screens, expired: choice % 6 === 0 };
}

/** The payment as the page would have written it. */
export function openPaymentOf(opened: Extract<Meddled, { kind: 'payment' }>): CustomerPaymentState {
  const { customerId, expired, id, panelId: resellerId, periods, screens, tenantId } = opened;
  return {
    ...{ tenantId, id, resellerId, customerId, periods, screens, status: expired ? 'EXPIRED' : 'PENDING' },
    ...{ paidAtMs: null, paidBy: null, settlementId: null, reference: null, turn: 0, appliedAtMs: null, transferId: null },
  };
}
