// The nodes of a test's cluster: finds a tenant's node, moves a tenant, and kills and restarts a worker.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { openSql, type Sql } from '../../../src/db/sql.ts';
import { until } from '../until.ts';

const run = promisify(execFile);

/** Shell commands. Each gets the worker's port as $PORT, and ends when the worker is gone, or has been started. */
export interface NodeCommands {
  readonly kill: string;
  readonly start: string;
}

interface Placement {
  readonly shardId: number;
  readonly host: string;
  readonly port: number;
}

export async function placeOf(admin: Sql, tenantId: string): Promise<Placement> {
  const [place] = await admin<Placement[]>`
    SELECT p.shardid AS "shardId", n.nodename AS host, n.nodeport AS port
    FROM pg_dist_placement p JOIN pg_dist_node n USING (groupid)
    WHERE p.shardid = get_shard_id_for_distribution_column('tenant', ${tenantId}::uuid)`;
  if (!place) throw new Error('no such tenant');
  return place;
}

/** Moves the tenant's shard, with everything colocated, to another worker. The tenant's writes wait meanwhile. */
export async function moveTenant(admin: Sql, tenantId: string): Promise<void> {
  const { host, port, shardId } = await placeOf(admin, tenantId);
  await admin`
    SELECT citus_move_shard_placement(${shardId}::bigint, ${host}, ${port}::integer, nodename, nodeport, shard_transfer_mode => 'block_writes')
    FROM pg_dist_node WHERE groupid > 0 AND noderole = 'primary' AND (nodename, nodeport) <> (${host}, ${port}::integer) LIMIT 1`;
}

/** Kills a worker, and returns a function that starts it again. */
export async function killNode({ kill, start }: NodeCommands, port: number, url: string): Promise<() => Promise<void>> {
  const sh = (command: string) =>
    run('sh', ['-c', command], { env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', PORT: String(port) } });
  await sh(kill);
  let isDown = true;
  return async () => {
    if (!isDown) return;
    isDown = false;
    await sh(start);
    const node = new URL(url);
    node.port = String(port);
    await until(async () => {
      const sql = openSql(node.href, { name: 'test', max: 1, role: null });
      try {
        return (await sql`SELECT 1`).count === 1;
      } catch {
        return false;
      } finally {
        await sql.end({ timeout: 0 });
      }
    });
  };
}
