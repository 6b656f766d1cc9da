/** Creates the platform's first user when it does not exist. */

import { z } from 'zod';
import { PLATFORM_TENANT_ID } from '../../kernel/actor.ts';
import { uuidv7 } from '../../kernel/uuid.ts';
import { checkInput } from '../check-input.ts';
import type { Ports } from '../ports.ts';
import { emailSchema } from './email.ts';
import { passwordSchema } from './passwords.ts';

const platformUserSchema = z.object({ email: emailSchema, password: passwordSchema });

/**
 * The platform's first user, made unless the e-mail is taken, or was until its user changed it; a password that was changed since
 * stays as it is, and two processes may do this at once. Answers whether this call made it.
 */
export async function ensurePlatformUser(ports: Pick<Ports, 'sql' | 'passwords'>, email: string, password: string): Promise<boolean> {
  const { sql } = ports;
  const user = checkInput(platformUserSchema, { email, password }, 'platformUser');
  // Else the next start would let in whoever knows the settings, long after the person has left them behind.
  const taken = await sql`
    SELECT FROM app_user WHERE email = ${user.email}
    UNION ALL
    SELECT FROM audit_log
    WHERE tenant_id = ${PLATFORM_TENANT_ID} AND reseller_id IS NULL AND action = 'EMAIL_CHANGED' AND subject = ${user.email}`;
  if (taken.count > 0) return false;
  const passwordHash = await ports.passwords.hash(user.password);
  const { count } = await sql`
    INSERT INTO app_user (tenant_id, id, email, password_hash, role, created_at)
    VALUES (${PLATFORM_TENANT_ID}, ${uuidv7()}, ${user.email}, ${passwordHash}, 'PLATFORM', date_trunc('milliseconds', clock_timestamp()))
    ON CONFLICT (email) DO NOTHING`;
  return count > 0;
}

/** Without one nobody can create a tenant, or sign in to a new database at all. */
export async function hasPlatformUser({ sql }: Pick<Ports, 'sql'>): Promise<boolean> {
  const users = await sql`SELECT FROM app_user WHERE tenant_id = ${PLATFORM_TENANT_ID} AND disabled_at IS NULL LIMIT 1`;
  return users.count > 0;
}
