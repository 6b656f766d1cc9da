// The machines of a test's cluster: where a tenant is, and moving it.
import type { Sql } from '../../src/db/sql.ts';

interface Placement {
  readonly shardId: number;
  readonly host: string;
  readonly port: number;
}

async function placeOf(admin: Sql, tenantId: string): Promise<Placement> {
  const [place] = await admin<Placement[]>`
    SELECT p.shardid AS "shardId", n.nodename AS host, n.nodeport AS port
    FROM pg_dist_placement p JOIN pg_dist_node n USING (groupid)
    WHERE p.shardid = get_shard_id_for_distribution_column('tenant', ${tenantId}::uuid)`;
  if (!place) throw new Error('no such tenant');
  return place;
}

/** The tenant's shard, with all that is in it, to another worker than it is on. Its writes wait meanwhile. */
export async function moveTenant(admin: Sql, tenantId: string): Promise<void> {
  const { host, port, shardId } = await placeOf(admin, tenantId);
  await admin`
    SELECT citus_move_shard_placement(${shardId}::bigint, ${host}, ${port}::integer, nodename, nodeport, shard_transfer_mode => 'block_writes')
    FROM pg_dist_node WHERE groupid > 0 AND noderole = 'primary' AND (nodename, nodeport) <> (${host}, ${port}::integer) LIMIT 1`;
}
