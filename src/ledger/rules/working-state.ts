/** The state on which a batch is decided: the locked rows, and the changes of the batch's earlier commands. */

import { isInBranch } from '../../kernel/actor.ts';
import type { AccountState } from '../../kernel/journal.ts';
import type { BranchCounts, Counted } from '../../kernel/limits.ts';
import type { Policy } from '../../kernel/policy.ts';
import type { Command } from '../command.ts';
import type { ClaimState, CustomerPaymentState, CustomerState, KeyUse, Outcome, PanelState, Posted, PurchaseState } from '../outcome.ts';
import { kindOf } from './kinds.ts';
import { isActive } from './limits.ts';
import { type ActorState, debtHold, type Facts, type PanelCounts, type Payment } from './state.ts';

const NOBODY: readonly string[] = [];
const NO_COUNTS: PanelCounts = { trials: 0, undos: 0, pending: 0, openChildren: 0 };

/**
 * The loaded rows, with the changes of earlier commands on top. An atomic submission works on a fork, which is merged or dropped as a
 * whole. Rows are found by their unique id and then must belong to the given tenant: a batch may also contain another
 * tenant's rows, which must stay invisible.
 */
export class WorkingState implements Facts {
  readonly nowMs: number;
  readonly #parent: WorkingState | null;
  readonly #accounts = new Map<string, AccountState>();
  readonly #panels = new Map<string, PanelState>();
  /** The holds that suspend each panel, by panel id: see debtHold. */
  readonly #holds = new Map<string, readonly string[]>();
  readonly #actors = new Map<string, ActorState>();
  readonly #keys = new Map<string, KeyUse>();
  readonly #emails = new Set<string>();
  readonly #trees = new Set<string>();
  readonly #missedNames = new Set<string>();
  readonly #issued = new Map<string, number>();
  readonly #policies = new Map<string, Policy>();
  readonly #customers = new Map<string, CustomerState>();
  readonly #purchases = new Map<string, PurchaseState>();
  readonly #claims = new Map<string, ClaimState>();
  readonly #trials = new Set<string>();
  readonly #activated = new Set<string>();
  readonly #logins = new Set<string>();
  readonly #counts = new Map<string, PanelCounts>();
  readonly #branches = new Map<string, BranchCounts>();
  readonly #payments = new Map<string, string>();
  readonly #customerPayments = new Map<string, CustomerPaymentState>();
  /** The ids of the waiting payments, by panel id. */
  readonly #waiting = new Map<string, readonly string[]>();
  readonly #labels: readonly string[];
  #labelsUsed: number;

  constructor(nowMs: number, labels: readonly string[] = [], parent: WorkingState | null = null, labelsUsed = 0) {
    this.nowMs = nowMs;
    this.#labels = labels;
    this.#parent = parent;
    this.#labelsUsed = labelsUsed;
  }

  account(tenantId: string, id: string): AccountState | undefined {
    const found = this.#accounts.get(id) ?? this.#parent?.account(tenantId, id);
    return found?.tenantId === tenantId ? found : undefined;
  }

  panel(tenantId: string, id: string): PanelState | undefined {
    const found = this.#panels.get(id) ?? this.#parent?.panel(tenantId, id);
    return found?.tenantId === tenantId ? found : undefined;
  }

  actor(id: string): ActorState | undefined {
    return this.#actors.get(id) ?? this.#parent?.actor(id);
  }

  keyUse(scopeTenantId: string, scopeId: string, key: string): KeyUse | undefined {
    return this.#keys.get(keyOf(scopeTenantId, scopeId, key)) ?? this.#parent?.keyUse(scopeTenantId, scopeId, key);
  }

  emailTaken(email: string): boolean {
    return this.#emails.has(email) || (this.#parent?.emailTaken(email) ?? false);
  }

  issuedIn(tenantId: string): number {
    return this.#issued.get(tenantId) ?? this.#parent?.issuedIn(tenantId) ?? 0;
  }

  nextLabel(): string {
    const label = this.#labels[this.#labelsUsed];
    if (label === undefined) throw new Error('a batch drew fewer path labels than it creates panels');
    return label;
  }

  policy(tenantId: string): Policy {
    const policy = this.#policies.get(tenantId) ?? this.#parent?.policy(tenantId);
    if (policy === undefined) throw new Error('a command was decided without the policy of its tenant');
    return policy;
  }

  customer(tenantId: string, id: string): CustomerState | undefined {
    const found = this.#customers.get(id) ?? this.#parent?.customer(tenantId, id);
    return found?.tenantId === tenantId ? found : undefined;
  }

  purchase(tenantId: string, id: string): PurchaseState | undefined {
    const found = this.#purchases.get(id) ?? this.#parent?.purchase(tenantId, id);
    return found?.tenantId === tenantId ? found : undefined;
  }

  customerPayment(tenantId: string, id: string): CustomerPaymentState | undefined {
    const found = this.#customerPayments.get(id) ?? this.#parent?.customerPayment(tenantId, id);
    return found?.tenantId === tenantId ? found : undefined;
  }

  /** Whether a payment waits in any loaded panel. */
  get hasWaiting(): boolean {
    return this.#waiting.size > 0 || (this.#parent?.hasWaiting ?? false);
  }

  waitingPayments(tenantId: string, panelId: string): readonly CustomerPaymentState[] {
    const waiting = this.#waitingIds(panelId).flatMap((id) => this.customerPayment(tenantId, id) ?? []);
    return waiting.sort((one, other) => (one.paidAtMs ?? 0) - (other.paidAtMs ?? 0) || (one.id < other.id ? -1 : 1));
  }

  #waitingIds(panelId: string): readonly string[] {
    return this.#waiting.get(panelId) ?? (this.#parent === null ? NOBODY : this.#parent.#waitingIds(panelId));
  }

  putCustomerPayment(payment: CustomerPaymentState): void {
    const { id, resellerId, status } = payment;
    this.#customerPayments.set(id, payment);
    const waiting = this.#waitingIds(resellerId);
    const isWaiting = status === 'PAID_UNFUNDED';
    if (waiting.includes(id) === isWaiting) return;
    this.#waiting.set(resellerId, isWaiting ? [...waiting, id] : waiting.filter((one) => one !== id));
  }

  trialUsed(tenantId: string, contactKey: string): boolean {
    return this.#trials.has(`${tenantId} ${contactKey}`) || (this.#parent?.trialUsed(tenantId, contactKey) ?? false);
  }

  contactActivated(tenantId: string, contactKey: string): boolean {
    return this.#activated.has(`${tenantId} ${contactKey}`) || (this.#parent?.contactActivated(tenantId, contactKey) ?? false);
  }

  loginTaken(tenantId: string, login: string): boolean {
    return this.#logins.has(`${tenantId} ${login}`) || (this.#parent?.loginTaken(tenantId, login) ?? false);
  }

  counts(panelId: string): PanelCounts {
    return this.#counts.get(panelId) ?? this.#parent?.counts(panelId) ?? NO_COUNTS;
  }

  branchCounts(panelId: string): BranchCounts | undefined {
    return this.#branches.get(panelId) ?? this.#parent?.branchCounts(panelId);
  }

  putBranchCounts(panelId: string, counts: BranchCounts): void {
    this.#branches.set(panelId, counts);
  }

  addToBranches({ limits }: PanelState, counted: Counted, by: number): void {
    for (const { id } of limits) {
      const counts = this.branchCounts(id);
      if (counts) this.putBranchCounts(id, { ...counts, [counted]: counts[counted] + by });
    }
  }

  debtsOf(tenantId: string, debtorId: string): readonly ClaimState[] {
    return this.#allClaims().filter((claim) => claim.tenantId === tenantId && claim.debtorId === debtorId);
  }

  claimsOf({ id, tenantId }: Pick<PurchaseState, 'tenantId' | 'id'>): readonly ClaimState[] {
    return this.#allClaims().filter((claim) => claim.tenantId === tenantId && claim.purchaseId === id);
  }

  #allClaims(): ClaimState[] {
    const above = this.#parent === null ? [] : this.#parent.#allClaims();
    return [...new Map([...above, ...this.#claims.values()].map((claim) => [claim.id, claim])).values()];
  }

  putClaim(claim: ClaimState): void {
    this.#claims.set(claim.id, claim);
  }

  settledBy(payment: Payment): string | undefined {
    const purchaseId = this.#purchaseIdOf(nameOf(payment));
    if (purchaseId === undefined) return undefined;
    // An earlier command of the batch, or of the same atomic submission, may have changed the purchase's reference.
    const purchase = this.#purchaseById(purchaseId);
    return purchase === undefined || purchase.reference === payment.reference ? purchaseId : undefined;
  }

  #purchaseIdOf(payment: string): string | undefined {
    return this.#payments.get(payment) ?? (this.#parent === null ? undefined : this.#parent.#purchaseIdOf(payment));
  }

  #purchaseById(id: string): PurchaseState | undefined {
    return this.#purchases.get(id) ?? (this.#parent === null ? undefined : this.#parent.#purchaseById(id));
  }

  putPayment(payment: Payment, purchaseId: string): void {
    this.#payments.set(nameOf(payment), purchaseId);
  }

  putPolicy(tenantId: string, policy: Policy): void {
    this.#policies.set(tenantId, policy);
  }

  putCustomer(customer: CustomerState): void {
    this.#customers.set(customer.id, customer);
  }

  putPurchase(purchase: PurchaseState): void {
    this.#purchases.set(purchase.id, purchase);
  }

  putTrial(tenantId: string, contactKey: string): void {
    this.#trials.add(`${tenantId} ${contactKey}`);
  }

  putActivated(tenantId: string, contactKey: string): void {
    this.#activated.add(`${tenantId} ${contactKey}`);
  }

  putLogin(tenantId: string, login: string): void {
    this.#logins.add(`${tenantId} ${login}`);
  }

  putCounts(panelId: string, counts: PanelCounts): void {
    this.#counts.set(panelId, counts);
  }

  putAccount(account: AccountState): void {
    this.#accounts.set(account.id, account);
  }

  putPanel(panel: PanelState, holds: readonly string[] = []): void {
    this.#panels.set(panel.id, panel);
    this.#holds.set(panel.id, holds);
  }

  putActor(actor: ActorState): void {
    this.#actors.set(actor.id, actor);
  }

  putKey(scopeTenantId: string, scopeId: string, key: string, use: KeyUse): void {
    this.#keys.set(keyOf(scopeTenantId, scopeId, key), use);
  }

  putEmail(email: string): void {
    this.#emails.add(email);
  }

  /** Notes that the tenant's row is locked, so that its tree cannot change. */
  putTree(tenantId: string): void {
    this.#trees.add(tenantId);
  }

  /** Whether the tenant's row exists but could not be locked. A tenant that does not exist has no row to wait for. */
  treeMissed(tenantId: string): boolean {
    const isThere = this.#policies.has(tenantId) && !this.#trees.has(tenantId);
    return isThere || (this.#parent?.treeMissed(tenantId) ?? false);
  }

  /** Notes that another session holds the lock of this name, so that commands that need it cannot be decided. */
  putMissedName(name: string): void {
    this.#missedNames.add(name);
  }

  nameMissed(name: string): boolean {
    return this.#missedNames.has(name);
  }

  putIssued(tenantId: string, issued: number): void {
    this.#issued.set(tenantId, issued);
  }

  /** Adds the outcome of a command to the state, for the next commands. */
  apply(command: Command, outcome: Outcome): void {
    if (outcome.status !== 'posted') return;
    const { claims, customer, from, others, payment, purchase, reseller, to, transfer } = outcome;
    if (from) this.putAccount(from);
    if (to) this.putAccount(to);
    for (const account of others) this.putAccount(account);
    for (const claim of claims) this.putClaim(claim);
    for (const account of debtorsOf(outcome)) this.#suspendForDebt(account);
    if (customer) this.#changeCustomer(customer);
    if (purchase) this.#changePurchase(purchase);
    if (payment) this.putCustomerPayment(payment);
    if (reseller) {
      this.putPanel(reseller);
      this.#labelsUsed += 1;
    }
    kindOf(command).remember(this, command, outcome);
    if (command.key === null) return;
    this.putKey(command.scopeTenantId, command.scopeId, command.key, {
      hash: command.hash,
      transferId: transfer?.id ?? null,
      subjectId: subjectOf(command, outcome),
    });
  }

  /** Updates the suspension of the panel's branch for the next commands: a debt suspends it, repaying the whole debt ends that (R29). */
  #suspendForDebt({ debt, id, tenantId }: AccountState): void {
    const path = this.panel(tenantId, id)?.path;
    if (path === undefined) return;
    for (const panel of this.#allPanels()) {
      if (panel.tenantId !== tenantId || !isInBranch(path, panel.path)) continue;
      const others = this.#holdsOf(panel.id).filter((hold) => hold !== debtHold(path));
      const holds = debt > 0 ? [...others, debtHold(path)] : others;
      this.putPanel({ ...panel, suspended: holds.length > 0 }, holds);
    }
  }

  #allPanels(): PanelState[] {
    const above = this.#parent === null ? [] : this.#parent.#allPanels();
    return [...new Map([...above, ...this.#panels.values()].map((panel) => [panel.id, panel])).values()];
  }

  #holdsOf(panelId: string): readonly string[] {
    return this.#holds.get(panelId) ?? (this.#parent === null ? [] : this.#parent.#holdsOf(panelId));
  }

  #changeCustomer(customer: CustomerState): void {
    const { id, resellerId, tenantId } = customer;
    const panel = this.panel(tenantId, resellerId);
    if (panel && panel.limits.length > 0) {
      const before = this.customer(tenantId, id);
      const was = before !== undefined && isActive(before, this.nowMs);
      this.addToBranches(panel, 'customers', Number(isActive(customer, this.nowMs)) - Number(was));
    }
    this.putCustomer(customer);
  }

  #changePurchase(purchase: PurchaseState): void {
    const before = this.purchase(purchase.tenantId, purchase.id);
    this.putPurchase(purchase);
    if (purchase.reference !== null) this.putPayment({ ...purchase, reference: purchase.reference }, purchase.id);
    if (before?.status !== 'PENDING' || before.expiresAtMs <= this.nowMs) return;
    const counts = this.counts(purchase.buyerId);
    this.putCounts(purchase.buyerId, { ...counts, pending: counts.pending - 1 });
  }

  fork(): WorkingState {
    return new WorkingState(this.nowMs, this.#labels, this, this.#labelsUsed);
  }

  /** Adds the changes of a fork to this state. */
  merge(fork: WorkingState): void {
    for (const account of fork.#accounts.values()) this.putAccount(account);
    for (const panel of fork.#panels.values()) this.putPanel(panel, fork.#holds.get(panel.id));
    for (const [key, use] of fork.#keys) this.#keys.set(key, use);
    for (const email of fork.#emails) this.putEmail(email);
    for (const [tenantId, issued] of fork.#issued) this.putIssued(tenantId, issued);
    for (const customer of fork.#customers.values()) this.putCustomer(customer);
    for (const purchase of fork.#purchases.values()) this.putPurchase(purchase);
    for (const claim of fork.#claims.values()) this.putClaim(claim);
    for (const [id, payment] of fork.#customerPayments) this.#customerPayments.set(id, payment);
    for (const [panelId, ids] of fork.#waiting) this.#waiting.set(panelId, ids);
    for (const trial of fork.#trials) this.#trials.add(trial);
    for (const contact of fork.#activated) this.#activated.add(contact);
    for (const login of fork.#logins) this.#logins.add(login);
    for (const [panelId, counts] of fork.#counts) this.putCounts(panelId, counts);
    for (const [panelId, counts] of fork.#branches) this.putBranchCounts(panelId, counts);
    for (const [payment, purchaseId] of fork.#payments) this.#payments.set(payment, purchaseId);
    this.#labelsUsed = fork.#labelsUsed;
  }
}

/** The accounts that are debtors of changed claims, in their state after the command. */
export function debtorsOf({ claims, from, others, to }: Posted): AccountState[] {
  if (claims.length === 0) return [];
  const debtors = new Set(claims.map(({ debtorId }) => debtorId));
  return [from, to, ...others].filter((account): account is AccountState => account !== null && debtors.has(account.id));
}

/** The id that is stored with a key besides its transfer: of the created object, or the command's mark if nothing else identifies it. */
export function subjectOf(command: Command, { customer, purchase, reseller, transfer }: Posted): string | null {
  const kind = kindOf(command);
  if (kind.marksKey) return transfer === null ? kind.mark(command) : null;
  // Several imports may bring a root: the row's id tells which one this was.
  if (command.kind === 'importRoot') return command.rowId;
  return (reseller ?? customer ?? purchase)?.id ?? null;
}

function nameOf({ provider, reference, sellerId }: Payment): string {
  return `${sellerId} ${provider} ${reference}`;
}

function keyOf(scopeTenantId: string, scopeId: string, key: string): string {
  return `${scopeTenantId}${scopeId}${key}`;
}
