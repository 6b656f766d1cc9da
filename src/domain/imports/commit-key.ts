/**
 * Stores the platform's idempotency key of a commit (R31): in the platform's tenant, or in a distributed database in the import's
 * tenant (ADR-0131).
 */

import { subjectOfHash, type WordRow } from '../../db/directory.ts';
import type { Sql, Transaction } from '../../db/sql.ts';
import { PLATFORM_TENANT_ID } from '../../kernel/actor.ts';
import type { RowId } from '../input.ts';
import type { Ports } from '../ports.ts';

interface UsedKey {
  readonly hash: string;
  readonly subjectId: string | null;
}

/**
 * Takes the key's advisory lock, before any other lock and until the commit. The ledger takes the same lock for the platform's
 * commands.
 */
export async function holdKey(tx: Transaction, key: string): Promise<void> {
  await tx`SELECT pg_advisory_xact_lock(hashtextextended(${`key ${PLATFORM_TENANT_ID} ${key}`}, 0))`;
}

/** Returns what the key was used for, or null. */
export async function readKey({ directory }: Pick<Ports, 'directory'>, tx: Transaction, key: string): Promise<UsedKey | null> {
  const used = await readIn(tx, PLATFORM_TENANT_ID, key);
  if (used !== null || directory === null) return used;
  const place = await directory.find('COMMAND', directoryKey(key));
  return place && readIn(tx, place.tenantId, key);
}

/** Stores the key. Call it only after readKey has returned null. */
export async function keepKey(
  { directory }: Pick<Ports, 'directory'>,
  tx: Transaction,
  { id, tenantId }: RowId,
  { hash, key }: { readonly hash: string; readonly key: string },
): Promise<void> {
  const isThere = async (sql: Sql, place: WordRow) => (await readIn(sql, place.tenantId, key)) !== null;
  const keptWith = directory === null ? PLATFORM_TENANT_ID : tenantId;
  await directory?.claim('COMMAND', directoryKey(key), { tenantId, subjectId: subjectOfHash(hash) }, isThere);
  await tx`
    INSERT INTO command_key (tenant_id, scope_id, key, hash, subject_id, created_at)
    VALUES (${keptWith}, ${PLATFORM_TENANT_ID}, ${key}, decode(${hash}, 'hex'), ${id}, clock_timestamp())`;
}

async function readIn(sql: Sql | Transaction, tenantId: string, key: string): Promise<UsedKey | null> {
  const [used] = await sql<UsedKey[]>`
    SELECT encode(hash, 'hex') AS hash, subject_id AS "subjectId" FROM command_key
    WHERE tenant_id = ${tenantId} AND scope_id = ${PLATFORM_TENANT_ID} AND key = ${key}`;
  return used ?? null;
}

function directoryKey(key: string): string {
  return `${PLATFORM_TENANT_ID} ${key}`;
}
