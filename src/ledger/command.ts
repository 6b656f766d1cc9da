import type { Role } from '../kernel/actor.ts';
import type { AccountState, TransferRow } from '../kernel/change.ts';
import type { Refusal } from '../kernel/errors.ts';

/** The commands that move credits or must be made once, as types. Ids are minted before queueing, so that a retry inside the server keeps them. */
export type Command = CreateTenant | IssueCredits | CreateReseller | TransferCredits;

interface Keyed {
  /** The tenant whose rows change. */
  readonly tenantId: string;
  /** R31: the acting panel, or PLATFORM_TENANT_ID for the platform. The key is stored in the scope's tenant. */
  readonly scopeTenantId: string;
  readonly scopeId: string;
  readonly key: string;
  /** SHA-256 over the mutation's name and its coerced input without key and passwords, in hex. */
  readonly hash: string;
  readonly actorId: string;
  /** Roles that may do this; checked again under the lock, because who a token belongs to is cached for seconds. */
  readonly roles: readonly Role[];
}

/**
 * A new tenant: its root panel, with no credits and so locked, and the root's owner. Moves nothing. The tenant has the id of
 * its root, so that a replay, which knows what was created, knows in which tenant.
 */
export interface CreateTenant extends Keyed {
  readonly kind: 'createTenant';
  readonly resellerId: string;
  readonly name: string;
  readonly owner: NewUser;
}

interface NewUser {
  readonly id: string;
  /** Lower case. */
  readonly email: string;
  readonly passwordHash: string;
}

/** Credits enter a tenant. `toId` is null when the id given names nothing. */
export interface IssueCredits extends Keyed {
  readonly kind: 'issueCredits';
  readonly transferId: string;
  readonly toId: string | null;
  readonly amount: number;
  readonly memo: string | null;
}

/** A child panel with its owner, and its first credits from the creator (R13). The payer is the acting panel: scopeId. */
export interface CreateReseller extends Keyed {
  readonly kind: 'createReseller';
  readonly transferId: string;
  readonly resellerId: string;
  readonly name: string;
  readonly owner: NewUser;
  readonly amount: number;
}

/** From the acting panel (scopeId) to its direct child (R14). */
export interface TransferCredits extends Keyed {
  readonly kind: 'transferCredits';
  readonly transferId: string;
  readonly toId: string | null;
  readonly amount: number;
  readonly memo: string | null;
}

export interface PanelState {
  readonly tenantId: string;
  readonly id: string;
  readonly parentId: string | null;
  readonly path: string;
  readonly depth: number;
  readonly createdAtMs: number;
  /** Itself or an ancestor (R11). */
  readonly suspended: boolean;
  readonly closed: boolean;
}

export interface Refused {
  readonly status: 'refused';
  readonly refusal: Refusal;
}

/** What the database knows of an earlier use of a key. Times are milliseconds since 1970. */
export interface KeyUse {
  readonly hash: string;
  readonly transferId: string | null;
  readonly subjectId: string | null;
  readonly createdAtMs: number;
}

/** Done by this call. `from` and `to` are the accounts as the command left them; null where credits were issued or consumed. */
export interface Posted {
  readonly status: 'posted';
  readonly transfer: TransferRow | null;
  readonly from: AccountState | null;
  readonly to: AccountState | null;
  /** The panel that was created. */
  readonly reseller: PanelState | null;
  /** Committed by an earlier attempt of this very command, whose answer was lost: not to be written again. The accounts are as they are now. */
  readonly recovered: boolean;
}

/** Done by an earlier call with the same key and input (R31). The accounts are as they are now. */
export interface Replayed {
  readonly status: 'replayed';
  /** Where `transferId` and `subjectId` are. */
  readonly tenantId: string;
  readonly transferId: string | null;
  /** The tenant's root or the reseller that was created. */
  readonly subjectId: string | null;
  readonly from: AccountState | null;
  readonly to: AccountState | null;
}

export type Outcome = Refused | Posted | Replayed;
