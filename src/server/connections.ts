/** Counts open WebSockets and event streams, and ends them with their session. */

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
  /** The sessions that are still valid, by session id. One query checks them all. */
  stillValid(sessions: readonly SessionId[]): Promise<ReadonlyMap<string, Actor>>;
  /** Calls the listener for every hint, and with null when hints may have been lost. */
  onRights(listener: (hint: RightsHint | null) => void): () => void;
}

/** A WebSocket or an event stream, which stays open for longer than a request. */
export interface LongLived {
  /** Called when a session that it was opened with has ended, or when the server stops. */
  end(why: 'session' | 'drain'): void;
}

/** The registration of one open WebSocket or event stream: it is counted, and can be ended. */
export interface Registration {
  /** Sets the object whose `end` is called, unless `close` is called first. */
  onEnd(opened: LongLived): void;
  /** Also ends it when one of this actor's sessions ends. */
  watch(actor: Actor): void;
  close(): void;
}

export interface OpenConnections {
  /** Registers one more, or refuses it. */
  open(address: string): Registration | Rejection;
  /** Ends everything that is open. */
  drain(): void;
  close(): void;
  count(): number;
}

class Registered implements Registration {
  /** The array is replaced, not extended: nearly every registration has one session. */
  sessions: readonly SessionId[] = [];
  readonly network: string;
  readonly #registry: Registry;
  #opened: LongLived | null = null;
  /** Why it ended, if that was before `onEnd`. */
  #why: 'session' | 'drain' | null = null;

  constructor(network: string, registry: Registry) {
    this.network = network;
    this.#registry = registry;
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
    this.#registry.remove(this);
  }
}

const TOPIC = 'open places';

/** All open registrations, counted by network. */
class Registry {
  readonly open = new Set<Registered>();
  readonly #counts: SharedCounts;

  constructor(siblings: Siblings | null) {
    this.#counts = new SharedCounts(TOPIC, siblings);
  }

  /** The count over all processes of this port. */
  count(network: string): number {
    return this.#counts.count(network);
  }

  add(network: string): Registered {
    const registration = new Registered(network, this);
    this.open.add(registration);
    this.#counts.add(network, 1);
    return registration;
  }

  remove(registration: Registered): void {
    if (this.open.delete(registration)) this.#counts.add(registration.network, -1);
  }
}

/** Sessions checked in one query: reading a larger answer would block the event loop. */
const SESSIONS_AT_ONCE = 1_000;

/** Counts open sockets and streams by address, and ends each with its session: at once on a hint, or at the next check. */
export function createOpenConnections(
  sessions: SessionPorts,
  limits: Limits,
  log: Logger,
  siblings: Siblings | null = null,
): OpenConnections {
  const registry = new Registry(siblings);
  let checking: Promise<void> | null = null;
  let checkAgain = false;

  async function check(): Promise<void> {
    const open = new Map<string, SessionId>();
    for (const registration of registry.open) for (const session of registration.sessions) open.set(session.sessionId, session);
    const all = [...open.values()];
    for (let start = 0; start < all.length; start += SESSIONS_AT_ONCE) {
      const some = all.slice(start, start + SESSIONS_AT_ONCE);
      const valid = await sessions.stillValid(some);
      endSessions(new Set(some.map(({ sessionId }) => sessionId).filter((sessionId) => !valid.has(sessionId))));
    }
  }

  /** Runs one check at a time. Calls during a check cause one more check afterwards. */
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
    for (const registration of registry.open)
      if (registration.sessions.some(({ sessionId }) => ended.has(sessionId))) registration.end('session');
  }

  const timer = setInterval(recheck, limits.sessionRecheckMs).unref();
  const unsubscribe = sessions.onRights((hint) => {
    if (hint?.kind === 'session') endSessions(new Set([hint.sessionId]));
    else if (hint?.kind !== 'support') recheck();
  });

  return {
    open(address) {
      const network = networkOf(address);
      if (registry.count(network) >= limits.socketsPerAddress) {
        return Rejection.of(new LimitExceeded(`An address may have ${limits.socketsPerAddress} sockets and streams open.`), 429);
      }
      return registry.add(network);
    },
    drain() {
      for (const registration of registry.open) registration.end('drain');
    },
    close() {
      clearInterval(timer);
      unsubscribe();
    },
    count: () => registry.open.size,
  };
}
