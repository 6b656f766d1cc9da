import { hash } from 'node:crypto';
import { uuidv7 } from 'uuidv7';
import { PLATFORM_TENANT_ID, PROVIDER_ACTOR_ID, type Role } from '../../src/kernel/actor.ts';
import type { BuyCredits, Command } from '../../src/ledger/command.ts';
import type { Draft } from './drafts.ts';
import type { Model } from './model.ts';
import { isSuspended, type ModelPanel, type ModelPayment, type ModelPurchase } from './model-data.ts';

const HOUR_MS = 3_600_000;
const PERIOD_MS = 720 * HOUR_MS;
const MOST_BOUGHT = 1_000_000_000;

function usesReserve({ hours }: Draft): boolean {
  return hours % 3 === 0;
}

/** How a payment stands of which something is said that changes it. */
const FITTING: Readonly<Partial<Record<Draft['kind'], readonly ModelPayment['status'][]>>> = {
  apply: ['WAITING'],
  confirm: ['OPEN', 'OPEN', 'REFUNDED'],
  giveBack: ['WAITING', 'APPLIED', 'OPEN'],
};

/** Makes commands of drafts, against what the model holds now, and remembers them. */
export class Drafter {
  readonly #model: Model;
  readonly #made: Command[] = [];
  /** Keeps the e-mails and payments of one run apart from those of another on the same database. */
  readonly #run = uuidv7();

  constructor(model: Model) {
    this.#model = model;
  }

  /** `closing`: the command may be one that closes a panel. */
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
    const { panels } = this.#model;
    const panel = panels[draft.actor % Math.max(1, panels.length)];
    if (!panel) return this.#tenant(draft);
    switch (draft.kind) {
      case 'tenant':
      case 'again':
        return this.#tenant(draft);
      case 'issue':
      case 'transfer':
      case 'create':
      case 'reclaim':
      case 'close':
      case 'platformClose':
        return this.#ofTree(draft, panel);
      case 'buy':
        return this.#buy(draft, panel);
      case 'unbuy':
      case 'settle':
      case 'chargeBack':
      case 'winDispute':
        return this.#ofPurchase(draft, panel);
      case 'importRoot':
      case 'importPanel':
      case 'importCustomer':
        return this.#ofImport(draft, panel);
      case 'confirm':
      case 'giveBack':
      case 'apply':
        return this.#ofPayment(draft, panel);
      default:
        return this.#ofCustomer(draft, panel);
    }
  }

  #ofTree(draft: Draft, drawn: ModelPanel): Command {
    const { pick } = draft;
    const isLeaf = draft.target === 'child' && draft.kind !== 'create' && this.#model.childrenOf(drawn).length === 0;
    const panel = (isLeaf && this.#model.panel(drawn.parentId)) || drawn;
    // Who owes is paid for most often: there are few, and a debt ends only so.
    const debtors = draft.kind === 'issue' && draft.rightful ? this.#debtors() : [];
    const target = debtors[draft.pick % Math.max(1, debtors.length)] ?? this.#target(draft, panel);
    const [toId, amount, transferId] = [target?.id ?? null, this.#amount(draft, panel), uuidv7()];
    const parentId = this.#model.panel(toId)?.parentId ?? null;
    switch (draft.kind) {
      case 'issue':
        return {
          ...this.#byPlatform(draft, target?.tenantId ?? panel.tenantId, ['issue', toId, amount]),
          kind: 'issueCredits',
          transferId,
          toId,
          amount,
          memo: null,
        };
      case 'platformClose':
        return {
          ...this.#byPlatform(draft, target?.tenantId ?? panel.tenantId, ['close', toId]),
          kind: 'closeReseller',
          transferId,
          panelId: toId,
          parentId,
          address: null,
        };
      case 'close':
        return {
          ...this.#byPanel(draft, panel, ['close', toId]),
          kind: 'closeReseller',
          transferId,
          panelId: toId,
          parentId: draft.rightful ? parentId : panel.id,
          address: null,
        };
      case 'create': {
        const common = { ...this.#byPanel(draft, panel, ['create', pick, amount]), kind: 'createReseller', transferId } as const;
        return {
          ...common,
          resellerId: uuidv7(),
          name: 'Panel "with, {text}\\',
          owner: this.#owner(draft),
          amount,
          useReserve: usesReserve(draft),
        };
      }
      case 'reclaim': {
        const common = this.#byPanel(draft, panel, ['reclaim', toId, amount]);
        const wanted = typeof draft.amount === 'number' ? amount : this.#amount(draft, this.#model.panel(toId) ?? panel);
        return { ...common, kind: 'reclaimCredits', transferId, fromId: toId, amount: wanted, memo: 'a reason' };
      }
      default:
        return {
          ...this.#byPanel(draft, panel, ['transfer', toId, amount]),
          kind: 'transferCredits',
          transferId,
          toId,
          amount,
          memo: 'a "memo", {with} \\ NULL',
          useReserve: usesReserve(draft),
        };
    }
  }

  #ofCustomer(draft: Draft, anybody: ModelPanel): Command {
    if (draft.kind === 'undo') return this.#undo(draft, anybody);
    const { hours, periods, screens } = draft;
    const useReserve = usesReserve(draft);
    const { customers } = this.#model.data;
    const among = draft.subject === 'own' ? customers : customers.filter(({ tenantId }) => tenantId === anybody.tenantId);
    const customerId = this.#subject(draft, among);
    const owner = customers.find(({ id }) => id === customerId)?.panelId;
    const isNew = draft.kind === 'newCustomer' || draft.kind === 'trial';
    const panel = (draft.subject === 'own' && !isNew && owner && this.#model.panel(owner)) || anybody;
    const transferId = uuidv7();
    const by = (...input: readonly unknown[]) => this.#byPanel(draft, panel, [draft.kind, ...input]);
    switch (draft.kind) {
      case 'newCustomer':
        return {
          ...by(draft.pick, periods, screens),
          kind: 'activateCustomer',
          transferId,
          customerId: uuidv7(),
          details: detailsOf(draft.contact % 2 === 0 ? `+5511 ${draft.contact}` : null),
          periods,
          screens,
          useReserve,
        };
      case 'activate':
        return {
          ...by(customerId, periods, screens),
          kind: 'activateCustomer',
          transferId,
          customerId,
          details: null,
          periods,
          screens,
          useReserve,
        };
      case 'renew':
        return { ...by(customerId, periods), kind: 'renewCustomer', transferId, customerId, periods, useReserve };
      case 'screens':
        return { ...by(customerId, screens), kind: 'addScreens', transferId, customerId, screens, useReserve };
      case 'cancel':
        return { ...by(customerId), kind: 'cancelCustomer', transferId, customerId };
      default: {
        const contact = `+5511 ${draft.contact}`;
        return {
          ...by(contact, hours),
          kind: 'startTrial',
          customerId: uuidv7(),
          details: { ...detailsOf(contact), contact, contactKey: contact },
          hours,
        };
      }
    }
  }

  /** Most often of a spend that was made last of all, by the panel that made it. */
  #undo(draft: Draft, anybody: ModelPanel): Command {
    const { customers, spendings } = this.#model.data;
    const made = spendings.filter(
      ({ customerId, id }) => !draft.rightful || customers.some((it) => it.id === customerId && it.last?.id === id),
    );
    const picked = draft.subject === 'unknown' ? undefined : made.at(-1 - (draft.pick % Math.max(1, Math.min(made.length, 4))));
    const panel = (draft.subject !== 'any' && picked && this.#model.panel(picked.panelId)) || anybody;
    const spending = picked?.panelId === panel.id ? picked : undefined;
    return {
      ...this.#byPanel(draft, panel, ['undo', picked?.id]),
      kind: 'undoSpending',
      transferId: uuidv7(),
      customerId: spending?.customerId ?? null,
      spending: spending ? { transferId: spending.id, amount: spending.amount, createdAtMs: spending.atMs } : null,
    };
  }

  #buy(draft: Draft, panel: ModelPanel): BuyCredits {
    const quantity = Math.max(1, Math.min(this.#amount(draft, panel), MOST_BOUGHT));
    const isParents = this.#model.policyOf(panel.tenantId).purchaseSource === 'PARENT';
    const sellerId = isParents === draft.rightful ? panel.parentId : null;
    const order = { quantity, totalMinor: quantity * 100, currency: 'BRL', provider: draft.provider, expiresAfterMs: 72 * HOUR_MS };
    return {
      ...this.#byPanel(draft, panel, ['buy', quantity, draft.provider]),
      kind: 'buyCredits',
      purchaseId: uuidv7(),
      sellerId,
      ...order,
    };
  }

  #ofPurchase(draft: Draft, panel: ModelPanel): Command {
    const { purchases } = this.#model.data;
    const purchaseId = this.#subject(draft, this.#purchasesFor(draft, panel)) ?? uuidv7();
    const purchase = purchases.find(({ id }) => id === purchaseId);
    const buyerId = purchase?.buyerId ?? panel.id;
    const sellerId = purchase?.sellerId ?? null;
    const transferId = uuidv7();
    if (draft.kind === 'unbuy') {
      const buyer = (draft.rightful && this.#model.panel(buyerId)) || panel;
      return {
        ...this.#byPanel(draft, buyer, []),
        key: null,
        hash: null,
        kind: 'cancelPurchase',
        auditId: uuidv7(),
        purchaseId,
        buyerId,
        sellerId,
      };
    }
    const by = { ...this.#bySeller(draft, purchase, panel), key: null, hash: null, purchaseId, buyerId, sellerId, transferId };
    const named = draft.by === 'PROVIDER' ? (draft.reference ?? draft.contact) : draft.reference;
    const reference = named === null ? null : `${this.#run} payment ${named}`;
    if (draft.kind === 'settle') return { ...by, kind: 'settlePurchase', by: draft.by, reference };
    const dispute = `dispute ${this.#disputeOf(draft, purchaseId)}`;
    if (draft.kind === 'winDispute')
      return { ...by, ...this.#byProvider(draft, purchase, panel), kind: 'reverseChargeBack', by: 'PROVIDER', dispute, memo: null };
    const isWhole = draft.by === 'PROVIDER' || draft.screens === 1 || typeof draft.amount !== 'number' || draft.amount > MOST_BOUGHT;
    const quantity = isWhole || typeof draft.amount !== 'number' ? null : draft.amount;
    const charge = { kind: 'chargeBackPurchase', dispute: null, quantity, memo: null } as const;
    if (draft.by === 'PROVIDER') return { ...by, ...charge, by: draft.by, dispute: draft.hours % 4 === 0 ? null : dispute };
    if (draft.key === null) return { ...by, ...charge, by: draft.by };
    const { hash, key, ...keyed } = this.#bySeller(draft, purchase, panel, ['charge back', purchaseId, quantity]);
    return { ...by, ...charge, by: draft.by, ...keyed, key, hash };
  }

  /** Most often of one that waits for its word, by the panel whose customer pays. */
  #ofPayment(draft: Draft, anybody: ModelPanel): Command {
    const { payments } = this.#model.data;
    const fitting = payments.filter(({ status }) => FITTING[draft.kind]?.includes(status));
    const paymentId = this.#subject(draft, draft.rightful && fitting.length > 0 ? fitting : payments) ?? uuidv7();
    const payment = payments.find(({ id }) => id === paymentId);
    const panel = (draft.subject !== 'any' && payment && this.#model.panel(payment.panelId)) || anybody;
    const isProviders = draft.kind !== 'confirm' || draft.by === 'PROVIDER';
    const by = { ...this.#byPanel(draft, panel, []), key: null, hash: null, paymentId, customerId: payment?.customerId ?? uuidv7() };
    const acting = isProviders ? { ...by, actorId: PROVIDER_ACTOR_ID } : by;
    if (draft.kind === 'apply') return { ...acting, kind: 'applyCustomerPayment' };
    // Most often what paid for it, and the word that comes next of that: a provider counts how often money went back and came again.
    const reference =
      (draft.rightful ? payment?.reference : null) ??
      (isProviders || draft.reference !== null ? `${this.#run} pays ${draft.reference}` : null);
    const known = draft.rightful && payment?.reference === reference ? payment.turn : 2 * (draft.hours % 3);
    const isBack = draft.kind === 'giveBack';
    const turn = known + ((known % 2 === 0) === isBack ? 1 : 0);
    if (isBack) return { ...acting, kind: 'refundCustomerPayment', settlementId: uuidv7(), reference: reference ?? 'no payment', turn };
    const word = { settlementId: uuidv7(), reference, turn: isProviders ? turn : 0, address: null };
    return { ...acting, kind: 'settleCustomerPayment', ...word };
  }

  /** Of a row of a file, to which its key belongs whatever else it says. */
  #ofImport(draft: Draft, panel: ModelPanel): Command {
    const { contact, periods, pick } = draft;
    const tenantId = panel.tenantId;
    const externalId = `${draft.kind} ${tenantId} ${keyOf(draft)}`;
    const by = this.#byPlatform(draft, tenantId, [externalId]);
    const row = { ...by, key: externalId, importId: tenantId, source: 'elsewhere', externalId };
    const parentId = draft.target === 'unknown' ? uuidv7() : panel.id;
    const coming = { transferId: uuidv7(), amount: pick % 4 === 0 ? 0 : this.#amount(draft, panel), login: null };
    if (draft.kind === 'importRoot') return { ...row, ...coming, kind: 'importRoot', rowId: uuidv7() };
    if (draft.kind === 'importPanel')
      return { ...row, ...coming, kind: 'importReseller', resellerId: uuidv7(), parentId, name: 'Panel', owner: this.#owner(draft) };
    const standing = (['PAID', 'PAID', 'PAID', 'TRIAL', 'CANCELED'] as const)[contact % 5] ?? 'PAID';
    const screens = standing === 'TRIAL' ? 1 : draft.screens;
    const isOver = pick % 5 === 0;
    const endsInMs = isOver ? -draft.hours * HOUR_MS : periods * PERIOD_MS - draft.hours * HOUR_MS;
    const later = screens === 1 ? 2 : screens - 1;
    const isChanging = standing !== 'TRIAL' && !isOver && periods > 1 && pick % 2 === 0;
    return {
      ...row,
      kind: 'importCustomer',
      customerId: uuidv7(),
      resellerId: parentId,
      details: detailsOf(contact % 2 === 0 ? `+5511 ${contact}` : null),
      access: null,
      expiresAtMs: this.#model.data.nowMs + endsInMs,
      screens,
      laterSpans: isChanging ? [{ screens: later, periods: periods - 1 }] : [],
      nextScreens: standing === 'TRIAL' ? 1 : 1 + (contact % screens),
      standing,
    };
  }

  /** One of a few, most often one that is known already where it is to be won. */
  #disputeOf(draft: Draft, purchaseId: string): string | number {
    const known = this.#model.data.claims.filter((claim) => claim.purchaseId === purchaseId && claim.dispute !== null && !claim.won);
    const name = known[draft.pick % Math.max(1, known.length)]?.dispute?.slice('dispute '.length);
    return (draft.kind === 'winDispute' && draft.rightful ? name : undefined) ?? draft.contact % 3;
  }

  #byProvider(draft: Draft, purchase: ModelPurchase | undefined, panel: ModelPanel) {
    return { ...this.#bySeller({ ...draft, by: 'PROVIDER' }, purchase, panel), key: null, hash: null };
  }

  /** Who owes to a panel, if anybody does: there are few of those. */
  #debtors(): readonly ModelPanel[] {
    const { claims } = this.#model.data;
    const debtors = this.#model.panels.filter(({ debt }) => debt > 0);
    const ofPanels = debtors.filter(({ id }) => claims.some(({ creditorId, debtorId, owed }) => debtorId === id && creditorId && owed > 0));
    return ofPanels.length > 0 ? ofPanels : debtors;
  }

  /** Its money has come, and its seller can't deliver. */
  #isStuck({ sellerId, status }: ModelPurchase): boolean {
    const seller = this.#model.panel(sellerId);
    return status === 'PAID_UNFUNDED' && seller !== undefined && (seller.closed || isSuspended(this.#model.data, seller));
  }

  /** Most often those of which it makes sense. */
  #purchasesFor({ kind, rightful, subject }: Draft, panel: ModelPanel): readonly ModelPurchase[] {
    const { purchases } = this.#model.data;
    if (subject !== 'own') return purchases.filter(({ buyerId }) => buyerId === panel.id);
    const paid = purchases.filter(({ status }) => status === 'PAID');
    const spent = paid.filter(({ buyerId, quantity }) => (this.#model.panel(buyerId)?.balance ?? 0) < quantity);
    const stuck = kind === 'settle' ? purchases.filter((purchase) => this.#isStuck(purchase)) : [];
    if (rightful && stuck.length > 0) return stuck;
    const unpaid = purchases.filter(({ status }) => status === 'PENDING' || status === 'PAID_UNFUNDED');
    const disputed = new Set(this.#model.data.claims.filter(({ dispute, won }) => dispute !== null && !won).map((one) => one.purchaseId));
    if (kind === 'winDispute') {
      const known = purchases.filter(({ id }) => disputed.has(id));
      // At times one whose seller has not got any more what it must give back.
      const short = known.filter(({ quantity, source }) => source !== null && (this.#model.panel(source)?.balance ?? 0) < quantity);
      return !rightful || known.length === 0 ? purchases : short.length > 0 ? short : known;
    }
    const fitting = kind !== 'chargeBack' ? unpaid : spent.length > 0 ? spent : paid;
    return rightful && fitting.length > 0 ? fitting : purchases;
  }

  #bySeller(draft: Draft, purchase: ModelPurchase | undefined, panel: ModelPanel, input: readonly unknown[] = []) {
    const tenantId = purchase?.tenantId ?? panel.tenantId;
    const seller = this.#model.panel(purchase?.sellerId ?? null);
    const root = this.#model.panel(tenantId);
    // In the place of a seller that cannot any more, at times.
    if (draft.by === 'SELLER' && seller && root && draft.hours % 4 === 1) return this.#byPanel(draft, root, input);
    if (draft.by === 'SELLER' && seller && draft.hours % 4 !== 2)
      return this.#byPanel(draft, draft.rightful ? seller : panel.tenantId === tenantId ? panel : seller, input);
    if (draft.by === 'SELLER' && !draft.rightful && panel.tenantId === tenantId) return this.#byPanel(draft, panel, input);
    const platform = this.#byPlatform(draft, tenantId, input);
    return draft.by === 'PROVIDER' ? { ...platform, actorId: PROVIDER_ACTOR_ID } : platform;
  }

  #subject(draft: Draft, among: readonly { readonly id: string }[]): string | null {
    if (draft.subject === 'null') return null;
    return draft.subject === 'unknown' ? uuidv7() : (among[draft.pick % Math.max(1, among.length)]?.id ?? uuidv7());
  }

  #amount(draft: Draft, panel: ModelPanel): number {
    if (typeof draft.amount === 'number') return draft.amount;
    return Math.max(1, panel.balance + (draft.amount === 'all' ? 0 : 1));
  }

  #tenant(draft: Draft): Command {
    const id = uuidv7();
    const common = this.#byPlatform(draft, id, ['tenant', draft.pick % 2]);
    return { ...common, kind: 'createTenant', resellerId: id, name: 'Root', owner: this.#owner(draft) };
  }

  #byPlatform(draft: Draft, tenantId: string, input: readonly unknown[]) {
    const actorId = draft.session === 'unknown' ? uuidv7() : this.#model.platformUserId;
    const roles: readonly Role[] = ['PLATFORM'];
    const scope = { scopeTenantId: PLATFORM_TENANT_ID, scopeId: PLATFORM_TENANT_ID };
    return { ...scope, tenantId, key: `${this.#run} ${keyOf(draft)}`, hash: hashOf(input), actorId, roles };
  }

  #byPanel(draft: Draft, panel: ModelPanel, input: readonly unknown[]) {
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
      case 'debtor':
        return among(this.#model.panels.filter(({ debt }) => debt > 0));
      case 'any':
        return among(this.#model.panels);
    }
  }

  #owner(draft: Draft) {
    const name = draft.email === null ? uuidv7() : `${this.#run}.${draft.email}`;
    return { id: uuidv7(), email: `${name}@owner.test`, passwordHash: 'none' };
  }
}

/** The same input from a caller who knows nothing of ids. */
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

function detailsOf(contact: string | null) {
  return { name: 'Customer "with, {text}\\', contact, contactKey: contact, notes: 'NULL', searchKey: 'customer' };
}

function keyOf({ key }: Draft): string {
  return key === null ? uuidv7() : `key ${key}`;
}

function hashOf(input: readonly unknown[]): string {
  return hash('sha256', JSON.stringify(input));
}
