/** Schemas of values, and checks of the actor, that several use cases share. */

import { z } from 'zod';
import { type Actor, isService, mayAct, type Panel, type Role } from '../kernel/actor.ts';
import { MAX_ISSUE_CREDITS } from '../kernel/credits.ts';
import { Forbidden, InvalidInput, PasswordChangeRequired } from '../kernel/errors.ts';
import { emptyIsNone, line, prose, text, visibleProse } from './text.ts';

const MAX_KEY_CHARACTERS = 255;
const MAX_MEMO_CHARACTERS = 500;
const MAX_NAME_CHARACTERS = 100;

export const nameSchema = line(MAX_NAME_CHARACTERS);
export const keySchema = text(MAX_KEY_CHARACTERS);
/** A form sends an empty text when no memo was typed: it becomes null. */
export const memoSchema = emptyIsNone(z.string(), prose(MAX_MEMO_CHARACTERS)).nullish();
/** The reason for an action on a panel. The people of that panel read it. */
export const reasonSchema = visibleProse(MAX_MEMO_CHARACTERS);
/** The amount of one issue, which has a maximum (R36). A transfer needs no maximum of its own: the balance limits it. */
export const issueAmountSchema = z
  .number()
  .int()
  .min(1, 'must be at least 1 credit.')
  .max(MAX_ISSUE_CREDITS, `must be at most ${MAX_ISSUE_CREDITS} credits at once.`);
export const amountSchema = z.number().int().min(1, 'must be at least 1 credit.');

/** The key of a tenant's row, decoded from an API id. `RowId | null` is null when the id names no row. */
export interface RowId {
  readonly tenantId: string;
  readonly id: string;
}

/** Returns the acting panel. Throws Forbidden if the actor has no panel, or none of the roles. */
export function requirePanel(actor: Actor, roles: readonly Role[]): Panel {
  if (actor.panel === null || !mayAct(actor, roles)) throw new Forbidden();
  return actor.panel;
}

export function requireRole(actor: Actor, roles: readonly Role[]): void {
  if (!mayAct(actor, roles)) throw new Forbidden();
}

/** Refuses API keys and support sessions: only a signed-in person manages users and keys. */
export function requirePerson(actor: Actor): void {
  refuseSupport(actor);
  refuseKey(actor);
}

export function refuseKey(actor: Actor): void {
  if (actor.key !== null) throw new Forbidden('An API key does not allow this: sign in.');
}

/** A support session only reads what the panel sees on its screens (R43). */
export function refuseSupport(actor: Actor): void {
  if (actor.support !== null) throw new Forbidden('A support session only reads: leave it first.');
}

/** A key with the scope SERVICE may use the endpoints for services (R49) and nothing else. */
export function refuseService(actor: Actor): void {
  if (actor.key?.scope === 'SERVICE') throw new Forbidden('A key of the scope SERVICE can only use the endpoints for services.');
}

export function requireService(actor: Actor): void {
  if (!isService(actor)) throw new Forbidden('This requires an API key of the scope SERVICE.');
}

/** A user who signed in with a one-time password must change it before doing anything else (R41). */
export function refuseOneTimePassword(actor: Actor): void {
  if (actor.mustChangePassword) throw new PasswordChangeRequired();
}

/** Refuses the list itself rather than one of its elements. */
export function refuseList(path: string, message: string): never {
  throw new InvalidInput([{ path, message }]);
}
