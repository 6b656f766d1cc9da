/** The use case signIn. */

import { z } from 'zod';
import { isOf } from '../../db/by-tenant.ts';
import type { Sql } from '../../db/sql.ts';
import { InvalidCredentials, OtpRequired } from '../../kernel/errors.ts';
import { checkInput } from '../check-input.ts';
import type { Ports } from '../ports.ts';
import { emailSchema, typedEmail } from './email.ts';
import { tenantsOfEmails } from './emails.ts';
import { consumeOtp, type OtpHolder, otpSchema } from './otp.ts';
import { passwordSchema } from './passwords.ts';
import type { OpenedSession } from './sessions.ts';

export interface SignIn {
  readonly email: string;
  readonly password: string;
  /** A code of the user's app, or a recovery code. */
  readonly otp?: string | null | undefined;
  /** The client's network address, by which failures are counted. */
  readonly address: string;
  /** The client's User-Agent header. */
  readonly userAgent?: string | null | undefined;
}

const credentialsSchema = z.object({ email: emailSchema, password: passwordSchema, otp: otpSchema.nullish() });

/**
 * Opens a session for the user with this e-mail and password, and with a one-time code if the user has turned codes on. An unknown
 * e-mail, a wrong password or code, an expired one-time password (R41), a disabled user and a closed panel (R17) all get the same
 * refusal, InvalidCredentials, after the same work. OtpRequired is returned only if the password is right; it neither counts as a
 * failure nor clears any. Throws RateLimited after too many failures.
 */
export async function signIn(
  ports: Pick<Ports, 'sql' | 'directory' | 'passwords' | 'signInLimits' | 'sessions' | 'secrets'>,
  input: SignIn,
): Promise<OpenedSession> {
  const given = { email: input.email, password: input.password, otp: input.otp };
  const { email, password, otp } = checkInput(credentialsSchema, given);
  const opened = await ports.signInLimits.attempt(email, input.address, async () => {
    const user = await findUser(ports, email, typedEmail(input.email));
    const isRight = await ports.passwords.verify(user?.passwordHash ?? null, password);
    if (user === null || !isRight) return null;
    if (user.totpEnabled) {
      if (!otp) throw new OtpRequired();
      if (!(await consumeOtp(ports, user, otp))) return null;
    }
    const { tenantId, userId, passwordHash } = user;
    return ports.sessions.open({ tenantId, userId, passwordHash, address: input.address, userAgent: input.userAgent ?? null });
  });
  if (opened === null) throw new InvalidCredentials();
  return opened;
}

interface UserRow extends OtpHolder {
  readonly passwordHash: string;
}

/** Finds the user who may sign in with this e-mail. A user with the exact spelling takes precedence over one with the normal form. */
async function findUser(ports: Pick<Ports, 'sql' | 'directory'>, email: string, typed: string): Promise<UserRow | null> {
  for (const tenantId of await tenantsOfEmails(ports, [typed, email])) {
    const user = await findIn(ports.sql, tenantId, email, typed);
    if (user !== null) return user;
  }
  return null;
}

/** A null `tenantId` searches all tenants. */
async function findIn(sql: Sql, tenantId: string | null, email: string, typed: string): Promise<UserRow | null> {
  const [user] = await sql<UserRow[]>`
    SELECT u.tenant_id AS "tenantId", u.id AS "userId", u.password_hash AS "passwordHash", u.totp_secret AS "totpSecret",
      u.totp_confirmed_at IS NOT NULL AS "totpEnabled"
    FROM app_user u LEFT JOIN reseller r ON r.tenant_id = u.tenant_id AND r.id = u.reseller_id
    WHERE ${isOf(sql, tenantId, 'u.tenant_id')} AND u.email IN (${email}, ${typed}) AND u.disabled_at IS NULL AND r.closed_at IS NULL
      AND (u.one_time_password_until IS NULL OR u.one_time_password_until > clock_timestamp())
    ORDER BY u.email = ${typed} DESC LIMIT 1`;
  return user ?? null;
}
