/** Moves credits between accounts in memory: the steps that every decision consists of. */

import { MAX_CREDITS } from '../../kernel/credits.ts';
import {
  InsufficientCredits,
  InvalidState,
  PanelLocked,
  PanelSuspended,
  type Refusal,
  Unauthenticated,
  WouldUseReserve,
} from '../../kernel/errors.ts';
import type { AccountState, TransferKind, TransferRow } from '../../kernel/journal.ts';
import type { Command } from '../command.ts';
import type { ClaimState, PanelState, Posted, PostedStep, Refused } from '../outcome.ts';
import { Missing, type State } from './state.ts';

export function refuse(refusal: Refusal): Refused {
  return { status: 'refused', refusal };
}

const NOTHING: Posted = {
  status: 'posted',
  transfer: null,
  from: null,
  to: null,
  steps: [],
  others: [],
  claims: [],
  reseller: null,
  customer: null,
  purchase: null,
  payment: null,
};

export function posted(what: Partial<Omit<Posted, 'status'>>): Posted {
  return { ...NOTHING, ...what };
}

/** The time of a change: never before an account's previous entry, even if the clock was set back. */
export function timeOf(state: State, first: AccountState, second: AccountState = first): number {
  return Math.max(state.nowMs, first.changedAtMs, second.changedAtMs);
}

function debited(account: AccountState, amount: number, atMs: number): AccountState {
  const balance = account.balance - amount;
  return { ...account, balance, version: account.version + 1, lockedSinceMs: balance === 0 ? atMs : null, changedAtMs: atMs };
}

function credited(account: AccountState, amount: number, atMs: number): AccountState {
  return { ...account, balance: account.balance + amount, version: account.version + 1, lockedSinceMs: null, changedAtMs: atMs };
}

interface Movement {
  readonly transferId: string;
  readonly kind: TransferKind;
  readonly amount: number;
  readonly from: AccountState | null;
  readonly to: AccountState | null;
  readonly memo?: string | null;
  readonly customerId?: string;
  readonly purchaseId?: string;
}

/** Makes one transfer and updates both accounts. Credits that come in repay the oldest debt first (R29). */
export function move(state: State, command: Command, movement: Movement, atMs: number): Posted & { readonly transfer: TransferRow } {
  const step = transferOf(command, movement, atMs);
  const { from, to, transfer } = step;
  const done = { ...NOTHING, transfer, from, to, steps: [step] };
  if (to === null || to.debt === 0) return done;
  const books = new Books(state, command, atMs, step);
  books.repay(to.id);
  return { ...done, ...books.closed(), transfer };
}

function transferOf(command: Command, movement: Movement, atMs: number): PostedStep {
  const { amount, from, to } = movement;
  const transfer: TransferRow = {
    tenantId: command.tenantId,
    id: movement.transferId,
    kind: movement.kind,
    fromId: from?.id ?? null,
    toId: to?.id ?? null,
    amount,
    actorId: command.actorId,
    memo: movement.memo ?? null,
    createdAtMs: atMs,
    customerId: movement.customerId ?? null,
    purchaseId: movement.purchaseId ?? null,
  };
  return { transfer, from: from && debited(from, amount, atMs), to: to && credited(to, amount, atMs) };
}

/** Collects the accounts, claims and transfers that one command changes. Debts arise, are repaid and end here (R29). */
export class Books {
  readonly #state: State;
  readonly #command: Command & { readonly transferId: string };
  readonly #atMs: number;
  readonly #accounts = new Map<string, AccountState>();
  readonly #claims = new Map<string, ClaimState>();
  readonly #steps: PostedStep[] = [];

  constructor(state: State, command: Command, atMs: number, begun: PostedStep | null = null) {
    if (!('transferId' in command)) throw new Error('a command without a transfer moves no credits');
    this.#state = state;
    this.#command = command;
    this.#atMs = atMs;
    if (begun === null) return;
    this.#take(begun);
  }

  /** Moves credits that belong to no claim. Credits that come in repay debts. */
  move(movement: Movement): void {
    this.#take(transferOf(this.#command, movement, this.#timeOf(movement)));
    if (movement.to) this.repay(movement.to.id);
  }

  /** The account after the changes so far. Throws Missing if it was not locked. */
  account(id: string): AccountState {
    const account = this.#accounts.get(id) ?? this.#state.account(this.#command.tenantId, id);
    if (!account) throw new Missing(this.#command.tenantId, [id]);
    return account;
  }

  /** Repays the debts of `firstId` from its balance, the oldest first. Creditors that receive credits then repay their own debts. */
  repay(firstId: string): void {
    const waiting = [firstId];
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      for (const claim of this.#debtsOf(id)) {
        const { balance } = this.account(id);
        if (balance === 0) break;
        this.#give(claim, Math.min(balance, claim.owed));
        if (claim.creditorId !== null) waiting.push(claim.creditorId);
      }
    }
  }

  /**
   * Adds a claim: takes the credits that the debtor has, and the rest is owed. A claim of a panel on itself moves no credits.
   * Debts of the creditor to the debtor are set off first.
   */
  claim(made: ClaimState, memo: string | null): void {
    const { creditorId, debtorId } = made;
    if (debtorId !== null && debtorId === creditorId) {
      this.#claims.set(made.id, { ...made, owed: 0, setOff: made.quantity });
      return;
    }
    const claim = { ...made, owed: made.quantity - this.#setOff(made), setOff: 0 };
    this.#claims.set(made.id, { ...claim, setOff: made.quantity - claim.owed });
    if (debtorId !== null) this.#change(debtorId, ({ debt }) => ({ debt: debt + claim.owed }));
    const moved = debtorId === null ? claim.owed : Math.min(this.account(debtorId).balance, claim.owed);
    if (moved === 0) return;
    this.#give(this.#claimNow(made.id), moved, memo);
    if (creditorId !== null) this.repay(creditorId);
  }

  /** Ends a claim: its remaining debt is not owed any more. */
  end(claim: ClaimState, reversedAtMs: number | null): void {
    const { debtorId, owed, setOff } = claim;
    this.#claims.set(claim.id, { ...claim, owed: 0, setOff: setOff + owed, reversedAtMs: reversedAtMs ?? claim.reversedAtMs });
    if (debtorId !== null && owed > 0) this.#change(debtorId, ({ debt }) => ({ debt: debt - owed }));
  }

  /** The fields of the outcome that follow from all changes; `others` are the accounts that the main transfer does not name. */
  closed(): Pick<Posted, 'transfer' | 'from' | 'to' | 'steps' | 'others' | 'claims'> {
    const main = this.#steps[0]?.transfer ?? null;
    const [from, to] = [main?.fromId, main?.toId].map((id) => (id ? this.account(id) : null));
    const others = [...this.#accounts.values()].filter(({ id }) => id !== main?.fromId && id !== main?.toId);
    return { transfer: main, from: from ?? null, to: to ?? null, steps: this.#steps, others, claims: [...this.#claims.values()] };
  }

  #setOff({ creditorId, debtorId, quantity }: ClaimState): number {
    let left = quantity;
    for (const counter of creditorId === null ? [] : this.#debtsOf(creditorId)) {
      if (counter.creditorId !== debtorId || left === 0) continue;
      const off = Math.min(left, counter.owed);
      left -= off;
      this.#claims.set(counter.id, { ...counter, owed: counter.owed - off, setOff: counter.setOff + off });
      this.#change(creditorId ?? '', ({ debt }) => ({ debt: debt - off }));
    }
    return quantity - left;
  }

  #claimNow(id: string): ClaimState {
    const claim = this.#claims.get(id);
    if (!claim) throw new Error('a claim was used before it was added');
    return claim;
  }

  #debtsOf(id: string): ClaimState[] {
    const claims = new Map(this.#state.debtsOf(this.#command.tenantId, id).map((claim) => [claim.id, claim]));
    for (const claim of this.#claims.values()) if (claim.debtorId === id) claims.set(claim.id, claim);
    return [...claims.values()].filter(({ owed }) => owed > 0).sort(byAge);
  }

  #give(claim: ClaimState, amount: number, memo: string | null = null): void {
    const { creditorId, debtorId, purchaseId, reverses } = claim;
    const [debtor, creditor] = [debtorId, creditorId].map((id) => (id === null ? null : this.account(id)));
    if (!debtor && !creditor) throw new Error('a claim has neither a debtor nor a creditor panel');
    const kind = reverses === null ? 'CHARGEBACK' : 'REVERSAL';
    const from = debtor ? { ...debtor, debt: debtor.debt - amount, withdrawn: debtor.withdrawn + (creditor ? 0 : amount) } : null;
    const to = creditor ? { ...creditor, withdrawn: creditor.withdrawn - (debtor ? 0 : amount) } : null;
    const transferId = stepId(this.#command.transferId, this.#steps.length);
    const movement = { transferId, kind, amount, from, to, memo, purchaseId } as const;
    this.#take(transferOf(this.#command, movement, this.#timeOf(movement)));
    this.#claims.set(claim.id, { ...claim, owed: claim.owed - amount });
  }

  #timeOf({ from, to }: Pick<Movement, 'from' | 'to'>): number {
    return Math.max(this.#atMs, from?.changedAtMs ?? 0, to?.changedAtMs ?? 0);
  }

  #take(step: PostedStep): void {
    this.#steps.push(step);
    for (const account of [step.from, step.to]) if (account) this.#accounts.set(account.id, account);
  }

  #change(id: string, change: (account: AccountState) => Partial<AccountState>): void {
    const account = this.account(id);
    this.#accounts.set(id, { ...account, ...change(account) });
  }
}

function byAge(one: ClaimState, other: ClaimState): number {
  return one.createdAtMs - other.createdAtMs || (one.id < other.id ? -1 : 1);
}

/** The id of a further transfer, derived from the command's id, so that a retry uses the same ids. No other ids are made this way. */
function stepId(transferId: string, step: number): string {
  if (step === 0) return transferId;
  const last = Number.parseInt(transferId.slice(-4), 16);
  return transferId.slice(0, -4) + (last ^ (0x7fff + step)).toString(16).padStart(4, '0');
}

/** The panel that is responsible for this one: itself, or if it is closed, the nearest open panel above, which took its balance (R17). */
export function responsiblePanel(state: State, tenantId: string, id: string): string {
  const panel = state.panel(tenantId, id);
  if (!panel) throw new Missing(tenantId, [id]);
  return panel.closed && panel.parentId !== null ? responsiblePanel(state, tenantId, panel.parentId) : id;
}

interface Payer {
  readonly status: 'may pay';
  readonly panel: PanelState;
  readonly account: AccountState;
}

/** The acting panel, if it may act at all: neither suspended (R11) nor locked (R7). */
export function payerOf(state: State, { tenantId, scopeId }: Command): Payer | Refused {
  const panel = state.panel(tenantId, scopeId);
  const account = state.account(tenantId, scopeId);
  if (!panel || !account) return refuse(new Unauthenticated('The session has ended.'));
  if (panel.suspended) return refuse(new PanelSuspended());
  if (account.balance === 0) return refuse(new PanelLocked(account));
  return { status: 'may pay', panel, account };
}

/** Returns why the panel may not spend `cost` credits: it does not have them, or keeps them in reserve (R57). */
export function refuseCost({ account, panel }: Payer, cost: number, useReserve: boolean | undefined): Refusal | null {
  const balanceAfter = account.balance - cost;
  if (balanceAfter < 0) return new InsufficientCredits(cost, account.balance);
  const isKept = panel.keepsReserve && !useReserve && balanceAfter < account.reserveThreshold;
  return isKept ? new WouldUseReserve(account.reserveThreshold, balanceAfter) : null;
}

export function aboveMaximum(): InvalidState {
  return new InvalidState(`No balance or total may exceed ${MAX_CREDITS} credits.`);
}
