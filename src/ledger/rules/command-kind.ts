/** What the ledger must know of one kind of command, as one record (ADR-0061). kinds.ts lists them all. */

import type { Refusal } from '../../kernel/errors.ts';
import type { Counted } from '../../kernel/limits.ts';
import type { Command } from '../command.ts';
import type { Outcome, Posted } from '../outcome.ts';
import type { Facts, State } from './state.ts';

export interface CommandKind<C extends Command> {
  /** The accounts that its main transfer goes from and to; null where credits are issued, consumed, or where the id names nothing. */
  sides(command: C): Sides;
  /**
   * Accounts that it needs locked beside its sides, such as the acting panel whose right to act hangs on its balance. A panel's
   * customers and purchases are changed under the lock of its account, and have none of their own.
   */
  alsoLocks(command: C): readonly string[];
  /** Serialize what no row can: one platform key, one e-mail, one contact's trial, one payment, one tenant's total of issued credits. */
  names(command: C): readonly string[];
  /** The tree must hold still: creating a panel, closing one and moving one take the tenant's row against each other. */
  readonly holdsTree: boolean;
  /** It must be a batch of its own. */
  readonly postsAlone: boolean;
  /** What is read for it after the locks, beside its accounts with their panels, its actor, its key and its tenant's policy. */
  reads(command: C): Reads;
  /** What it adds to the acting panel's branch and those above it, of what may be limited (R56), as far as is known. */
  fills(state: State, command: C): Counted | null;
  /** The id by which it finds its own earlier commit: of its transfer, or of what it makes once. */
  mark(command: C): string;
  /** Values that only the tenant's policy makes wrong: the others were refused before. */
  refuseValues(state: State, command: C): Refusal | null;
  decide(state: State, command: C): Outcome;
  /** What the next commands of the batch must know, beside the accounts and rows of the outcome. */
  remember(facts: Facts, command: C, posted: Posted): void;
  /** What was changed, where the input names it, which is the same in a replay; undefined: the key names what was made. */
  subject(command: C): string | null | undefined;
  /** It may move nothing and make nothing: its key then stands for its mark. */
  readonly marksKey: boolean;
  /** What a change of what a customer may use is called in the access feed (R48); null: it changes none. */
  readonly accessEvent: string | null;
  /** Its entry in the audit log, where it changes something and may move no credits. */
  audit(command: C, posted: Posted): AuditEntry | null;
}

export interface Sides {
  readonly fromId: string | null;
  readonly toId: string | null;
}

export interface Reads {
  /** Of the owner of a panel to be made: whether it is taken, and the panel's path label. */
  readonly email?: string;
  /** All that was ever issued in the tenant. */
  readonly issued?: boolean;
  readonly customerId?: string | null;
  /** The key of a contact that asks the acting panel for a trial. */
  readonly trialContact?: string;
  /** A login that the caller gives a new customer. */
  readonly login?: string | undefined;
  /** How often the acting panel undid a spend in the last 24 h. */
  readonly undos?: boolean;
  readonly purchaseId?: string;
  readonly customerPaymentId?: string;
  /** The claims of that purchase. */
  readonly claims?: boolean;
  /** A panel whose unpaid orders and open children are counted. */
  readonly panelId?: string;
  /** A provider's payment to this seller: which purchase it settled. */
  readonly payment?: { readonly sellerId: string | null; readonly reference: string };
}

interface AuditEntry {
  readonly id: string;
  readonly action: string;
  /** Where it was asked for from. */
  readonly address: string | null;
  readonly customerId: string | null;
  /** null: the customer's name. */
  readonly subject: string | null;
  readonly changes: readonly { readonly field: string; readonly before: string; readonly after: string }[];
  /** null: the time of writing. */
  readonly atMs: number | null;
}

const NONE: readonly string[] = [];
/** Of most commands: recognized by identity, so that they cost nothing more. */
export const READS_NOTHING: Reads = {};

type Needed = 'sides' | 'mark' | 'decide';
type Given<C extends Command> = Pick<CommandKind<C>, Needed> & Partial<Omit<CommandKind<C>, Needed>>;

/** A record in which what was not said is nothing. All have one shape, so that V8 keeps the access to them fast. */
export function commandKind<C extends Command>(given: Given<C>): CommandKind<C> {
  return {
    sides: given.sides,
    alsoLocks: given.alsoLocks ?? (() => NONE),
    names: given.names ?? (() => NONE),
    holdsTree: given.holdsTree ?? false,
    postsAlone: given.postsAlone ?? false,
    reads: given.reads ?? (() => READS_NOTHING),
    fills: given.fills ?? (() => null),
    mark: given.mark,
    refuseValues: given.refuseValues ?? (() => null),
    decide: given.decide,
    remember: given.remember ?? (() => undefined),
    subject: given.subject ?? (() => undefined),
    marksKey: given.marksKey ?? false,
    accessEvent: given.accessEvent ?? null,
    audit: given.audit ?? (() => null),
  };
}

/** The mark of most. */
export function transferIdOf({ transferId }: { readonly transferId: string }): string {
  return transferId;
}

/** The acting panel, where it is one of the tenant whose rows change: the platform has no account. */
export function actingPanel({ scopeId, scopeTenantId, tenantId }: Command): readonly string[] {
  return scopeTenantId === tenantId ? [scopeId] : NONE;
}

/** Keys of the platform have no account of their own to be serialized by. */
export function keyName({ key, scopeId }: Command): string {
  return `key ${scopeId} ${key}`;
}

/** The tenant's total of issued credits. */
export function issuedName({ tenantId }: Command): string {
  return `issued ${tenantId}`;
}
