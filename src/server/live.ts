import { networkOf } from '../domain/identity/network.ts';
import type { Actor } from '../kernel/actor.ts';
import { LimitExceeded } from '../kernel/errors.ts';
import type { Logger } from '../kernel/log.ts';
import type { RightsHint } from '../kernel/rights.ts';
import type { Limits } from './limits.ts';
import { Rejection } from './rejection.ts';

interface SessionId {
  readonly tenantId: string;
  readonly sessionId: string;
}

export interface SessionPorts {
  /** Of these sessions, those that still are, by session id: asked of the database in one query. */
  stillValid(sessions: readonly SessionId[]): Promise<ReadonlyMap<string, Actor>>;
  /** null: hints may have been lost. */
  onRights(listener: (hint: RightsHint | null) => void): () => void;
}

/** What is open for longer than a request: a WebSocket or an event stream. */
export interface Place {
  /** Called once when a session it was opened with has ended, or when the server stops. Not called after `close`. */
  onEnd(end: (why: 'session' | 'drain') => void): void;
  /** This session too holds the place open. */
  watch(session: SessionId): void;
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

interface OpenPlace {
  readonly sessions: Map<string, SessionId>;
  end: (why: 'session' | 'drain') => void;
}

/** Counts what is open by address, and ends it with its session: at once by a hint, or at the next check. */
export function createLive(sessions: SessionPorts, limits: Limits, log: Logger): Live {
  const places = new Set<OpenPlace>();
  const perNetwork = new Map<string, number>();
  let checking: Promise<void> | null = null;
  let checkAgain = false;

  async function check(): Promise<void> {
    const open = new Map([...places].flatMap((place) => [...place.sessions]));
    if (open.size === 0) return;
    const valid = await sessions.stillValid([...open.values()]);
    for (const sessionId of open.keys()) if (!valid.has(sessionId)) endSession(sessionId);
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

  function endSession(sessionId: string): void {
    for (const place of places) if (place.sessions.has(sessionId)) place.end('session');
  }

  const timer = setInterval(recheck, limits.sessionRecheckMs).unref();
  const unsubscribe = sessions.onRights((hint) => {
    if (hint?.kind === 'session') endSession(hint.sessionId);
    else recheck();
  });

  return {
    open(address) {
      const network = networkOf(address);
      const open = perNetwork.get(network) ?? 0;
      if (open >= limits.socketsPerAddress) {
        return Rejection.of(new LimitExceeded(`An address may have ${limits.socketsPerAddress} sockets and streams open.`), 429);
      }
      perNetwork.set(network, open + 1);
      const place: OpenPlace = { sessions: new Map(), end: () => {} };
      places.add(place);
      return {
        onEnd(end) {
          place.end = end;
        },
        watch: ({ tenantId, sessionId }) => place.sessions.set(sessionId, { tenantId, sessionId }),
        close() {
          if (!places.delete(place)) return;
          const left = (perNetwork.get(network) ?? 1) - 1;
          if (left > 0) perNetwork.set(network, left);
          else perNetwork.delete(network);
        },
      };
    },
    drain() {
      for (const place of places) place.end('drain');
    },
    close() {
      clearInterval(timer);
      unsubscribe();
    },
    count: () => places.size,
  };
}
