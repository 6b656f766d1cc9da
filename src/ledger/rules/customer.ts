/** What credits are spent on: R19 to R25. terms.ts has the prices and times. */

import { InsufficientCredits, InvalidInput, NotFound, Refusal, TrialRefused } from '../../kernel/errors.ts';
import type { ActivateCustomer, AddScreens, CancelCustomer, CustomerState, Outcome, RenewCustomer, StartTrial } from '../command.ts';
import { move, payerOf, posted, refuse, timeOf } from './movement.ts';
import type { State } from './state.ts';
import { activation, cancellation, HOUR_MS, moreScreens, renewal, type Term } from './terms.ts';

type Spending = ActivateCustomer | RenewCustomer | AddScreens;

const KINDS = { activateCustomer: 'ACTIVATION', renewCustomer: 'RENEWAL', addScreens: 'SCREENS' } as const;

export function decideActivate(state: State, command: ActivateCustomer): Outcome {
  return decideSpending(state, command);
}

export function decideRenew(state: State, command: RenewCustomer): Outcome {
  return decideSpending(state, command);
}

export function decideAddScreens(state: State, command: AddScreens): Outcome {
  return decideSpending(state, command);
}

function decideSpending(state: State, command: Spending): Outcome {
  const payer = payerOf(state, command);
  if (payer.status === 'refused') return payer;
  const { account } = payer;
  const at = timeOf(state, account);
  const term = termOf(state, command, at);
  if (term instanceof Refusal) return refuse(term);
  const { cost, customer } = term;
  if (account.balance < cost) return refuse(new InsufficientCredits(cost, account.balance));
  const from = { ...account, consumed: account.consumed + cost };
  const spent = { transferId: command.transferId, kind: KINDS[command.kind], amount: cost, from, to: null, customerId: customer.id };
  return { ...move(state, command, spent, at), customer };
}

/** What it would cost and leave the customer with: the same for who does it and who only asks. */
export function termOf(state: State, command: Spending, atMs: number): Term | Refusal {
  const customer = command.kind === 'activateCustomer' && command.details ? newCustomer(command, atMs) : ownCustomer(state, command);
  if (!customer) return new NotFound();
  switch (command.kind) {
    case 'activateCustomer':
      return activation(customer, command.periods, command.screens, atMs);
    case 'renewCustomer':
      return renewal(customer, command.periods, atMs);
    case 'addScreens':
      return moreScreens(customer, command.screens, atMs);
  }
}

export function decideCancelCustomer(state: State, command: CancelCustomer): Outcome {
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

/** A trial that is longer than the tenant's policy allows. */
export function refuseHours(state: State, { hours, tenantId }: StartTrial): Refusal | null {
  const { trialMaxHours } = state.policy(tenantId);
  if (hours <= trialMaxHours) return null;
  return new InvalidInput([{ path: 'input.hours', message: `must be at most ${trialMaxHours}: the policy of the tenant.` }]);
}

export function decideTrial(state: State, command: StartTrial): Outcome {
  const { trialQuota } = state.policy(command.tenantId);
  const payer = payerOf(state, command);
  if (payer.status === 'refused') return payer;
  if (state.trialUsed(command.tenantId, command.details.contactKey)) {
    return refuse(new TrialRefused('TRIAL_ALREADY_USED', 'This contact had its trial.'));
  }
  if (state.contactActivated(command.tenantId, command.details.contactKey)) {
    return refuse(new TrialRefused('TRIAL_ALREADY_USED', 'This contact was a customer already: a trial is for a new one.'));
  }
  if (state.counts(command.scopeId).trials >= trialQuota) {
    return refuse(new TrialRefused('TRIAL_QUOTA', `A panel may start ${trialQuota} trials in 24 hours.`));
  }
  const at = timeOf(state, payer.account);
  return posted({ customer: { ...unpaidCustomer(command, command.customerId, at), expiresAtMs: at + command.hours * HOUR_MS } });
}

/** Customers are seen by their own panel only (R18). */
function ownCustomer(
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
  };
}
