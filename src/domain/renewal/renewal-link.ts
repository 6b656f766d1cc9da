/** Makes, hashes, seals and reads the tokens of renewal links (R53). */

import { hash, randomBytes } from 'node:crypto';
import { tenantOf } from '../../db/by-tenant.ts';
import type { Sql } from '../../db/sql.ts';
import type { SecretBox } from '../../kernel/secrets.ts';
import type { RowId } from '../input.ts';
import type { Ports } from '../ports.ts';
import { rowsById, wantedRows } from '../rows-by-id.ts';

const TOKEN_BYTES = 16;
const TOKEN = /^[\w-]{22}$/;

export function newToken(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url');
}

/** Whether it may be one: what is not of this form is not looked up. */
export function isToken(text: string): boolean {
  return TOKEN.test(text);
}

export function hashOf(token: string): Buffer {
  return hash('sha256', token, 'buffer');
}

/** Where to look for the token's row: in these tenants, or, where the database is one, in whatever tenant (null). */
export async function tenantsOfLink({ directory }: Pick<Ports, 'directory'>, token: string): Promise<readonly (string | null)[]> {
  if (directory === null) return [null];
  const place = await directory.find('RENEWAL_LINK', hashOf(token).toString('hex'));
  return place === null ? [] : [place.tenantId];
}

/** A token opens in its own row only. */
export function sealContext({ id, tenantId }: RowId): string {
  return `renewal_link ${tenantId} ${id}`;
}

/** In the order asked for, each as an address below `publicUrl`; null where a customer has none. */
export async function linksOf(
  { publicUrl, secrets, sql }: { readonly sql: Sql; readonly secrets: SecretBox; readonly publicUrl: string },
  asked: readonly RowId[],
): Promise<(string | null)[]> {
  const itsTenant = tenantOf(sql, asked, 'w."tenantId"');
  const rows = await sql<(RowId & { readonly token: string })[]>`
    SELECT l.tenant_id AS "tenantId", l.customer_id AS id, l.token
    FROM jsonb_to_recordset(${wantedRows(asked)}::text::jsonb) AS w ("tenantId" uuid, id uuid)
    JOIN renewal_link l ON l.tenant_id = ${itsTenant} AND l.customer_id = w.id`;
  return rowsById(asked, rows).map((row) => row && `${publicUrl}/r/${secrets.open(row.token, sealContext(row))}`);
}
