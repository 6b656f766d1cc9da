/** What a decision may know of the locked rows, and what it may add for the commands that come next. */

import type { Role } from '../../kernel/actor.ts';
import type { AccountState } from '../../kernel/journal.ts';
import type { BranchCounts, Counted } from '../../kernel/limits.ts';
import type { Policy } from '../../kernel/policy.ts';
import type { ClaimState, CustomerPaymentState, CustomerState, KeyUse, PanelState, PaymentProvider, PurchaseState } from '../outcome.ts';

export interface ActorState {
  readonly tenantId: string;
  readonly id: string;
  readonly role: Role;
  readonly resellerId: string | null;
  readonly disabled: boolean;
}

/** What `decide` may know: the locked rows, and what was read after the lock. Nothing in it is ever waited for. */
export interface State {
  /** The database's clock, in whole milliseconds, read after the lock. */
  readonly nowMs: number;
  account(tenantId: string, id: string): AccountState | undefined;
  panel(tenantId: string, id: string): PanelState | undefined;
  actor(id: string): ActorState | undefined;
  keyUse(scopeTenantId: string, scopeId: string, key: string): KeyUse | undefined;
  emailTaken(email: string): boolean;
  /** All that was ever issued in the tenant (R36). */
  issuedIn(tenantId: string): number;
  /** The path label of the next panel to be created. */
  nextLabel(): string;
  policy(tenantId: string): Policy;
  customer(tenantId: string, id: string): CustomerState | undefined;
  purchase(tenantId: string, id: string): PurchaseState | undefined;
  /** One that a command names, or that waits for credits of a locked panel. */
  customerPayment(tenantId: string, id: string): CustomerPaymentState | undefined;
  /** Those of a panel that are paid and not applied, the oldest first (R54). */
  waitingPayments(tenantId: string, panelId: string): readonly CustomerPaymentState[];
  /** The contact had its trial in the tenant (R24). */
  trialUsed(tenantId: string, contactKey: string): boolean;
  /** A panel of the tenant has activated a customer of this contact (R24). */
  contactActivated(tenantId: string, contactKey: string): boolean;
  /** A customer of the tenant has this login (R46); known where a command gives one. */
  loginTaken(tenantId: string, login: string): boolean;
  /** Of a panel, where a command asks: see PanelCounts. */
  counts(panelId: string): PanelCounts;
  /** Of a limited panel's branch, where it was counted (R56). */
  branchCounts(panelId: string): BranchCounts | undefined;
  /** What a panel owes, as claims against it. */
  debtsOf(tenantId: string, debtorId: string): readonly ClaimState[];
  /** Of a purchase that is charged back or whose dispute was won: all of them. */
  claimsOf(purchase: Pick<PurchaseState, 'tenantId' | 'id'>): readonly ClaimState[];
  /** The id of the purchase that a payment to this seller settled, in any tenant where the platform sells (R28). */
  settledBy(payment: Payment): string | undefined;
}

/** What a command may leave for the next of its batch, beside the rows of its outcome. */
export interface Facts extends State {
  putEmail(email: string): void;
  putIssued(tenantId: string, issued: number): void;
  putTrial(tenantId: string, contactKey: string): void;
  putActivated(tenantId: string, contactKey: string): void;
  putLogin(tenantId: string, login: string): void;
  putCounts(panelId: string, counts: PanelCounts): void;
  /** One more, or less, of a panel, in every branch that counts it. */
  addToBranches(panel: PanelState, counted: Counted, by: number): void;
}

/** What some commands must know of a panel, counted after the lock. */
export interface PanelCounts {
  /** In the last 24 h. */
  readonly trials: number;
  /** Spends undone in the last 24 h. */
  readonly undos: number;
  /** Orders that may still be paid. */
  readonly pending: number;
  readonly openChildren: number;
}

/** Thrown where a decision needs panels that were not locked, because what it needs was only seen after the lock. */
export class Missing extends Error {
  readonly tenantId: string;
  readonly ids: readonly string[];

  constructor(tenantId: string, ids: readonly string[]) {
    super('a decision needs panels that were not locked');
    this.tenantId = tenantId;
    this.ids = ids;
  }
}

/** What suspends a panel for its debt alone, as a hold: any other hold is the path of a panel that was suspended by hand. */
export function debtHold(path: string): string {
  return `${path}~`;
}

/** A provider's references are those of one seller's account: what another calls its own payments is nothing to it. */
export interface Payment {
  readonly sellerId: string | null;
  readonly provider: PaymentProvider;
  readonly reference: string;
}
