/** Chooses the actor, the key and the rows of a draft from the model's current state. */

import { hash } from 'node:crypto';
import { PLATFORM_TENANT_ID, PROVIDER_ACTOR_ID, type Role } from '../../../src/kernel/actor.ts';
import { uuidv7 } from '../../../src/kernel/uuid.ts';
import type { Draft } from '../drafts.ts';
import type { Model } from '../model.ts';
import type { ModelPanel, ModelPurchase } from '../model-data.ts';

export class Drawing {
  readonly model: Model;
  /** Distinguishes the e-mails and payments of one run from those of another on the same database. */
  readonly run = uuidv7();

  constructor(model: Model) {
    this.model = model;
  }

  bySeller(draft: Draft, purchase: ModelPurchase | undefined, panel: ModelPanel, input: readonly unknown[] = []) {
    const tenantId = purchase?.tenantId ?? panel.tenantId;
    const seller = this.model.panel(purchase?.sellerId ?? null);
    const root = this.model.panel(tenantId);
    // Sometimes the root acts in place of a seller that no longer can.
    if (draft.by === 'SELLER' && seller && root && draft.hours % 4 === 1) return this.byPanel(draft, root, input);
    if (draft.by === 'SELLER' && seller && draft.hours % 4 !== 2)
      return this.byPanel(draft, draft.rightful ? seller : panel.tenantId === tenantId ? panel : seller, input);
    if (draft.by === 'SELLER' && !draft.rightful && panel.tenantId === tenantId) return this.byPanel(draft, panel, input);
    const platform = this.byPlatform(draft, tenantId, input);
    return draft.by === 'PROVIDER' ? { ...platform, actorId: PROVIDER_ACTOR_ID } : platform;
  }

  byProvider(draft: Draft, purchase: ModelPurchase | undefined, panel: ModelPanel) {
    return { ...this.bySeller({ ...draft, by: 'PROVIDER' }, purchase, panel), key: null, hash: null };
  }

  byPlatform(draft: Draft, tenantId: string, input: readonly unknown[]) {
    const actorId = draft.session === 'unknown' ? uuidv7() : this.model.platformUserId;
    const roles: readonly Role[] = ['PLATFORM'];
    const scope = { scopeTenantId: PLATFORM_TENANT_ID, scopeId: PLATFORM_TENANT_ID };
    return { ...scope, tenantId, key: `${this.run} ${keyOf(draft)}`, hash: hashOf(input), actorId, roles };
  }

  byPanel(draft: Draft, panel: ModelPanel, input: readonly unknown[]) {
    const roles: readonly Role[] = ['OWNER', 'FINANCE'];
    const { id: scopeId, tenantId } = panel;
    return {
      tenantId,
      scopeTenantId: tenantId,
      scopeId,
      actorId: this.#session(draft, panel),
      key: keyOf(draft),
      roles,
      hash: hashOf(input),
    };
  }

  #session(draft: Draft, panel: ModelPanel): string {
    if (draft.session === 'own') return panel.userId;
    const { panels } = this.model;
    const next = panels[(draft.actor + 1) % panels.length];
    return draft.session === 'stranger' && next ? next.userId : uuidv7();
  }

  subject(draft: Draft, among: readonly { readonly id: string }[]): string | null {
    if (draft.subject === 'null') return null;
    return draft.subject === 'unknown' ? uuidv7() : (among[draft.pick % Math.max(1, among.length)]?.id ?? uuidv7());
  }

  amount(draft: Draft, panel: ModelPanel): number {
    if (typeof draft.amount === 'number') return draft.amount;
    return Math.max(1, panel.balance + (draft.amount === 'all' ? 0 : 1));
  }

  target(draft: Draft, panel: ModelPanel): { readonly tenantId: string; readonly id: string } | null {
    const among = (list: readonly ModelPanel[]) => list[draft.pick % Math.max(1, list.length)] ?? panel;
    switch (draft.target) {
      case 'null':
        return null;
      case 'unknown':
        return { tenantId: panel.tenantId, id: uuidv7() };
      case 'self':
        return panel;
      case 'parent':
        return this.model.panel(panel.parentId) ?? panel;
      case 'child':
        return among(this.model.childrenOf(panel));
      case 'grandchild':
        return among(this.model.childrenOf(panel).flatMap((child) => this.model.childrenOf(child)));
      case 'debtor':
        return among(this.model.panels.filter(({ debt }) => debt > 0));
      case 'any':
        return among(this.model.panels);
    }
  }

  owner(draft: Draft) {
    const name = draft.email === null ? uuidv7() : `${this.run}.${draft.email}`;
    return { id: uuidv7(), email: `${name}@owner.test`, passwordHash: 'none' };
  }
}

export function usesReserve({ hours }: Draft): boolean {
  return hours % 3 === 0;
}

export function detailsOf(contact: string | null) {
  return { name: 'Customer "with, {text}\\', contact, contactKey: contact, notes: 'NULL', searchKey: 'customer' };
}

export function keyOf({ key }: Draft): string {
  return key === null ? uuidv7() : `key ${key}`;
}

function hashOf(input: readonly unknown[]): string {
  return hash('sha256', JSON.stringify(input));
}
