/** Opens the postgres.js client for writes and hot reads, and names the database's time-outs. */

import postgres from 'postgres';

export type Sql = postgres.Sql;
/** The client of one transaction, as `sql.begin` hands it to its callback. */
export type Transaction = postgres.TransactionSql;

/** Settings that every connection carries, whatever it is for. Milliseconds. */
export const STATEMENT_TIMEOUT_MS = 10_000;
export const LOCK_TIMEOUT_MS = 400;
/** Of the care of panels and people: seldom, and worth a longer wait than a batch of postings, which others share. */
export const CARE_LOCK_TIMEOUT_MS = 3_000;
export const IDLE_IN_TRANSACTION_TIMEOUT_MS = 5_000;
export const CONNECT_TIMEOUT_SECONDS = 5;
/** postgres.js would wait up to 20 s between attempts, long after a restarted database is back. */
const RECONNECT_DELAY_SECONDS = 0.5;

export interface SqlOptions {
  /** Shown in pg_stat_activity. */
  readonly name: string;
  /** Connections at most. */
  readonly max: number;
  /** The role the connections assume; null only for migrations and the tests' own preparations. */
  readonly role: 'revenda_app' | 'revenda_read' | null;
  /** Further run-time parameters, as `enable_seqscan`. */
  readonly parameters?: Readonly<Record<string, string>>;
  readonly onNotice?: (notice: postgres.Notice) => void;
}

/**
 * postgres.js as this house uses it: no type look-ups (arrays travel as text literals, those of postings as bytes), bigint as a JavaScript number
 * (every bigint of ours is a safe integer), prepared statements, UTC.
 */
export function openSql(url: string, options: SqlOptions): Sql {
  return postgres(url, {
    max: options.max,
    fetch_types: false,
    prepare: true,
    connect_timeout: CONNECT_TIMEOUT_SECONDS,
    max_lifetime: null,
    backoff: (attempts) => Math.min(2 ** attempts / 100, RECONNECT_DELAY_SECONDS),
    onnotice: options.onNotice ?? (() => {}),
    types: { bigint: { to: 20, from: [20], serialize: String, parse: Number } },
    connection: {
      application_name: options.name,
      TimeZone: 'UTC',
      statement_timeout: STATEMENT_TIMEOUT_MS,
      lock_timeout: LOCK_TIMEOUT_MS,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
      ...(options.role === null ? {} : { role: options.role }),
      ...options.parameters,
    },
  }) as Sql;
}
