/** Opens a session in a distributed database: does table by table what insertSession does in one statement (ADR-0134). */

import type { Sql } from '../../db/sql.ts';
import { cut, MAX_ADDRESS_CHARACTERS, MAX_USER_AGENT_CHARACTERS, type OpeningSession, type SessionLifetimes } from './session-rows.ts';

/**
 * Returns whether the session was opened. A concurrent change of the password, or disabling of the user, waits for this commit, or
 * this waits for it and returns false.
 */
export async function insertSessionByTenant(sql: Sql, session: OpeningSession, { idleMs, maxMs }: SessionLifetimes): Promise<boolean> {
  const { address, id, passwordHash = null, tenantId, tokenHash, userAgent, userId } = session;
  const opened = await sql.begin('ISOLATION LEVEL READ COMMITTED', async (tx) => {
    const user = await tx`
      UPDATE app_user u SET last_sign_in_at = date_trunc('milliseconds', statement_timestamp())
      WHERE u.tenant_id = ${tenantId} AND u.id = ${userId} AND u.disabled_at IS NULL
        AND (u.one_time_password_until IS NULL OR u.one_time_password_until > statement_timestamp())
        AND u.password_hash = coalesce(${passwordHash}, u.password_hash)
        AND NOT EXISTS (SELECT FROM reseller r WHERE r.tenant_id = ${tenantId} AND r.id = u.reseller_id AND r.closed_at IS NOT NULL)`;
    if (user.count === 0) return { mayOpen: false };
    const after = (ms: number) => tx`date_trunc('milliseconds', statement_timestamp()) + ${ms}::float8 * interval '1 millisecond'`;
    await tx`
      INSERT INTO session (tenant_id, id, user_id, token_hash, user_agent, address, created_at, expires_at, ends_at)
      VALUES (${tenantId}, ${id}, ${userId}, ${tokenHash}, ${cut(userAgent, MAX_USER_AGENT_CHARACTERS)}, ${cut(address, MAX_ADDRESS_CHARACTERS)},
        ${after(0)}, ${after(Math.min(idleMs, maxMs))}, ${after(maxMs)})`;
    return { mayOpen: true };
  });
  return opened.mayOpen;
}
