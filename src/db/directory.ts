/** Words that are unique in a whole distributed deployment, and whose they are (ADR-0130). On one database its unique keys answer. */

import { CARE_LOCK_TIMEOUT_MS } from './session-settings.ts';
import { openSql, type Sql } from './sql.ts';
import type { Topology } from './topology.ts';

/** As prisma/distribute.sql fills them in. */
type WordKind =
  | 'EMAIL'
  | 'SESSION'
  | 'SUPPORT'
  | 'API_KEY'
  | 'PASSWORD_RESET'
  | 'RENEWAL_LINK'
  | 'PAYMENT_ACCOUNT'
  | 'PLATFORM_SALE'
  | 'COMMAND';

export interface Place {
  readonly tenantId: string;
  /** The row there that has the word. */
  readonly subjectId: string;
}

/**
 * A word is noted before the row is committed that has it, each in a transaction of its own, so after a crash in between a word may be
 * nobody's; whoever finds one asks the tenant. The clients are the directory's own: its callers hold a connection of theirs meanwhile.
 */
export interface Directory {
  find(kind: WordKind, word: string): Promise<Place | null>;
  /** Of a word that nobody else can have, as a token's hash. Twice is once. */
  note(kind: WordKind, word: string, place: Place): Promise<void>;
  /**
   * Whether the word is this subject's from now on: nobody has it, or who had it, as `isThere` finds in that tenant, has it no more. The
   * caller holds a lock by the word's name on the coordinator until its own row is committed, so nobody else is in the middle of this.
   */
  claim(kind: WordKind, word: string, place: Place, isThere: (sql: Sql, place: Place) => Promise<boolean>): Promise<boolean>;
  /** Holds the locks by these names, on the coordinator, while `work` runs: for rows that are written by a transaction of somebody else. */
  holding<Result>(names: readonly string[], work: () => Promise<Result>): Promise<Result>;
  /** Of a word that leads to nobody any more. */
  forget(kind: WordKind, word: string): Promise<void>;
  /** Forgets at most so many words of this kind that were noted longer ago than this: what they led to is over by then. */
  sweep(kind: WordKind, olderThanMs: number, limit: number): Promise<void>;
  /**
   * What belongs to a change of the caller's transaction and is on another machine: one statement, committed by itself, so before the
   * caller's is. Of a crash in between, it alone is left.
   */
  apart(work: (sql: Sql) => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

/** What stands for a hash where a row is asked for: its first half. */
export function subjectOfHash(hash: string): string {
  return [hash.slice(0, 8), hash.slice(8, 12), hash.slice(12, 16), hash.slice(16, 20), hash.slice(20, 32)].join('-');
}

const CONNECTIONS = 4;
/** Of those that hold a name while another connection writes, each as long as a posting may take. */
const HOLDERS = 8;
const HOLDING_PARAMETERS = { lock_timeout: String(CARE_LOCK_TIMEOUT_MS), idle_in_transaction_session_timeout: '15000' };

/** null: the database is one. */
export function openDirectory(url: string, topology: Topology): Directory | null {
  if (topology === 'single') return null;
  return directoryOf(
    openSql(url, { name: 'revenda directory', max: CONNECTIONS, role: 'revenda_app' }),
    openSql(url, { name: 'revenda names', max: HOLDERS, role: 'revenda_app', parameters: HOLDING_PARAMETERS }),
  );
}

function directoryOf(sql: Sql, holders: Sql): Directory {
  async function insert(kind: WordKind, word: string, { subjectId, tenantId }: Place): Promise<boolean> {
    const { count } = await sql`
      INSERT INTO directory (kind, word, tenant_id, subject_id, noted_at)
      VALUES (${kind}, ${word}, ${tenantId}, ${subjectId}, date_trunc('milliseconds', statement_timestamp()))
      ON CONFLICT (kind, word) DO NOTHING`;
    return count > 0;
  }
  async function find(kind: WordKind, word: string): Promise<Place | null> {
    const [place] = await sql<Place[]>`
      SELECT tenant_id AS "tenantId", subject_id AS "subjectId" FROM directory WHERE kind = ${kind} AND word = ${word}`;
    return place ?? null;
  }
  /** Unless somebody else was sooner. */
  async function takeOver(kind: WordKind, word: string, from: Place, to: Place): Promise<boolean> {
    const { count } = await sql`
      UPDATE directory SET tenant_id = ${to.tenantId}, subject_id = ${to.subjectId}, noted_at = date_trunc('milliseconds', statement_timestamp())
      WHERE kind = ${kind} AND word = ${word} AND tenant_id = ${from.tenantId} AND subject_id = ${from.subjectId}`;
    return count > 0;
  }
  async function forget(kind: WordKind, word: string): Promise<void> {
    await sql`DELETE FROM directory WHERE kind = ${kind} AND word = ${word}`;
  }
  return {
    find,
    async note(kind, word, place) {
      await insert(kind, word, place);
    },
    async claim(kind, word, place, isThere) {
      for (;;) {
        if (await insert(kind, word, place)) return true;
        const known = await find(kind, word);
        if (known === null) continue;
        if (known.tenantId === place.tenantId && known.subjectId === place.subjectId) return true;
        if (await isThere(sql, known)) return false;
        if (await takeOver(kind, word, known, place)) return true;
      }
    },
    async holding(names, work) {
      const held = await holders.begin(async (tx) => {
        // In one order, and by one connection however many: else two could wait for each other, or all for a connection.
        for (const name of [...new Set(names)].sort()) await tx`SELECT pg_advisory_xact_lock(hashtextextended(${name}, 0))`;
        return { result: await work() };
      });
      return held.result;
    },
    forget,
    async sweep(kind, olderThanMs, limit) {
      const old = await sql<{ word: string }[]>`
        SELECT word FROM directory
        WHERE kind = ${kind} AND noted_at < statement_timestamp() - ${olderThanMs}::float8 * interval '1 millisecond'
        ORDER BY noted_at LIMIT ${limit}`;
      // Each is on a machine of its own.
      await Promise.all(old.map(({ word }) => forget(kind, word)));
    },
    apart: (work) => work(sql),
    async close() {
      await Promise.all([sql.end(), holders.end()]);
    },
  };
}
