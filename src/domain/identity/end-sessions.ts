/** Deletes a user's sessions and notifies every process. */

import type { Transaction } from '../../db/sql.ts';
import type { Ports } from '../ports.ts';

/** The most sessions that are announced one by one. The end of any others is noticed when the user's sessions are checked again. */
const MAX_NAMED = 100;

interface UserId {
  readonly tenantId: string;
  readonly userId: string;
}

/** Deletes a user's sessions, except the session `butId`. Returns the ids of the deleted ones. */
export async function endSessions(tx: Transaction, { tenantId, userId }: UserId, butId: string | null): Promise<readonly string[]> {
  const ended = await tx<{ id: string }[]>`
    DELETE FROM session
    WHERE tenant_id = ${tenantId} AND user_id = ${userId} AND (${butId}::uuid IS NULL OR id <> ${butId}::uuid) RETURNING id`;
  return ended.map(({ id }) => id);
}

/** Call this after the commit. The sockets of these sessions and keys close at once, and cached rights of the user are read again. */
export function announceEnded({ announce }: Pick<Ports, 'announce'>, { tenantId, userId }: UserId, ids: readonly string[]): void {
  for (const sessionId of ids.slice(0, MAX_NAMED)) announce({ kind: 'session', tenantId, sessionId });
  announce({ kind: 'user', tenantId, userId });
}
