/** Describes one kind of command to the ledger, as one record (ADR-0061). kinds.ts lists all records. */

import type { Refusal } from '../../kernel/errors.ts';
import type { Counted } from '../../kernel/limits.ts';
import type { Command } from '../command.ts';
import type { Outcome, Posted } from '../outcome.ts';
import type { Facts, State } from './state.ts';

export interface CommandKind<C extends Command> {
  /** The accounts of its main transfer. Null when credits are issued or consumed, or when the caller's id names nothing. */
  transferAccounts(command: C): TransferAccounts;
  /**
   * Other accounts to lock, such as that of the acting panel, whose right to act depends on its balance. A panel's customers and
   * purchases have no locks of their own: they are changed under the lock of the panel's account (ADR-0021).
   */
  alsoLocks(command: C): readonly string[];
  /**
   * Names of advisory locks, for what no row lock can serialize: a key of the platform, an e-mail, the trial of a contact,
   * a payment, the total of issued credits of a tenant.
   */
  names(command: C): readonly string[];
  /** Whether the tree must not change meanwhile: creating, closing and moving a panel exclude each other by the tenant's row. */
  readonly holdsTree: boolean;
  /** Whether it must be a batch of its own. */
  readonly postsAlone: boolean;
  /** What is read after the locks, besides its accounts with their panels, its actor, its key and its tenant's policy. */
  reads(command: C): Reads;
  /** The limited kind of object (R56) that it adds to the branch of the acting panel, as far as is known before the decision. */
  fills(state: State, command: C): Counted | null;
  /** The id by which it finds its own earlier commit: the id of its transfer, or of the object that it creates. */
  mark(command: C): string;
  /** Refuses values that only the tenant's policy forbids. All other values were checked before the command was posted. */
  refuseValues(state: State, command: C): Refusal | null;
  decide(state: State, command: C): Outcome;
  /** Adds facts that the next commands of the batch need, besides the accounts and rows of the outcome. */
  remember(facts: Facts, command: C, posted: Posted): void;
  /** The id of the changed object, if the input names it: a replay has the same. Undefined if the key's record has the created object. */
  subject(command: C): string | null | undefined;
  /** Whether it may neither move credits nor create anything: then its mark is stored with its key. */
  readonly marksKey: boolean;
  /** The name in the access feed of a change to the service of a customer (R48); null if it makes no such change. */
  readonly accessEvent: string | null;
  /** Its entry in the audit log, if it changes something and may move no credits. */
  audit(command: C, posted: Posted): AuditEntry | null;
}

export interface TransferAccounts {
  readonly fromId: string | null;
  readonly toId: string | null;
}

export interface Reads {
  /** The e-mail of a new panel's owner: reads whether it is taken, and a path label for the panel. */
  readonly email?: string;
  /** Reads the total that was ever issued in the tenant. */
  readonly issued?: boolean;
  readonly customerId?: string | null;
  /** The contact key of a new trial customer. */
  readonly trialContact?: string;
  /** The login that the caller chose for a new customer. */
  readonly login?: string | undefined;
  /** Counts the acting panel's undos of the last 24 hours. */
  readonly undos?: boolean;
  readonly purchaseId?: string;
  readonly customerPaymentId?: string;
  /** Reads the claims of that purchase. */
  readonly claims?: boolean;
  /** Counts this panel's unpaid orders and open children. */
  readonly panelId?: string;
  /** Reads which purchase was settled by this provider's payment to this seller. */
  readonly payment?: { readonly sellerId: string | null; readonly reference: string };
}

interface AuditEntry {
  readonly id: string;
  readonly action: string;
  /** The caller's network address. */
  readonly address: string | null;
  readonly customerId: string | null;
  /** Null for the customer's name. */
  readonly subject: string | null;
  readonly changes: readonly { readonly field: string; readonly before: string; readonly after: string }[];
  /** Null for the time of the batch. */
  readonly atMs: number | null;
}

const NONE: readonly string[] = [];
/** Shared by most kinds of commands and compared by identity, so that such commands cost nothing more. */
export const READS_NOTHING: Reads = {};

type Needed = 'transferAccounts' | 'mark' | 'decide';
type Given<C extends Command> = Pick<CommandKind<C>, Needed> & Partial<Omit<CommandKind<C>, Needed>>;

/** Completes a record with defaults. All records have the same fields in the same order, so that V8 accesses them fast. */
export function commandKind<C extends Command>(given: Given<C>): CommandKind<C> {
  return {
    transferAccounts: given.transferAccounts,
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

/** The mark of most kinds. */
export function transferIdOf({ transferId }: { readonly transferId: string }): string {
  return transferId;
}

/** The acting panel; none if the platform acts, because it has no account. */
export function actingPanel({ scopeId, scopeTenantId, tenantId }: Command): readonly string[] {
  return scopeTenantId === tenantId ? [scopeId] : NONE;
}

/** The lock name of a platform's key: the platform has no account whose lock could serialize its commands. */
export function keyName({ key, scopeId }: Command): string {
  return `key ${scopeId} ${key}`;
}

/** The lock name of the tenant's total of issued credits. */
export function issuedName({ tenantId }: Command): string {
  return `issued ${tenantId}`;
}
