/** A ledger in memory that decides with the product's own rules. */

import { isInBranch, PLATFORM_TENANT_ID } from '../../src/kernel/actor.ts';
import type { AccountState, TransferRow } from '../../src/kernel/journal.ts';
import type { LimitedPanel, Limits } from '../../src/kernel/limits.ts';
import type { Policy } from '../../src/kernel/policy.ts';
import type { Command } from '../../src/ledger/command.ts';
import type { ClaimState, CustomerPaymentState, CustomerState, KeyUse, NewPanel, PurchaseState } from '../../src/ledger/outcome.ts';
import { decideSubmissions, type SubmissionResult } from '../../src/ledger/posting/batch.ts';
import { accountsOf } from '../../src/ledger/rules/footprint.ts';
import { isActive } from '../../src/ledger/rules/limits.ts';
import { type ActorState, debtHold } from '../../src/ledger/rules/state.ts';
import { subjectOf, WorkingState } from '../../src/ledger/rules/working-state.ts';
import type { Accepted } from '../../src/ledger/statements/part.ts';
import { type EntryRow, entryOf, type Tables } from './invariants.ts';
import { type Meddled, openPaymentOf } from './meddling.ts';
import { FIRST_POLICY } from './policies.ts';

const DAY_MS = 86_400_000;

interface StoredKey {
  readonly scopeTenantId: string;
  readonly scopeId: string;
  readonly key: string;
  readonly use: KeyUse;
}

interface TrialRow {
  readonly tenantId: string;
  readonly panelId: string;
  readonly contactKey: string;
  readonly startedAtMs: number;
}

/** Replaces Postgres for the ledger: provides rows to `decide` and applies its outcomes to them. */
export class MemoryLedger {
  readonly #panels = new Map<string, NewPanel>();
  readonly #suspendedByHand = new Set<string>();
  readonly #limits = new Map<string, Limits>();
  readonly #accounts = new Map<string, AccountState>();
  readonly #actors = new Map<string, ActorState>();
  readonly #entries: EntryRow[] = [];
  readonly #keys = new Map<string, StoredKey>();
  readonly #emails = new Set<string>();
  readonly #policies = new Map<string, Policy>();
  readonly #customers = new Map<string, CustomerState>();
  readonly #trials: TrialRow[] = [];
  readonly #activated: { readonly tenantId: string; readonly contactKey: string }[] = [];
  readonly #purchases = new Map<string, PurchaseState>();
  readonly #claims = new Map<string, ClaimState>();
  readonly #payments = new Map<string, CustomerPaymentState>();
  readonly #undone: { readonly panelId: string; readonly atMs: number }[] = [];
  #labels = 0;
  nowMs = 1_800_000_000_000;

  constructor(platformUserId: string) {
    this.#putActor({ tenantId: PLATFORM_TENANT_ID, id: platformUserId, role: 'PLATFORM', resellerId: null, disabled: false });
  }

  /** Applies a change that bypassed the ledger. */
  meddle(meddled: Meddled): void {
    if (meddled.kind === 'policy') this.#policies.set(meddled.tenantId, meddled.policy);
    if (meddled.kind === 'customer') {
      const customer = this.#customers.get(meddled.id);
      if (customer && customer.nextScreens !== meddled.nextScreens) {
        this.#customers.set(meddled.id, { ...customer, nextScreens: meddled.nextScreens, lastSpending: null });
      }
    }
    if (meddled.kind === 'move') this.#move(meddled.id, meddled.parentId);
    if (meddled.kind === 'limits') this.#limits.set(meddled.id, meddled.limits);
    if (meddled.kind === 'payment') this.#payments.set(meddled.id, openPaymentOf(meddled));
    if (meddled.kind !== 'panel') return;
    const { closed, disabled, id, keepsReserve, role, suspended, tenantId, userId } = meddled;
    const panel = this.#panels.get(id);
    if (!panel) throw new Error('no such panel');
    this.#panels.set(id, { ...panel, closed, keepsReserve });
    if (suspended) this.#suspendedByHand.add(id);
    else this.#suspendedByHand.delete(id);
    this.#putActor({ tenantId, id: userId, role, resellerId: id, disabled });
  }

  /** Posts the items as one batch. The accounts in `held` cannot be locked. */
  post(
    items: readonly { readonly commands: readonly Command[]; readonly atomic: boolean }[],
    held: ReadonlySet<string>,
  ): readonly SubmissionResult[] {
    const commands = items.flatMap((item) => item.commands);
    const { results, accepted } = decideSubmissions(
      this.#load(commands, held),
      items.map((item) => ({ ...item, state: 'posting' as const })),
    );
    for (const one of accepted) this.#write(one);
    return results;
  }

  tables(): Tables {
    return {
      panels: [...this.#panels.values()],
      accounts: [...this.#accounts.values()],
      entries: this.#entries,
      customers: [...this.#customers.values()].map((customer) => ({ ...customer, canceled: customer.canceledAtMs !== null })),
      purchases: [...this.#purchases.values()],
      claims: [...this.#claims.values()],
      payments: [...this.#payments.values()],
    };
  }

  #putActor(actor: ActorState): void {
    this.#actors.set(actor.id, actor);
  }

  #load(commands: readonly Command[], held: ReadonlySet<string>): WorkingState {
    const labels = commands.map(() => {
      this.#labels += 1;
      return this.#labels.toString(36);
    });
    const state = new WorkingState(this.nowMs, labels);
    // Loads only what would be locked: a command must not see more than it asks for.
    const wanted = this.#withThoseOwed(new Set(commands.flatMap(accountsOf)));
    for (const account of this.#accounts.values()) if (wanted.has(account.id) && !held.has(account.id)) state.putAccount(account);
    for (const panel of this.#panels.values()) {
      state.putPolicy(panel.tenantId, this.#policies.get(panel.tenantId) ?? FIRST_POLICY);
      state.putTree(panel.tenantId);
      if (!wanted.has(panel.id)) continue;
      const holds = this.#holdsOf(panel);
      state.putPanel({ ...panel, suspended: holds.length > 0, limits: this.#limitsOf(panel) }, holds);
      if (this.#limits.has(panel.id)) state.putBranchCounts(panel.id, this.#branchCounts(panel));
      state.putCounts(panel.id, this.#countsOf(panel));
    }
    for (const actor of this.#actors.values()) state.putActor(actor);
    for (const { key, scopeId, scopeTenantId, use } of this.#keys.values()) state.putKey(scopeTenantId, scopeId, key, use);
    for (const email of this.#emails) state.putEmail(email);
    for (const customer of this.#customers.values()) state.putCustomer(customer);
    for (const { contactKey, tenantId } of this.#trials) state.putTrial(tenantId, contactKey);
    for (const { contactKey, tenantId } of this.#activated) state.putActivated(tenantId, contactKey);
    for (const purchase of this.#purchases.values()) {
      state.putPurchase(purchase);
      if (purchase.reference !== null) state.putPayment({ ...purchase, reference: purchase.reference }, purchase.id);
    }
    for (const payment of this.#payments.values()) state.putCustomerPayment(payment);
    for (const claim of this.#claims.values()) state.putClaim(claim);
    for (const [tenantId, own] of Map.groupBy(this.#accounts.values(), (account) => account.tenantId)) {
      state.putIssued(
        tenantId,
        own.reduce((total, account) => total + account.issued, 0),
      );
    }
    return state;
  }

  /**
   * Adds the accounts that a restarted batch finds: panels with limits above these, their creditors, the creditors of
   * those, and the stand-ins for closed panels.
   */
  #withThoseOwed(wanted: Set<string>): Set<string> {
    for (const { buyerId, deliveredBy, sellerId } of this.#purchases.values()) {
      if (!wanted.has(buyerId) && !(sellerId !== null && wanted.has(sellerId))) continue;
      for (const id of [buyerId, sellerId, deliveredBy]) if (id !== null) wanted.add(id);
    }
    for (const id of [...wanted]) {
      const panel = this.#panels.get(id);
      for (const limited of panel ? this.#limitsOf(panel) : []) wanted.add(limited.id);
    }
    for (let size = 0; size < wanted.size; ) {
      size = wanted.size;
      for (const { creditorId, debtorId, owed } of this.#claims.values()) {
        if (owed > 0 && creditorId !== null && debtorId !== null && wanted.has(debtorId)) wanted.add(creditorId);
      }
      for (const { closed, id, parentId } of this.#panels.values()) if (closed && parentId !== null && wanted.has(id)) wanted.add(parentId);
    }
    return wanted;
  }

  #limitsOf(panel: NewPanel): LimitedPanel[] {
    return [...this.#panels.values()].flatMap(({ id, path, tenantId }) => {
      const limits = this.#limits.get(id);
      return limits && tenantId === panel.tenantId && isInBranch(path, panel.path) ? [{ id, ...limits }] : [];
    });
  }

  #branchCounts({ id, path, tenantId }: NewPanel) {
    const branch = [...this.#panels.values()].filter((one) => one.tenantId === tenantId && isInBranch(path, one.path));
    const has = new Set(branch.map((one) => one.id));
    return {
      resellers: branch.filter((one) => one.id !== id && !one.closed).length,
      customers: [...this.#customers.values()].filter((one) => has.has(one.resellerId) && isActive(one, this.nowMs)).length,
      trials: this.#trials.filter(({ panelId, startedAtMs }) => has.has(panelId) && startedAtMs > this.nowMs - DAY_MS).length,
    };
  }

  #holdsOf(panel: NewPanel): string[] {
    return [...this.#panels.values()].flatMap(({ id, path, tenantId }) => {
      if (tenantId !== panel.tenantId || !isInBranch(path, panel.path)) return [];
      if (this.#suspendedByHand.has(id)) return [path];
      return (this.#accounts.get(id)?.debt ?? 0) > 0 ? [debtHold(path)] : [];
    });
  }

  #countsOf({ id }: NewPanel) {
    const purchases = [...this.#purchases.values()];
    return {
      trials: this.#trials.filter(({ panelId, startedAtMs }) => panelId === id && startedAtMs > this.nowMs - DAY_MS).length,
      undos: this.#undone.filter(({ atMs, panelId }) => panelId === id && atMs > this.nowMs - DAY_MS).length,
      pending: purchases.filter(({ buyerId, expiresAtMs, status }) => buyerId === id && status === 'PENDING' && expiresAtMs > this.nowMs)
        .length,
      openChildren: [...this.#panels.values()].filter(({ closed, parentId }) => parentId === id && !closed).length,
    };
  }

  #write({ command, posted }: Accepted): void {
    const { claims, customer, from, others, payment, purchase, reseller, steps, to } = posted;
    if (command.key !== null) this.#writeKey(command, posted);
    if (reseller && 'owner' in command) {
      this.#panels.set(reseller.id, reseller);
      this.#emails.add(command.owner.email);
      this.#putActor({ tenantId: reseller.tenantId, id: command.owner.id, role: 'OWNER', resellerId: reseller.id, disabled: false });
    }
    for (const account of [from, to, ...others]) if (account) this.#accounts.set(account.id, account);
    for (const claim of claims) this.#claims.set(claim.id, claim);
    if (customer) this.#customers.set(customer.id, customer);
    if (purchase) this.#purchases.set(purchase.id, purchase);
    if (payment) this.#payments.set(payment.id, payment);
    const isPaid = command.kind === 'activateCustomer' || (command.kind === 'importCustomer' && command.standing !== 'TRIAL');
    if (isPaid && command.details?.contactKey) {
      this.#activated.push({ tenantId: command.tenantId, contactKey: command.details.contactKey });
    }
    if (command.kind === 'startTrial' && customer) {
      const { contactKey } = command.details;
      this.#trials.push({ tenantId: command.tenantId, panelId: command.scopeId, contactKey, startedAtMs: customer.createdAtMs });
    }
    if (command.kind === 'undoSpending') this.#undone.push({ panelId: command.scopeId, atMs: posted.transfer?.createdAtMs ?? 0 });
    if (command.kind === 'closeReseller') this.#close(command.panelId ?? '', command.parentId);
    for (const step of steps) {
      if (step.from) this.#enter(step.from, -step.transfer.amount, step.transfer);
      if (step.to) this.#enter(step.to, step.transfer.amount, step.transfer);
    }
  }

  #enter(account: AccountState, delta: number, transfer: TransferRow): void {
    this.#entries.push(entryOf(account, delta, transfer));
  }

  #writeKey(command: Extract<Command, { key: string }>, posted: Accepted['posted']): void {
    const { hash, key, scopeId, scopeTenantId } = command;
    const id = `${scopeId} ${key}`;
    if (this.#keys.has(id)) throw new Error('a key was written twice');
    const use = { hash, transferId: posted.transfer?.id ?? null, subjectId: subjectOf(command, posted) };
    this.#keys.set(id, { scopeTenantId, scopeId, key, use });
  }

  #move(id: string, parentId: string): void {
    const [moved, parent] = [this.#panels.get(id), this.#panels.get(parentId)];
    if (!moved || !parent) throw new Error('moved what is not there');
    const path = parent.path + moved.path.slice(moved.path.lastIndexOf('.', moved.path.length - 2) + 1);
    for (const one of this.#panels.values()) {
      if (one.tenantId !== moved.tenantId || !isInBranch(moved.path, one.path)) continue;
      const depth = one.depth + parent.depth + 1 - moved.depth;
      const place = { path: path + one.path.slice(moved.path.length), depth, parentId: one.id === id ? parentId : one.parentId };
      this.#panels.set(one.id, { ...one, ...place });
    }
    this.#endOrders(id, ({ sellerId }) => sellerId !== null);
  }

  #endOrders(buyerId: string, which: (purchase: PurchaseState) => boolean): void {
    for (const one of this.#purchases.values()) {
      const isOpen = one.buyerId === buyerId && one.status === 'PENDING' && one.expiresAtMs > this.nowMs;
      if (isOpen && which(one)) this.#purchases.set(one.id, { ...one, status: 'CANCELED' });
    }
  }

  #close(id: string, parentId: string | null): void {
    const panel = this.#panels.get(id);
    if (!panel) throw new Error('closed what is not there');
    this.#panels.set(id, { ...panel, closed: true });
    for (const customer of this.#customers.values()) {
      if (customer.resellerId === id && parentId !== null) {
        this.#customers.set(customer.id, { ...customer, resellerId: parentId, lastSpending: null });
      }
    }
    for (const payment of this.#payments.values()) {
      if (payment.resellerId === id && payment.transferId === null && payment.status !== 'REFUNDED' && parentId !== null) {
        this.#payments.set(payment.id, { ...payment, resellerId: parentId });
      }
    }
    for (const claim of this.#claims.values()) {
      if (claim.creditorId === id && claim.owed > 0 && parentId !== null) this.#claims.set(claim.id, { ...claim, creditorId: parentId });
    }
    this.#endOrders(id, () => true);
  }
}
