/** Opens the postgres.js client for writes and frequent reads. */

import postgres from 'postgres';
import { readAddress } from './address.ts';
import { type DatabaseRole, sessionSettings } from './session-settings.ts';

export type Sql = postgres.Sql;
/** The client of one transaction, as `sql.begin` hands it to its callback. */
export type Transaction = postgres.TransactionSql;

export const CONNECT_TIMEOUT_SECONDS = 5;
/** postgres.js would wait up to 20 s between attempts, long after a restarted database is back. */
const RECONNECT_DELAY_SECONDS = 0.5;
const KEEP_ALIVE_SECONDS = 60;
/** Options that the driver's types do not have. Otherwise the driver would read them from the environment. */
const UNTYPED_OPTIONS = { max_pipeline: 100, sslnegotiation: null };

export interface SqlOptions {
  /** Shown in pg_stat_activity. */
  readonly name: string;
  /** The most connections. */
  readonly max: number;
  /** The role that the connections assume. Null only for migrations, checks at the start and preparations of tests. */
  readonly role: DatabaseRole | null;
  /** Further run-time parameters, for example `enable_seqscan`. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Connects to the read replica that was started at this time, and to no other server. */
  readonly replica?: string;
  /** How long opening a connection may take. 5 s if absent. */
  readonly connectTimeoutSeconds?: number;
  readonly onNotice?: (notice: postgres.Notice) => void;
}

/**
 * Opens a client without type look-ups (arrays are sent as text literals, those of postings as bytes), with bigint as a JavaScript
 * number (all our bigints are safe integers), prepared statements and our session settings. Sets every option that the driver
 * would otherwise read from a PG* variable.
 */
export function openSql(url: string, options: SqlOptions): Sql {
  const { host, port, user, password, database, tls, routing } = readAddress(url);
  return postgres({
    ...UNTYPED_OPTIONS,
    host,
    port,
    user,
    // A function, because the driver would replace an empty password by PGPASSWORD.
    password: () => password,
    database,
    // Without the host, the name in the certificate would be compared with localhost if the address is an IP.
    ssl: tls === false ? false : { host, ...tls },
    target_session_attrs: null,
    idle_timeout: undefined,
    keep_alive: KEEP_ALIVE_SECONDS,
    debug: false,
    max: options.max,
    fetch_types: false,
    prepare: true,
    connect_timeout: options.connectTimeoutSeconds ?? CONNECT_TIMEOUT_SECONDS,
    max_lifetime: null,
    backoff: (attempts) => Math.min(2 ** attempts / 100, RECONNECT_DELAY_SECONDS),
    onnotice: options.onNotice ?? (() => {}),
    types: { bigint: { to: 20, from: [20], serialize: String, parse: Number } },
    session_sql: sessionSettings(options.role, options.parameters, options.replica),
    connection: { application_name: options.name, ...(routing === undefined ? {} : { options: routing }) },
  }) as Sql;
}
