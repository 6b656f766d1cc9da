/** The data of the model, and the rules that several commands share. */

import type { Role } from '../../src/kernel/actor.ts';
import type { Limits } from '../../src/kernel/limits.ts';
import type { Policy } from '../../src/kernel/policy.ts';
import type { ChargeBackPurchase, Command, SettlePurchase } from '../../src/ledger/command.ts';
import type { PaymentProvider } from '../../src/ledger/outcome.ts';
import { FIRST_POLICY } from './policies.ts';

export interface ModelPanel {
  readonly tenantId: string;
  readonly id: string;
  /** The panel's owner. */
  readonly userId: string;
  parentId: string | null;
  /** Suspended itself and by hand, whatever its ancestors are. */
  suspended: boolean;
  closed: boolean;
  /** Whether a spend that leaves less than the reserve threshold, here always 1, needs `useReserve`. */
  keepsReserve: boolean;
  /** For the panel and everything below it (R56). */
  limits: Limits;
  balance: number;
  /** How often the balance has changed. */
  version: number;
  /** Credits owed after charge-backs. */
  debt: number;
  /** The time of the last change of the balance: no later change has an earlier time. */
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
  /** Until when each number of screens is paid for, in order. The last span ends with the service. */
  spans: { screens: number; endsAtMs: number }[];
  nextScreens: number;
  /** Whether it was never paid for. */
  trial: boolean;
  canceled: boolean;
  expiresAtMs: number;
  /** Credits spent on the customer, less those refunded or undone. */
  spent: number;
  /** The spend that changed the customer last, and its state before; null if something else changed it last. */
  last: ModelLastSpending | null;
  /** Milliseconds × screens that were served by spends that were undone, and so paid for by nobody. */
  forgivenMs: number;
  /** Milliseconds × screens that an import brought, which were not paid for here (R55). */
  readonly broughtMs: number;
}

interface ModelLastSpending {
  readonly id: string;
  /** Null if the spend created the customer. */
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
  /** Whose credits they were: a panel's id, or null for the platform. The seller's as long as nothing is delivered. */
  source: string | null;
}

/** A customer payment (R54). */
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
  /** The provider's payment that paid, and how often its money has gone back (odd) and come again (even). */
  reference: string | null;
  turn: number;
  /** Whether it became its renewal, even if its money has gone back since. */
  renewed: boolean;
  /** Whether it waited before it was applied. */
  waited: boolean;
}

/** A debt of credits for a purchase, between panels or the platform (null). */
export interface ModelClaim {
  readonly tenantId: string;
  readonly id: string;
  readonly purchaseId: string;
  readonly dispute: string | null;
  /** Whether it gives back what a charge-back took. */
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
  /** Credits issued, by tenant. */
  readonly issued: Map<string, number>;
  readonly policies: Map<string, Policy>;
  readonly customers: ModelCustomer[];
  readonly spendings: ModelSpending[];
  /** Which panel undid a spend, and when. */
  readonly undone: { readonly panelId: string; readonly atMs: number }[];
  readonly trials: ModelTrial[];
  /** Contacts of customers that were activated (R24). */
  readonly activated: { readonly tenantId: string; readonly contact: string }[];
  readonly purchases: ModelPurchase[];
  readonly claims: ModelClaim[];
  readonly payments: ModelPayment[];
}

/** A copy in which the rules change nothing of the original. By structuredClone it would take a seventh of the test's CPU. */
export function copyOf(data: Data): Data {
  return {
    nowMs: data.nowMs,
    panels: eachCopied(data.panels),
    users: new Map([...data.users].map(([id, user]) => [id, { ...user }])),
    keys: new Map(data.keys),
    emails: new Set(data.emails),
    issued: new Map(data.issued),
    policies: new Map(data.policies),
    customers: data.customers.map((customer) => ({ ...customer, spans: eachCopied(customer.spans) })),
    spendings: eachCopied(data.spendings),
    undone: [...data.undone],
    trials: eachCopied(data.trials),
    activated: [...data.activated],
    purchases: eachCopied(data.purchases),
    claims: eachCopied(data.claims),
    payments: eachCopied(data.payments),
  };
}

function eachCopied<T extends object>(all: readonly T[]): T[] {
  return all.map((one) => ({ ...one }));
}

/** A possible verdict on the command, and whether it applies. */
export type Word = readonly [word: string, applies: boolean];

/** The rules for one command: every possible refusal or replay in the order of R35, and the effect if none applies. */
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

/** Whether it or an ancestor is suspended, by hand or for a debt (R11, R29). */
export function isSuspended(data: Data, panel: ModelPanel | undefined): boolean {
  return lineOf(data, panel).some(({ debt, suspended }) => suspended || debt > 0);
}

export function policyOf(data: Data, tenantId: string): Policy {
  return data.policies.get(tenantId) ?? FIRST_POLICY;
}

/** The panel that acts and pays, with the reasons why it may not. */
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

/** The time of an event for these panels: now, or the latest change of one of them if the clock went back. */
export function timeOf(data: Data, ...panels: readonly (ModelPanel | undefined)[]): number {
  return Math.max(data.nowMs, ...panels.map((panel) => panel?.changedAtMs ?? 0));
}

/** The reasons why a panel may not spend this much. */
export function tooMuch(panel: ModelPanel | undefined, cost: number, useReserve: boolean | undefined): Word[] {
  const left = (panel?.balance ?? 0) - cost;
  return [
    ['INSUFFICIENT_CREDITS', left < 0],
    ['WOULD_USE_RESERVE', left < 1 && panel?.keepsReserve === true && !useReserve],
  ];
}

/**
 * What a command would add to the branches of the panel and of its ancestors. `screens` is the customer's new number
 * of screens, if that is higher.
 */
interface Addition {
  readonly resellers?: number;
  readonly customers?: number;
  readonly trials?: number;
  readonly screens?: number;
}

/** Whether a limit of the panel or of an ancestor would be exceeded (R56). */
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

/**
 * Adds credits, which repay the panel's debts, the oldest first. A creditor that receives them repays its own debts
 * in the same way (R29).
 */
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

/** The panel's debts, the oldest first. */
export function debtsOf(data: Data, { id }: ModelPanel): ModelClaim[] {
  const owed = data.claims.filter((claim) => claim.debtorId === id && claim.owed > 0);
  return owed.sort((one, other) => one.atMs - other.atMs || (one.id < other.id ? -1 : 1));
}

/** Pays a part of a debt, and returns the creditor if it is a panel. */
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

/** The panel itself, or the heir of the panel that took a closed panel's balance (R17). */
export function heirOf(data: Data, panel: ModelPanel | undefined): ModelPanel | undefined {
  return panel?.closed && panel.parentId !== null ? heirOf(data, panelOf(data, panel.tenantId, panel.parentId)) : panel;
}

/**
 * Whether the command may decide this purchase. The seller may; if the seller can no longer deliver, the tenant's
 * owner and the platform may.
 */
export function isOwn(data: Data, command: SettlePurchase | ChargeBackPurchase, purchase: ModelPurchase | undefined): boolean {
  if (!purchase) return false;
  const byPlatform = command.scopeTenantId !== command.tenantId;
  if (purchase.sellerId === null || command.scopeId === purchase.sellerId) return byPlatform || purchase.sellerId !== null;
  const byOwner = command.scopeId === purchase.tenantId && data.users.get(command.actorId)?.role === 'OWNER';
  const [buyer, seller] = [purchase.buyerId, purchase.sellerId].map((id) => panelOf(data, purchase.tenantId, id));
  const isCut = buyer?.closed === true || seller?.closed === true || isSuspended(data, seller);
  return (byPlatform || byOwner) && (isCut || (seller !== undefined && !lineOf(data, buyer).includes(seller)));
}
