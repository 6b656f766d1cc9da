/** Who is asking. Filled by src/server from a session; cached for seconds, so rights are decided again under locks. */
import { NIL_UUID } from './nil-uuid.ts';

export type Role = 'PLATFORM' | 'OWNER' | 'OPERATOR' | 'FINANCE' | 'VIEWER';

/** The platform's own users belong to this tenant, which has no reseller; it is also their idempotency scope. */
export const PLATFORM_TENANT_ID = NIL_UUID;

/** Who acted when a payment provider's signed word moved credits. No user has this id. */
export const PROVIDER_ACTOR_ID = '00000000-0000-0000-0000-000000000001';

/** Who did what the server does by itself. No user has this id. */
export const SYSTEM_ACTOR_ID = '00000000-0000-0000-0000-000000000002';

export interface Panel {
  readonly id: string;
  /** Labels of all ancestors and of the panel itself, each closed by a dot: its branch is one range of paths. */
  readonly path: string;
  readonly depth: number;
}

/**
 * READ: what the panel may read. SPEND: what OPERATOR and FINANCE may do. MANAGE: what OWNER may do; none touches people or keys.
 * SERVICE: what the customers of the root panel's tenant may use (R49), and nothing that another scope or a person reaches.
 */
export type ApiKeyScope = 'READ' | 'SPEND' | 'MANAGE' | 'SERVICE';

export interface SessionId {
  readonly tenantId: string;
  readonly sessionId: string;
}

/** A session in which somebody above a panel looks at it (R43): the actor is its opener, with the panel's eyes. */
export interface Support {
  readonly openerTenantId: string;
  /** What it ends with. */
  readonly openerSessionId: string;
  readonly openerRole: Role;
  readonly reason: string;
}

export interface Actor {
  readonly userId: string;
  readonly tenantId: string;
  readonly email: string;
  readonly role: Role;
  /** What they are here by: the id of a session, or of the API key. Hints name it and open sockets hang on it. */
  readonly sessionId: string;
  /** Milliseconds since 1970: when the session ends unless it is used again. */
  readonly sessionExpiresAtMs: number;
  /** A program that acts by a key as the OWNER who made it; null: a person who signed in. */
  readonly key: { readonly scope: ApiKeyScope } | null;
  /** The password is one that somebody else had made: it must be changed before anything else (R41). Never of a key. */
  readonly mustChangePassword: boolean;
  /** It only reads, and some things are hidden from it; null: the actor acts for itself. */
  readonly support: Support | null;
  /** null for the platform, which has no panel. */
  readonly panel: Panel | null;
}

/** Who does something, and from where: the address is the request's and so is not part of the actor, who is cached. */
export interface Acting {
  readonly actor: Actor;
  /** null: not asked for over the network. */
  readonly address: string | null;
}

const SPENDING: readonly Role[] = ['OPERATOR', 'FINANCE'];

/**
 * Whether the actor may do what is for these roles. The one predicate for every command; a key's user is an OWNER, and may do less by
 * it; a support session does nothing.
 */
export function mayAct({ key, role, support }: Pick<Actor, 'key' | 'role' | 'support'>, roles: readonly Role[]): boolean {
  if (support !== null || !roles.includes(role)) return false;
  if (key === null || key.scope === 'MANAGE') return true;
  return key.scope === 'SPEND' && roles.some((one) => SPENDING.includes(one));
}

/** Whether the actor may read what is for these roles. Every key reads what its user may, a service's aside. */
export function mayRead({ key, role }: Pick<Actor, 'key' | 'role'>, roles: readonly Role[]): boolean {
  return key?.scope !== 'SERVICE' && roles.includes(role);
}

/** Whether it is a service that asks what customers may use (R49). Its key was made by an OWNER of the root panel. */
export function isService({ key, panel }: Pick<Actor, 'key' | 'panel'>): boolean {
  return key?.scope === 'SERVICE' && panel?.depth === 0;
}

/** Whether `path` is the panel itself or below it. The one predicate of R18. */
export function isInBranch(panelPath: string, path: string): boolean {
  return path.startsWith(panelPath);
}

/** The exclusive upper bound of a branch's range of paths: "/" is the byte after ".". */
export function branchEnd(panelPath: string): string {
  return `${panelPath.slice(0, -1)}/`;
}

/** The sessions that must be open for the actor to be who it is. */
export function sessionsOf({ sessionId, support, tenantId }: Pick<Actor, 'sessionId' | 'support' | 'tenantId'>): readonly SessionId[] {
  const own = { tenantId, sessionId };
  return support === null ? [own] : [own, { tenantId: support.openerTenantId, sessionId: support.openerSessionId }];
}
