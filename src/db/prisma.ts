/** Opens the Prisma client, which can only read. */

import { PrismaPg } from '@prisma/adapter-pg';
import { Client, type ClientConfig, Pool, type PoolClient } from 'pg';
import { PrismaClient } from '../../prisma/generated/client/client.ts';
import { readAddress } from './address.ts';
import { sessionSettings } from './session-settings.ts';
import { CONNECT_TIMEOUT_SECONDS } from './sql.ts';

export type { PrismaClient } from '../../prisma/generated/client/client.ts';

/** The most statements that a client prepares by name. */
const PREPARED_STATEMENTS = 300;

export interface PrismaOptions {
  /** Shown in pg_stat_activity. */
  readonly name: string;
  /** The most connections. */
  readonly max: number;
  /** Receives the name of each count of the pool and a function that reads it. */
  readonly observePool?: (count: string, read: () => number) => void;
  /** Connects to the read replica that was started at `server`, and to no other; its connections break when `cut` is aborted. */
  readonly replica?: { readonly server: string; readonly cut: AbortSignal };
}

/** A client that can only read: a write through it fails in Postgres, by role and by transaction mode. */
export function openPrisma(url: string, options: PrismaOptions): PrismaClient {
  const { host, port, user, password, database, tls, routing } = readAddress(url);
  const settings = sessionSettings('revenda_read', {}, options.replica?.server);
  const pool = new Pool({
    Client: ClientOfAddress,
    host,
    port,
    user,
    // A function, because the driver would replace an empty password by PGPASSWORD.
    password: () => password,
    database,
    ssl: tls === false ? false : { host, ...tls },
    sslnegotiation: 'postgres',
    client_encoding: 'UTF8',
    ...(routing === undefined ? {} : { options: routing }),
    max: options.max,
    application_name: options.name,
    connectionTimeoutMillis: CONNECT_TIMEOUT_SECONDS * 1000,
    onConnect: async (client) => {
      await client.query(settings);
    },
  });
  // An idle connection that is lost is replaced at the next query; without a listener it would end the process.
  pool.on('error', () => {});
  if (options.replica) cutWith(options.replica.cut, pool);
  options.observePool?.('reads open', () => pool.totalCount);
  options.observePool?.('reads idle', () => pool.idleCount);
  options.observePool?.('reads waiting', () => pool.waitingCount);
  const adapter = new PrismaPg(pool, { disposeExternalPool: true, statementNameGenerator: boundedNames(PREPARED_STATEMENTS) });
  return new PrismaClient({ adapter });
}

/** Ends all connections when `cut` is aborted, and so also queries that the server never answers. */
function cutWith(cut: AbortSignal, pool: Pool): void {
  const clients = new Set<PoolClient>();
  pool.on('connect', (client) => clients.add(client));
  pool.on('remove', (client) => clients.delete(client));
  cut.addEventListener('abort', () => {
    // pool.end() waits for clients in use; the next line ends those.
    pool.end().catch(() => {});
    for (const client of clients) client.end().catch(() => {});
  });
}

/** The parameters that pg's client reads from the environment if an option is absent. */
interface EnvironmentParameters {
  options: string | undefined;
  replication: string | undefined;
}

/** pg's client, but PGOPTIONS and PGREPLICATION do not change its start-up message. */
class ClientOfAddress extends Client {
  declare readonly connectionParameters: EnvironmentParameters;

  constructor(config: ClientConfig = {}) {
    super(config);
    this.connectionParameters.options = config.options;
    this.connectionParameters.replication = undefined;
  }
}

/**
 * Names the first `most` statements, so that each connection prepares them only once. The others stay unnamed: clients may select
 * fields in countless combinations, and Postgres keeps a named statement until the connection ends.
 */
function boundedNames(most: number): (query: { readonly sql: string }) => string {
  const names = new Map<string, string>();
  return ({ sql }) => {
    const known = names.get(sql);
    if (known !== undefined) return known;
    if (names.size >= most) return '';
    const name = `p${names.size + 1}`;
    names.set(sql, name);
    return name;
  };
}
