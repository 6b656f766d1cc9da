/** The directory of a distributed test database. */

import { inject } from 'vitest';
import { type Directory, openDirectory } from '../../../src/db/directory.ts';
import type { Sql } from '../../../src/db/sql.ts';
import { closedAtEnd } from '../leftovers.ts';

/** Opens the directory of a test's database; null on a single server. */
export function directoryOf(url: string): Directory | null {
  const directory = openDirectory(url, inject('topology'));
  if (directory !== null) closedAtEnd(() => directory.close());
  return directory;
}

/** Adds users that a test inserted itself to the directory, so that they can be found and sign in. */
export async function noteEmails(sql: Sql, ...emails: readonly string[]): Promise<void> {
  for (const email of emails) {
    await noteWords(sql, 'EMAIL', `SELECT email, tenant_id, id FROM app_user WHERE email = '${email}'`);
  }
}

/**
 * Adds rows that a test inserted itself to the directory. `rows` selects the word, the tenant and the id of each;
 * existing entries stay.
 */
export async function noteWords(sql: Sql, kind: string, rows: string): Promise<void> {
  if (inject('topology') === 'single') return;
  await sql.unsafe(`
    INSERT INTO directory (kind, word, tenant_id, subject_id, noted_at)
    SELECT '${kind}', word, tenant_id, subject_id, now() FROM (${rows}) AS w (word, tenant_id, subject_id) ON CONFLICT DO NOTHING`);
}
