import { PLATFORM_TENANT_ID, type Role } from '../../src/kernel/actor.ts';
import type { AccountState } from '../../src/kernel/change.ts';
import type { Command, KeyUse, PanelState } from '../../src/ledger/command.ts';
import { decideItems, type ItemResult } from '../../src/ledger/post.ts';
import { type ActorState, WorkingState } from '../../src/ledger/state.ts';
import type { Accepted } from '../../src/ledger/write.ts';
import type { EntryRow, Tables } from './invariants.ts';
import type { ModelPanel } from './model.ts';

interface StoredKey {
  readonly command: Command;
  readonly use: KeyUse;
}

/** What Postgres is to the ledger, without Postgres: rows that `decide` is given and that its outcomes are written to. */
export class MemoryLedger {
  readonly #panels = new Map<string, PanelState>();
  readonly #accounts = new Map<string, AccountState>();
  readonly #actors = new Map<string, ActorState>();
  readonly #entries: EntryRow[] = [];
  readonly #keys: StoredKey[] = [];
  readonly #emails = new Set<string>();
  #labels = 0;
  nowMs = 1_800_000_000_000;

  constructor(platformUserId: string) {
    this.putActor({ tenantId: PLATFORM_TENANT_ID, id: platformUserId, role: 'PLATFORM', resellerId: null, disabled: false });
  }

  putActor(actor: ActorState): void {
    this.#actors.set(actor.id, actor);
  }

  /** Takes over what was changed of the panel, and of its owner, behind the ledger's back. */
  meddle(
    { tenantId, id, userId }: ModelPanel,
    changed: { closed: boolean; role: Role; disabled: boolean },
    suspended: (id: string) => boolean,
  ) {
    const panel = this.#panels.get(id);
    if (!panel) throw new Error('no such panel');
    this.#panels.set(id, { ...panel, closed: changed.closed });
    for (const one of this.#panels.values()) this.#panels.set(one.id, { ...one, suspended: suspended(one.id) });
    this.putActor({ tenantId, id: userId, role: changed.role, resellerId: id, disabled: changed.disabled });
  }

  /** Posts the items as one batch. The accounts `held` could not be locked. */
  post(
    items: readonly { readonly commands: readonly Command[]; readonly atomic: boolean }[],
    held: ReadonlySet<string>,
  ): readonly ItemResult[] {
    const commands = items.flatMap((item) => item.commands);
    const { results, accepted } = decideItems(
      this.#load(commands, held),
      items.map((item) => ({ ...item, settled: false })),
    );
    for (const one of accepted) this.#write(one);
    return results;
  }

  tables(): Tables {
    return { panels: [...this.#panels.values()], accounts: [...this.#accounts.values()], entries: this.#entries };
  }

  #load(commands: readonly Command[], held: ReadonlySet<string>): WorkingState {
    const labels = commands.map(() => {
      this.#labels += 1;
      return this.#labels.toString(36);
    });
    const state = new WorkingState(this.nowMs, labels);
    for (const account of this.#accounts.values()) {
      if (!held.has(account.id)) state.putAccount(account);
    }
    for (const panel of this.#panels.values()) {
      state.putPanel(panel);
      state.putTree(panel.tenantId);
    }
    for (const actor of this.#actors.values()) state.putActor(actor);
    for (const { command, use } of this.#keys) state.putKey(command.scopeTenantId, command.scopeId, command.key, use);
    for (const email of this.#emails) state.putEmail(email);
    for (const [tenantId, own] of Map.groupBy(this.#accounts.values(), (account) => account.tenantId)) {
      state.putIssued(
        tenantId,
        own.reduce((total, account) => total + account.issued, 0),
      );
    }
    return state;
  }

  #write({ command, posted }: Accepted): void {
    const { transfer, reseller } = posted;
    if (this.#keys.some((key) => key.command.scopeId === command.scopeId && key.command.key === command.key)) {
      throw new Error('a key was written twice');
    }
    const createdAtMs = transfer?.createdAtMs ?? this.nowMs;
    this.#keys.push({
      command,
      use: { hash: command.hash, transferId: transfer?.id ?? null, subjectId: reseller?.id ?? null, createdAtMs },
    });
    if (reseller && 'owner' in command) {
      this.#panels.set(reseller.id, reseller);
      this.#emails.add(command.owner.email);
      this.putActor({ tenantId: reseller.tenantId, id: command.owner.id, role: 'OWNER', resellerId: reseller.id, disabled: false });
    }
    for (const [account, sign] of [[posted.from, -1] as const, [posted.to, 1] as const]) {
      if (!account) continue;
      this.#accounts.set(account.id, account);
      if (!transfer) continue;
      const { tenantId, id: accountId, version, balance: balanceAfter } = account;
      const entry = { tenantId, accountId, version, balanceAfter, createdAtMs: transfer.createdAtMs };
      this.#entries.push({ ...entry, delta: sign * transfer.amount, issued: transfer.fromId === null });
    }
  }
}
