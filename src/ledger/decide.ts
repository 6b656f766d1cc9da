/**
 * The rules of credits, as a pure function of the locked state (R5 to R16, R31 to R36). No clock, no randomness, no SQL:
 * the same function answers a mutation, can answer a quote (decide, write nothing), and is checked by thousands of
 * random sequences in milliseconds. Refusals come in the order of R35.
 */

import { isInBranch } from '../kernel/actor.ts';
import type { AccountState, TransferRow } from '../kernel/change.ts';
import { MAX_CREDITS } from '../kernel/credits.ts';
import {
  AlreadyExists,
  Forbidden,
  IdempotencyConflict,
  InsufficientCredits,
  InvalidState,
  NotDirectChild,
  NotFound,
  PanelLocked,
  PanelSuspended,
  type Refusal,
  Unauthenticated,
} from '../kernel/errors.ts';
import type {
  Command,
  CreateReseller,
  CreateTenant,
  IssueCredits,
  KeyUse,
  Outcome,
  PanelState,
  Refused,
  TransferCredits,
} from './command.ts';
import type { State } from './state.ts';

/** Levels of panels below a root (R16). */
export const MAX_DEPTH = 10;

/** Falling to this balance raises `lowBalance`, unless the panel chose another (R12). */
const DEFAULT_RESERVE_THRESHOLD = 1;

export function decide(state: State, command: Command): Outcome {
  const forbidden = refuseActor(state, command);
  if (forbidden) return refuse(forbidden);
  const use = state.keyUse(command.scopeTenantId, command.scopeId, command.key);
  if (use) return answerUsedKey(state, command, use);
  switch (command.kind) {
    case 'createTenant':
      return decideCreateTenant(state, command);
    case 'issueCredits':
      return decideIssue(state, command);
    case 'createReseller':
      return decideCreateReseller(state, command);
    case 'transferCredits':
      return decideTransfer(state, command);
  }
}

/** Who a token belongs to is cached for seconds; here it is asked of the database, after the lock. */
function refuseActor(state: State, command: Command): Refusal | null {
  const actor = state.actor(command.actorId);
  const ended =
    !actor ||
    actor.disabled ||
    (actor.resellerId ?? actor.tenantId) !== command.scopeId ||
    (actor.resellerId !== null && state.panel(actor.tenantId, actor.resellerId)?.closed !== false);
  if (ended) return new Unauthenticated('The session has ended.');
  return command.roles.includes(actor.role) ? null : new Forbidden();
}

/** R31: the same input answers with what was done; finding the very ids of this command means that its own commit was not answered. */
function answerUsedKey(state: State, command: Command, use: KeyUse): Outcome {
  if (use.hash !== command.hash) return refuse(new IdempotencyConflict());
  const { fromId, toId, subjectId } = participants(command);
  const from = fromId === null ? null : (state.account(command.tenantId, fromId) ?? null);
  const to = toId === null ? null : (state.account(command.tenantId, toId) ?? null);
  const ownCommit = command.kind === 'createTenant' ? use.subjectId === subjectId : use.transferId === command.transferId;
  if (!ownCommit) {
    const tenantId = command.kind === 'createTenant' && use.subjectId !== null ? use.subjectId : command.tenantId;
    return { status: 'replayed', tenantId, transferId: use.transferId, subjectId: use.subjectId, from, to };
  }
  return {
    status: 'posted',
    transfer: transferOf(command, use.createdAtMs),
    from,
    to,
    reseller: subjectId === null ? null : (state.panel(command.tenantId, subjectId) ?? null),
    recovered: true,
  };
}

function decideCreateTenant(state: State, command: CreateTenant): Outcome {
  if (state.emailTaken(command.owner.email)) return refuse(emailExists());
  const reseller: PanelState = {
    tenantId: command.tenantId,
    id: command.resellerId,
    parentId: null,
    path: `${state.nextLabel()}.`,
    depth: 0,
    createdAtMs: state.nowMs,
    suspended: false,
    closed: false,
  };
  return {
    status: 'posted',
    transfer: null,
    from: null,
    to: emptyAccount(command.tenantId, command.resellerId, state.nowMs),
    reseller,
    recovered: false,
  };
}

function decideIssue(state: State, command: IssueCredits): Outcome {
  const panel = command.toId === null ? undefined : state.panel(command.tenantId, command.toId);
  const to = panel && state.account(panel.tenantId, panel.id);
  if (!panel || !to) return refuse(new NotFound());
  if (panel.closed) return refuse(new InvalidState('The panel is closed.'));
  if (to.balance + command.amount > MAX_CREDITS || state.issuedIn(command.tenantId) + command.amount > MAX_CREDITS) {
    return refuse(tooMany());
  }
  const at = timeOf(state, to);
  return {
    status: 'posted',
    transfer: transferOf(command, at),
    from: null,
    to: { ...credited(to, command.amount, at), issued: to.issued + command.amount },
    reseller: null,
    recovered: false,
  };
}

function decideCreateReseller(state: State, command: CreateReseller): Outcome {
  const payer = payerOf(state, command);
  if (payer.status === 'refused') return payer;
  const { panel, account } = payer;
  if (panel.depth >= MAX_DEPTH) return refuse(new InvalidState(`A tree has at most ${MAX_DEPTH} levels below its root.`));
  if (state.emailTaken(command.owner.email)) return refuse(emailExists());
  if (account.balance < command.amount) return refuse(new InsufficientCredits(command.amount, account.balance));
  const at = timeOf(state, account);
  const reseller: PanelState = {
    tenantId: command.tenantId,
    id: command.resellerId,
    parentId: panel.id,
    path: `${panel.path}${state.nextLabel()}.`,
    depth: panel.depth + 1,
    createdAtMs: at,
    suspended: false,
    closed: false,
  };
  return {
    status: 'posted',
    transfer: transferOf(command, at),
    from: debited(account, command.amount, at),
    to: credited(emptyAccount(command.tenantId, command.resellerId, at), command.amount, at),
    reseller,
    recovered: false,
  };
}

function decideTransfer(state: State, command: TransferCredits): Outcome {
  const payer = payerOf(state, command);
  if (payer.status === 'refused') return payer;
  const receiver = command.toId === null ? undefined : state.panel(command.tenantId, command.toId);
  const to = receiver && state.account(receiver.tenantId, receiver.id);
  if (!receiver || !to || !isInBranch(payer.panel.path, receiver.path)) return refuse(new NotFound());
  if (receiver.parentId !== payer.panel.id) return refuse(new NotDirectChild());
  if (receiver.closed) return refuse(new InvalidState('The panel is closed.'));
  // What cannot be paid would not lift a balance (R36).
  if (payer.account.balance < command.amount) return refuse(new InsufficientCredits(command.amount, payer.account.balance));
  if (to.balance + command.amount > MAX_CREDITS) return refuse(tooMany());
  const at = timeOf(state, payer.account, to);
  return {
    status: 'posted',
    transfer: transferOf(command, at),
    from: debited(payer.account, command.amount, at),
    to: credited(to, command.amount, at),
    reseller: null,
    recovered: false,
  };
}

interface Payer {
  readonly status: 'may pay';
  readonly panel: PanelState;
  readonly account: AccountState;
}

/** The acting panel, if it may spend at all: neither suspended (R11) nor locked (R7). */
function payerOf(state: State, command: CreateReseller | TransferCredits): Payer | Refused {
  const panel = state.panel(command.tenantId, command.scopeId);
  const account = state.account(command.tenantId, command.scopeId);
  if (!panel || !account) return refuse(new Unauthenticated('The session has ended.'));
  if (panel.suspended) return refuse(new PanelSuspended());
  if (account.balance === 0) return refuse(new PanelLocked(account));
  return { status: 'may pay', panel, account };
}

/** The accounts a command touches, and the panel it creates. */
export function participants(command: Command): { fromId: string | null; toId: string | null; subjectId: string | null } {
  switch (command.kind) {
    case 'createTenant':
      return { fromId: null, toId: command.resellerId, subjectId: command.resellerId };
    case 'issueCredits':
      return { fromId: null, toId: command.toId, subjectId: null };
    case 'createReseller':
      return { fromId: command.scopeId, toId: command.resellerId, subjectId: command.resellerId };
    case 'transferCredits':
      return { fromId: command.scopeId, toId: command.toId, subjectId: null };
  }
}

const KINDS = { issueCredits: 'ISSUE', createReseller: 'GRANT', transferCredits: 'TRANSFER' } as const;

function transferOf(command: Command, atMs: number): TransferRow | null {
  if (command.kind === 'createTenant') return null;
  const { fromId, toId } = participants(command);
  return {
    tenantId: command.tenantId,
    id: command.transferId,
    kind: KINDS[command.kind],
    fromId,
    toId,
    amount: command.amount,
    actorId: command.actorId,
    memo: command.kind === 'createReseller' ? null : command.memo,
    createdAtMs: atMs,
  };
}

/** Never below an account's previous entry: a later version must not carry an earlier time, whatever the clock does. */
function timeOf(state: State, first: AccountState, second: AccountState = first): number {
  return Math.max(state.nowMs, first.changedAtMs, second.changedAtMs);
}

function credited(account: AccountState, amount: number, atMs: number): AccountState {
  return { ...account, balance: account.balance + amount, version: account.version + 1, lockedSinceMs: null, changedAtMs: atMs };
}

function debited(account: AccountState, amount: number, atMs: number): AccountState {
  const balance = account.balance - amount;
  return { ...account, balance, version: account.version + 1, lockedSinceMs: balance === 0 ? atMs : null, changedAtMs: atMs };
}

function emptyAccount(tenantId: string, id: string, atMs: number): AccountState {
  return {
    tenantId,
    id,
    balance: 0,
    version: 0,
    lockedSinceMs: atMs,
    reserveThreshold: DEFAULT_RESERVE_THRESHOLD,
    debt: 0,
    issued: 0,
    consumed: 0,
    withdrawn: 0,
    changedAtMs: atMs,
  };
}

function refuse(refusal: Refusal): Refused {
  return { status: 'refused', refusal };
}

function emailExists(): AlreadyExists {
  return new AlreadyExists('This e-mail is already in use.');
}

function tooMany(): InvalidState {
  return new InvalidState(`No balance or total may exceed ${MAX_CREDITS} credits.`);
}
