/** Lists and ends the acting user's own sessions. */

import type { Sql } from '../../db/sql.ts';
import type { Acting, Actor } from '../../kernel/actor.ts';
import { NotFound } from '../../kernel/errors.ts';
import { type RowId, requirePerson } from '../input.ts';
import type { Ports } from '../ports.ts';
import { transact } from '../transact.ts';
import { announceEnded, endSessions } from './end-sessions.ts';
import { recordOwn } from './own-account.ts';

/** The most sessions that are listed, newest first. */
const MAX_LISTED = 100;

/** An open session of a user. */
export interface OwnSession {
  readonly tenantId: string;
  readonly id: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly userAgent: string | null;
  readonly address: string | null;
}

/** Lists the acting user's open sessions, newest first. With `id` it returns only that one. */
export async function ownSessions(sql: Sql, { tenantId, userId }: Actor, id: string | null = null): Promise<readonly OwnSession[]> {
  return await sql<OwnSession[]>`
    SELECT tenant_id AS "tenantId", id, created_at AS "createdAt", expires_at AS "expiresAt", user_agent AS "userAgent", address
    FROM session
    WHERE tenant_id = ${tenantId} AND user_id = ${userId} AND expires_at > clock_timestamp() AND (${id}::uuid IS NULL OR id = ${id}::uuid)
    ORDER BY id DESC LIMIT ${MAX_LISTED}`;
}

/** Ends one of the acting user's own sessions, and closes its sockets. Throws NotFound for any other session. */
export async function revokeSession(ports: Pick<Ports, 'sql' | 'announce'>, acting: Acting, session: RowId | null): Promise<RowId> {
  const { tenantId, userId } = acting.actor;
  requirePerson(acting.actor);
  const id = session?.id ?? null;
  const revoked = await transact(ports, async (tx) => {
    const { count } = await tx`DELETE FROM session WHERE tenant_id = ${tenantId} AND user_id = ${userId} AND id = ${id}`;
    if (id === null || count === 0) throw new NotFound();
    await recordOwn(tx, acting, 'SESSION_REVOKED');
    return { tenantId, id };
  });
  ports.announce({ kind: 'session', tenantId, sessionId: revoked.id });
  return revoked;
}

/** Ends all sessions of the acting user except the present one. */
export async function revokeOtherSessions(
  ports: Pick<Ports, 'sql' | 'announce'>,
  acting: Acting,
): Promise<{ readonly endedSessions: number }> {
  requirePerson(acting.actor);
  const ended = await transact(ports, async (tx) => {
    const sessions = await endSessions(tx, acting.actor, acting.actor.sessionId);
    if (sessions.length > 0) await recordOwn(tx, acting, 'SESSIONS_REVOKED');
    return sessions;
  });
  announceEnded(ports, acting.actor, ended);
  return { endedSessions: ended.length };
}
