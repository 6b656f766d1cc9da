/** Decides how many processes serve. */

import { availableParallelism } from 'node:os';
import type { Config } from '../config.ts';
import { openSql } from '../db/sql.ts';

/** The share of the free connections that is used. The rest is for backups, people, and the extra process of a rolling restart. */
const SHARE_OF_CONNECTIONS = 0.7;
/** A process's connections other than for reads, writes and batches: the feed, its listener, reports, checks. */
const OTHER_CONNECTIONS = 12;

/** One process for each core, or fewer if the database has too few free connections. */
export async function processesFor(config: Config, url: string): Promise<number> {
  if (config.processes !== 'auto') return config.processes;
  const cores = availableParallelism();
  if (cores === 1) return 1;
  const each = config.readConnections + config.writeConnections + config.posting.batchesInFlight + OTHER_CONNECTIONS;
  return Math.max(1, Math.min(cores, Math.floor((SHARE_OF_CONNECTIONS * (await freeConnectionsOf(url))) / each)));
}

async function freeConnectionsOf(url: string): Promise<number> {
  const sql = openSql(url, { name: 'revenda start', max: 1, role: null });
  try {
    const [row] = await sql<{ free: number }[]>`
      SELECT current_setting('max_connections')::int - (SELECT count(*)::int FROM pg_stat_activity WHERE backend_type = 'client backend') AS free`;
    return row?.free ?? 0;
  } finally {
    await sql.end();
  }
}
