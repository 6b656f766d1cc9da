/**
 * Decides a command by the rules of credits (R5 to R36), as a pure function of the locked state: no clock, no randomness, no SQL.
 * So mutations and quotes share these functions, and tests check them with thousands of random sequences in milliseconds.
 * Refusals are checked in the order of R35.
 */

import { PROVIDER_ACTOR_ID } from '../../kernel/actor.ts';
import { Forbidden, IdempotencyConflict, type Refusal, Unauthenticated } from '../../kernel/errors.ts';
import type { Command } from '../command.ts';
import type { KeyUse, Outcome } from '../outcome.ts';
import { kindOf } from './kinds.ts';
import { refuse } from './movement.ts';
import type { State } from './state.ts';

export function decide(state: State, command: Command): Outcome {
  const kind = kindOf(command);
  const forbidden = refuseActor(state, command);
  if (forbidden) return refuse(forbidden);
  const use = keyUseOf(state, command);
  if (use) return answerUsedKey(state, command, use);
  const refusal = kind.refuseValues(state, command);
  if (refusal) return refuse(refusal);
  return kind.decide(state, command);
}

/** Refuses a command for its values alone. Returns null if its actor is refused or its key was used: those are checked first. */
export function refuseValues(state: State, command: Command): Refusal | null {
  return refuseActor(state, command) || keyUseOf(state, command) ? null : kindOf(command).refuseValues(state, command);
}

function keyUseOf(state: State, { key, scopeId, scopeTenantId }: Command): KeyUse | undefined {
  return key === null ? undefined : state.keyUse(scopeTenantId, scopeId, key);
}

/**
 * Refuses an actor without the right to act. The request's session may come from a cache that is seconds old; this state was read
 * after the lock. A provider needs no check: its event was signed.
 */
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

/**
 * Answers a used key (R31): the same input returns the result of the first call. If the stored ids are those of this command,
 * its own earlier attempt was committed and the answer to COMMIT was lost.
 */
function answerUsedKey(state: State, command: Command, use: KeyUse): Outcome {
  if (use.hash !== command.hash) return refuse(new IdempotencyConflict());
  const kind = kindOf(command);
  const { fromId, toId } = kind.transferAccounts(command);
  const mark = kind.mark(command);
  const named = kind.subject(command);
  const subjectId = named === undefined ? use.subjectId : named;
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
