/** Checks a read replica before the start. */

import { StartupProblem } from '../../kernel/startup-problem.ts';
import { readAddress } from '../address.ts';
import { assertSessions } from '../migrate.ts';
import { openSql, type Sql } from '../sql.ts';
import { within } from '../within.ts';
import { assertFollows, isPassing, readReplica, reasonOf } from './servers.ts';

/** A replica that does not answer keeps no start waiting for longer. */
const DEADLINE_MS = 10_000;

/**
 * Throws a StartupProblem when the replica can never be one of this database's, or is reached by a pooler in transaction mode. One
 * that is away, behind, or takes writes since a failover stops no start: the primary is read until it can be used.
 */
export async function checkReplica(primaryUrl: string, replicaUrl: string): Promise<void> {
  const primary = openSql(primaryUrl, { name: 'revenda start', max: 1, role: 'revenda_read' });
  const replica = openSql(replicaUrl, { name: 'revenda start', max: 1, role: 'revenda_read' });
  try {
    await within(assertReplica(replica, primary, replicaUrl), DEADLINE_MS);
  } catch (error) {
    if (error instanceof StartupProblem) throw error;
    if (isPassing(error)) return;
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
