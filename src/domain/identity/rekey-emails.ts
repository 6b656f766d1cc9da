/** Gives e-mails that were stored before domains were compared in ASCII their normal form (R44). */

import type { Ports } from '../ports.ts';
import { transact } from '../transact.ts';
import { normalEmail } from './email.ts';

/**
 * E-mails in their normal form, but for those whose normal form another user has: such a user signs in with the address letter for
 * letter, as before. Several processes may do this at once, and as often as they like.
 */
export async function rekeyEmails(ports: Pick<Ports, 'sql' | 'directory'>): Promise<void> {
  // Before a database is distributed a server has done so.
  if (ports.directory !== null) return;
  const users = await ports.sql<{ tenantId: string; id: string; email: string }[]>`
    SELECT tenant_id AS "tenantId", id, email FROM app_user WHERE email ~ '[^ -~]' OR email ~ '\\.$' ORDER BY created_at, id`;
  for (const { email, id, tenantId } of users) {
    const normal = normalEmail(email);
    if (normal === email) continue;
    await transact(ports, async (tx) => {
      // Whoever makes a user takes the same name first.
      await tx`SELECT pg_advisory_xact_lock(hashtextextended(${`email ${normal}`}, 0))`;
      return tx`
        UPDATE app_user SET email = ${normal} WHERE tenant_id = ${tenantId} AND id = ${id} AND email = ${email}
          AND NOT EXISTS (SELECT FROM app_user WHERE email = ${normal})`;
    });
  }
}
