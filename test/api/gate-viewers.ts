/** Who looks, and what may be said of a field, a type and a call: the words of gate-rules.ts and gate-mutations.ts. */

export type Viewer = 'PLATFORM' | 'ROOT_OWNER' | 'OWNER' | 'OPERATOR' | 'FINANCE' | 'VIEWER';

export const PANEL_USERS: readonly Viewer[] = ['ROOT_OWNER', 'OWNER', 'OPERATOR', 'FINANCE', 'VIEWER'];
export const EVERYONE: readonly Viewer[] = ['PLATFORM', ...PANEL_USERS];
export const OWNERS: readonly Viewer[] = ['ROOT_OWNER', 'OWNER'];
export const MONEY: readonly Viewer[] = [...OWNERS, 'FINANCE'];
export const SERVICE: readonly Viewer[] = [...OWNERS, 'OPERATOR'];

export interface RootRule {
  /** Who is not refused with FORBIDDEN. */
  readonly allowed: readonly Viewer[];
  /** What a locked panel's owner is answered: `own`: about its own objects only, PANEL_LOCKED about any other id. */
  readonly locked: 'open' | 'own' | 'PANEL_LOCKED' | 'FORBIDDEN' | 'NOT_FOUND' | 'INVALID_INPUT' | 'INVALID_STATE' | 'INVALID_CREDENTIALS';
  /** Open to the signed out; what they are answered, if not that it was done. */
  readonly public?: true | 'INVALID_CREDENTIALS';
}

export interface ObjectRule {
  /** Whoever was given the object reads these, a locked panel those of its own objects. */
  readonly open?: string;
  /** Answered PANEL_LOCKED to a locked panel, on its own object too. */
  readonly closed?: string;
  /** As `closed`; and answered FORBIDDEN to whoever is not an OWNER. */
  readonly owners?: string;
  /** As `owners`; the platform reads them too. */
  readonly sellers?: string;
  /** A locked panel cannot get at the object at all: what leads to it is closed. */
  readonly beyond?: string;
  /** The answer to a call, for whoever made it. */
  readonly answer?: string;
}

/** A call of each root field; what it selects is added. `id` is any object's, `key` an idempotency key. */
export interface CallParts {
  readonly id: string;
  readonly key: string;
}
