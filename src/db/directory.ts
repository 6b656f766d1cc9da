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
  /** Holds the lock by this name, on the coordinator, while `work` runs: for rows that are written by a transaction of somebody else. */
  holding<Result>(name: string, work: () => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
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
    async holding(name, work) {
      const held = await holders.begin(async (tx) => {
        await tx`SELECT pg_advisory_xact_lock(hashtextextended(${name}, 0))`;
        return { result: await work() };
      });
      return held.result;
    },
    async close() {
      await Promise.all([sql.end(), holders.end()]);
    },
  };
}
