/** The subscription purchaseChanged: what the viewer buys and sells, as it changes. */

import { setTimeout as delay } from 'node:timers/promises';
import type { PurchaseEvent } from '../../src/feed/feed.ts';
import { type Actor, PLATFORM_TENANT_ID } from '../../src/kernel/actor.ts';
import { Refusal } from '../../src/kernel/errors.ts';
import type { RightsHint } from '../../src/kernel/rights.ts';
import { Stream } from '../../src/kernel/stream.ts';
import { builder } from '../core/builder.ts';
import type { Context } from '../core/context.ts';
import { forget, viewerOf } from '../core/scopes.ts';
import { findPurchase, Purchase } from '../purchases/purchase.ts';
import { actsNow, asksOf, concerns, listen } from './rights.ts';
import { type Rights, watched } from './watched-stream.ts';

/** The pause before what could not be asked of the database is asked again. */
const ASK_AGAIN_MS = 250;

/** A valid session, and the role by which its user stands in for sellers who cannot deliver (R28). The lock is looked at with each event. */
class PurchaseRights implements Rights<PurchaseEvent> {
  readonly #ctx: Context;
  #recheck: () => void = () => {};

  constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  async check() {
    const ctx = this.#ctx;
    const sides = sidesOf(await actsNow(ctx));
    return { key: `${sides.panelId} ${sides.standsIn}`, open: () => new Permitted(ctx, ctx.feed.purchases(sides)) };
  }

  onDoubt(recheck: () => void): () => void {
    this.#recheck = recheck;
    return listen(this.#ctx.feed, this);
  }

  hear(hint: RightsHint | null): void {
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

/** Of a panel's purchases and sales those that it may be told of now: its own always, its sales while it is not locked (R8). */
class Permitted extends Stream<PurchaseEvent> {
  readonly #ctx: Context;
  readonly #source: Stream<PurchaseEvent>;
  #isAsking = false;
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
    if (this.#isOver || this.#isAsking) return undefined;
    const permitted = this.#permitted;
    this.#permitted = null;
    if (permitted !== null) return permitted;
    const event = this.#source.take();
    if (event === undefined) {
      if (this.#source.isOver) this.close();
      return undefined;
    }
    if (this.#isBought(event)) return event;
    void this.#ask(event);
    return undefined;
  }

  /** The source has more. */
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

  /** Goes on asking while the database is away: what was taken from the source is nowhere else. */
  async #ask(event: PurchaseEvent): Promise<void> {
    this.#isAsking = true;
    for (;;) {
      try {
        if (await this.#maySee(event)) this.#permitted = event;
        break;
      } catch (reason) {
        if (reason instanceof Refusal) {
          this.#failure = { reason };
          break;
        }
        await delay(ASK_AGAIN_MS, undefined, { ref: false });
        if (this.#isOver) break;
      }
    }
    this.#isAsking = false;
    this.reader?.ready();
  }

  async #maySee({ id, sellerId, tenantId }: PurchaseEvent): Promise<boolean> {
    const ctx = this.#ctx;
    const { panel, tenantId: own } = viewerOf(ctx);
    if (panel !== null && (await asksOf(ctx.ports).locked.load({ tenantId: own, id: panel.id }))) return false;
    if (sellerId === (panel?.id ?? null)) return true;
    // Of another seller's, which the viewer sees while that one cannot deliver.
    forget(ctx);
    return (await findPurchase(ctx, { tenantId, id }, {})) !== null;
  }
}

async function subscribe(ctx: Context): Promise<Stream<PurchaseEvent>> {
  const stream = await watched(new PurchaseRights(ctx));
  forget(ctx);
  return stream;
}

builder.subscriptionField('purchaseChanged', (t) =>
  t.prismaField({
    type: Purchase,
    description:
      'Purchases of the viewer, and its sales, each time one changes: the newest state, so that fast changes of one may be merged; nothing is sent at the start, and that one expires is not a change. A locked panel is told of its own purchases only, and of its sales again once it is unlocked.',
    authScopes: { signedIn: true },
    subscribe: (_root, _args, ctx) => subscribe(ctx),
    resolve: (query, event, _args, ctx) => {
      forget(ctx);
      const { id, tenantId } = event;
      return ctx.ports.prisma.purchase.findUniqueOrThrow({ ...query, where: { tenantId_id: { tenantId, id } } });
    },
  }),
);
