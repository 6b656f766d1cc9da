/** Gives a user another password, and ends what the old one had opened: the one place where that happens. */

import type { Transaction } from '../../db/sql.ts';
import { endSessions } from './end-sessions.ts';

export interface NewPassword {
  readonly passwordHash: string;
  /**
   * How long the password is worth anything until it is changed, when somebody else has made it: whoever signs in with it must
   * change it before anything else. null: the user chose it, and has nothing to change any more.
   */
  readonly oneTimeHours: number | null;
  /** Only while the password still is the one with this hash; null: whatever it is. */
  readonly insteadOf: string | null;
  /** The session that goes on; null: none does. */
  readonly keepSessionId: string | null;
}

/**
 * Sets an enabled user's password and ends its sessions. Answers the ids of those it ended, for `announceEnded` after the commit;
 * null when the user is disabled, or the password is not the one that was named any more. API keys and one-time codes stay.
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
