/**
 * The rules of credits, as a pure function of the locked state (R5 to R36). No clock, no randomness, no SQL: the same
 * functions answer a mutation and a quote, and are checked by thousands of random sequences in milliseconds. Refusals come
 * in the order of R35.
 */

import { PROVIDER_ACTOR_ID } from '../../kernel/actor.ts';
import { Forbidden, IdempotencyConflict, type Refusal, Unauthenticated } from '../../kernel/errors.ts';
import type { Command, KeyUse, Outcome } from '../command.ts';
import { decideChargeBack, decideReverse } from './charge-back.ts';
import { decideActivate, decideAddScreens, decideCancelCustomer, decideRenew, decideTrial, refuseHours } from './customer.ts';
import { markOf, sidesOf } from './footprint.ts';
import { refuse } from './movement.ts';
import { decideBuy, decideCancelPurchase, decideSettle } from './purchase.ts';
import type { State } from './state.ts';
import { decideClose, decideCreateReseller, decideCreateTenant, decideIssue, decideReclaim, decideTransfer, refuseAmount } from './tree.ts';

export function decide(state: State, command: Command): Outcome {
  const forbidden = refuseActor(state, command);
  if (forbidden) return refuse(forbidden);
  const use = keyUseOf(state, command);
  if (use) return answerUsedKey(state, command, use);
  const refusal = refuseOwnValues(state, command);
  if (refusal) return refuse(refusal);
  switch (command.kind) {
    case 'transferCredits':
      return decideTransfer(state, command);
    case 'activateCustomer':
      return decideActivate(state, command);
    case 'renewCustomer':
      return decideRenew(state, command);
    case 'addScreens':
      return decideAddScreens(state, command);
    case 'cancelCustomer':
      return decideCancelCustomer(state, command);
    case 'startTrial':
      return decideTrial(state, command);
    case 'createTenant':
      return decideCreateTenant(state, command);
    case 'issueCredits':
      return decideIssue(state, command);
    case 'createReseller':
      return decideCreateReseller(state, command);
    case 'reclaimCredits':
      return decideReclaim(state, command);
    case 'closeReseller':
      return decideClose(state, command);
    case 'buyCredits':
      return decideBuy(state, command);
    case 'cancelPurchase':
      return decideCancelPurchase(state, command);
    case 'settlePurchase':
      return decideSettle(state, command);
    case 'chargeBackPurchase':
      return decideChargeBack(state, command);
    case 'reverseChargeBack':
      return decideReverse(state, command);
  }
}

/** What is wrong with a command by its values alone, if it comes as far as that. */
export function refuseValues(state: State, command: Command): Refusal | null {
  return refuseActor(state, command) || keyUseOf(state, command) ? null : refuseOwnValues(state, command);
}

/** Values that only the tenant's policy makes wrong: the others were refused before. */
function refuseOwnValues(state: State, command: Command): Refusal | null {
  switch (command.kind) {
    case 'transferCredits':
      return refuseAmount(state, command);
    case 'startTrial':
      return refuseHours(state, command);
    default:
      return null;
  }
}

function keyUseOf(state: State, { key, scopeId, scopeTenantId }: Command): KeyUse | undefined {
  return key === null ? undefined : state.keyUse(scopeTenantId, scopeId, key);
}

/** Who a token belongs to is cached for seconds; here it is asked of the database, after the lock. A provider has signed its word. */
function refuseActor(state: State, command: Command): Refusal | null {
  if (command.actorId === PROVIDER_ACTOR_ID) return null;
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
  const { fromId, toId } = sidesOf(command);
  const mark = markOf(command);
  const subjectId = subjectOfReplay(command, use);
  return {
    status: 'replayed',
    tenantId: command.kind === 'createTenant' && subjectId !== null ? subjectId : command.tenantId,
    transferId: use.transferId,
    subjectId,
    from: fromId === null ? null : (state.account(command.tenantId, fromId) ?? null),
    to: toId === null ? null : (state.account(command.tenantId, toId) ?? null),
    own: use.transferId === mark || use.subjectId === mark,
  };
}

/** What was changed is named by the input, which is the same; what was made, by the key. */
function subjectOfReplay(command: Command, use: KeyUse): string | null {
  switch (command.kind) {
    case 'renewCustomer':
    case 'addScreens':
    case 'cancelCustomer':
      return command.customerId;
    case 'closeReseller':
      return command.panelId;
    case 'chargeBackPurchase':
      return command.purchaseId;
    default:
      return use.subjectId;
  }
}
