/** Opens sessions, finds the actor of a token, and deletes expired sessions. */

import { hash, randomBytes } from 'node:crypto';
import type { Directory } from '../../db/directory.ts';
import type { Sql } from '../../db/sql.ts';
import type { Actor, ApiKeyScope, SessionId } from '../../kernel/actor.ts';
import { monotonicMs } from '../../kernel/clock.ts';
import type { RightsHint } from '../../kernel/rights.ts';
import { uuidv7 } from '../../kernel/uuid.ts';
import { createActorCache } from './actor-cache.ts';
import { insertSessionByTenant } from './insert-session-by-tenant.ts';
import {
  actorOf,
  deleteExpiredSessions,
  deleteSession,
  insertSession,
  type NewSession,
  type OpeningSession,
  type SessionRow,
  selectApiKey,
  selectSession,
  selectSessions,
  selectSupportSession,
  slideSession,
  tenantsWithExpired,
  touchApiKey,
} from './session-rows.ts';
import { openSupportOf, selectSessionsByTenant, supportRow } from './support-by-tenant.ts';

const TOKEN_BYTES = 32;
const TOKEN = /^[A-Za-z0-9_-]{43}$/;
/** A key is found by its prefix, which also identifies it to people. The rest is as secret as a session's token. */
const API_KEY = /^(rv[ka]_[0-9a-f]{12})_[A-Za-z0-9_-]{43}$/;
const SUPPORT_TOKEN = /^rvs_[A-Za-z0-9_-]{43}$/;
const API_KEY_PREFIX_BYTES = 6;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** How long a session is cached without a query, unless a hint says that it changed. */
const DEFAULT_CACHE_MS = 5_000;
const DEFAULT_MAX_CACHED_SESSIONS = 10_000;
/** The rows that one sweep deletes at most. */
const SWEEP_ROWS = 1_000;

export interface OpenedSession {
  /** Shown once: only its SHA-256 is stored. */
  readonly token: string;
  readonly expiresAtMs: number;
  readonly actor: Actor;
}

export interface Sessions {
  /** Opens a session of a user. Returns null if the user may have none (disabled, or the panel is closed). */
  open(session: NewSession): Promise<OpenedSession | null>;
  /**
   * Returns the actor of a token of a session, a support session or an API key. Returns null if the token is unknown or no longer
   * valid. It counts as use: at most once a minute it extends the session's expiry, never past its end, or records the key's last use.
   * The result may be as old as the cache's lifetime, but never older than a hint that reached `invalidate`. A cached result is
   * returned without a promise.
   */
  authenticate(token: string): Actor | null | Promise<Actor | null>;
  /** Ends the session in the database and in this process. Other processes notice it by a hint, or when their caches expire. */
  end(session: SessionId): Promise<void>;
  /** Drops the cached actors that a hint concerns. null drops all. */
  invalidate(hint: RightsHint | null): void;
  /**
   * Reads the actors of those sessions and API keys that are still valid, by id, with a query for each thousand. It does not count
   * as use.
   */
  stillValid(sessions: readonly SessionId[]): Promise<Map<string, Actor>>;
  /** Deletes a bounded number of expired sessions. Returns how many. */
  sweep(): Promise<number>;
}

export interface SessionOptions {
  readonly sql: Sql;
  readonly directory: Directory | null;
  /** A session ends after this long without use. */
  readonly idleMinutes: number;
  /** A session ends after this long even if it is in use. */
  readonly maxDays: number;
  readonly cacheMs?: number;
  readonly maxCached?: number;
}

export function createSessions(options: SessionOptions): Sessions {
  const { directory, sql, cacheMs = DEFAULT_CACHE_MS } = options;
  const idleMs = options.idleMinutes * MINUTE_MS;
  const maxMs = options.maxDays * DAY_MS;
  const cache = createActorCache(options.maxCached ?? DEFAULT_MAX_CACHED_SESSIONS);
  const loads = new Map<string, Promise<Actor | null>>();
  // Counts invalidations. A load that began before one may not have seen its cause, so its result is not cached, and no caller joins it.
  let doubts = 0;

  async function find(token: string, keyPrefix: string | null): Promise<SessionRow | null> {
    const tokenHash = hashOf(token);
    const isSupport = SUPPORT_TOKEN.test(token);
    if (directory !== null) {
      const kind = isSupport ? 'SUPPORT' : keyPrefix === null ? 'SESSION' : 'API_KEY';
      const place = await directory.find(kind, keyPrefix ?? tokenHash.toString('hex'));
      return place && findIn(place.tenantId, tokenHash, keyPrefix, isSupport);
    }
    if (isSupport) return selectSupportSession(sql, tokenHash);
    return keyPrefix === null ? selectSession(sql, null, tokenHash, idleMs) : selectApiKey(sql, null, keyPrefix, tokenHash);
  }

  /** The directory's entry comes first: after a crash in between, it remains and leads to no session. */
  async function insert(session: OpeningSession): Promise<SessionRow | null> {
    if (directory === null) return insertSession(sql, session, { idleMs, maxMs });
    const { id, tenantId, tokenHash } = session;
    await directory.note('SESSION', tokenHash.toString('hex'), { tenantId, subjectId: id });
    return (await insertSessionByTenant(sql, session, { idleMs, maxMs })) ? selectSession(sql, tenantId, tokenHash, idleMs) : null;
  }

  async function findIn(tenantId: string, tokenHash: Buffer, keyPrefix: string | null, isSupport: boolean): Promise<SessionRow | null> {
    if (isSupport) {
      const [open] = await openSupportOf(sql, tenantId, { tokenHash });
      return open ? supportRow(open) : null;
    }
    return keyPrefix === null ? selectSession(sql, tenantId, tokenHash, idleMs) : selectApiKey(sql, tenantId, keyPrefix, tokenHash);
  }

  async function used(row: SessionRow): Promise<SessionRow> {
    if (row.key_scope !== null) {
      await touchApiKey(sql, row);
      return row;
    }
    const movedTo = await slideSession(sql, row, idleMs);
    return movedTo === null ? row : { ...row, expires_at_ms: movedTo };
  }

  async function load(token: string, keyPrefix: string | null): Promise<Actor | null> {
    const doubtsBefore = doubts;
    const begunMs = monotonicMs();
    const row = await find(token, keyPrefix);
    if (row === null) return null;
    const actor = actorOf(row.is_due ? await used(row) : row);
    // A user who must change the password is not cached: the change, in any process, must take effect at once.
    if (doubts === doubtsBefore && !actor.mustChangePassword) cache.set(token, actor, begunMs + Math.min(cacheMs, row.remaining_ms));
    return actor;
  }

  function loadOnce(token: string, keyPrefix: string | null): Promise<Actor | null> {
    const begun = loads.get(token);
    if (begun !== undefined) return begun;
    const loading = load(token, keyPrefix).finally(() => {
      if (loads.get(token) === loading) loads.delete(token);
    });
    loads.set(token, loading);
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
      const tokenHash = hashOf(token);
      const id = uuidv7();
      const row = await insert({ ...session, id, tokenHash });
      return row && { token, expiresAtMs: row.expires_at_ms, actor: actorOf(row) };
    },
    authenticate(token) {
      const known = cache.get(token);
      if (known !== null) return known;
      const keyPrefix = API_KEY.exec(token)?.[1] ?? null;
      return keyPrefix === null && !TOKEN.test(token) && !SUPPORT_TOKEN.test(token) ? null : loadOnce(token, keyPrefix);
    },
    async end({ tenantId, sessionId }) {
      await deleteSession(sql, tenantId, sessionId);
      invalidate({ kind: 'session', tenantId, sessionId });
    },
    invalidate,
    async stillValid(sessions) {
      if (sessions.length === 0) return new Map();
      const rows = await (directory === null ? selectSessions : selectSessionsByTenant)(sql, sessions, idleMs);
      return new Map(rows.map((row) => [row.session_id, actorOf(row)]));
    },
    async sweep() {
      if (directory === null) return deleteExpiredSessions(sql, null, SWEEP_ROWS);
      let swept = 0;
      for (const tenantId of await tenantsWithExpired(sql)) swept += await deleteExpiredSessions(sql, tenantId, SWEEP_ROWS);
      // A session lives for `maxDays` at most, and a support session for half an hour.
      await directory.sweep('SESSION', maxMs + DAY_MS, SWEEP_ROWS);
      await directory.sweep('SUPPORT', DAY_MS, SWEEP_ROWS);
      return swept;
    },
  };
}

/** Makes a new API key: its token, which is shown once, the prefix that identifies it, and the hash that is stored. */
export function newApiKey(scope: ApiKeyScope): { readonly token: string; readonly prefix: string; readonly tokenHash: Buffer } {
  // The prefix differs so that a server of the previous version does not treat a service's token as one of the scope READ.
  const prefix = `${scope === 'SERVICE' ? 'rva' : 'rvk'}_${randomBytes(API_KEY_PREFIX_BYTES).toString('hex')}`;
  const token = `${prefix}_${randomBytes(TOKEN_BYTES).toString('base64url')}`;
  return { token, prefix, tokenHash: hashOf(token) };
}

/** Makes a new support session's token, which is shown once, and the hash that is stored. */
export function newSupportToken(): { readonly token: string; readonly tokenHash: Buffer } {
  const token = `rvs_${randomBytes(TOKEN_BYTES).toString('base64url')}`;
  return { token, tokenHash: hashOf(token) };
}

/** The hash under which a token is stored and found. */
function hashOf(token: string): Buffer {
  return hash('sha256', token, 'buffer');
}
