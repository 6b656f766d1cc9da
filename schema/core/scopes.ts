/** Defines and checks who may read or call a field: a signed-in viewer, a person, a role, an unlocked panel. */

import { createContextCache, initContextCache } from '@pothos/core';
import { type GraphQLField, type GraphQLSchema, isIntrospectionType, isObjectType } from 'graphql';
import { isClosedByLock as readLock } from '../../src/domain/account/closed-by-lock.ts';
import { refuseKey, refuseOneTimePassword, refuseService, refuseSupport, requirePerson, requireService } from '../../src/domain/input.ts';
import { type Acting, type Actor, mayAct, mayRead, type Role } from '../../src/kernel/actor.ts';
import { Forbidden, PanelLocked, Unauthenticated } from '../../src/kernel/errors.ts';
import type { Context } from './context.ts';

/** Who may use a field. Every condition given must hold. Without any condition, the field is open to signed-out clients too. */
export interface Scopes {
  readonly signedIn?: true;
  /** Signed in, and the viewer's own panel is not locked, or its policy lets it read (R8, R57). */
  readonly unlocked?: true;
  /** Has the rights of one of these roles to change things. For mutations. */
  readonly role?: readonly Role[];
  /** Has the rights of one of these roles to read. An API key of any scope has them too. */
  readonly reads?: readonly Role[];
  /** Signed in as a person: neither by an API key nor in a support session. */
  readonly person?: true;
  /** Signed in by a session, which may be a support session. Mutations without this scope are closed to support sessions (R43). */
  readonly session?: true;
  /** Open before a one-time password is changed (R41). Until then, only these fields and those for the signed-out are open. */
  readonly passwordChange?: true;
  /** Only for an API key of the scope SERVICE (R49). All other fields are closed to such a key. */
  readonly service?: true;
}

/** Throws the refusal of the first condition that does not hold. Returns a promise if the panel's lock must be read, else null. */
export function checkScopes(scopes: Scopes, ctx: Context, isMutation: boolean): Promise<true> | null {
  const { signedIn, passwordChange, person, role, reads, service, session, unlocked } = scopes;
  // Every root field has scopes, so this runs for every operation on every transport, also after a sign-in in the same operation.
  if (!passwordChange && ctx.actor !== null && namesAny(scopes)) refuseOneTimePassword(ctx.actor);
  if (!service && ctx.actor !== null) refuseService(ctx.actor);
  if (isMutation && !session && ctx.actor !== null) refuseSupport(ctx.actor);
  if (signedIn) viewerOf(ctx);
  if (service) requireService(viewerOf(ctx));
  if (session) refuseKey(viewerOf(ctx));
  if (person) requirePerson(viewerOf(ctx));
  if (role && !mayAct(viewerOf(ctx), role)) throw new Forbidden();
  if (reads && !mayRead(viewerOf(ctx), reads)) throw new Forbidden();
  return unlocked ? requireUnlocked(ctx) : null;
}

/** The signed-in viewer. Throws Unauthenticated if nobody is signed in. */
export function viewerOf(ctx: Pick<Context, 'actor'>): Actor {
  if (ctx.actor === null) throw new Unauthenticated();
  return ctx.actor;
}

/** Who acts in this operation, and from which address. Use cases that write the audit log take this. */
export function actingOf(ctx: Context): Acting {
  return { actor: viewerOf(ctx), address: ctx.address };
}

/** The lock is read only when needed, and is never cached beyond one operation. */
const lockState = createContextCache((ctx: Context): Promise<boolean> => {
  const { panel, tenantId } = viewerOf(ctx);
  return panel === null ? Promise.resolve(false) : readLock(ctx.ports.sql, { tenantId, id: panel.id });
});

/** Whether the viewer's own panel is locked, so that everything outside R8's list is closed. Always false for the platform. */
export function isClosedByLock(ctx: Context): Promise<boolean> {
  return lockState(ctx);
}

/** Throws PanelLocked if the viewer's own panel is closed by its lock (R8). */
export async function requireUnlocked(ctx: Context): Promise<true> {
  const { panel, tenantId } = viewerOf(ctx);
  if (panel !== null && (await isClosedByLock(ctx))) throw new PanelLocked({ tenantId, id: panel.id });
  return true;
}

/**
 * Clears the values cached for this operation. Call this after a mutation, after signing in, and before each event of a
 * subscription, whose context can live for days.
 */
export function clearCaches(ctx: object): void {
  Object.assign(ctx, initContextCache());
}

/** Whether the row belongs to the viewer's own panel. */
export function isOwn(ctx: Context, row: { readonly tenantId: string; readonly id: string }): boolean {
  const { panel, tenantId } = viewerOf(ctx);
  return panel !== null && panel.id === row.id && tenantId === row.tenantId;
}

const OWN = { signedIn: true } as const;
const OTHERS = { unlocked: true } as const;

/** The scopes of a field that a locked panel may read only on its own objects. */
export function ownOrUnlocked(row: { readonly tenantId: string; readonly id: string }, _args: unknown, ctx: Context) {
  return isOwn(ctx, row) ? OWN : OTHERS;
}

/**
 * Type options that list the fields without scopes of their own: everyone who reached the object may read them, locked or
 * not. Every other field must have `authScopes`, so that a new field stays closed until somebody decides.
 */
export function reached(...fields: readonly string[]) {
  return { extensions: { reached: fields } };
}

/** Whether any condition is given. An empty object is a decision too: the field is open to signed-out clients. */
function namesAny(scopes: object): boolean {
  for (const _ in scopes) return true;
  return false;
}

function namesWhoActs(scopes: unknown): boolean {
  if (typeof scopes !== 'object' || scopes === null) return false;
  return 'role' in scopes || 'person' in scopes || 'session' in scopes || !namesAny(scopes);
}

function scopesOf(field: GraphQLField<unknown, unknown>): unknown {
  return (field.extensions.pothosOptions as { authScopes?: unknown } | undefined)?.authScopes;
}

/** Throws if a field neither has scopes nor is listed by its type as `reached`. */
export function assertEveryFieldIsGuarded(schema: GraphQLSchema): void {
  const open: string[] = [];
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || isIntrospectionType(type)) continue;
    const names = type.extensions.reached;
    const reachable = new Set(Array.isArray(names) ? names : []);
    for (const field of Object.values(type.getFields())) {
      const scopes = scopesOf(field);
      if (scopes === undefined && !reachable.delete(field.name)) open.push(`${type.name}.${field.name}`);
      // A mutation must name a role, a person or a session. Otherwise an API key that may only read could call it.
      if (type.name === 'Mutation' && !namesWhoActs(scopes)) open.push(`${type.name}.${field.name} (names neither role nor person)`);
    }
    for (const name of reachable) open.push(`${type.name}.${name} (named as reached, but has scopes or does not exist)`);
  }
  if (open.length > 0) throw new Error(`Fields that do not declare who may read them: ${open.join(', ')}`);
}
