/** Turns drafts into commands against the model's current state, and remembers the commands. */

import { uuidv7 } from '../../src/kernel/uuid.ts';
import type { Command } from '../../src/ledger/command.ts';
import { Drawing } from './drafts/drawing.ts';
import { ofCustomer } from './drafts/of-customer.ts';
import { ofImport } from './drafts/of-import.ts';
import { ofPayment } from './drafts/of-payment.ts';
import { buy, ofPurchase } from './drafts/of-purchase.ts';
import { ofTenant, ofTree } from './drafts/of-tree.ts';
import type { Draft } from './drafts.ts';
import type { Model } from './model.ts';

export class Drafter {
  readonly #drawing: Drawing;
  readonly #made: Command[] = [];

  constructor(model: Model) {
    this.#drawing = new Drawing(model);
  }

  /** `closing`: whether the command may be one that closes a panel. */
  make(draft: Draft, closing: boolean): Command {
    const command = this.#again(draft, closing) ?? this.#new(draft);
    this.#made.push(command);
    return command;
  }

  #again(draft: Draft, closing: boolean): Command | undefined {
    const made = closing ? this.#made : this.#made.filter(({ kind }) => kind !== 'closeReseller');
    const earlier = draft.kind === 'again' ? made[draft.pick % Math.max(1, made.length)] : undefined;
    return earlier && !draft.ownIds ? withFreshIds(earlier) : earlier;
  }

  #new(draft: Draft): Command {
    const { panels } = this.#drawing.model;
    const panel = panels[draft.actor % Math.max(1, panels.length)];
    if (!panel) return ofTenant(this.#drawing, draft);
    switch (draft.kind) {
      case 'tenant':
      case 'again':
        return ofTenant(this.#drawing, draft);
      case 'issue':
      case 'transfer':
      case 'create':
      case 'reclaim':
      case 'close':
      case 'platformClose':
        return ofTree(this.#drawing, draft, panel);
      case 'buy':
        return buy(this.#drawing, draft, panel);
      case 'unbuy':
      case 'settle':
      case 'chargeBack':
      case 'winDispute':
        return ofPurchase(this.#drawing, draft, panel);
      case 'importRoot':
      case 'importPanel':
      case 'importCustomer':
        return ofImport(this.#drawing, draft, panel);
      case 'confirm':
      case 'giveBack':
      case 'apply':
        return ofPayment(this.#drawing, draft, panel);
      default:
        return ofCustomer(this.#drawing, draft, panel);
    }
  }
}

/** The same input from a caller who does not know the earlier ids. */
function withFreshIds(earlier: Command): Command {
  switch (earlier.kind) {
    case 'createTenant': {
      const id = uuidv7();
      return { ...earlier, tenantId: id, resellerId: id, owner: { ...earlier.owner, id: uuidv7() } };
    }
    case 'createReseller':
      return { ...earlier, transferId: uuidv7(), resellerId: uuidv7(), owner: { ...earlier.owner, id: uuidv7() } };
    case 'activateCustomer':
      return { ...earlier, transferId: uuidv7(), customerId: earlier.details ? uuidv7() : earlier.customerId };
    case 'startTrial':
      return { ...earlier, customerId: uuidv7() };
    case 'importRoot':
      return { ...earlier, transferId: uuidv7(), rowId: uuidv7() };
    case 'importReseller':
      return { ...earlier, transferId: uuidv7(), resellerId: uuidv7(), owner: { ...earlier.owner, id: uuidv7() } };
    case 'importCustomer':
      return { ...earlier, customerId: uuidv7() };
    case 'buyCredits':
      return { ...earlier, purchaseId: uuidv7() };
    case 'cancelPurchase':
    case 'applyCustomerPayment':
      return earlier;
    case 'settleCustomerPayment':
    case 'refundCustomerPayment':
      return { ...earlier, settlementId: uuidv7() };
    default:
      return { ...earlier, transferId: uuidv7() };
  }
}
