import { hash } from 'node:crypto';
import fc from 'fast-check';
import { uuidv7 } from 'uuidv7';
import { PLATFORM_TENANT_ID, type Role } from '../../src/kernel/actor.ts';
import { MAX_CREDITS } from '../../src/kernel/credits.ts';
import type { Command } from '../../src/ledger/command.ts';
import type { Model, ModelPanel } from './model.ts';

/** What a caller does, without ids: those are found when its turn comes. Numbers choose among what there is then. */
export interface Draft {
  readonly kind: 'transfer' | 'create' | 'issue' | 'tenant' | 'again';
  readonly actor: number;
  /** Whose session it is; 'stranger': of the next panel, so that it is not the scope's. */
  readonly session: 'own' | 'stranger' | 'unknown';
  readonly target: 'child' | 'grandchild' | 'self' | 'parent' | 'any' | 'unknown' | 'null';
  readonly pick: number;
  readonly amount: number | 'all' | 'more than all';
  /** A key among a few, so that they meet; null: a new one. */
  readonly key: number | null;
  readonly email: number | null;
  /** 'again': the very ids of the earlier command, as a retry inside the server has. */
  readonly ownIds: boolean;
}

export interface Meddling {
  readonly what: 'suspend' | 'resume' | 'close' | 'reopen' | 'disable' | 'enable' | 'demote' | 'promote';
  readonly pick: number;
}

export interface DraftItem {
  readonly mode: 'one' | 'atomic' | 'each';
  readonly drafts: readonly Draft[];
}

export type Step =
  | { readonly type: 'batch'; readonly items: readonly DraftItem[]; readonly held: readonly number[]; readonly clockMs: number }
  | { readonly type: 'meddling'; readonly meddling: Meddling };

const often = <T>(value: T, weight: number) => ({ arbitrary: fc.constant(value), weight });

const draft: fc.Arbitrary<Draft> = fc.record({
  kind: fc.oneof(
    often('transfer' as const, 8),
    often('create' as const, 4),
    often('issue' as const, 2),
    often('tenant' as const, 1),
    often('again' as const, 3),
  ),
  actor: fc.nat(50),
  session: fc.oneof(often('own' as const, 30), often('stranger' as const, 1), often('unknown' as const, 1)),
  target: fc.oneof(
    often('child' as const, 12),
    ...(['grandchild', 'self', 'parent', 'unknown', 'null'] as const).map((target) => often(target, 1)),
    often('any' as const, 2),
  ),
  pick: fc.nat(50),
  amount: fc.oneof(
    { arbitrary: fc.integer({ min: 1, max: 30 }), weight: 8 },
    often('all' as const, 3),
    often('more than all' as const, 1),
    { arbitrary: fc.constantFrom(MAX_CREDITS, MAX_CREDITS - 1, 1_000_000_000), weight: 1 },
  ),
  key: fc.option(fc.nat(3), { freq: 4 }),
  email: fc.option(fc.nat(3), { freq: 5 }),
  ownIds: fc.boolean(),
});

export const item: fc.Arbitrary<DraftItem> = fc.oneof(
  { arbitrary: draft.map((one) => ({ mode: 'one' as const, drafts: [one] })), weight: 4 },
  {
    arbitrary: fc.record({
      mode: fc.constantFrom('atomic' as const, 'each' as const),
      drafts: fc.array(draft, { minLength: 1, maxLength: 4 }),
    }),
    weight: 2,
  },
);

const meddling: fc.Arbitrary<Meddling> = fc.record({
  what: fc.constantFrom(
    'suspend',
    'resume',
    'resume',
    'close',
    'reopen',
    'reopen',
    'disable',
    'enable',
    'enable',
    'demote',
    'promote',
    'promote',
  ),
  pick: fc.nat(50),
});

/** Steps of several callers at once, of whom some rows are held by strangers, on a clock that goes back at times. */
export const step: fc.Arbitrary<Step> = fc.oneof(
  {
    arbitrary: fc.record({
      type: fc.constant('batch' as const),
      items: fc.array(item, { minLength: 1, maxLength: 4 }),
      held: fc.oneof({ arbitrary: fc.constant([]), weight: 4 }, { arbitrary: fc.array(fc.nat(50), { maxLength: 2 }), weight: 1 }),
      clockMs: fc.integer({ min: -50, max: 200 }),
    }),
    weight: 6,
  },
  { arbitrary: meddling.map((one) => ({ type: 'meddling' as const, meddling: one })), weight: 1 },
);

/** Makes commands of drafts, against what the model holds now, and remembers them. */
export class Drafter {
  readonly #model: Model;
  readonly #made: Command[] = [];
  /** Keeps the e-mails of one run apart from those of another on the same database. */
  readonly #run = uuidv7();

  constructor(model: Model) {
    this.#model = model;
  }

  make(draft: Draft): Command {
    const command = this.#again(draft) ?? this.#new(draft);
    this.#made.push(command);
    return command;
  }

  #again(draft: Draft): Command | undefined {
    const earlier = draft.kind === 'again' ? this.#made[draft.pick % Math.max(1, this.#made.length)] : undefined;
    if (!earlier || draft.ownIds) return earlier;
    if (earlier.kind === 'createTenant') {
      const id = uuidv7();
      return { ...earlier, tenantId: id, resellerId: id, owner: { ...earlier.owner, id: uuidv7() } };
    }
    if (earlier.kind === 'createReseller') {
      return { ...earlier, transferId: uuidv7(), resellerId: uuidv7(), owner: { ...earlier.owner, id: uuidv7() } };
    }
    return { ...earlier, transferId: uuidv7() };
  }

  #new(draft: Draft): Command {
    const { panels } = this.#model;
    const panel = panels[draft.actor % Math.max(1, panels.length)];
    if (!panel || draft.kind === 'tenant') return this.#tenant(draft);
    const amount = typeof draft.amount === 'number' ? draft.amount : Math.max(1, panel.balance + (draft.amount === 'all' ? 0 : 1));
    const key = draft.key === null ? uuidv7() : `key ${draft.key}`;
    const transferId = uuidv7();
    if (draft.kind === 'issue') {
      const to = this.#target(draft, panel);
      const common = this.#byPlatform(draft, to?.tenantId ?? panel.tenantId, ['issue', to?.id, amount], key);
      return { ...common, kind: 'issueCredits', transferId, toId: to?.id ?? null, amount, memo: null };
    }
    const owners = { tenantId: panel.tenantId, scopeTenantId: panel.tenantId, scopeId: panel.id, actorId: this.#session(draft, panel) };
    const roles: readonly Role[] = ['OWNER', 'FINANCE'];
    if (draft.kind === 'create') {
      const owner = this.#owner(draft);
      const common = { ...owners, key, roles, hash: hashOf(['create', draft.pick, amount]) };
      return { ...common, kind: 'createReseller', transferId, resellerId: uuidv7(), name: 'Panel "with, {text}\\', owner, amount };
    }
    const to = this.#target(draft, panel);
    const common = { ...owners, key, roles, hash: hashOf(['transfer', to?.id, amount]) };
    return { ...common, kind: 'transferCredits', transferId, toId: to?.id ?? null, amount, memo: 'a "memo", {with} \\ NULL' };
  }

  #tenant(draft: Draft): Command {
    const id = uuidv7();
    const key = draft.key === null ? uuidv7() : `${this.#run} tenant ${draft.key}`;
    return {
      ...this.#byPlatform(draft, id, ['tenant', draft.pick % 2], key),
      kind: 'createTenant',
      resellerId: id,
      name: 'Root',
      owner: this.#owner(draft),
    };
  }

  #byPlatform(draft: Draft, tenantId: string, input: readonly unknown[], key: string) {
    const actorId = draft.session === 'unknown' ? uuidv7() : this.#model.platformUserId;
    const roles: readonly Role[] = ['PLATFORM'];
    const scope = { scopeTenantId: PLATFORM_TENANT_ID, scopeId: PLATFORM_TENANT_ID };
    return { ...scope, tenantId, key: `${this.#run} ${key}`, hash: hashOf(input), actorId, roles };
  }

  #session(draft: Draft, panel: ModelPanel): string {
    if (draft.session === 'own') return panel.userId;
    const { panels } = this.#model;
    const next = panels[(draft.actor + 1) % panels.length];
    return draft.session === 'stranger' && next ? next.userId : uuidv7();
  }

  #target(draft: Draft, panel: ModelPanel): { readonly tenantId: string; readonly id: string } | null {
    const among = (list: readonly ModelPanel[]) => list[draft.pick % Math.max(1, list.length)] ?? panel;
    switch (draft.target) {
      case 'null':
        return null;
      case 'unknown':
        return { tenantId: panel.tenantId, id: uuidv7() };
      case 'self':
        return panel;
      case 'parent':
        return this.#model.panel(panel.parentId) ?? panel;
      case 'child':
        return among(this.#model.childrenOf(panel));
      case 'grandchild':
        return among(this.#model.childrenOf(panel).flatMap((child) => this.#model.childrenOf(child)));
      case 'any':
        return among(this.#model.panels);
    }
  }

  #owner(draft: Draft) {
    const name = draft.email === null ? uuidv7() : `${this.#run}.${draft.email}`;
    return { id: uuidv7(), email: `${name}@owner.test`, passwordHash: 'none' };
  }
}

function hashOf(input: readonly unknown[]): string {
  return hash('sha256', JSON.stringify(input));
}
