import DataLoader from 'dataloader';
import type { SessionId } from '../src/domain/identity/sessions.ts';
import type { Ports } from '../src/domain/ports.ts';
import { findPanels, type PanelPlace } from '../src/domain/reseller/find-panels.ts';
import type { BalanceEvent } from '../src/feed/feed.ts';
import { type Actor, isInBranch } from '../src/kernel/actor.ts';
import { BadUserInput, NotFound, PanelLocked, Unauthenticated } from '../src/kernel/errors.ts';
import type { RightsHint } from '../src/kernel/rights.ts';
import type { Context } from './context.ts';
import { decodeIdOf } from './global-id.ts';
import { isOwn, viewerOf } from './scopes.ts';
import { isVisible } from './visibility.ts';
import type { Rights } from './watch.ts';

/** What changed between a move and the moment it was noticed is looked up: a move is announced at once, and a lost announcement is noticed in seconds. */
const MOVE_NOTICED_WITHIN_MS = 30_000;

interface RowKey {
  readonly tenantId: string;
  readonly id: string;
}

export interface WatchedPanel {
  /** As the client named it; null: the viewer's own. */
  readonly resellerId: string | null;
  /** Its own balance and lock a locked panel goes on watching (R8). */
  readonly isOpenWhileLocked: boolean;
  /** Where the events of the panel come from; `key` names it, so that a move opens another, which begins with what changed since. */
  source(panel: PanelPlace, movedSinceMs: number | undefined): { readonly key: string; open(): AsyncIterator<BalanceEvent> };
}

/**
 * The rights of one subscription (R8, R18): a session that is valid, a panel of the viewer's branch, and, unless it is the
 * viewer's own and open while locked, an own panel that is not locked.
 */
export function subscriptionRights(ctx: Context, { isOpenWhileLocked, resellerId, source }: WatchedPanel): Rights<BalanceEvent> {
  const { panel: ownPanel, tenantId: ownTenantId } = viewerOf(ctx);
  const named = panelNamed(ctx, resellerId);
  const locks =
    ownPanel === null || (isOpenWhileLocked && named !== null && isOwn(ctx, named)) ? null : ctx.feed.locks(ownTenantId, ownPanel.id, null);
  const refuseIfLocked = (event: BalanceEvent | undefined) => {
    if (event?.account.balance === 0) throw new PanelLocked(event.account);
  };
  let isLockKnown = locks === null;
  let place: PanelPlace | null = null;

  return {
    async check() {
      const actor = await asksOf(ctx.ports).actor.load(viewerOf(ctx));
      if (actor === null) throw new Unauthenticated('The session has ended.');
      ctx.actor = actor;
      // The first is the present state; the others are watched.
      if (!isLockKnown) refuseIfLocked((await locks?.next())?.value);
      isLockKnown = true;
      const before = place;
      place = named && (await asksOf(ctx.ports).panel.load(named));
      if (place === null || !isVisible(ctx, place)) throw new NotFound();
      return source(place, before === null ? undefined : place.seenAtMs - MOVE_NOTICED_WITHIN_MS);
    },
    onDoubt(recheck) {
      const unsubscribe = ctx.feed.onRights((hint) => {
        if (hint === null || concerns(hint, viewerOf(ctx), place)) recheck();
      });
      return () => {
        unsubscribe();
        void locks?.return?.();
      };
    },
    async watch() {
      if (locks !== null) for await (const event of locks) refuseIfLocked(event);
    },
  };
}

/** null: the id names nothing. */
function panelNamed(ctx: Context, resellerId: string | null): RowKey | null {
  if (resellerId !== null) return decodeIdOf(ctx, 'Reseller', resellerId);
  const { panel, tenantId } = viewerOf(ctx);
  if (panel === null) throw new BadUserInput('resellerId', 'the platform has no panel of its own: name one.');
  return { tenantId, id: panel.id };
}

function concerns(hint: RightsHint, viewer: Actor, place: PanelPlace | null): boolean {
  if (hint.kind === 'session') return hint.sessionId === viewer.sessionId;
  if (hint.kind === 'user') return hint.userId === viewer.userId;
  const paths = [viewer.panel?.path, place?.path].filter((path) => path !== undefined);
  return (hint.tenantId === viewer.tenantId || hint.tenantId === place?.tenantId) && paths.some((path) => isBelowAny(path, hint.paths));
}

function isBelowAny(path: string, roots: readonly string[]): boolean {
  return roots.some((root) => isInBranch(root, path));
}

interface Asks {
  readonly actor: DataLoader<SessionId, Actor | null>;
  readonly panel: DataLoader<RowKey, PanelPlace | null>;
}

/** Rows asked for in one statement. */
const MAX_ASKED = 1_000;

const asks = new WeakMap<Ports, Asks>();

/** One hint makes thousands of subscriptions ask in the same moment: they ask together, and nothing is kept. */
function asksOf(ports: Ports): Asks {
  const known = asks.get(ports);
  if (known !== undefined) return known;
  const options = { cache: false, maxBatchSize: MAX_ASKED };
  const made: Asks = {
    actor: new DataLoader(async (sessions: readonly SessionId[]) => {
      const valid = await ports.sessions.stillValid(sessions);
      return sessions.map(({ sessionId }) => valid.get(sessionId) ?? null);
    }, options),
    panel: new DataLoader((panels: readonly RowKey[]) => findPanels(ports.sql, panels), options),
  };
  asks.set(ports, made);
  return made;
}
