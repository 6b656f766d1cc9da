/** Who may read or call a field: signed in, a person, a role, an unlocked panel. */

import { createContextCache, initContextCache } from '@pothos/core';
import { type GraphQLField, type GraphQLSchema, isIntrospectionType, isObjectType } from 'graphql';
import { isClosedByLock as readLock } from '../../src/domain/account/closed-by-lock.ts';
import { refuseKey, refuseOneTimePassword, refuseService, refuseSupport, requirePerson, requireService } from '../../src/domain/input.ts';
import { type Acting, type Actor, mayAct, mayRead, type Role } from '../../src/kernel/actor.ts';
import { Forbidden, PanelLocked, Unauthenticated } from '../../src/kernel/errors.ts';
import type { Context } from './context.ts';

/** Who may have a field: all that is named must hold. An empty one is open to the signed-out too. */
export interface Scopes {
  readonly signedIn?: true;
  /** Signed in, and not closed by the lock of the viewer's own panel (R8). */
  readonly unlocked?: true;
  /** May do what is for these roles: for mutations. */
  readonly role?: readonly Role[];
  /** May read what is for these roles, by an API key of any scope too. */
  readonly reads?: readonly Role[];
  /** Signed in as oneself: neither by an API key nor in a support session. */
  readonly person?: true;
  /** Signed in by a session, a support session too: of the mutations, those of no other scope are open to it (R43). */
  readonly session?: true;
  /** Before a one-time password is changed, too (R41): beside what is open to the signed-out, nothing else is. */
  readonly passwordChange?: true;
  /** By an API key of the scope SERVICE (R49), and by nobody else: to such a key, everything without this is closed. */
  readonly service?: true;
}

/** Throws the refusal of what does not hold, and answers what must be waited for, if anything: the lock, which is read. */
export function askScopes(scopes: Scopes, ctx: Context, isMutation: boolean): Promise<true> | null {
  const { signedIn, passwordChange, person, role, reads, service, session, unlocked } = scopes;
  // Every root field has scopes, so this is asked of every operation on every door, and of what follows a sign-in in the same one.
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

/** The signed-in viewer; Unauthenticated when there is none. */
export function viewerOf(ctx: Pick<Context, 'actor'>): Actor {
  if (ctx.actor === null) throw new Unauthenticated();
  return ctx.actor;
}

/** Who acts in this operation, and from where: what use cases that record take. */
export function actingOf(ctx: Context): Acting {
  return { actor: viewerOf(ctx), address: ctx.address };
}

/** The lock is never kept beyond an operation, and read only when something asks. */
const lockState = createContextCache((ctx: Context): Promise<boolean> => {
  const { panel, tenantId } = viewerOf(ctx);
  return panel === null ? Promise.resolve(false) : readLock(ctx.ports.sql, { tenantId, id: panel.id });
});

/** Whether the lock of the viewer's own panel closes what is not on R8's list, as of this operation. The platform's never does. */
export function isClosedByLock(ctx: Context): Promise<boolean> {
  return lockState(ctx);
}

/** Throws PanelLocked when the viewer's own panel is closed by its lock (R8). */
export async function requireUnlocked(ctx: Context): Promise<true> {
  const { panel, tenantId } = viewerOf(ctx);
  if (panel !== null && (await isClosedByLock(ctx))) throw new PanelLocked({ tenantId, id: panel.id });
  return true;
}

/**
 * Forgets what was concluded and loaded for this operation: after a mutation, after signing in, and before each event of a
 * subscription, whose context lives for days.
 */
export function forget(ctx: object): void {
  Object.assign(ctx, initContextCache());
}

/** The row is of the viewer's own panel. */
export function isOwn(ctx: Context, row: { readonly tenantId: string; readonly id: string }): boolean {
  const { panel, tenantId } = viewerOf(ctx);
  return panel !== null && panel.id === row.id && tenantId === row.tenantId;
}

const OWN = { signedIn: true } as const;
const OTHERS = { unlocked: true } as const;

/** The scopes of a field that a locked panel may read of itself only. */
export function ownOrUnlocked(row: { readonly tenantId: string; readonly id: string }, _args: unknown, ctx: Context) {
  return isOwn(ctx, row) ? OWN : OTHERS;
}

/**
 * Type options that name the fields which need no scope of their own: whoever was given the object may read them, locked or
 * not. Every other field must have `authScopes`, so a new field is closed until someone decides.
 */
export function reached(...fields: readonly string[]) {
  return { extensions: { reached: fields } };
}

/** What is open to the signed-out has no scopes at all, which is a decision too. */
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

/** Throws when a field has neither scopes nor its type's word that reaching the object is enough. */
export function assertEveryFieldIsGuarded(schema: GraphQLSchema): void {
  const open: string[] = [];
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || isIntrospectionType(type)) continue;
    const names = type.extensions.reached;
    const reachable = new Set(Array.isArray(names) ? names : []);
    for (const field of Object.values(type.getFields())) {
      const scopes = scopesOf(field);
      if (scopes === undefined && !reachable.delete(field.name)) open.push(`${type.name}.${field.name}`);
      // A mutation names the roles it is for, or that it takes a person: else a key that only reads could do it.
      if (type.name === 'Mutation' && !namesWhoActs(scopes)) open.push(`${type.name}.${field.name} (names neither role nor person)`);
    }
    for (const name of reachable) open.push(`${type.name}.${name} (named as reached, but has scopes or does not exist)`);
  }
  if (open.length > 0) throw new Error(`Fields without a decision about who may read them: ${open.join(', ')}`);
}
