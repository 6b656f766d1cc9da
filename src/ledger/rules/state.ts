/** The state that a decision may read, and the facts that it may add for the next commands of the batch. */

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

/** The state that `decide` may read: the locked rows, and what was read after the lock. It is complete, so no method is async. */
export interface State {
  /** The database's clock, in whole milliseconds, read after the lock. */
  readonly nowMs: number;
  account(tenantId: string, id: string): AccountState | undefined;
  panel(tenantId: string, id: string): PanelState | undefined;
  actor(id: string): ActorState | undefined;
  keyUse(scopeTenantId: string, scopeId: string, key: string): KeyUse | undefined;
  emailTaken(email: string): boolean;
  /** The total that was ever issued in the tenant (R36). */
  issuedIn(tenantId: string): number;
  /** The path label of the next panel to be created. */
  nextLabel(): string;
  policy(tenantId: string): Policy;
  customer(tenantId: string, id: string): CustomerState | undefined;
  purchase(tenantId: string, id: string): PurchaseState | undefined;
  /** A payment that a command names, or that waits for credits of a panel whose account the batch has locked. */
  customerPayment(tenantId: string, id: string): CustomerPaymentState | undefined;
  /** The panel's payments that are paid and not applied, oldest first (R54). */
  waitingPayments(tenantId: string, panelId: string): readonly CustomerPaymentState[];
  /** Whether the contact had its trial in the tenant (R24). */
  trialUsed(tenantId: string, contactKey: string): boolean;
  /** Whether a panel of the tenant has activated a customer with this contact (R24). */
  contactActivated(tenantId: string, contactKey: string): boolean;
  /** Whether a customer of the tenant has this login (R46). Known only for logins that a command of the batch chose. */
  loginTaken(tenantId: string, login: string): boolean;
  /** The counts of a panel; 0 unless a command of the batch reads them. */
  counts(panelId: string): PanelCounts;
  /** The counts of a limited panel's branch, if they were read (R56). */
  branchCounts(panelId: string): BranchCounts | undefined;
  /** The claims by which a panel owes credits. */
  debtsOf(tenantId: string, debtorId: string): readonly ClaimState[];
  /** All claims of a purchase that is being charged back or whose dispute was won. */
  claimsOf(purchase: Pick<PurchaseState, 'tenantId' | 'id'>): readonly ClaimState[];
  /** The purchase that a payment to this seller settled. For the platform's sales, it may be of any tenant (R28). */
  settledBy(payment: Payment): string | undefined;
}

/** Facts that a command may add for the next commands of its batch, besides the rows of its outcome. */
export interface Facts extends State {
  putEmail(email: string): void;
  putIssued(tenantId: string, issued: number): void;
  putTrial(tenantId: string, contactKey: string): void;
  putActivated(tenantId: string, contactKey: string): void;
  putLogin(tenantId: string, login: string): void;
  putCounts(panelId: string, counts: PanelCounts): void;
  /** Changes the count by `by` in the branch of every limited panel on the panel's path. */
  addToBranches(panel: PanelState, counted: Counted, by: number): void;
}

/** Counts of a panel that some commands need, read after the lock. */
export interface PanelCounts {
  /** Trials started in the last 24 h. */
  readonly trials: number;
  /** Spends undone in the last 24 h. */
  readonly undos: number;
  /** Orders that may still be paid. */
  readonly pending: number;
  readonly openChildren: number;
}

/** Thrown when a decision needs panels that were not locked: only the state read after the lock showed that it needs them. */
export class Missing extends Error {
  readonly tenantId: string;
  readonly ids: readonly string[];

  constructor(tenantId: string, ids: readonly string[]) {
    super('a decision needs panels that were not locked');
    this.tenantId = tenantId;
    this.ids = ids;
  }
}

/** The hold of a panel that only its debt suspends. Any other hold is the path of a panel that a person suspended. */
export function debtHold(path: string): string {
  return `${path}~`;
}

/** A payment at a provider. References are unique only within one seller's account. */
export interface Payment {
  readonly sellerId: string | null;
  readonly provider: PaymentProvider;
  readonly reference: string;
}
