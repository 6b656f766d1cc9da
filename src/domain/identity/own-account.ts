/** Confirms a user's password and code before it changes its own account. */

import type { Transaction } from '../../db/sql.ts';
import type { Acting } from '../../kernel/actor.ts';
import { InvalidCredentials, Unauthenticated } from '../../kernel/errors.ts';
import { type AuditAction, recordAudit } from '../audit/record.ts';
import type { Ports } from '../ports.ts';
import { consumeOtp, type OtpHolder } from './otp.ts';

export type ConfirmPorts = Pick<Ports, 'sql' | 'passwords' | 'signInLimits' | 'secrets'>;

/** The acting user, as read to confirm a change of its own account. */
export interface OwnUser extends OtpHolder {
  readonly email: string;
  readonly passwordHash: string;
}

/**
 * Checks the acting user's password and, if `otp` is not null, its code, and returns the user. Wrong ones throw InvalidCredentials
 * and count as failed sign-ins. Right ones do not clear that count, or a stolen session could guess codes without limit. `refuse` may
 * throw if the password was right; that does not count as a failure.
 */
export async function confirmOneself(
  ports: ConfirmPorts,
  { actor, address }: Acting,
  given: { readonly password: string; readonly otp: string | null },
  refuse: (user: OwnUser) => void = () => {},
): Promise<OwnUser> {
  const confirmed = await ports.signInLimits.attempt(
    actor.email,
    address ?? '',
    async () => {
      const user = await findOneself(ports, actor);
      if (!(await ports.passwords.verify(user.passwordHash, given.password))) return null;
      refuse(user);
      return given.otp === null || (await consumeOtp(ports, user, given.otp)) ? user : null;
    },
    'keep',
  );
  if (confirmed === null) throw new InvalidCredentials();
  return confirmed;
}

/** Reads the acting user from the database. */
export async function findOneself({ sql }: Pick<Ports, 'sql'>, { tenantId, userId }: Acting['actor']): Promise<OwnUser> {
  const [user] = await sql<OwnUser[]>`
    SELECT tenant_id AS "tenantId", id AS "userId", email, password_hash AS "passwordHash", totp_secret AS "totpSecret",
      totp_confirmed_at IS NOT NULL AS "totpEnabled"
    FROM app_user WHERE tenant_id = ${tenantId} AND id = ${userId} AND disabled_at IS NULL`;
  if (user === undefined) throw new Unauthenticated('The session has ended.');
  return user;
}

/** Records a user's change of its own account, for the owners of its panel to see. */
export function recordOwn(tx: Transaction, { actor, address }: Acting, action: AuditAction): Promise<void> {
  const { email, panel, tenantId, userId } = actor;
  return recordAudit(tx, { tenantId, resellerId: panel?.id ?? null, actorId: userId, address, action, subject: email, changes: [] });
}
