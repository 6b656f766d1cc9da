/** Counts what stays open for longer than a request, and ends it with its session. */

import { type Actor, type SessionId, sessionsOf } from '../kernel/actor.ts';
import { LimitExceeded } from '../kernel/errors.ts';
import type { Logger } from '../kernel/log.ts';
import { networkOf } from '../kernel/network.ts';
import type { RightsHint } from '../kernel/rights.ts';
import type { Siblings } from '../kernel/siblings.ts';
import { Rejection } from './graphql/rejection.ts';
import type { Limits } from './limits.ts';
import { SharedCounts } from './shared-counts.ts';

export interface SessionPorts {
  /** Of these sessions, those that still are, by session id: asked of the database together. */
  stillValid(sessions: readonly SessionId[]): Promise<ReadonlyMap<string, Actor>>;
  /** null: hints may have been lost. */
  onRights(listener: (hint: RightsHint | null) => void): () => void;
}

/** What is open for longer than a request, a WebSocket or an event stream, at its own end. */
export interface LongLived {
  /** A session it was opened with has ended, or the server stops. */
  end(why: 'session' | 'drain'): void;
}

/** What is open for longer than a request, where it is counted and ended. */
export interface Place {
  /** Whom to tell, unless `close` was called before. */
  onEnd(opened: LongLived): void;
  /** The sessions of this actor too hold the place open. */
  watch(actor: Actor): void;
  close(): void;
}

export interface Live {
  /** A place for one more, or why there is none. */
  open(address: string): Place | Rejection;
  /** Ends all. */
  drain(): void;
  close(): void;
  count(): number;
}

class OpenPlace implements Place {
  /** Replaced, not added to: nearly every place has one. */
  sessions: readonly SessionId[] = [];
  readonly network: string;
  readonly #places: Places;
  #opened: LongLived | null = null;
  /** What ended it before anybody could be told. */
  #why: 'session' | 'drain' | null = null;

  constructor(network: string, places: Places) {
    this.network = network;
    this.#places = places;
  }

  onEnd(opened: LongLived): void {
    this.#opened = opened;
    if (this.#why !== null) opened.end(this.#why);
  }

  watch(actor: Actor): void {
    for (const session of sessionsOf(actor)) {
      const isKnown = this.sessions.some(({ sessionId }) => sessionId === session.sessionId);
      if (!isKnown) this.sessions = [...this.sessions, session];
    }
  }

  end(why: 'session' | 'drain'): void {
    if (this.#opened === null) this.#why = why;
    else this.#opened.end(why);
  }

  close(): void {
    this.#places.remove(this);
  }
}

const TOPIC = 'open places';

/** What is open, counted by network. */
class Places {
  readonly open = new Set<OpenPlace>();
  readonly #counts: SharedCounts;

  constructor(siblings: Siblings | null) {
    this.#counts = new SharedCounts(TOPIC, siblings);
  }

  /** In all processes of this port. */
  count(network: string): number {
    return this.#counts.count(network);
  }

  add(network: string): OpenPlace {
    const place = new OpenPlace(network, this);
    this.open.add(place);
    this.#counts.add(network, 1);
    return place;
  }

  remove(place: OpenPlace): void {
    if (this.open.delete(place)) this.#counts.add(place.network, -1);
  }
}

/** Sessions asked about in one query: more would keep the event loop from everybody else while the answer is read. */
const SESSIONS_AT_ONCE = 1_000;

/** Counts what is open by address, and ends it with its session: at once by a hint, or at the next check. */
export function createLive(sessions: SessionPorts, limits: Limits, log: Logger, siblings: Siblings | null = null): Live {
  const places = new Places(siblings);
  let checking: Promise<void> | null = null;
  let checkAgain = false;

  async function check(): Promise<void> {
    const open = new Map<string, SessionId>();
    for (const place of places.open) for (const session of place.sessions) open.set(session.sessionId, session);
    const asked = [...open.values()];
    for (let start = 0; start < asked.length; start += SESSIONS_AT_ONCE) {
      const some = asked.slice(start, start + SESSIONS_AT_ONCE);
      const valid = await sessions.stillValid(some);
      endSessions(new Set(some.map(({ sessionId }) => sessionId).filter((sessionId) => !valid.has(sessionId))));
    }
  }

  /** One check at a time; what is asked meanwhile is asked once more afterwards. */
  function recheck(): void {
    if (checking) {
      checkAgain = true;
      return;
    }
    checking = check()
      .catch((error: unknown) =>
        log.warn({ err: error instanceof Error ? error.message : 'unknown' }, 'open sessions could not be checked'),
      )
      .finally(() => {
        checking = null;
        if (!checkAgain) return;
        checkAgain = false;
        recheck();
      });
  }

  function endSessions(ended: ReadonlySet<string>): void {
    if (ended.size === 0) return;
    for (const place of places.open) if (place.sessions.some(({ sessionId }) => ended.has(sessionId))) place.end('session');
  }

  const timer = setInterval(recheck, limits.sessionRecheckMs).unref();
  const unsubscribe = sessions.onRights((hint) => {
    if (hint?.kind === 'session') endSessions(new Set([hint.sessionId]));
    else if (hint?.kind !== 'support') recheck();
  });

  return {
    open(address) {
      const network = networkOf(address);
      if (places.count(network) >= limits.socketsPerAddress) {
        return Rejection.of(new LimitExceeded(`An address may have ${limits.socketsPerAddress} sockets and streams open.`), 429);
      }
      return places.add(network);
    },
    drain() {
      for (const place of places.open) place.end('drain');
    },
    close() {
      clearInterval(timer);
      unsubscribe();
    },
    count: () => places.open.size,
  };
}
