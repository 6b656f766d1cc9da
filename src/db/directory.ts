/**
 * Finds the owner of a word (an e-mail, a token's hash and so on) that is unique in a whole distributed deployment (ADR-0130). A single
 * database does not need it: its unique indexes ensure that.
 */

import { ADMIN_LOCK_TIMEOUT_MS } from './session-settings.ts';
import { openSql, type Sql } from './sql.ts';
import type { Topology } from './topology.ts';

/** The kinds of words. prisma/distribute.sql fills the directory with the same kinds. */
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

/** The row that has a word. */
export interface WordRow {
  readonly tenantId: string;
  /** The id of the row in that tenant. */
  readonly subjectId: string;
}

/**
 * A word is noted in its own transaction before its row is committed. After a crash in between, no row has the word, so whoever finds a
 * word must check the tenant's row. The directory has its own connections, because its callers already hold one of theirs.
 */
export interface Directory {
  find(kind: WordKind, word: string): Promise<WordRow | null>;
  /** Notes a word that nobody else can have, such as a token's hash. Noting it again changes nothing. */
  note(kind: WordKind, word: string, row: WordRow): Promise<void>;
  /**
   * Notes the word for this subject and returns true, if no other row has it: `isThere` checks the row that had it before. The caller
   * must hold the coordinator's lock by the word's name until its own row is committed, so that nobody else claims the word meanwhile.
   */
  claim(kind: WordKind, word: string, row: WordRow, isThere: (sql: Sql, row: WordRow) => Promise<boolean>): Promise<boolean>;
  /** Holds the coordinator's locks by these names while `work` runs. For rows that `work` writes in another transaction. */
  withLocks<Result>(names: readonly string[], work: () => Promise<Result>): Promise<Result>;
  /** Deletes a word that no row has any more. */
  forget(kind: WordKind, word: string): Promise<void>;
  /** Deletes at most `limit` words of this kind that were noted longer than `olderThanMs` ago: their rows have expired by then. */
  sweep(kind: WordKind, olderThanMs: number, limit: number): Promise<void>;
  /**
   * Runs one statement on another machine that belongs to the caller's transaction. It commits by itself, before the caller's
   * transaction does. After a crash in between, only this statement was done.
   */
  onOtherMachine(work: (sql: Sql) => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

/** The subject id for a row that is identified by a hash: the first half of the hash, in the form of a uuid. */
export function subjectOfHash(hash: string): string {
  return [hash.slice(0, 8), hash.slice(8, 12), hash.slice(12, 16), hash.slice(16, 20), hash.slice(20, 32)].join('-');
}

const CONNECTIONS = 4;
/** Connections that hold locks by name while another connection writes. Each may be held for as long as a posting takes. */
const HOLDERS = 8;
const HOLDING_PARAMETERS = { lock_timeout: String(ADMIN_LOCK_TIMEOUT_MS), idle_in_transaction_session_timeout: '15000' };

/** Returns null on a single database. */
export function openDirectory(url: string, topology: Topology): Directory | null {
  if (topology === 'single') return null;
  return directoryOf(
    openSql(url, { name: 'revenda directory', max: CONNECTIONS, role: 'revenda_app' }),
    openSql(url, { name: 'revenda names', max: HOLDERS, role: 'revenda_app', parameters: HOLDING_PARAMETERS }),
  );
}

function directoryOf(sql: Sql, holders: Sql): Directory {
  async function insert(kind: WordKind, word: string, { subjectId, tenantId }: WordRow): Promise<boolean> {
    const { count } = await sql`
      INSERT INTO directory (kind, word, tenant_id, subject_id, noted_at)
      VALUES (${kind}, ${word}, ${tenantId}, ${subjectId}, date_trunc('milliseconds', statement_timestamp()))
      ON CONFLICT (kind, word) DO NOTHING`;
    return count > 0;
  }
  async function find(kind: WordKind, word: string): Promise<WordRow | null> {
    const [row] = await sql<WordRow[]>`
      SELECT tenant_id AS "tenantId", subject_id AS "subjectId" FROM directory WHERE kind = ${kind} AND word = ${word}`;
    return row ?? null;
  }
  /** Returns false if somebody else was faster. */
  async function reassign(kind: WordKind, word: string, from: WordRow, to: WordRow): Promise<boolean> {
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
    async note(kind, word, row) {
      await insert(kind, word, row);
    },
    async claim(kind, word, row, isThere) {
      for (;;) {
        if (await insert(kind, word, row)) return true;
        const known = await find(kind, word);
        if (known === null) continue;
        if (known.tenantId === row.tenantId && known.subjectId === row.subjectId) return true;
        if (await isThere(sql, known)) return false;
        if (await reassign(kind, word, known, row)) return true;
      }
    },
    async withLocks(names, work) {
      const held = await holders.begin(async (tx) => {
        // All names in one order and on one connection: otherwise two callers could wait for each other's locks or connections.
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
      // One by one, because each word may be on another machine.
      await Promise.all(old.map(({ word }) => forget(kind, word)));
    },
    onOtherMachine: (work) => work(sql),
    async close() {
      await Promise.all([sql.end(), holders.end()]);
    },
  };
}
