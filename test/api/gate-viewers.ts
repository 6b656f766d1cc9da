/** The viewers of the gate's tests, and the types of the rules for fields, types and calls. */

export type Viewer = 'PLATFORM' | 'ROOT_OWNER' | 'OWNER' | 'OPERATOR' | 'FINANCE' | 'VIEWER';

export const PANEL_USERS: readonly Viewer[] = ['ROOT_OWNER', 'OWNER', 'OPERATOR', 'FINANCE', 'VIEWER'];
export const EVERYONE: readonly Viewer[] = ['PLATFORM', ...PANEL_USERS];
export const OWNERS: readonly Viewer[] = ['ROOT_OWNER', 'OWNER'];
export const MONEY: readonly Viewer[] = [...OWNERS, 'FINANCE'];
export const SERVICE: readonly Viewer[] = [...OWNERS, 'OPERATOR'];

export interface RootRule {
  /** Viewers that are not refused with FORBIDDEN. */
  readonly allowed: readonly Viewer[];
  /** The answer to a locked panel's owner. `own`: allowed for its own objects, PANEL_LOCKED for any other id. */
  readonly locked: 'open' | 'own' | 'PANEL_LOCKED' | 'FORBIDDEN' | 'NOT_FOUND' | 'INVALID_INPUT' | 'INVALID_STATE' | 'INVALID_CREDENTIALS';
  /** Allowed without a session; or else the code that such a caller gets. */
  readonly public?: true | 'INVALID_CREDENTIALS';
}

export interface ObjectRule {
  /** Readable by every viewer who gets the object; by a locked panel on its own objects. */
  readonly open?: string;
  /** PANEL_LOCKED for a locked panel, even on its own object. */
  readonly closed?: string;
  /** Like `closed`; also FORBIDDEN for every role but OWNER. */
  readonly owners?: string;
  /** Like `owners`; the platform may read them too. */
  readonly sellers?: string;
  /** A locked panel cannot reach the object, because every way to it is closed. */
  readonly beyond?: string;
  /** Readable in the answer to a call, by its caller. */
  readonly answer?: string;
}

/** The parts of a call of a root field; its selection is appended. `id` is any object's, `key` an idempotency key. */
export interface CallParts {
  readonly id: string;
  readonly key: string;
}
