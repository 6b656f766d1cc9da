import { hash, randomBytes } from 'node:crypto';
import { uuidv7 } from 'uuidv7';
import type { Sql } from '../../db/sql.ts';
import type { Actor } from '../../kernel/actor.ts';
import { monotonicMs } from '../../kernel/clock.ts';
import type { RightsHint } from '../../kernel/rights.ts';
import { createActorCache } from './actor-cache.ts';
import {
  actorOf,
  deleteExpiredSessions,
  deleteSession,
  insertSession,
  type NewSession,
  type SessionRow,
  selectApiKey,
  selectSession,
  selectSessions,
  slideSession,
  touchApiKey,
} from './session-rows.ts';

const TOKEN_BYTES = 32;
const TOKEN = /^[A-Za-z0-9_-]{43}$/;
/** The prefix is what a key is found and told apart by; the rest is as secret as a session's token. */
const API_KEY = /^(rvk_[0-9a-f]{12})_[A-Za-z0-9_-]{43}$/;
const API_KEY_PREFIX_BYTES = 6;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** How long a session is believed without asking the database, when nobody says that it changed. */
const DEFAULT_CACHE_MS = 5_000;
const DEFAULT_MAX_CACHED_SESSIONS = 10_000;
/** Rows removed by one sweep. */
const SWEEP_ROWS = 1_000;

export interface OpenedSession {
  /** Shown once; only its SHA-256 is kept. */
  readonly token: string;
  readonly expiresAtMs: number;
  readonly actor: Actor;
}

export interface SessionId {
  readonly tenantId: string;
  readonly sessionId: string;
}

export interface Sessions {
  /** A new session of a user; null if the user may have none (disabled, or the panel is closed). */
  open(session: NewSession): Promise<OpenedSession | null>;
  /**
   * Whose token this is, a session's or an API key; null: nobody's, or no longer. Counts as use: a session's expiry moves, never
   * past its end, or a key's last use is noted, at most once a minute. May be as old as the cache's lifetime, but never older than a hint that reached `invalidate`.
   */
  authenticate(token: string): Promise<Actor | null>;
  /** Ends the session here and in the database; other processes learn of it by a hint, or when their caches expire. */
  end(session: SessionId): Promise<void>;
  /** Forgets what a hint puts in doubt; null: everything. */
  invalidate(hint: RightsHint | null): void;
  /** The actors of those sessions and API keys that are valid, by id: one query, asked now. Does not count as use. */
  stillValid(sessions: readonly SessionId[]): Promise<Map<string, Actor>>;
  /** Removes a bounded number of sessions that are over. Answers how many. */
  sweep(): Promise<number>;
}

export interface SessionOptions {
  readonly sql: Sql;
  /** Without use for this long a session ends. */
  readonly idleMinutes: number;
  /** However much it is used, it ends after this long. */
  readonly maxDays: number;
  readonly cacheMs?: number;
  readonly maxCached?: number;
}

export function createSessions(options: SessionOptions): Sessions {
  const { sql, cacheMs = DEFAULT_CACHE_MS } = options;
  const idleMs = options.idleMinutes * MINUTE_MS;
  const maxMs = options.maxDays * DAY_MS;
  const cache = createActorCache(options.maxCached ?? DEFAULT_MAX_CACHED_SESSIONS);
  const loads = new Map<string, Promise<Actor | null>>();
  // How often something was put in doubt: a load that began before cannot know of it, so it is neither kept nor joined.
  let doubts = 0;

  async function find(key: string, keyPrefix: string | null): Promise<SessionRow | null> {
    const tokenHash = Buffer.from(key, 'base64url');
    return keyPrefix === null ? selectSession(sql, tokenHash, idleMs) : selectApiKey(sql, keyPrefix, tokenHash);
  }

  async function used(row: SessionRow): Promise<SessionRow> {
    if (row.key_scope !== null) {
      await touchApiKey(sql, row);
      return row;
    }
    const movedTo = await slideSession(sql, row, idleMs);
    return movedTo === null ? row : { ...row, expires_at_ms: movedTo };
  }

  async function load(key: string, keyPrefix: string | null): Promise<Actor | null> {
    const doubtsBefore = doubts;
    const begunMs = monotonicMs();
    const row = await find(key, keyPrefix);
    if (row === null) return null;
    const actor = actorOf(row.is_due ? await used(row) : row);
    if (doubts === doubtsBefore) cache.set(key, actor, begunMs + Math.min(cacheMs, row.remaining_ms));
    return actor;
  }

  function loadOnce(key: string, keyPrefix: string | null): Promise<Actor | null> {
    const begun = loads.get(key);
    if (begun !== undefined) return begun;
    const loading = load(key, keyPrefix).finally(() => {
      if (loads.get(key) === loading) loads.delete(key);
    });
    loads.set(key, loading);
    return loading;
  }

  function invalidate(hint: RightsHint | null): void {
    doubts += 1;
    loads.clear();
    cache.drop(hint);
  }

  return {
    async open(session) {
      const token = randomBytes(TOKEN_BYTES).toString('base64url');
      const tokenHash = Buffer.from(keyOf(token), 'base64url');
      const row = await insertSession(sql, { ...session, id: uuidv7(), tokenHash }, { idleMs, maxMs });
      return row && { token, expiresAtMs: row.expires_at_ms, actor: actorOf(row) };
    },
    async authenticate(token) {
      const keyPrefix = API_KEY.exec(token)?.[1] ?? null;
      if (keyPrefix === null && !TOKEN.test(token)) return null;
      const key = keyOf(token);
      return cache.get(key) ?? loadOnce(key, keyPrefix);
    },
    async end({ tenantId, sessionId }) {
      await deleteSession(sql, tenantId, sessionId);
      invalidate({ kind: 'session', tenantId, sessionId });
    },
    invalidate,
    async stillValid(sessions) {
      if (sessions.length === 0) return new Map();
      const rows = await selectSessions(sql, sessions, idleMs);
      return new Map(rows.map((row) => [row.session_id, actorOf(row)]));
    },
    sweep: () => deleteExpiredSessions(sql, SWEEP_ROWS),
  };
}

/** A new API key: its token, shown once, the beginning it is known by, and the hash that is stored. */
export function newApiKey(): { readonly token: string; readonly prefix: string; readonly tokenHash: Buffer } {
  const prefix = `rvk_${randomBytes(API_KEY_PREFIX_BYTES).toString('hex')}`;
  const token = `${prefix}_${randomBytes(TOKEN_BYTES).toString('base64url')}`;
  return { token, prefix, tokenHash: Buffer.from(keyOf(token), 'base64url') };
}

/** What a token is stored and cached under. */
function keyOf(token: string): string {
  return hash('sha256', token, 'base64url');
}
