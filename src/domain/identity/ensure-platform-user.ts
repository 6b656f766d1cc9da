/** Creates the platform's first user if it does not exist. */

import { z } from 'zod';
import type { Sql, Transaction } from '../../db/sql.ts';
import { PLATFORM_TENANT_ID } from '../../kernel/actor.ts';
import { uuidv7 } from '../../kernel/uuid.ts';
import { checkInput } from '../check-input.ts';
import type { Ports } from '../ports.ts';
import { transact } from '../transact.ts';
import { emailSchema } from './email.ts';
import { claimEmail, emailName } from './emails.ts';
import { passwordSchema } from './passwords.ts';

const platformUserSchema = z.object({ email: emailSchema, password: passwordSchema });

/**
 * Creates the platform's first user, unless the e-mail is taken, or was taken until its user changed it. A password that was changed
 * since stays as it is. Two processes may do this at once. Returns whether this call created the user.
 */
export async function ensurePlatformUser(
  ports: Pick<Ports, 'sql' | 'directory' | 'passwords'>,
  email: string,
  password: string,
): Promise<boolean> {
  const { directory, sql } = ports;
  const user = checkInput(platformUserSchema, { email, password }, 'platformUser');
  // Without the check of the audit log, the next start would create the user again, and admit anybody who knows the settings.
  // In a distributed database, `claimEmail` below checks the users of other tenants.
  const taken = await sql`
    SELECT FROM app_user WHERE ${directory === null ? sql`` : sql`tenant_id = ${PLATFORM_TENANT_ID} AND`} email = ${user.email}
    UNION ALL
    SELECT FROM audit_log
    WHERE tenant_id = ${PLATFORM_TENANT_ID} AND reseller_id IS NULL AND action = 'EMAIL_CHANGED' AND subject = ${user.email}`;
  if (taken.count > 0) return false;
  const passwordHash = await ports.passwords.hash(user.password);
  const id = uuidv7();
  const insert = async (tx: Sql | Transaction) => {
    const { count } = await tx`
      INSERT INTO app_user (tenant_id, id, email, password_hash, role, created_at)
      VALUES (${PLATFORM_TENANT_ID}, ${id}, ${user.email}, ${passwordHash}, 'PLATFORM', date_trunc('milliseconds', clock_timestamp()))
      ON CONFLICT DO NOTHING`;
    return count > 0;
  };
  if (directory === null) return insert(sql);
  const { made } = await transact(ports, async (tx) => {
    await tx`SELECT pg_advisory_xact_lock(hashtextextended(${emailName(user.email)}, 0))`;
    const isFree = await claimEmail(directory, user.email, { tenantId: PLATFORM_TENANT_ID, subjectId: id });
    return { made: isFree && (await insert(tx)) };
  });
  return made;
}

/** Without a platform user nobody can create a tenant, or sign in to a new database. */
export async function hasPlatformUser({ sql }: Pick<Ports, 'sql'>): Promise<boolean> {
  const users = await sql`SELECT FROM app_user WHERE tenant_id = ${PLATFORM_TENANT_ID} AND disabled_at IS NULL LIMIT 1`;
  return users.count > 0;
}
