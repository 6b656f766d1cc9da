/** Reads the users who made transfers, to decide whether they may be shown. */

import { plainArray } from '../../db/arrays/literal.ts';
import { rowsByTenant } from '../../db/by-tenant.ts';
import type { Sql } from '../../db/sql.ts';
import { PLATFORM_TENANT_ID } from '../../kernel/actor.ts';
import type { Ports } from '../ports.ts';

/** The user who made a transfer, with the facts that decide whether the user may be shown. */
export interface TransferActor {
  readonly tenantId: string;
  readonly email: string;
  /** The path of the user's panel. null for a user of the platform. */
  readonly path: string | null;
}

interface Acted {
  readonly tenantId: string;
  readonly actorId: string;
}

/**
 * Returns the users with these `actorId`s, in the order of `asked`. Users of the platform act in any tenant. Uses one statement, or
 * one for each tenant and one for the platform.
 */
export function transferActors(
  { sql, topology }: Pick<Ports, 'sql' | 'topology'>,
  asked: readonly Acted[],
): Promise<(TransferActor | null)[]> {
  return topology === 'single' ? ofAll(sql, asked) : ofEach(sql, asked);
}

async function ofEach(sql: Sql, asked: readonly Acted[]): Promise<(TransferActor | null)[]> {
  const inPlatform = asked.map((one) => ({ ...one, tenantId: PLATFORM_TENANT_ID }));
  const users = await rowsByTenant([...asked, ...inPlatform], (tenantId, own) => ofTenant(sql, tenantId, own));
  const found = new Map(users.map((user) => [`${user.tenantId}/${user.id}`, user]));
  return asked.map(({ actorId, tenantId }) => found.get(`${tenantId}/${actorId}`) ?? found.get(`${PLATFORM_TENANT_ID}/${actorId}`) ?? null);
}

async function ofTenant(
  sql: Sql,
  tenantId: string,
  asked: readonly Acted[],
): Promise<readonly (TransferActor & { readonly id: string })[]> {
  return await sql<(TransferActor & { id: string })[]>`
    SELECT app_user.id, app_user.email, app_user.tenant_id AS "tenantId", reseller.path
    FROM app_user
    LEFT JOIN reseller ON reseller.tenant_id = ${tenantId}::uuid AND reseller.id = app_user.reseller_id
    WHERE app_user.tenant_id = ${tenantId}::uuid AND app_user.id = ANY (${plainArray(asked.map((one) => one.actorId))}::uuid[])`;
}

async function ofAll(sql: Sql, asked: readonly Acted[]): Promise<(TransferActor | null)[]> {
  const rows = await sql<{ email: string | null; tenant_id: string; path: string | null }[]>`
    SELECT app_user.email, app_user.tenant_id, reseller.path
    FROM unnest(${plainArray(asked.map((one) => one.tenantId))}::uuid[], ${plainArray(asked.map((one) => one.actorId))}::uuid[])
      WITH ORDINALITY AS asked (tenant_id, actor_id, position)
    LEFT JOIN app_user ON app_user.tenant_id IN (asked.tenant_id, ${PLATFORM_TENANT_ID}) AND app_user.id = asked.actor_id
    LEFT JOIN reseller ON reseller.tenant_id = app_user.tenant_id AND reseller.id = app_user.reseller_id
    ORDER BY asked.position`;
  return rows.map((row) => (row.email === null ? null : { tenantId: row.tenant_id, email: row.email, path: row.path }));
}
