import { inject } from 'vitest';
import { type Directory, openDirectory } from '../../../src/db/directory.ts';
import type { Sql } from '../../../src/db/sql.ts';
import { closedAtEnd } from '../leftovers.ts';

/** Of a test's database: null on one server. */
export function directoryOf(url: string): Directory | null {
  const directory = openDirectory(url, inject('topology'));
  if (directory !== null) closedAtEnd(() => directory.close());
  return directory;
}

/** Of users whom a test inserted itself: they can be found, and sign in. */
export async function noteEmails(sql: Sql, ...emails: readonly string[]): Promise<void> {
  if (inject('topology') === 'single') return;
  for (const email of emails) {
    await sql`
      INSERT INTO directory (kind, word, tenant_id, subject_id, noted_at)
      SELECT 'EMAIL', email, tenant_id, id, now() FROM app_user WHERE email = ${email}`;
  }
}
