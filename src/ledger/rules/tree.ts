/** Decides the commands that bring credits into a tenant or move them within its tree: R13 to R17, R36. */

import { isInBranch, PLATFORM_TENANT_ID } from '../../kernel/actor.ts';
import { MAX_CREDITS } from '../../kernel/credits.ts';
import { AlreadyExists, BelowMinimum, InsufficientCredits, InvalidState, NotDirectChild, NotFound, Refusal } from '../../kernel/errors.ts';
import type { AccountState } from '../../kernel/journal.ts';
import type {
  CloseReseller,
  CreateReseller,
  CreateTenant,
  ImportReseller,
  IssueCredits,
  ReclaimCredits,
  TransferCredits,
} from '../command.ts';
import type { NewPanel, Outcome, PanelState } from '../outcome.ts';
import { actingPanel, commandKind, issuedName, keyName, transferIdOf } from './command-kind.ts';
import { refuseNewReseller } from './limits.ts';
import { aboveMaximum, Books, move, payerOf, posted, refuse, refuseCost, timeOf } from './movement.ts';
import type { State } from './state.ts';

/** The most levels of panels below a root (R16). */
export const MAX_DEPTH = 10;

/** A new panel's reserve threshold: a balance that falls to it raises `lowBalance` (R12). */
const DEFAULT_RESERVE_THRESHOLD = 1;

export const createTenant = commandKind<CreateTenant>({
  transferAccounts: ({ resellerId }) => ({ fromId: null, toId: resellerId }),
  names: (command) => [emailName(command), keyName(command)],
  reads: ({ owner }) => ({ email: owner.email }),
  mark: ({ resellerId }) => resellerId,
  decide: decideCreateTenant,
  remember: (facts, { owner }) => facts.putEmail(owner.email),
});

function decideCreateTenant(state: State, command: CreateTenant): Outcome {
  if (state.emailTaken(command.owner.email)) return refuse(emailExists());
  const reseller: NewPanel = {
    tenantId: command.tenantId,
    id: command.resellerId,
    parentId: null,
    path: `${state.nextLabel()}.`,
    depth: 0,
    createdAtMs: state.nowMs,
    suspended: false,
    closed: false,
    keepsReserve: false,
    limits: [],
  };
  return posted({ to: emptyAccount(command.tenantId, command.resellerId, state.nowMs), reseller });
}

export const issueCredits = commandKind<IssueCredits>({
  transferAccounts: ({ toId }) => ({ fromId: null, toId }),
  names: (command) => [issuedName(command), keyName(command)],
  reads: () => ({ issued: true }),
  mark: transferIdOf,
  decide: decideIssue,
  remember: (facts, { amount, tenantId }) => facts.putIssued(tenantId, facts.issuedIn(tenantId) + amount),
});

function decideIssue(state: State, command: IssueCredits): Outcome {
  const panel = command.toId === null ? undefined : state.panel(command.tenantId, command.toId);
  const to = panel && state.account(panel.tenantId, panel.id);
  if (!panel || !to) return refuse(new NotFound());
  if (panel.closed) return refuse(new InvalidState('The panel is closed.'));
  if (to.balance + command.amount > MAX_CREDITS || state.issuedIn(command.tenantId) + command.amount > MAX_CREDITS) {
    return refuse(aboveMaximum());
  }
  const { amount, memo, transferId } = command;
  const issued = { ...to, issued: to.issued + amount };
  return move(state, command, { transferId, kind: 'ISSUE', amount, from: null, to: issued, memo }, timeOf(state, to));
}

export const createReseller = commandKind<CreateReseller>({
  transferAccounts: ({ resellerId, scopeId }) => ({ fromId: scopeId, toId: resellerId }),
  names: (command) => [emailName(command)],
  holdsTree: true,
  reads: ({ owner }) => ({ email: owner.email }),
  fills: () => 'resellers',
  mark: transferIdOf,
  refuseValues: (state, { amount, tenantId }) => {
    const { minimumInitialCredits } = state.policy(tenantId);
    return amount < minimumInitialCredits ? new BelowMinimum('input.initialCredits', minimumInitialCredits) : null;
  },
  decide: decideCreateReseller,
  remember: (facts, { owner, scopeId, tenantId }) => {
    const parent = facts.panel(tenantId, scopeId);
    if (parent) facts.addToBranches(parent, 'resellers', 1);
    facts.putEmail(owner.email);
  },
});

function decideCreateReseller(state: State, command: CreateReseller): Outcome {
  const payer = payerOf(state, command);
  if (payer.status === 'refused') return payer;
  const { panel, account } = payer;
  if (panel.depth >= MAX_DEPTH) return refuse(new InvalidState(`A tree has at most ${MAX_DEPTH} levels below its root.`));
  const limit = refuseNewReseller(state, panel);
  if (limit) return refuse(limit);
  if (state.emailTaken(command.owner.email)) return refuse(emailExists());
  const refusal = refuseCost(payer, command.amount, command.useReserve);
  if (refusal) return refuse(refusal);
  const at = timeOf(state, account);
  const reseller: NewPanel = {
    tenantId: command.tenantId,
    id: command.resellerId,
    parentId: panel.id,
    path: `${panel.path}${state.nextLabel()}.`,
    depth: panel.depth + 1,
    createdAtMs: at,
    suspended: false,
    closed: false,
    keepsReserve: false,
    limits: panel.limits,
  };
  const { amount, transferId } = command;
  const to = emptyAccount(command.tenantId, command.resellerId, at);
  return { ...move(state, command, { transferId, kind: 'GRANT', amount, from: account, to }, at), reseller };
}

export const transferCredits = commandKind<TransferCredits>({
  transferAccounts: ({ scopeId, toId }) => ({ fromId: scopeId, toId }),
  mark: transferIdOf,
  refuseValues: refuseAmount,
  decide: decideTransfer,
});

/** Refuses a transfer of less than the tenant's policy allows. */
function refuseAmount(state: State, { amount, tenantId }: TransferCredits): Refusal | null {
  const { minimumTransfer } = state.policy(tenantId);
  return amount < minimumTransfer ? new BelowMinimum('input.amount', minimumTransfer) : null;
}

function decideTransfer(state: State, command: TransferCredits): Outcome {
  const payer = payerOf(state, command);
  if (payer.status === 'refused') return payer;
  const child = directChild(state, payer.panel, command.toId);
  if (child instanceof Refusal) return refuse(child);
  const { account: to } = child;
  const refusal = refuseCost(payer, command.amount, command.useReserve);
  if (refusal) return refuse(refusal);
  // Checked after the cost: a transfer that cannot be paid would not raise the balance (R36).
  if (to.balance + command.amount > MAX_CREDITS) return refuse(aboveMaximum());
  const { amount, memo, transferId } = command;
  return move(state, command, { transferId, kind: 'TRANSFER', amount, from: payer.account, to, memo }, timeOf(state, payer.account, to));
}

export const reclaimCredits = commandKind<ReclaimCredits>({
  transferAccounts: ({ fromId, scopeId }) => ({ fromId, toId: scopeId }),
  mark: transferIdOf,
  decide: decideReclaim,
});

function decideReclaim(state: State, command: ReclaimCredits): Outcome {
  const payer = payerOf(state, command);
  if (payer.status === 'refused') return payer;
  const child = directChild(state, payer.panel, command.fromId);
  if (child instanceof Refusal) return refuse(child);
  if (!state.policy(command.tenantId).reclaimAllowed) return refuse(new InvalidState('The policy of the tenant does not allow this.'));
  const { account: from } = child;
  if (from.balance < command.amount) return refuse(new InsufficientCredits(command.amount, from.balance));
  const { amount, memo, transferId } = command;
  return move(state, command, { transferId, kind: 'RECLAIM', amount, from, to: payer.account, memo }, timeOf(state, from, payer.account));
}

/** Closing posts alone: it rewrites all customers and orders of the panel, and the one write statement must not change a row twice. */
export const closeReseller = commandKind<CloseReseller>({
  transferAccounts: ({ panelId, parentId }) => ({ fromId: panelId, toId: parentId }),
  alsoLocks: actingPanel,
  names: (command) => (command.scopeTenantId === command.tenantId ? [] : [keyName(command)]),
  holdsTree: true,
  postsAlone: true,
  reads: ({ panelId, scopeId }) => ({ panelId: panelId ?? scopeId }),
  mark: transferIdOf,
  decide: decideClose,
  subject: ({ panelId }) => panelId,
  marksKey: true,
});

function decideClose(state: State, command: CloseReseller): Outcome {
  const target = command.panelId === null ? undefined : state.panel(command.tenantId, command.panelId);
  const account = target && state.account(target.tenantId, target.id);
  let parent: AccountState | undefined;
  if (command.scopeTenantId !== PLATFORM_TENANT_ID) {
    const payer = payerOf(state, command);
    if (payer.status === 'refused') return payer;
    if (!target || !account || !isInBranch(payer.panel.path, target.path)) return refuse(new NotFound());
    if (target.id === payer.panel.id) return refuse(new InvalidState('A panel is closed by one above it.'));
    parent = target.parentId === null ? undefined : state.account(target.tenantId, target.parentId);
  } else if (!target || !account) return refuse(new NotFound());
  const refusal = refuseClose(state, command, target, account, parent);
  if (refusal) return refuse(refusal);
  const { balance: amount } = account;
  if (!parent) return amount === 0 ? posted({ from: account }) : refuse(new InvalidState('A root is closed only at balance 0.'));
  const { id: parentId, tenantId } = parent;
  const books = new Books(state, command, timeOf(state, account, parent));
  // The write makes the parent the creditor of the panel's claims. The parent's own debt to the panel ends: it would owe itself (R17).
  for (const claim of state.debtsOf(tenantId, parentId)) if (claim.creditorId === account.id && claim.owed > 0) books.end(claim, null);
  const { transferId } = command;
  if (amount > 0) books.move({ transferId, kind: 'SWEEP', amount, from: account, to: books.account(parentId) });
  return posted({ ...books.closed(), from: books.account(account.id), to: books.account(parentId) });
}

function refuseClose(
  state: State,
  command: CloseReseller,
  target: PanelState,
  { debt, id }: AccountState,
  parent: AccountState | undefined,
): Refusal | null {
  const { openChildren } = state.counts(id);
  if (target.closed) return new InvalidState('The panel is closed already.');
  if (target.parentId !== command.parentId) return new InvalidState('The panel was moved meanwhile: try again.');
  if (target.parentId !== null && !parent) return new InvalidState('The platform closes roots; other panels are closed by one above them.');
  if (openChildren > 0) return new InvalidState('The panel has open panels below it: close or move them first.');
  if (debt > 0) return new InvalidState('The panel owes credits after a charged-back purchase.');
  return null;
}

/** Returns the acting panel's direct child, open, with its account. Elsewhere in its branch: NotDirectChild. Outside it: NotFound (R14, R18). */
function directChild(state: State, panel: PanelState, id: string | null): { readonly account: AccountState } | Refusal {
  const child = id === null ? undefined : state.panel(panel.tenantId, id);
  const account = child && state.account(child.tenantId, child.id);
  if (!child || !account || !isInBranch(panel.path, child.path)) return new NotFound();
  if (child.parentId !== panel.id) return new NotDirectChild();
  return child.closed ? new InvalidState('The panel is closed.') : { account };
}

/** The account of a new panel: no credits, and so locked. */
export function emptyAccount(tenantId: string, id: string, atMs: number): AccountState {
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

/** The lock name of a new owner's e-mail. */
export function emailName({ owner }: CreateTenant | CreateReseller | ImportReseller): string {
  return `email ${owner.email}`;
}

export function emailExists(): AlreadyExists {
  return new AlreadyExists('This e-mail is already in use.');
}
