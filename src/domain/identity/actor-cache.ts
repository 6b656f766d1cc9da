import { type Actor, isInBranch } from '../../kernel/actor.ts';
import { monotonicMs } from '../../kernel/clock.ts';
import type { RightsHint } from '../../kernel/rights.ts';

/** Who a token belongs to, for a few seconds. Bounded: beyond its size the oldest go first. */
export interface ActorCache {
  get(key: string): Actor | null;
  /** Kept until `untilMs` of the monotonic clock at most. */
  set(key: string, actor: Actor, untilMs: number): void;
  /** Drops whom the hint concerns; null: everyone. */
  drop(hint: RightsHint | null): void;
}

interface Cached {
  readonly actor: Actor;
  readonly untilMs: number;
}

export function createActorCache(maxCached: number): ActorCache {
  // In the order of their making, which is nearly that of their ending.
  const entries = new Map<string, Cached>();
  const keyBySession = new Map<string, string>();

  function remove(key: string, cached: Cached): void {
    entries.delete(key);
    keyBySession.delete(cached.actor.sessionId);
  }

  function makeRoom(nowMs: number): void {
    for (const [key, cached] of entries) {
      if (cached.untilMs > nowMs && entries.size < maxCached) return;
      remove(key, cached);
    }
  }

  return {
    get(key) {
      const cached = entries.get(key);
      return cached !== undefined && cached.untilMs > monotonicMs() ? cached.actor : null;
    },
    set(key, actor, untilMs) {
      entries.delete(key);
      makeRoom(monotonicMs());
      entries.set(key, { actor, untilMs });
      keyBySession.set(actor.sessionId, key);
    },
    drop(hint) {
      if (hint === null) {
        entries.clear();
        keyBySession.clear();
        return;
      }
      if (hint.kind === 'session') {
        const key = keyBySession.get(hint.sessionId);
        const cached = key === undefined ? undefined : entries.get(key);
        if (key !== undefined && cached !== undefined) remove(key, cached);
        return;
      }
      for (const [key, cached] of entries) if (concerns(hint, cached.actor)) remove(key, cached);
    },
  };
}

function concerns(hint: Exclude<RightsHint, { kind: 'session' }>, actor: Actor): boolean {
  if (hint.tenantId !== actor.tenantId) return false;
  if (hint.kind === 'user') return hint.userId === actor.userId;
  const { panel } = actor;
  return panel !== null && hint.paths.some((path) => isInBranch(path, panel.path));
}
