/** Makes, hashes, seals and reads the tokens of renewal links (R53). */

import { hash, randomBytes } from 'node:crypto';
import { tenantFragment } from '../../db/by-tenant.ts';
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

/** Whether the text has the form of a token. No other text is looked up. */
export function isToken(text: string): boolean {
  return TOKEN.test(text);
}

export function hashOf(token: string): Buffer {
  return hash('sha256', token, 'buffer');
}

/** The tenants in which to look for the token's row. On a single database `[null]`: all tenants are searched. */
export async function tenantsOfLink({ directory }: Pick<Ports, 'directory'>, token: string): Promise<readonly (string | null)[]> {
  if (directory === null) return [null];
  const place = await directory.find('RENEWAL_LINK', hashOf(token).toString('hex'));
  return place === null ? [] : [place.tenantId];
}

/** The context of a row: a sealed token opens only in its own row. */
export function sealContext({ id, tenantId }: RowId): string {
  return `renewal_link ${tenantId} ${id}`;
}

/** Returns the links as URLs below `publicUrl`, in the order of `asked`, null where a customer has none. */
export async function linksOf(
  { publicUrl, secrets, sql }: { readonly sql: Sql; readonly secrets: SecretBox; readonly publicUrl: string },
  asked: readonly RowId[],
): Promise<(string | null)[]> {
  const itsTenant = tenantFragment(sql, asked, 'w."tenantId"');
  const rows = await sql<(RowId & { readonly token: string })[]>`
    SELECT l.tenant_id AS "tenantId", l.customer_id AS id, l.token
    FROM jsonb_to_recordset(${wantedRows(asked)}::text::jsonb) AS w ("tenantId" uuid, id uuid)
    JOIN renewal_link l ON l.tenant_id = ${itsTenant} AND l.customer_id = w.id`;
  return rowsById(asked, rows).map((row) => row && `${publicUrl}/r/${secrets.open(row.token, sealContext(row))}`);
}
