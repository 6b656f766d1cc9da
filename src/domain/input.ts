/** Shapes of values that several use cases take. */

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
/** An empty memo, as a form sends it, is none. */
export const memoSchema = emptyIsNone(z.string(), prose(MAX_MEMO_CHARACTERS)).nullish();
/** Why something was done to a panel: whom it concerns reads it. */
export const reasonSchema = visibleProse(MAX_MEMO_CHARACTERS);
/** At most what one issue may bring (R36): no transfer can hold more than was issued to it in a few. */
export const issueAmountSchema = z
  .number()
  .int()
  .min(1, 'must be at least 1 credit.')
  .max(MAX_ISSUE_CREDITS, `must be at most ${MAX_ISSUE_CREDITS} credits at once.`);
export const amountSchema = z.number().int().min(1, 'must be at least 1 credit.');

/** A row of one tenant, as an id names it. null stands for an id that names nothing. */
export interface RowId {
  readonly tenantId: string;
  readonly id: string;
}

/** The acting panel, for who may do what is for these roles. */
export function requirePanel(actor: Actor, roles: readonly Role[]): Panel {
  if (actor.panel === null || !mayAct(actor, roles)) throw new Forbidden();
  return actor.panel;
}

export function requireRole(actor: Actor, roles: readonly Role[]): void {
  if (!mayAct(actor, roles)) throw new Forbidden();
}

/** Keys neither touch people nor make keys: that takes somebody who signed in. */
export function requirePerson(actor: Actor): void {
  refuseSupport(actor);
  refuseKey(actor);
}

export function refuseKey(actor: Actor): void {
  if (actor.key !== null) throw new Forbidden('An API key does not allow this: sign in.');
}

/** A support session reads what the panel reads on its screens, and nothing more (R43). */
export function refuseSupport(actor: Actor): void {
  if (actor.support !== null) throw new Forbidden('A support session only reads: leave it first.');
}

/** A service's key reaches what is for services (R49) and nothing else. */
export function refuseService(actor: Actor): void {
  if (actor.key?.scope === 'SERVICE') throw new Forbidden('A key of a service reaches only what customers may use.');
}

export function requireService(actor: Actor): void {
  if (!isService(actor)) throw new Forbidden('This takes an API key of the scope SERVICE.');
}

/** Whoever signed in with a one-time password changes it before anything else (R41). */
export function refuseOneTimePassword(actor: Actor): void {
  if (actor.mustChangePassword) throw new PasswordChangeRequired();
}

/** The list itself is at fault, not an element of it. */
export function refuseList(path: string, message: string): never {
  throw new InvalidInput([{ path, message }]);
}
