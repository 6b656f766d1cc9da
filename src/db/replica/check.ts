/** Checks the read replica before the server starts. */

import { StartupProblem } from '../../kernel/startup-problem.ts';
import { readAddress } from '../address.ts';
import { assertSessions } from '../migrate.ts';
import { openSql, type Sql } from '../sql.ts';
import { within } from '../within.ts';
import { assertFollows, isTransient, readReplica, reasonOf } from './servers.ts';

/** The longest time that a replica which does not answer delays the start. */
const DEADLINE_MS = 10_000;

/**
 * Throws a StartupProblem if the server can never be a replica of this database, or is behind a pooler in transaction mode. A replica
 * that is unreachable, behind, or accepts writes since a failover does not stop the start: the primary is read until it can be used.
 */
export async function checkReplica(primaryUrl: string, replicaUrl: string): Promise<void> {
  const primary = openSql(primaryUrl, { name: 'revenda start', max: 1, role: 'revenda_read' });
  const replica = openSql(replicaUrl, { name: 'revenda start', max: 1, role: 'revenda_read' });
  try {
    await within(assertReplica(replica, primary, replicaUrl), DEADLINE_MS);
  } catch (error) {
    if (error instanceof StartupProblem) throw error;
    if (isTransient(error)) return;
    const { host, port } = readAddress(replicaUrl);
    throw new StartupProblem(`The read replica at ${host}:${port} cannot be read (${reasonOf(error)}): check READ_DATABASE_URL.`, {
      cause: error,
    });
  } finally {
    await Promise.all([primary.end({ timeout: 0 }), replica.end({ timeout: 0 })]);
  }
}

async function assertReplica(replica: Sql, primary: Sql, url: string): Promise<void> {
  await assertSessions(url, 'READ_DATABASE_URL');
  await assertFollows(replica, primary);
  await readReplica(replica);
}
