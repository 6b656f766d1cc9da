/** The rights that a subscription needs, which are checked again at each hint that they may have changed. */

import { isDeepStrictEqual } from 'node:util';
import DataLoader from 'dataloader';
import { areClosedByLock } from '../../src/domain/account/closed-by-lock.ts';
import { type OpenSupport, supportSessions } from '../../src/domain/identity/support-sessions.ts';
import { inTenants } from '../../src/domain/in-tenants.ts';
import type { Ports } from '../../src/domain/ports.ts';
import { findPanels, type PanelPosition } from '../../src/domain/reseller/find-panels.ts';
import type { BalanceEvent, Feed } from '../../src/feed/feed.ts';
import { type Actor, isInBranch, type SessionId, sessionsOf } from '../../src/kernel/actor.ts';
import { BadUserInput, NotFound, PanelLocked, Unauthenticated } from '../../src/kernel/errors.ts';
import type { RightsHint } from '../../src/kernel/rights.ts';
import type { Context } from '../core/context.ts';
import { decodeIdOf } from '../core/global-id.ts';
import { isOwn, viewerOf } from '../core/scopes.ts';
import { isVisible } from '../core/visibility.ts';
import type { Rights } from './watched-stream.ts';

/**
 * Changes between the move of a panel and the moment when this process noticed it are read again, as far back as this. A move is
 * announced at once, and a lost announcement is noticed within seconds.
 */
const MOVE_NOTICED_WITHIN_MS = 30_000;

interface RowKey {
  readonly tenantId: string;
  readonly id: string;
}

export interface WatchedPanel<Event = BalanceEvent> {
  /** The id that the client sent. Null for the viewer's own panel. */
  readonly resellerId: string | null;
  /** Whether a locked panel may watch this of itself, as its balance and lock (R8). */
  readonly isOpenWhileLocked: boolean;
  /** The source of the panel's events. If a move changes `key`, another source is opened, beginning with changes since `movedSinceMs`. */
  source(panel: PanelPosition, movedSinceMs: number | undefined): { readonly key: string; open(): AsyncIterator<Event> };
}

/**
 * The rights of one subscription (R8, R18): a valid session, a panel of the viewer's branch, and a viewer's panel that is not
 * locked. The last one is not needed for the viewer's own panel if the subscription is open while locked.
 */
export class SubscriptionRights<Event = BalanceEvent> implements Rights<Event> {
  readonly #ctx: Context;
  readonly #panel: WatchedPanel<Event>;
  readonly #named: RowKey | null;
  /** The lock events of the viewer's own panel. Null if the lock does not end the subscription. */
  readonly #locks: AsyncIterableIterator<BalanceEvent> | null;
  #isLockKnown: boolean;
  #place: PanelPosition | null = null;
  #recheck: () => void = () => {};

  constructor(ctx: Context, panel: WatchedPanel<Event>) {
    const viewer = viewerOf(ctx);
    this.#ctx = ctx;
    this.#panel = panel;
    this.#named = panelNamed(ctx, panel.resellerId);
    const isOpen = viewer.panel === null || (panel.isOpenWhileLocked && this.#named !== null && isOwn(ctx, this.#named));
    this.#locks = isOpen || viewer.panel === null ? null : ctx.feed.locks(viewer.tenantId, viewer.panel.id, null);
    this.#isLockKnown = this.#locks === null;
  }

  async check() {
    const ctx = this.#ctx;
    const loaders = rightsLoadersOf(ctx.ports);
    await refreshActor(ctx);
    // The first event is the present state. `watch` reads the others.
    if (!this.#isLockKnown) await this.#locks?.next();
    this.#isLockKnown = true;
    if (this.#locks !== null) await refuseIfClosed(ctx);
    const before = this.#place;
    const found = this.#named && (await loaders.panel.load(this.#named));
    // Keeps the id strings of #named, so that the new row's equal strings are not held in memory too.
    this.#place = found && { ...found, ...this.#named };
    if (this.#place === null || !isVisible(ctx, this.#place)) throw new NotFound();
    return this.#panel.source(this.#place, before === null ? undefined : before.seenAtMs - MOVE_NOTICED_WITHIN_MS);
  }

  onPossibleChange(recheck: () => void): () => void {
    this.#recheck = recheck;
    const stop = listen(this.#ctx.feed, this);
    return () => {
      stop();
      void this.#locks?.return?.();
    };
  }

  /** Called for every hint. Null means that any right may have changed. */
  onHint(hint: RightsHint | null): void {
    if (hint === null || concerns(hint, viewerOf(this.#ctx), this.#place)) this.#recheck();
  }

  async watch(): Promise<void> {
    if (this.#locks === null) return;
    for await (const { account } of this.#locks) if (account.balance === 0) await refuseIfClosed(this.#ctx);
  }
}

/** The viewer with its present rights. Throws Unauthenticated if the session has ended. */
export async function refreshActor(ctx: Context): Promise<Actor> {
  const actor = await rightsLoadersOf(ctx.ports).actor.load(viewerOf(ctx));
  if (actor === null) throw new Unauthenticated('The session has ended.');
  // If nothing has changed, the context keeps its object, which other subscriptions share.
  if (!isDeepStrictEqual(ctx.actor, actor)) ctx.actor = actor;
  return actor;
}

/** Throws PanelLocked if the viewer's own panel is locked, and the tenant's policy closes reads to locked panels (R57). */
export async function refuseIfClosed(ctx: Context): Promise<void> {
  const { panel, tenantId } = viewerOf(ctx);
  if (panel === null) return;
  const own = { tenantId, id: panel.id };
  if (await rightsLoadersOf(ctx.ports).locked.load(own)) throw new PanelLocked(own);
}

/** A listener to the hints of a feed. Null means that any right may have changed. */
export interface HintListener {
  onHint(hint: RightsHint | null): void;
}

/** The one subscription to the hints of a feed, which all listeners share. */
interface SharedListener {
  readonly open: Set<HintListener>;
  readonly unsubscribe: () => void;
}

const sharedListeners = new WeakMap<Feed, SharedListener>();

/** Registers one listener on the feed for all its subscriptions. Returns the function that unsubscribes. */
export function listen(feed: Feed, rights: HintListener): () => void {
  let shared = sharedListeners.get(feed);
  if (shared === undefined) {
    const open = new Set<HintListener>();
    const unsubscribe = feed.onRights((hint) => {
      for (const one of open) one.onHint(hint);
    });
    shared = { open, unsubscribe };
    sharedListeners.set(feed, shared);
  }
  const { open, unsubscribe } = shared;
  open.add(rights);
  return () => {
    open.delete(rights);
    if (open.size > 0) return;
    unsubscribe();
    if (sharedListeners.get(feed)?.open === open) sharedListeners.delete(feed);
  };
}

/** The key of the panel that the id names, or of the viewer's own. Null if the id is malformed. */
function panelNamed(ctx: Context, resellerId: string | null): RowKey | null {
  if (resellerId !== null) return decodeIdOf(ctx, 'Reseller', resellerId);
  const { panel, tenantId } = viewerOf(ctx);
  if (panel === null) throw new BadUserInput('resellerId', 'the platform has no panel of its own, so give the id of one.');
  return { tenantId, id: panel.id };
}

/** Whether a hint may change what the viewer may see of its own panel, or of the panel at `place`. */
export function concerns(hint: RightsHint, viewer: Actor, place: PanelPosition | null): boolean {
  if (hint.kind === 'support') return false;
  if (hint.kind === 'session') return sessionsOf(viewer).some(({ sessionId }) => sessionId === hint.sessionId);
  if (hint.kind === 'user') return hint.userId === viewer.userId;
  const paths = [viewer.panel?.path, place?.path].filter((path) => path !== undefined);
  return (hint.tenantId === viewer.tenantId || hint.tenantId === place?.tenantId) && paths.some((path) => isBelowAny(path, hint.paths));
}

function isBelowAny(path: string, roots: readonly string[]): boolean {
  return roots.some((root) => isInBranch(root, path));
}

interface RightsLoaders {
  readonly actor: DataLoader<SessionId, Actor | null>;
  readonly panel: DataLoader<RowKey, PanelPosition | null>;
  readonly locked: DataLoader<RowKey, boolean>;
  readonly support: DataLoader<RowKey, readonly OpenSupport[]>;
}

/** The most rows that one SQL statement reads. */
const MAX_BATCH_ROWS = 1_000;

const rightsLoaders = new WeakMap<Ports, RightsLoaders>();

/** Combines the look-ups of many subscriptions into few statements: one hint makes thousands of them check at once. Caches nothing. */
export function rightsLoadersOf(ports: Ports): RightsLoaders {
  const known = rightsLoaders.get(ports);
  if (known !== undefined) return known;
  const options = { cache: false, maxBatchSize: MAX_BATCH_ROWS };
  const made: RightsLoaders = {
    actor: new DataLoader(async (sessions: readonly SessionId[]) => {
      const valid = await ports.sessions.stillValid(sessions);
      return sessions.map(({ sessionId }) => valid.get(sessionId) ?? null);
    }, options),
    panel: new DataLoader((panels: readonly RowKey[]) => findPanels(ports, panels), options),
    locked: new DataLoader((panels: readonly RowKey[]) => inTenants(ports, panels, (own) => areClosedByLock(ports.sql, own)), options),
    support: new DataLoader((panels: readonly RowKey[]) => supportSessions(ports, panels), options),
  };
  rightsLoaders.set(ports, made);
  return made;
}
