/** Confirms a user's password and code before it changes its own account. */

import type { Transaction } from '../../db/sql.ts';
import type { Acting } from '../../kernel/actor.ts';
import { InvalidCredentials, Unauthenticated } from '../../kernel/errors.ts';
import { type AuditAction, recordAudit } from '../audit/record.ts';
import type { Ports } from '../ports.ts';
import { consumeOtp, type OtpHolder } from './otp.ts';

export type ConfirmPorts = Pick<Ports, 'sql' | 'passwords' | 'signInLimits' | 'secrets'>;

/** A user as those who change something of their own account are looked at. */
export interface OwnUser extends OtpHolder {
  readonly email: string;
  readonly passwordHash: string;
}

/**
 * The acting user, who has just given the right password and, where `otp` is not null, a right code. Wrong ones are
 * InvalidCredentials and count as failed sign-ins; right ones do not clear that count, or a stolen session could guess codes for ever.
 * `refuse` may throw when the password was right: that is not counted either.
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

/** The acting user as the database has it now. */
export async function findOneself({ sql }: Pick<Ports, 'sql'>, { tenantId, userId }: Acting['actor']): Promise<OwnUser> {
  const [user] = await sql<OwnUser[]>`
    SELECT tenant_id AS "tenantId", id AS "userId", email, password_hash AS "passwordHash", totp_secret AS "totpSecret",
      totp_confirmed_at IS NOT NULL AS "totpEnabled"
    FROM app_user WHERE tenant_id = ${tenantId} AND id = ${userId} AND disabled_at IS NULL`;
  if (user === undefined) throw new Unauthenticated('The session has ended.');
  return user;
}

/** What users do to their own accounts, for the owners of their panel to see. */
export function recordOwn(tx: Transaction, { actor, address }: Acting, action: AuditAction): Promise<void> {
  const { email, panel, tenantId, userId } = actor;
  return recordAudit(tx, { tenantId, resellerId: panel?.id ?? null, actorId: userId, address, action, subject: email, changes: [] });
}
