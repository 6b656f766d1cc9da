/** Adds imported panels with their balances, and imported customers with their paid time (R55). */

import { MAX_CREDITS } from '../../kernel/credits.ts';
import { InvalidState, NotFound } from '../../kernel/errors.ts';
import type { ImportCustomer, ImportReseller, ImportRoot } from '../command.ts';
import type { CustomerState, NewPanel, Outcome } from '../outcome.ts';
import { commandKind, issuedName, keyName } from './command-kind.ts';
import { givenLogin, refuseLogin, rememberLogin } from './logins.ts';
import { aboveMaximum, move, posted, refuse, timeOf } from './movement.ts';
import type { State } from './state.ts';
import { emailExists, emailName, emptyAccount, MAX_DEPTH } from './tree.ts';

export const importRoot = commandKind<ImportRoot>({
  transferAccounts: ({ tenantId }) => ({ fromId: null, toId: tenantId }),
  names: (command) => [issuedName(command), keyName(command)],
  reads: () => ({ issued: true }),
  mark: ({ rowId }) => rowId,
  decide: decideRoot,
  remember: (facts, { amount, tenantId }) => facts.putIssued(tenantId, facts.issuedIn(tenantId) + amount),
});

/** Adds to the balance that the root already has: the trees of several sources may be imported into one tenant. */
function decideRoot(state: State, command: ImportRoot): Outcome {
  const { amount, tenantId, transferId } = command;
  const root = state.account(tenantId, tenantId);
  if (!root) return refuse(new NotFound('The root panel does not exist.'));
  if (state.panel(tenantId, tenantId)?.closed) return refuse(new InvalidState('The root panel is closed.'));
  if (root.balance + amount > MAX_CREDITS || state.issuedIn(tenantId) + amount > MAX_CREDITS) return refuse(aboveMaximum());
  if (amount === 0) return posted({});
  const to = { ...root, issued: root.issued + amount };
  return move(state, command, { transferId, kind: 'ISSUE', amount, from: null, to }, timeOf(state, root));
}

export const importReseller = commandKind<ImportReseller>({
  transferAccounts: ({ resellerId }) => ({ fromId: null, toId: resellerId }),
  alsoLocks: ({ parentId }) => [parentId],
  names: (command) => [issuedName(command), keyName(command), emailName(command)],
  holdsTree: true,
  reads: ({ owner }) => ({ email: owner.email, issued: true }),
  mark: ({ resellerId }) => resellerId,
  decide: decideReseller,
  remember: (facts, { amount, owner, parentId, tenantId }) => {
    const parent = facts.panel(tenantId, parentId);
    if (parent) facts.addToBranches(parent, 'resellers', 1);
    facts.putEmail(owner.email);
    facts.putIssued(tenantId, facts.issuedIn(tenantId) + amount);
  },
});

/** Issues the credits to the new panel itself (ADR-0099): no panel above it has them or needs them. */
function decideReseller(state: State, command: ImportReseller): Outcome {
  const { amount, parentId, resellerId, tenantId, transferId } = command;
  const parent = state.panel(tenantId, parentId);
  const above = state.account(tenantId, parentId);
  if (!parent || !above) return refuse(new NotFound('The panel above it does not exist.'));
  if (parent.closed) return refuse(new InvalidState('The panel above it is closed.'));
  if (parent.depth >= MAX_DEPTH) return refuse(new InvalidState(`A tree has at most ${MAX_DEPTH} levels below its root.`));
  if (state.emailTaken(command.owner.email)) return refuse(emailExists());
  if (state.issuedIn(tenantId) + amount > MAX_CREDITS) return refuse(aboveMaximum());
  const at = timeOf(state, above);
  const reseller: NewPanel = {
    tenantId,
    id: resellerId,
    parentId,
    path: `${parent.path}${state.nextLabel()}.`,
    depth: parent.depth + 1,
    createdAtMs: at,
    suspended: parent.suspended,
    closed: false,
    keepsReserve: false,
    limits: parent.limits,
  };
  const account = emptyAccount(tenantId, resellerId, at);
  if (amount === 0) return posted({ to: account, reseller });
  const to = { ...account, issued: amount };
  return { ...move(state, command, { transferId, kind: 'ISSUE', amount, from: null, to }, at), reseller };
}

export const importCustomer = commandKind<ImportCustomer>({
  accessEvent: 'CUSTOMER_ACTIVATED',
  transferAccounts: () => ({ fromId: null, toId: null }),
  alsoLocks: ({ resellerId }) => [resellerId],
  names: (command) => [keyName(command)],
  reads: ({ access }) => ({ login: givenLogin(access) }),
  mark: ({ customerId }) => customerId,
  decide: decideCustomer,
  remember: (facts, { access, details, standing, tenantId }) => {
    if (details.contactKey && standing !== 'TRIAL') facts.putActivated(tenantId, details.contactKey);
    rememberLogin(facts, tenantId, access);
  },
});

/** Also for a panel that is locked, suspended or in debt: such a panel keeps its customers (R10). */
function decideCustomer(state: State, command: ImportCustomer): Outcome {
  const { customerId, expiresAtMs, laterSpans, nextScreens, resellerId, screens, standing, tenantId } = command;
  const panel = state.panel(tenantId, resellerId);
  const account = state.account(tenantId, resellerId);
  if (!panel || !account) return refuse(new NotFound("The customer's panel does not exist."));
  if (panel.closed) return refuse(new InvalidState("The customer's panel is closed."));
  const taken = refuseLogin(state, tenantId, command.access);
  if (taken) return refuse(taken);
  const at = timeOf(state, account);
  const customer: CustomerState = {
    tenantId,
    id: customerId,
    resellerId,
    screens,
    laterSpans,
    nextScreens,
    isTrial: standing === 'TRIAL',
    expiresAtMs,
    canceledAtMs: standing === 'CANCELED' ? at : null,
    creditsSpent: 0,
    createdAtMs: at,
    lastSpending: null,
  };
  return posted({ customer });
}
