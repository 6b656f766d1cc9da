/** Finds out whose an e-mail is, and takes one: it is one user's in the whole deployment. */

import type { Directory, Place } from '../../db/directory.ts';
import type { Sql } from '../../db/sql.ts';
import type { Ports } from '../ports.ts';

/** The lock by which whoever takes an e-mail excludes others; the ledger takes the same one. */
export function emailName(email: string): string {
  return `email ${email}`;
}

/** Whose users may have one of these e-mails, in their order; null: to be asked of all tenants at once, because the database is one. */
export async function tenantsOfEmails(
  { directory }: Pick<Ports, 'directory'>,
  emails: readonly string[],
): Promise<readonly (string | null)[]> {
  if (directory === null) return [null];
  const places = await Promise.all([...new Set(emails)].map((email) => directory.find('EMAIL', email)));
  return [...new Set(places.flatMap((place) => place?.tenantId ?? []))];
}

/** Whether the user may have this e-mail; the caller holds `emailName`. Where the database is one, its unique key says so instead. */
export function claimEmail(directory: Directory, email: string, place: Place): Promise<boolean> {
  return directory.claim('EMAIL', email, place, (sql, other) => hasEmail(sql, other, email));
}

async function hasEmail(sql: Sql, { subjectId, tenantId }: Place, email: string): Promise<boolean> {
  const users = await sql`SELECT FROM app_user WHERE tenant_id = ${tenantId} AND id = ${subjectId} AND email = ${email}`;
  return users.count > 0;
}
