/** Finds the tenant of an e-mail, and claims an e-mail for a user: it is unique in the whole deployment. */

import type { Directory, WordRow } from '../../db/directory.ts';
import type { Sql } from '../../db/sql.ts';
import type { Ports } from '../ports.ts';

/** The key of the advisory lock that everybody takes before claiming an e-mail. The ledger takes the same one. */
export function emailName(email: string): string {
  return `email ${email}`;
}

/** The tenants whose users may have one of these e-mails, in their order. On a single database `[null]`: one query searches all tenants. */
export async function tenantsOfEmails(
  { directory }: Pick<Ports, 'directory'>,
  emails: readonly string[],
): Promise<readonly (string | null)[]> {
  if (directory === null) return [null];
  const places = await Promise.all([...new Set(emails)].map((email) => directory.find('EMAIL', email)));
  return [...new Set(places.flatMap((place) => place?.tenantId ?? []))];
}

/**
 * Returns whether the user may have this e-mail. The caller holds the lock `emailName`. On a single database a unique key decides
 * instead.
 */
export function claimEmail(directory: Directory, email: string, place: WordRow): Promise<boolean> {
  return directory.claim('EMAIL', email, place, (sql, other) => hasEmail(sql, other, email));
}

async function hasEmail(sql: Sql, { subjectId, tenantId }: WordRow, email: string): Promise<boolean> {
  const users = await sql`SELECT FROM app_user WHERE tenant_id = ${tenantId} AND id = ${subjectId} AND email = ${email}`;
  return users.count > 0;
}
