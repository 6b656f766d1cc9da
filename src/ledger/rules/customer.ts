/** Spends credits on customers, cancels customers and starts trials: R19 to R25. terms.ts has the prices and times. */

import { InvalidInput, NotFound, Refusal, TrialRefused } from '../../kernel/errors.ts';
import type { TransferKind } from '../../kernel/journal.ts';
import type { ActivateCustomer, AddScreens, CancelCustomer, RenewCustomer, Spending, StartTrial } from '../command.ts';
import type { CustomerState, Outcome } from '../outcome.ts';
import { commandKind, transferIdOf } from './command-kind.ts';
import { isActive, refuseOneMore, refuseService } from './limits.ts';
import { givenLogin, refuseLogin, rememberLogin } from './logins.ts';
import { move, payerOf, posted, refuse, refuseCost, timeOf } from './movement.ts';
import type { State } from './state.ts';
import { activation, cancellation, HOUR_MS, moreScreens, renewal, serviceOf, type Term } from './terms.ts';

interface SpendingKind<C extends Spending> {
  readonly transfer: TransferKind;
  term(customer: CustomerState, command: C, atMs: number): Term | Refusal;
}

/** Everything that consumes credits, with its price. */
const SPENDING: { readonly [Kind in Spending['kind']]: SpendingKind<Extract<Spending, { readonly kind: Kind }>> } = {
  activateCustomer: {
    transfer: 'ACTIVATION',
    term: (customer, { periods, screens }, atMs) => activation(customer, periods, screens, atMs),
  },
  renewCustomer: { transfer: 'RENEWAL', term: (customer, { periods }, atMs) => renewal(customer, periods, atMs) },
  addScreens: { transfer: 'SCREENS', term: (customer, { screens }, atMs) => moreScreens(customer, screens, atMs) },
};

const spending = {
  transferAccounts: ({ scopeId }: Spending) => ({ fromId: scopeId, toId: null }),
  mark: transferIdOf,
  decide: decideSpending,
};

/** For commands about an existing customer. */
const ofCustomer = {
  reads: ({ customerId }: RenewCustomer | AddScreens | CancelCustomer) => ({ customerId }),
  subject: ({ customerId }: RenewCustomer | AddScreens | CancelCustomer) => customerId,
};

const activateCustomer = commandKind<ActivateCustomer>({
  accessEvent: 'CUSTOMER_ACTIVATED',
  ...spending,
  fills: () => 'customers',
  reads: ({ access, customerId, details }) => ({ customerId: details ? null : customerId, login: givenLogin(access) }),
  remember: (facts, { access, details, tenantId }) => {
    if (details?.contactKey) facts.putActivated(tenantId, details.contactKey);
    rememberLogin(facts, tenantId, access);
  },
});

const renewCustomer = commandKind<RenewCustomer>({
  accessEvent: 'CUSTOMER_RENEWED',
  ...spending,
  ...ofCustomer,
  fills: (state, command) => {
    const customer = ownCustomer(state, command);
    return customer && !isActive(customer, state.nowMs) ? 'customers' : null;
  },
});

const addScreens = commandKind<AddScreens>({ ...spending, ...ofCustomer, accessEvent: 'CUSTOMER_SCREENS_CHANGED' });

function decideSpending(state: State, command: Spending): Outcome {
  const payer = payerOf(state, command);
  if (payer.status === 'refused') return payer;
  const { account } = payer;
  if (command.kind === 'activateCustomer' && command.planId === null) return refuse(new NotFound());
  const at = timeOf(state, account);
  const term = termOf(state, command, at);
  if (term instanceof Refusal) return refuse(term);
  const { cost } = term;
  const before = customerBefore(state, command);
  const customer = { ...term.customer, lastSpending: { transferId: command.transferId, before: before && serviceOf(before) } };
  const limit = refuseService(state, payer.panel, before, customer, at);
  if (limit) return refuse(limit);
  const taken = command.kind === 'activateCustomer' ? refuseLogin(state, command.tenantId, command.access) : null;
  if (taken) return refuse(taken);
  const refusal = refuseCost(payer, cost, command.useReserve);
  if (refusal) return refuse(refusal);
  const from = { ...account, consumed: account.consumed + cost };
  const { transfer: kind } = SPENDING[command.kind];
  const spent = { transferId: command.transferId, kind, amount: cost, from, to: null, customerId: customer.id };
  return { ...move(state, command, spent, at), customer };
}

/** The cost of a spend and the customer after it. Used by the command and by its quote. */
export function termOf(state: State, command: Spending, atMs: number): Term | Refusal {
  const customer = command.kind === 'activateCustomer' && command.details ? newCustomer(command, atMs) : ownCustomer(state, command);
  const kind: SpendingKind<Spending> = SPENDING[command.kind];
  return customer ? kind.term(customer, command, atMs) : new NotFound();
}

/** The customer before the spend; null if the spend creates it. */
export function customerBefore(state: State, command: Spending): CustomerState | null {
  return command.kind === 'activateCustomer' && command.details ? null : (ownCustomer(state, command) ?? null);
}

const cancelCustomer = commandKind<CancelCustomer>({
  accessEvent: 'CUSTOMER_CANCELED',
  ...ofCustomer,
  transferAccounts: ({ scopeId }) => ({ fromId: null, toId: scopeId }),
  mark: transferIdOf,
  decide: decideCancelCustomer,
  marksKey: true,
  audit: ({ address, transferId }, { customer }) =>
    customer && {
      id: transferId,
      action: 'CUSTOMER_CANCELED',
      address: address ?? null,
      customerId: customer.id,
      subject: null,
      changes: [{ field: 'canceled', before: 'false', after: 'true' }],
      atMs: customer.canceledAtMs,
    },
});

function decideCancelCustomer(state: State, command: CancelCustomer): Outcome {
  const payer = payerOf(state, command);
  if (payer.status === 'refused') return payer;
  const { account } = payer;
  const found = ownCustomer(state, command);
  if (!found) return refuse(new NotFound());
  const at = timeOf(state, account);
  const term = cancellation(found, state.policy(command.tenantId).refundPolicy === 'UNUSED_PERIODS', at);
  if (term instanceof Refusal) return refuse(term);
  const { cost, customer } = term;
  if (cost === 0) return posted({ to: account, customer });
  const to = { ...account, consumed: account.consumed + cost };
  const refund = { transferId: command.transferId, kind: 'REFUND', amount: -cost, from: null, to, customerId: customer.id } as const;
  return { ...move(state, command, refund, at), customer };
}

const startTrial = commandKind<StartTrial>({
  accessEvent: 'TRIAL_STARTED',
  transferAccounts: () => ({ fromId: null, toId: null }),
  alsoLocks: ({ scopeId }) => [scopeId],
  names: ({ details, tenantId }) => [`trial ${tenantId} ${details.contactKey}`],
  fills: () => 'trials',
  reads: ({ access, details }) => ({ trialContact: details.contactKey, login: givenLogin(access) }),
  mark: ({ customerId }) => customerId,
  refuseValues: refuseHours,
  decide: decideTrial,
  remember: (facts, { access, details, scopeId, tenantId }) => {
    rememberLogin(facts, tenantId, access);
    facts.putTrial(tenantId, details.contactKey);
    facts.putCounts(scopeId, { ...facts.counts(scopeId), trials: facts.counts(scopeId).trials + 1 });
    const panel = facts.panel(tenantId, scopeId);
    if (panel) facts.addToBranches(panel, 'trials', 1);
  },
  audit: ({ address, details }, { customer }) =>
    customer && {
      id: customer.id,
      action: 'TRIAL_STARTED',
      address: address ?? null,
      customerId: customer.id,
      subject: details.name,
      changes: [],
      atMs: customer.createdAtMs,
    },
});

/** Refuses a trial that is longer than the tenant's policy allows. */
function refuseHours(state: State, { hours, tenantId }: StartTrial): Refusal | null {
  const { trialMaxHours } = state.policy(tenantId);
  if (hours <= trialMaxHours) return null;
  return new InvalidInput([{ path: 'input.hours', message: `must be at most ${trialMaxHours}: the policy of the tenant.` }]);
}

function decideTrial(state: State, command: StartTrial): Outcome {
  const { trialQuota, trialsForNewContactsOnly } = state.policy(command.tenantId);
  const payer = payerOf(state, command);
  if (payer.status === 'refused') return payer;
  if (state.trialUsed(command.tenantId, command.details.contactKey)) {
    return refuse(new TrialRefused('TRIAL_ALREADY_USED', 'This contact had its trial.'));
  }
  if (trialsForNewContactsOnly && state.contactActivated(command.tenantId, command.details.contactKey)) {
    return refuse(new TrialRefused('TRIAL_ALREADY_USED', 'This contact was a customer already: a trial is for a new one.'));
  }
  if (state.counts(command.scopeId).trials >= trialQuota) {
    return refuse(new TrialRefused('TRIAL_QUOTA', `A panel may start ${trialQuota} trials in 24 hours.`));
  }
  const limit = refuseOneMore(state, payer.panel, 'trials');
  if (limit) return refuse(limit);
  const taken = refuseLogin(state, command.tenantId, command.access);
  if (taken) return refuse(taken);
  const at = timeOf(state, payer.account);
  return posted({ customer: { ...unpaidCustomer(command, command.customerId, at), expiresAtMs: at + command.hours * HOUR_MS } });
}

/** The customer, if it belongs to the acting panel: no other panel sees it (R18). */
export function ownCustomer(
  state: State,
  { customerId, scopeId, tenantId }: { readonly customerId: string | null; readonly scopeId: string; readonly tenantId: string },
): CustomerState | undefined {
  const customer = customerId === null ? undefined : state.customer(tenantId, customerId);
  return customer?.resellerId === scopeId ? customer : undefined;
}

function newCustomer(command: ActivateCustomer, atMs: number): CustomerState | undefined {
  return command.customerId === null ? undefined : unpaidCustomer(command, command.customerId, atMs);
}

function unpaidCustomer(
  { scopeId, tenantId }: { readonly scopeId: string; readonly tenantId: string },
  id: string,
  atMs: number,
): CustomerState {
  return {
    tenantId,
    id,
    resellerId: scopeId,
    screens: 1,
    laterSpans: [],
    nextScreens: 1,
    isTrial: true,
    expiresAtMs: atMs,
    canceledAtMs: null,
    creditsSpent: 0,
    createdAtMs: atMs,
    lastSpending: null,
  };
}

export const CUSTOMER_KINDS = { activateCustomer, renewCustomer, addScreens, cancelCustomer, startTrial };
