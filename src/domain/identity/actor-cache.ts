/** Caches the actor of a token for seconds, and drops it when a hint says that rights changed. */

import { type Actor, isInBranch } from '../../kernel/actor.ts';
import { monotonicMs } from '../../kernel/clock.ts';
import type { RightsHint } from '../../kernel/rights.ts';

/**
 * Caches the actor of a token for a few seconds. Its size is bounded: the oldest entries are removed first. The key is the token
 * itself, which the process has in memory for every request anyway: hashing it each time took 2 % of a transfer's CPU. At rest,
 * tokens are stored as hashes.
 */
export interface ActorCache {
  get(token: string): Actor | null;
  /** Caches the actor until `untilMs` of the monotonic clock at the latest. */
  set(token: string, actor: Actor, untilMs: number): void;
  /** Drops the actors that the hint concerns. null drops all. */
  drop(hint: RightsHint | null): void;
}

interface Cached {
  readonly actor: Actor;
  readonly untilMs: number;
}

export function createActorCache(maxCached: number): ActorCache {
  // In the order of insertion, which is nearly the order of expiry.
  const entries = new Map<string, Cached>();
  const tokenBySession = new Map<string, string>();
  // Tokens of support sessions, which also end when their opener's session ends. They are few.
  const supports = new Set<string>();

  function remove(token: string, cached: Cached): void {
    entries.delete(token);
    supports.delete(token);
    tokenBySession.delete(cached.actor.sessionId);
  }

  function dropSession(sessionId: string): void {
    const token = tokenBySession.get(sessionId);
    const cached = token === undefined ? undefined : entries.get(token);
    if (token !== undefined && cached !== undefined) remove(token, cached);
    for (const support of supports) {
      const opened = entries.get(support);
      if (opened?.actor.support?.openerSessionId === sessionId) remove(support, opened);
    }
  }

  function makeRoom(nowMs: number): void {
    for (const [token, cached] of entries) {
      if (cached.untilMs > nowMs && entries.size < maxCached) return;
      remove(token, cached);
    }
  }

  return {
    get(token) {
      const cached = entries.get(token);
      return cached !== undefined && cached.untilMs > monotonicMs() ? cached.actor : null;
    },
    set(token, actor, untilMs) {
      entries.delete(token);
      makeRoom(monotonicMs());
      entries.set(token, { actor, untilMs });
      tokenBySession.set(actor.sessionId, token);
      if (actor.support !== null) supports.add(token);
    },
    drop(hint) {
      if (hint === null) {
        entries.clear();
        tokenBySession.clear();
        supports.clear();
        return;
      }
      if (hint.kind === 'support') return;
      if (hint.kind === 'session') {
        dropSession(hint.sessionId);
        return;
      }
      for (const [token, cached] of entries) if (concerns(hint, cached.actor)) remove(token, cached);
    },
  };
}

function concerns(hint: Exclude<RightsHint, { kind: 'session' | 'support' }>, actor: Actor): boolean {
  // In a support session the user may belong to another tenant than the panel, so the tenant is not compared.
  if (hint.kind === 'user') return hint.userId === actor.userId;
  if (hint.tenantId !== actor.tenantId) return false;
  const { panel } = actor;
  return panel !== null && hint.paths.some((path) => isInBranch(path, panel.path));
}
