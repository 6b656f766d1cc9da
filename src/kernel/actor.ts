/** Describes who sends a request. src/server makes it from a session and caches it for seconds, so rights are checked again under locks. */
import { NIL_UUID } from './nil-uuid.ts';

export type Role = 'PLATFORM' | 'OWNER' | 'OPERATOR' | 'FINANCE' | 'VIEWER';

/** The platform's own users belong to this tenant, which has no reseller; it is also their idempotency scope. */
export const PLATFORM_TENANT_ID = NIL_UUID;

/** The actor of changes that a payment provider's signed event made. No user has this id. */
export const PROVIDER_ACTOR_ID = '00000000-0000-0000-0000-000000000001';

/** The actor of changes that the server makes by itself. No user has this id. */
export const SYSTEM_ACTOR_ID = '00000000-0000-0000-0000-000000000002';

export interface Panel {
  readonly id: string;
  /** The labels of all ancestors and of the panel, each followed by a dot, so that a branch is one range of paths. */
  readonly path: string;
  readonly depth: number;
}

/**
 * READ allows all reads of the panel. SPEND allows what OPERATOR and FINANCE may do, MANAGE what OWNER may do; none of them changes
 * people or keys. SERVICE allows only a service's operations on the access of the tenant's customers (R49), and nothing that another
 * scope or a person may do.
 */
export type ApiKeyScope = 'READ' | 'SPEND' | 'MANAGE' | 'SERVICE';

export interface SessionId {
  readonly tenantId: string;
  readonly sessionId: string;
}

/** A support session (R43): somebody above a panel reads it. The actor's user is the opener, but its panel is the one that is read. */
export interface Support {
  readonly openerTenantId: string;
  /** The opener's session. The support session ends with it. */
  readonly openerSessionId: string;
  readonly openerRole: Role;
  readonly reason: string;
}

export interface Actor {
  readonly userId: string;
  readonly tenantId: string;
  readonly email: string;
  readonly role: Role;
  /** The id of the session, or of the API key. Hints name it, and open sockets depend on it. */
  readonly sessionId: string;
  /** Milliseconds since 1970: when the session ends unless it is used again. */
  readonly sessionExpiresAtMs: number;
  /** The API key by which a program acts as the OWNER who made the key. Null for a person who signed in. */
  readonly key: { readonly scope: ApiKeyScope } | null;
  /** Whether the password was made by somebody else, so that it must be changed first (R41). Always false for a key. */
  readonly mustChangePassword: boolean;
  /** The support session, which only reads and does not see everything. Null if the actor acts for itself. */
  readonly support: Support | null;
  /** Null for the platform, which has no panel. */
  readonly panel: Panel | null;
}

/** An actor with its network address. The address belongs to the request, so it is not part of the actor, which is cached. */
export interface Acting {
  readonly actor: Actor;
  /** Null if no network request caused the action. */
  readonly address: string | null;
}

const SPENDING: readonly Role[] = ['OPERATOR', 'FINANCE'];

/**
 * Whether the actor may do what these roles may do. Every command uses this predicate. The user of a key is an OWNER, but the key may
 * allow less. A support session may do nothing.
 */
export function mayAct({ key, role, support }: Pick<Actor, 'key' | 'role' | 'support'>, roles: readonly Role[]): boolean {
  if (support !== null || !roles.includes(role)) return false;
  if (key === null || key.scope === 'MANAGE') return true;
  return key.scope === 'SPEND' && roles.some((one) => SPENDING.includes(one));
}

/** Whether the actor may read what these roles may read. Every key except a service's reads all that its user may read. */
export function mayRead({ key, role }: Pick<Actor, 'key' | 'role'>, roles: readonly Role[]): boolean {
  return key?.scope !== 'SERVICE' && roles.includes(role);
}

/** Whether the actor is a service that reads the customers' access (R49). An OWNER of the root panel made its key. */
export function isService({ key, panel }: Pick<Actor, 'key' | 'panel'>): boolean {
  return key?.scope === 'SERVICE' && panel?.depth === 0;
}

/** Whether `path` is the panel itself or below it. The one predicate of R18. */
export function isInBranch(panelPath: string, path: string): boolean {
  return path.startsWith(panelPath);
}

/** The exclusive upper bound of a branch's range of paths. "/" is the byte after ".". */
export function branchEnd(panelPath: string): string {
  return `${panelPath.slice(0, -1)}/`;
}

/** The sessions that must be open: the actor's rights end when one of them ends. */
export function sessionsOf({ sessionId, support, tenantId }: Pick<Actor, 'sessionId' | 'support' | 'tenantId'>): readonly SessionId[] {
  const own = { tenantId, sessionId };
  return support === null ? [own] : [own, { tenantId: support.openerTenantId, sessionId: support.openerSessionId }];
}
