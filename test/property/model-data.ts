import type { Role } from '../../src/kernel/actor.ts';
import type { Limits } from '../../src/kernel/limits.ts';
import type { Policy } from '../../src/kernel/policy.ts';
import type { ChargeBackPurchase, Command, SettlePurchase } from '../../src/ledger/command.ts';
import type { PaymentProvider } from '../../src/ledger/outcome.ts';
import { FIRST_POLICY } from './policies.ts';

export interface ModelPanel {
  readonly tenantId: string;
  readonly id: string;
  /** Of its owner. */
  readonly userId: string;
  parentId: string | null;
  /** By hand, and itself, whatever stands above. */
  suspended: boolean;
  closed: boolean;
  /** What would leave less than its threshold, which stays 1, is refused unless it is said. */
  keepsReserve: boolean;
  /** For it and everything below it (R56). */
  limits: Limits;
  balance: number;
  /** How often the balance changed. */
  version: number;
  /** Credits owed after a charged-back purchase. */
  debt: number;
  /** When the balance changed last: no later change is dated before it. */
  changedAtMs: number;
}

export interface ModelUser {
  readonly panelId: string | null;
  role: Role;
  disabled: boolean;
}

export interface ModelCustomer {
  readonly tenantId: string;
  readonly id: string;
  panelId: string;
  /** Until when each number of screens is paid for, in order; the last ends with the service. */
  spans: { screens: number; endsAtMs: number }[];
  nextScreens: number;
  /** Never paid for. */
  trial: boolean;
  canceled: boolean;
  expiresAtMs: number;
  /** Credits spent on it, less what was refunded or undone. */
  spent: number;
  /** The spend that changed it last, and what it was before; null: something else changed it last. */
  last: ModelLastSpending | null;
  /** Screen-time that it was served by spends that were undone: nobody paid for it. Milliseconds. */
  forgivenMs: number;
  /** Screen-time that an import brought, which nobody paid for here (R55). Milliseconds. */
  readonly broughtMs: number;
}

interface ModelLastSpending {
  readonly id: string;
  /** null: the spend made the customer. */
  readonly before: Pick<ModelCustomer, 'spans' | 'nextScreens' | 'trial' | 'canceled' | 'expiresAtMs'> | null;
}

/** Credits spent on a customer. */
interface ModelSpending {
  readonly tenantId: string;
  readonly id: string;
  readonly panelId: string;
  readonly customerId: string;
  readonly amount: number;
  atMs: number;
}

interface ModelTrial {
  readonly tenantId: string;
  readonly panelId: string;
  readonly contact: string;
  startedAtMs: number;
}

export interface ModelPurchase {
  readonly tenantId: string;
  readonly id: string;
  readonly buyerId: string;
  readonly sellerId: string | null;
  readonly quantity: number;
  readonly provider: PaymentProvider;
  status: 'PENDING' | 'PAID' | 'PAID_UNFUNDED' | 'CANCELED' | 'CHARGED_BACK';
  expiresAtMs: number;
  transferId: string | null;
  reference: string | null;
  /** Credits that were charged back. */
  chargedBack: number;
  /** Whose credits they were: a panel's id; null: the platform's. As long as nothing is delivered: the seller. */
  source: string | null;
}

/** What a customer pays (R54). */
export interface ModelPayment {
  readonly tenantId: string;
  readonly id: string;
  panelId: string;
  readonly customerId: string;
  readonly periods: number;
  readonly screens: number;
  status: 'OPEN' | 'WAITING' | 'APPLIED' | 'REFUNDED';
  settledBy: string | null;
  paidAtMs: number;
  /** The provider's payment that paid, and how often its money had gone back (odd) and come again (even). */
  reference: string | null;
  turn: number;
  /** It became its renewal, whatever became of its money since. */
  renewed: boolean;
  /** It had to wait before it was applied. */
  waited: boolean;
}

/** One panel, or the platform (null), must give the other credits for a purchase. */
export interface ModelClaim {
  readonly tenantId: string;
  readonly id: string;
  readonly purchaseId: string;
  readonly dispute: string | null;
  /** It gives back what a charge-back took. */
  readonly isReversal: boolean;
  readonly debtorId: string | null;
  creditorId: string | null;
  readonly quantity: number;
  owed: number;
  won: boolean;
  readonly atMs: number;
}

export interface Data {
  nowMs: number;
  readonly panels: ModelPanel[];
  readonly users: Map<string, ModelUser>;
  readonly keys: Map<string, { readonly hash: string; readonly made: string }>;
  readonly emails: Set<string>;
  /** By tenant. */
  readonly issued: Map<string, number>;
  readonly policies: Map<string, Policy>;
  readonly customers: ModelCustomer[];
  readonly spendings: ModelSpending[];
  /** When which panel undid a spend. */
  readonly undone: { readonly panelId: string; readonly atMs: number }[];
  readonly trials: ModelTrial[];
  /** Contacts of customers that were activated (R24). */
  readonly activated: { readonly tenantId: string; readonly contact: string }[];
  readonly purchases: ModelPurchase[];
  readonly claims: ModelClaim[];
  readonly payments: ModelPayment[];
}

/** A word the command may be answered with, and whether it applies. */
export type Word = readonly [word: string, applies: boolean];

/** What the rules say of one command: every reason for another answer in the order of R35, and what it does if none applies. */
export interface Rules {
  readonly words: readonly Word[];
  readonly deed: () => void;
}

export function panelOf(data: Data, tenantId: string, id: string | null): ModelPanel | undefined {
  return data.panels.find((panel) => panel.tenantId === tenantId && panel.id === id);
}

/** The panel and its ancestors. */
export function lineOf(data: Data, panel: ModelPanel | undefined): ModelPanel[] {
  return panel ? [panel, ...lineOf(data, panelOf(data, panel.tenantId, panel.parentId))] : [];
}

/** Itself or with an ancestor, by hand or for a debt (R11, R29). */
export function isSuspended(data: Data, panel: ModelPanel | undefined): boolean {
  return lineOf(data, panel).some(({ debt, suspended }) => suspended || debt > 0);
}

export function policyOf(data: Data, tenantId: string): Policy {
  return data.policies.get(tenantId) ?? FIRST_POLICY;
}

/** The panel that acts and pays, and why it may not. */
export function spenderOf(
  data: Data,
  command: Pick<Command, 'tenantId' | 'scopeId'>,
): { readonly panel: ModelPanel | undefined; readonly words: readonly Word[] } {
  const panel = panelOf(data, command.tenantId, command.scopeId);
  return {
    panel,
    words: [
      ['PANEL_SUSPENDED', isSuspended(data, panel)],
      ['PANEL_LOCKED', panel?.balance === 0],
    ],
  };
}

/** When something happens to these panels: now, or when the last of them changed, where the clock went back. */
export function timeOf(data: Data, ...panels: readonly (ModelPanel | undefined)[]): number {
  return Math.max(data.nowMs, ...panels.map((panel) => panel?.changedAtMs ?? 0));
}

/** Why it may not spend so much. */
export function tooMuch(panel: ModelPanel | undefined, cost: number, useReserve: boolean | undefined): Word[] {
  const left = (panel?.balance ?? 0) - cost;
  return [
    ['INSUFFICIENT_CREDITS', left < 0],
    ['WOULD_USE_RESERVE', left < 1 && panel?.keepsReserve === true && !useReserve],
  ];
}

/** What a command would add to the panel's branch and to those of all above it. `screens`: the most that a customer would have, where that is more than it has. */
interface Addition {
  readonly resellers?: number;
  readonly customers?: number;
  readonly trials?: number;
  readonly screens?: number;
}

/** Whether the panel, or one above it, was allowed less (R56). */
export function overLimit(
  data: Data,
  panel: ModelPanel | undefined,
  { customers = 0, resellers = 0, screens = 0, trials = 0 }: Addition,
): Word {
  const isOver = lineOf(data, panel).some((top) => {
    const branch = data.panels.filter((one) => lineOf(data, one).includes(top));
    const has = (id: string) => branch.some((one) => one.id === id);
    const active = data.customers.filter((one) => has(one.panelId) && isActive(data, one)).length;
    const below = branch.filter((one) => one !== top && !one.closed).length;
    const started = data.trials.filter((one) => has(one.panelId) && one.startedAtMs > data.nowMs - 24 * 60 * 60 * 1000).length;
    const { maxCustomers, maxResellers, maxScreensPerCustomer, maxTrialsPerDay, mayCreateResellers } = top.limits;
    const exceeds = (added: number, there: number, most: number | null) => added > 0 && most !== null && there + added > most;
    return (
      (resellers > 0 && !mayCreateResellers) ||
      exceeds(resellers, below, maxResellers) ||
      exceeds(customers, active, maxCustomers) ||
      exceeds(trials, started, maxTrialsPerDay) ||
      exceeds(screens, 0, maxScreensPerCustomer)
    );
  });
  return ['LIMIT_REACHED', isOver];
}

export function isActive(data: Data, { canceled, expiresAtMs, trial }: ModelCustomer): boolean {
  return !trial && !canceled && expiresAtMs > data.nowMs;
}

export function take(panel: ModelPanel | undefined, amount: number, atMs: number): void {
  if (!panel) throw new Error('the model posted to a panel it does not have');
  panel.balance -= amount;
  panel.version += 1;
  panel.changedAtMs = atMs;
}

/** Credits arrive, and repay what the panel owes, the oldest first; to whom they go, they do the same (R29). */
export function give(data: Data, panel: ModelPanel | undefined, amount: number, atMs: number): void {
  take(panel, -amount, atMs);
  repay(data, panel, atMs);
}

export function repay(data: Data, first: ModelPanel | undefined, atMs: number): void {
  const queue = [first];
  for (const panel of queue) {
    if (!panel) continue;
    for (const claim of debtsOf(data, panel)) {
      if (panel.balance === 0) break;
      queue.push(pay(data, claim, Math.min(panel.balance, claim.owed), atMs));
    }
  }
}

/** Of the panel, still owed, the oldest first. */
export function debtsOf(data: Data, { id }: ModelPanel): ModelClaim[] {
  const owed = data.claims.filter((claim) => claim.debtorId === id && claim.owed > 0);
  return owed.sort((one, other) => one.atMs - other.atMs || (one.id < other.id ? -1 : 1));
}

/** The creditor, if it is a panel. */
export function pay(data: Data, claim: ModelClaim, amount: number, atMs: number): ModelPanel | undefined {
  const debtor = panelOf(data, claim.tenantId, claim.debtorId);
  const creditor = panelOf(data, claim.tenantId, claim.creditorId);
  const at = Math.max(atMs, debtor?.changedAtMs ?? 0, creditor?.changedAtMs ?? 0);
  claim.owed -= amount;
  if (debtor) {
    debtor.debt -= amount;
    take(debtor, amount, at);
  }
  if (creditor) take(creditor, -amount, at);
  return creditor;
}

/** Itself, or where a closed panel's balance went, and that one's, and so on (R17). */
export function heirOf(data: Data, panel: ModelPanel | undefined): ModelPanel | undefined {
  return panel?.closed && panel.parentId !== null ? heirOf(data, panelOf(data, panel.tenantId, panel.parentId)) : panel;
}

/** Its own word: the seller's; and of what the seller cannot deliver to the buyer any more, the tenant's owner's and the platform's. */
export function isOwn(data: Data, command: SettlePurchase | ChargeBackPurchase, purchase: ModelPurchase | undefined): boolean {
  if (!purchase) return false;
  const byPlatform = command.scopeTenantId !== command.tenantId;
  if (purchase.sellerId === null || command.scopeId === purchase.sellerId) return byPlatform || purchase.sellerId !== null;
  const byOwner = command.scopeId === purchase.tenantId && data.users.get(command.actorId)?.role === 'OWNER';
  const [buyer, seller] = [purchase.buyerId, purchase.sellerId].map((id) => panelOf(data, purchase.tenantId, id));
  const isCut = buyer?.closed === true || seller?.closed === true || isSuspended(data, seller);
  return (byPlatform || byOwner) && (isCut || (seller !== undefined && !lineOf(data, buyer).includes(seller)));
}
