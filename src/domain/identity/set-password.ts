/** Changes a user's password and ends the sessions of the old one. No other code writes a password. */

import type { Transaction } from '../../db/sql.ts';
import { endSessions } from './end-sessions.ts';

export interface NewPassword {
  readonly passwordHash: string;
  /**
   * How long a one-time password that somebody else made is valid; a user who signs in with it must change it first. null if the user
   * chose the password.
   */
  readonly oneTimeHours: number | null;
  /** Changes the password only if the present one has this hash. null changes any. */
  readonly insteadOf: string | null;
  /** The session that continues. null ends all. */
  readonly keepSessionId: string | null;
}

/**
 * Sets an enabled user's password and ends its sessions. Returns the ids of the ended sessions, for `announceEnded` after the commit.
 * Returns null if the user is disabled, or if the password no longer has the hash `insteadOf`. API keys and one-time codes stay.
 */
export async function setPassword(
  tx: Transaction,
  user: { readonly tenantId: string; readonly userId: string },
  { insteadOf, keepSessionId, oneTimeHours, passwordHash }: NewPassword,
): Promise<readonly string[] | null> {
  const { count } = await tx`
    UPDATE app_user SET password_hash = ${passwordHash},
      one_time_password_until = date_trunc('milliseconds', statement_timestamp()) + ${oneTimeHours}::float8 * interval '1 hour'
    WHERE tenant_id = ${user.tenantId} AND id = ${user.userId} AND disabled_at IS NULL
      AND (${insteadOf}::text IS NULL OR password_hash = ${insteadOf})`;
  return count === 0 ? null : endSessions(tx, user, keepSessionId);
}
