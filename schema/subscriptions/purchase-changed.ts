/** The subscription purchaseChanged: changes of the viewer's purchases and sales. */

import { setTimeout as delay } from 'node:timers/promises';
import type { PurchaseEvent } from '../../src/feed/feed.ts';
import { type Actor, PLATFORM_TENANT_ID } from '../../src/kernel/actor.ts';
import { Refusal } from '../../src/kernel/errors.ts';
import type { RightsHint } from '../../src/kernel/rights.ts';
import { Stream } from '../../src/kernel/stream.ts';
import { builder } from '../core/builder.ts';
import type { Context } from '../core/context.ts';
import { clearCaches, viewerOf } from '../core/scopes.ts';
import { findPurchase, Purchase } from '../purchases/purchase.ts';
import { concerns, listen, refreshActor, rightsLoadersOf } from './rights.ts';
import { type Rights, watched } from './watched-stream.ts';

/** The pause before a failed query is tried again. */
const RETRY_PAUSE_MS = 250;

/** The rights: a valid session, and the role to settle sales of sellers who cannot deliver (R28). The lock is checked for each event. */
class PurchaseRights implements Rights<PurchaseEvent> {
  readonly #ctx: Context;
  #recheck: () => void = () => {};

  constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  async check() {
    const ctx = this.#ctx;
    const sides = sidesOf(await refreshActor(ctx));
    return { key: `${sides.panelId} ${sides.standsIn}`, open: () => new Permitted(ctx, ctx.feed.purchases(sides)) };
  }

  onPossibleChange(recheck: () => void): () => void {
    this.#recheck = recheck;
    return listen(this.#ctx.feed, this);
  }

  onHint(hint: RightsHint | null): void {
    if (hint === null || concerns(hint, viewerOf(this.#ctx), null)) this.#recheck();
  }

  watch(): Promise<void> {
    return Promise.resolve();
  }
}

function sidesOf({ panel, role, tenantId }: Actor) {
  if (panel === null) return { tenantId: PLATFORM_TENANT_ID, panelId: null, standsIn: true };
  return { tenantId, panelId: panel.id, standsIn: panel.id === tenantId && role === 'OWNER' };
}

/** Passes on the events that the viewer may see now: its own purchases always, its sales while it is not locked (R8). */
class Permitted extends Stream<PurchaseEvent> {
  readonly #ctx: Context;
  readonly #source: Stream<PurchaseEvent>;
  #isChecking = false;
  #permitted: PurchaseEvent | null = null;
  #failure: { readonly reason: unknown } | null = null;
  #isOver = false;

  constructor(ctx: Context, source: Stream<PurchaseEvent>) {
    super();
    this.#ctx = ctx;
    this.#source = source;
    source.reader = this;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  take(): PurchaseEvent | undefined {
    if (this.#failure !== null) {
      const { reason } = this.#failure;
      this.#failure = null;
      throw reason;
    }
    if (this.#isOver || this.#isChecking) return undefined;
    const permitted = this.#permitted;
    this.#permitted = null;
    if (permitted !== null) return permitted;
    const event = this.#source.take();
    if (event === undefined) {
      if (this.#source.isOver) this.close();
      return undefined;
    }
    if (this.#isBought(event)) return event;
    void this.#check(event);
    return undefined;
  }

  /** Called by the source when it has more events. */
  ready(): void {
    this.reader?.ready();
  }

  close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#permitted = null;
    this.#source.close();
    this.reader?.ready();
  }

  #isBought({ buyerId, tenantId }: PurchaseEvent): boolean {
    const { panel, tenantId: own } = viewerOf(this.#ctx);
    return panel !== null && buyerId === panel.id && tenantId === own;
  }

  /** Retries while the database cannot be reached, because an event that was taken from the source is stored nowhere else. */
  async #check(event: PurchaseEvent): Promise<void> {
    this.#isChecking = true;
    for (;;) {
      try {
        if (await this.#maySee(event)) this.#permitted = event;
        break;
      } catch (reason) {
        if (reason instanceof Refusal) {
          this.#failure = { reason };
          break;
        }
        await delay(RETRY_PAUSE_MS, undefined, { ref: false });
        if (this.#isOver) break;
      }
    }
    this.#isChecking = false;
    this.reader?.ready();
  }

  async #maySee({ id, sellerId, tenantId }: PurchaseEvent): Promise<boolean> {
    const ctx = this.#ctx;
    const { panel, tenantId: own } = viewerOf(ctx);
    if (panel !== null && (await rightsLoadersOf(ctx.ports).locked.load({ tenantId: own, id: panel.id }))) return false;
    if (sellerId === (panel?.id ?? null)) return true;
    // A sale of another seller, which the viewer sees while that seller cannot deliver.
    clearCaches(ctx);
    return (await findPurchase(ctx, { tenantId, id }, {})) !== null;
  }
}

async function subscribe(ctx: Context): Promise<Stream<PurchaseEvent>> {
  const stream = await watched(new PurchaseRights(ctx));
  clearCaches(ctx);
  return stream;
}

builder.subscriptionField('purchaseChanged', (t) =>
  t.prismaField({
    type: Purchase,
    description:
      "A purchase or sale of the viewer, each time one changes. Always sends the newest state, so fast changes of one purchase may be merged. Sends nothing at the start, and nothing when a purchase expires. While the viewer's panel is locked, only its own purchases are sent; sales follow again when it is unlocked.",
    authScopes: { signedIn: true },
    subscribe: (_root, _args, ctx) => subscribe(ctx),
    resolve: (query, event, _args, ctx) => {
      clearCaches(ctx);
      const { id, tenantId } = event;
      return ctx.ports.prisma.purchase.findUniqueOrThrow({ ...query, where: { tenantId_id: { tenantId, id } } });
    },
  }),
);
