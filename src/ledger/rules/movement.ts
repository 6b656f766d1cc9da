/** How credits move between accounts in memory: the steps that every decision is made of. */

import { MAX_CREDITS } from '../../kernel/credits.ts';
import { InvalidState, PanelLocked, PanelSuspended, type Refusal, Unauthenticated } from '../../kernel/errors.ts';
import type { AccountState, TransferKind, TransferRow } from '../../kernel/journal.ts';
import type { Command, PanelState, Posted, Refused } from '../command.ts';
import type { State } from './state.ts';

export function refuse(refusal: Refusal): Refused {
  return { status: 'refused', refusal };
}

const NOTHING: Posted = {
  status: 'posted',
  transfer: null,
  from: null,
  to: null,
  repayment: null,
  reseller: null,
  customer: null,
  purchase: null,
};

export function posted(what: Partial<Omit<Posted, 'status'>>): Posted {
  return { ...NOTHING, ...what };
}

/** Never below an account's previous entry: a later version must not carry an earlier time, whatever the clock does. */
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

/** One transfer, and both accounts as it leaves them. What comes in repays a debt first (R29). */
export function move(command: Command, movement: Movement, atMs: number): Posted & { readonly transfer: TransferRow } {
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
  const arrived = to && credited(to, amount, atMs);
  const repaid = arrived && Math.min(arrived.debt, arrived.balance);
  const left = from && debited(from, amount, atMs);
  if (!arrived || !repaid) return { ...NOTHING, transfer, from: left, to: arrived };
  const repayment: TransferRow = {
    ...transfer,
    id: repaymentId(transfer.id),
    kind: 'CHARGEBACK',
    fromId: arrived.id,
    toId: null,
    amount: repaid,
    memo: null,
    customerId: null,
    purchaseId: null,
  };
  return { ...NOTHING, transfer, from: left, to: withdrawn(arrived, repaid, repaid, atMs), repayment };
}

/** Credits that leave the tenant, of which `fromDebt` were owed. */
export function withdrawn(account: AccountState, amount: number, fromDebt: number, atMs: number): AccountState {
  return { ...debited(account, amount, atMs), withdrawn: account.withdrawn + amount, debt: account.debt - fromDebt };
}

/** The account between the two changes of one command: what came in is there, and nothing of it is repaid yet. */
export function beforeRepayment(account: AccountState, { amount }: TransferRow): AccountState {
  return {
    ...account,
    balance: account.balance + amount,
    version: account.version - 1,
    lockedSinceMs: null,
    withdrawn: account.withdrawn - amount,
    debt: account.debt + amount,
  };
}

/** An id that follows from the transfer's, so that a command tried again finds the same: no other id is made like it. */
function repaymentId(transferId: string): string {
  const last = Number.parseInt(transferId.slice(-1), 16);
  return transferId.slice(0, -1) + (last ^ 8).toString(16);
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

export function tooMany(): InvalidState {
  return new InvalidState(`No balance or total may exceed ${MAX_CREDITS} credits.`);
}
