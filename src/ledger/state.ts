import type { Role } from '../kernel/actor.ts';
import type { AccountState } from '../kernel/change.ts';
import type { Command, KeyUse, Outcome, PanelState } from './command.ts';

export interface ActorState {
  readonly tenantId: string;
  readonly id: string;
  readonly role: Role;
  readonly resellerId: string | null;
  readonly disabled: boolean;
}

/** What `decide` may know: the locked rows, and what was read after the lock. Nothing in it is ever waited for. */
export interface State {
  /** The database's clock, in whole milliseconds, read after the lock. */
  readonly nowMs: number;
  account(tenantId: string, id: string): AccountState | undefined;
  panel(tenantId: string, id: string): PanelState | undefined;
  actor(id: string): ActorState | undefined;
  keyUse(scopeTenantId: string, scopeId: string, key: string): KeyUse | undefined;
  emailTaken(email: string): boolean;
  /** All that was ever issued in the tenant (R36). */
  issuedIn(tenantId: string): number;
  /** The path label of the next panel to be created. */
  nextLabel(): string;
}

/**
 * The state a batch works on: what was loaded, overlaid with what the commands before did. An ATOMIC item works on a
 * fork, which is merged or dropped whole. Rows are found by id, which is unique, and then must be of the tenant asked for:
 * another tenant's row may be in the same batch, and must stay unknown.
 */
export class WorkingState implements State {
  readonly nowMs: number;
  readonly #parent: WorkingState | null;
  readonly #accounts = new Map<string, AccountState>();
  readonly #panels = new Map<string, PanelState>();
  readonly #actors = new Map<string, ActorState>();
  readonly #keys = new Map<string, KeyUse>();
  readonly #emails = new Set<string>();
  readonly #trees = new Set<string>();
  readonly #missedNames = new Set<string>();
  readonly #issued = new Map<string, number>();
  readonly #labels: readonly string[];
  #labelsUsed: number;

  constructor(nowMs: number, labels: readonly string[] = [], parent: WorkingState | null = null, labelsUsed = 0) {
    this.nowMs = nowMs;
    this.#labels = labels;
    this.#parent = parent;
    this.#labelsUsed = labelsUsed;
  }

  account(tenantId: string, id: string): AccountState | undefined {
    const found = this.#accounts.get(id) ?? this.#parent?.account(tenantId, id);
    return found?.tenantId === tenantId ? found : undefined;
  }

  panel(tenantId: string, id: string): PanelState | undefined {
    const found = this.#panels.get(id) ?? this.#parent?.panel(tenantId, id);
    return found?.tenantId === tenantId ? found : undefined;
  }

  actor(id: string): ActorState | undefined {
    return this.#actors.get(id) ?? this.#parent?.actor(id);
  }

  keyUse(scopeTenantId: string, scopeId: string, key: string): KeyUse | undefined {
    return this.#keys.get(keyOf(scopeTenantId, scopeId, key)) ?? this.#parent?.keyUse(scopeTenantId, scopeId, key);
  }

  emailTaken(email: string): boolean {
    return this.#emails.has(email) || (this.#parent?.emailTaken(email) ?? false);
  }

  issuedIn(tenantId: string): number {
    return this.#issued.get(tenantId) ?? this.#parent?.issuedIn(tenantId) ?? 0;
  }

  nextLabel(): string {
    const label = this.#labels[this.#labelsUsed];
    if (label === undefined) throw new Error('a batch drew fewer path labels than it creates panels');
    return label;
  }

  putAccount(account: AccountState): void {
    this.#accounts.set(account.id, account);
  }

  putPanel(panel: PanelState): void {
    this.#panels.set(panel.id, panel);
  }

  putActor(actor: ActorState): void {
    this.#actors.set(actor.id, actor);
  }

  putKey(scopeTenantId: string, scopeId: string, key: string, use: KeyUse): void {
    this.#keys.set(keyOf(scopeTenantId, scopeId, key), use);
  }

  putEmail(email: string): void {
    this.#emails.add(email);
  }

  /** The tenant's row is locked, so that its tree holds still. */
  putTree(tenantId: string): void {
    this.#trees.add(tenantId);
  }

  treeHeld(tenantId: string): boolean {
    return this.#trees.has(tenantId) || (this.#parent?.treeHeld(tenantId) ?? false);
  }

  /** Another holds this name, so that what needs it cannot be decided. */
  putMissedName(name: string): void {
    this.#missedNames.add(name);
  }

  nameMissed(name: string): boolean {
    return this.#missedNames.has(name);
  }

  putIssued(tenantId: string, issued: number): void {
    this.#issued.set(tenantId, issued);
  }

  /** Makes what `decide` concluded part of the state that the next command meets. */
  apply(command: Command, outcome: Outcome): void {
    if (outcome.status !== 'posted' || outcome.recovered) return;
    if (outcome.from) this.putAccount(outcome.from);
    if (outcome.to) this.putAccount(outcome.to);
    if (outcome.reseller) {
      this.putPanel(outcome.reseller);
      this.#labelsUsed += 1;
    }
    if (command.kind === 'createReseller' || command.kind === 'createTenant') this.putEmail(command.owner.email);
    if (command.kind === 'issueCredits') this.putIssued(command.tenantId, this.issuedIn(command.tenantId) + command.amount);
    this.putKey(command.scopeTenantId, command.scopeId, command.key, {
      hash: command.hash,
      transferId: outcome.transfer?.id ?? null,
      subjectId: outcome.reseller?.id ?? null,
      createdAtMs: outcome.transfer?.createdAtMs ?? this.nowMs,
    });
  }

  fork(): WorkingState {
    return new WorkingState(this.nowMs, this.#labels, this, this.#labelsUsed);
  }

  /** Takes over what a fork of this state did. */
  merge(fork: WorkingState): void {
    for (const account of fork.#accounts.values()) this.putAccount(account);
    for (const panel of fork.#panels.values()) this.putPanel(panel);
    for (const [key, use] of fork.#keys) this.#keys.set(key, use);
    for (const email of fork.#emails) this.putEmail(email);
    for (const [tenantId, issued] of fork.#issued) this.putIssued(tenantId, issued);
    this.#labelsUsed = fork.#labelsUsed;
  }
}

function keyOf(scopeTenantId: string, scopeId: string, key: string): string {
  return `${scopeTenantId}${scopeId}${key}`;
}
