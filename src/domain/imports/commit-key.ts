/** The platform's key of a commit (R31): kept with the platform, or in a distributed database with the tenant of the import (ADR-0131). */

import { type Place, subjectOfHash } from '../../db/directory.ts';
import type { Sql, Transaction } from '../../db/sql.ts';
import { PLATFORM_TENANT_ID } from '../../kernel/actor.ts';
import type { RowId } from '../input.ts';
import type { Ports } from '../ports.ts';

interface UsedKey {
  readonly hash: string;
  readonly subjectId: string | null;
}

/** Held first, until the commit: the ledger takes the same for the platform's commands. */
export async function holdKey(tx: Transaction, key: string): Promise<void> {
  await tx`SELECT pg_advisory_xact_lock(hashtextextended(${`key ${PLATFORM_TENANT_ID} ${key}`}, 0))`;
}

/** What the key was used for, if it was. */
export async function readKey({ directory }: Pick<Ports, 'directory'>, tx: Transaction, key: string): Promise<UsedKey | null> {
  const used = await readIn(tx, PLATFORM_TENANT_ID, key);
  if (used !== null || directory === null) return used;
  const place = await directory.find('COMMAND', wordOf(key));
  return place && readIn(tx, place.tenantId, key);
}

/** After readKey has found nothing. */
export async function keepKey(
  { directory }: Pick<Ports, 'directory'>,
  tx: Transaction,
  { id, tenantId }: RowId,
  { hash, key }: { readonly hash: string; readonly key: string },
): Promise<void> {
  const isThere = async (sql: Sql, place: Place) => (await readIn(sql, place.tenantId, key)) !== null;
  const keptWith = directory === null ? PLATFORM_TENANT_ID : tenantId;
  await directory?.claim('COMMAND', wordOf(key), { tenantId, subjectId: subjectOfHash(hash) }, isThere);
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

function wordOf(key: string): string {
  return `${PLATFORM_TENANT_ID} ${key}`;
}
