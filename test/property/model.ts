import { PLATFORM_TENANT_ID, type Role } from '../../src/kernel/actor.ts';
import { MAX_CREDITS } from '../../src/kernel/credits.ts';
import type { Command } from '../../src/ledger/command.ts';

export interface ModelPanel {
  readonly tenantId: string;
  readonly id: string;
  /** Of its owner. */
  readonly userId: string;
  readonly parentId: string | null;
  /** Itself, whatever stands above. */
  suspended: boolean;
  closed: boolean;
  balance: number;
  /** How often the balance changed. */
  version: number;
}

interface ModelUser {
  readonly panelId: string | null;
  role: Role;
  disabled: boolean;
}

interface Data {
  readonly panels: ModelPanel[];
  readonly users: Map<string, ModelUser>;
  readonly keys: Map<string, { readonly hash: string; readonly made: string }>;
  readonly emails: Set<string>;
  /** By tenant. */
  readonly issued: Map<string, number>;
}

const DEEPEST = 10;

/**
 * The rules once more, as plainly as they can be said: panels know their parents and nothing of paths, and every reason to
 * refuse is looked for, whichever wins. What the ledger answers is held against it.
 */
export class Model {
  readonly platformUserId: string;
  #data: Data;

  constructor(platformUserId: string) {
    this.platformUserId = platformUserId;
    const platform: ModelUser = { panelId: null, role: 'PLATFORM', disabled: false };
    this.#data = { panels: [], users: new Map([[platformUserId, platform]]), keys: new Map(), emails: new Set(), issued: new Map() };
  }

  get panels(): readonly ModelPanel[] {
    return this.#data.panels;
  }

  user(id: string): ModelUser | undefined {
    return this.#data.users.get(id);
  }

  panel(id: string | null): ModelPanel | undefined {
    return this.#data.panels.find((panel) => panel.id === id);
  }

  childrenOf(panel: ModelPanel): ModelPanel[] {
    return this.#data.panels.filter(({ parentId }) => parentId === panel.id);
  }

  /** Itself or with an ancestor (R11). */
  isSuspended(id: string): boolean {
    return this.#lineOf(this.panel(id)).some(({ suspended }) => suspended);
  }

  issuedIn(tenantId: string): number {
    return this.#data.issued.get(tenantId) ?? 0;
  }

  /** What the rules say of the command now: the first word that applies, in the order of R35. Changes nothing. */
  verdict(command: Command): string {
    const user = this.#data.users.get(command.actorId);
    const acting = this.panel(user?.panelId ?? null);
    const spender = command.kind === 'transferCredits' || command.kind === 'createReseller' ? acting : undefined;
    const use = this.#data.keys.get(keyOf(command));
    const words: readonly (readonly [string, boolean])[] = [
      ['UNAUTHENTICATED', !user || user.disabled || (user.panelId ?? PLATFORM_TENANT_ID) !== command.scopeId || acting?.closed === true],
      ['FORBIDDEN', user !== undefined && !command.roles.includes(user.role)],
      ['IDEMPOTENCY_CONFLICT', use !== undefined && use.hash !== command.hash],
      ['RECOVERED', use?.made === madeBy(command)],
      ['REPLAYED', use !== undefined],
      ['PANEL_SUSPENDED', this.#lineOf(spender).some(({ suspended }) => suspended)],
      ['PANEL_LOCKED', spender?.balance === 0],
      ...this.#ofTarget(command, spender),
      ['INSUFFICIENT_CREDITS', spender !== undefined && 'amount' in command && spender.balance < command.amount],
    ];
    return words.find(([, applies]) => applies)?.[0] ?? 'POSTED';
  }

  #ofTarget(command: Command, spender: ModelPanel | undefined): [string, boolean][] {
    if ('owner' in command) {
      return [
        ['INVALID_STATE', this.#lineOf(spender).length > DEEPEST],
        ['ALREADY_EXISTS', this.#data.emails.has(command.owner.email)],
      ];
    }
    const target = this.#data.panels.find(({ tenantId, id }) => tenantId === command.tenantId && id === command.toId);
    const issuing = command.kind === 'issueCredits';
    const visible = target !== undefined && (issuing || this.#lineOf(target).includes(spender ?? target));
    const isPayable = issuing || (spender?.balance ?? 0) >= command.amount;
    const overflows = isPayable && (target?.balance ?? 0) + command.amount > MAX_CREDITS;
    return [
      ['NOT_FOUND', !visible],
      ['NOT_DIRECT_CHILD', !issuing && target?.parentId !== spender?.id],
      [
        'INVALID_STATE',
        target?.closed === true || overflows || (issuing && this.issuedIn(command.tenantId) + command.amount > MAX_CREDITS),
      ],
    ];
  }

  /** Does what the command says, if that is its verdict. */
  post(command: Command): string {
    const verdict = this.verdict(command);
    if (verdict !== 'POSTED') return verdict;
    this.#data.keys.set(keyOf(command), { hash: command.hash, made: madeBy(command) });
    if ('owner' in command) this.#create(command);
    if (command.kind === 'createTenant') return verdict;
    if (command.kind === 'issueCredits') this.#data.issued.set(command.tenantId, this.issuedIn(command.tenantId) + command.amount);
    else this.#change(command.scopeId, -command.amount);
    this.#change(command.kind === 'createReseller' ? command.resellerId : command.toId, command.amount);
    return verdict;
  }

  /** The verdicts of all; or of those up to the first refusal, and then nothing was done. */
  postAtomic(commands: readonly Command[]): string[] {
    const before = structuredClone(this.#data);
    const verdicts: string[] = [];
    for (const command of commands) {
      const verdict = this.post(command);
      verdicts.push(verdict);
      if (verdict !== 'POSTED' && verdict !== 'REPLAYED' && verdict !== 'RECOVERED') {
        this.#data = before;
        break;
      }
    }
    return verdicts;
  }

  #create(command: Extract<Command, { owner: unknown }>): void {
    const parentId = command.kind === 'createReseller' ? command.scopeId : null;
    const { tenantId, resellerId: id, owner } = command;
    this.#data.panels.push({ tenantId, id, userId: owner.id, parentId, suspended: false, closed: false, balance: 0, version: 0 });
    this.#data.users.set(owner.id, { panelId: id, role: 'OWNER', disabled: false });
    this.#data.emails.add(owner.email);
  }

  #change(id: string | null, delta: number): void {
    const panel = this.panel(id);
    if (!panel) throw new Error('the model posted to a panel it does not have');
    panel.balance += delta;
    panel.version += 1;
  }

  /** The panel and its ancestors. */
  #lineOf(panel: ModelPanel | undefined): ModelPanel[] {
    return panel ? [panel, ...this.#lineOf(this.panel(panel.parentId))] : [];
  }
}

function madeBy(command: Command): string {
  return command.kind === 'createTenant' ? command.resellerId : command.transferId;
}

function keyOf({ scopeTenantId, scopeId, key }: Command): string {
  return `${scopeTenantId} ${scopeId} ${key}`;
}
