/** Normalizes e-mails that were stored before domains were compared in ASCII (R44). */

import type { Ports } from '../ports.ts';
import { transact } from '../transact.ts';
import { normalEmail } from './email.ts';

/**
 * Normalizes stored e-mails, except one whose normal form another user has: that user still signs in with the exact spelling.
 * Several processes may run this concurrently, any number of times.
 */
export async function rekeyEmails(ports: Pick<Ports, 'sql' | 'directory'>): Promise<void> {
  // A server has already done this before a database is distributed.
  if (ports.directory !== null) return;
  const users = await ports.sql<{ tenantId: string; id: string; email: string }[]>`
    SELECT tenant_id AS "tenantId", id, email FROM app_user WHERE email ~ '[^ -~]' OR email ~ '\\.$' ORDER BY created_at, id`;
  for (const { email, id, tenantId } of users) {
    const normal = normalEmail(email);
    if (normal === email) continue;
    await transact(ports, async (tx) => {
      // Creating a user takes the same lock first.
      await tx`SELECT pg_advisory_xact_lock(hashtextextended(${`email ${normal}`}, 0))`;
      return tx`
        UPDATE app_user SET email = ${normal} WHERE tenant_id = ${tenantId} AND id = ${id} AND email = ${email}
          AND NOT EXISTS (SELECT FROM app_user WHERE email = ${normal})`;
    });
  }
}
