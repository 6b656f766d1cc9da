/** Deletes a user's sessions and tells every process. */

import type { Transaction } from '../../db/sql.ts';
import type { Ports } from '../ports.ts';

/** Named one by one at most; of more, the rest is found out when the user's sessions are looked at again. */
const MAX_NAMED = 100;

interface UserId {
  readonly tenantId: string;
  readonly userId: string;
}

/** Deletes a user's sessions, all but the one named; answers their ids. */
export async function endSessions(tx: Transaction, { tenantId, userId }: UserId, butId: string | null): Promise<readonly string[]> {
  const ended = await tx<{ id: string }[]>`
    DELETE FROM session
    WHERE tenant_id = ${tenantId} AND user_id = ${userId} AND (${butId}::uuid IS NULL OR id <> ${butId}::uuid) RETURNING id`;
  return ended.map(({ id }) => id);
}

/** After the commit: the sockets of these sessions and keys close at once, and what was concluded about the user is asked again. */
export function announceEnded({ announce }: Pick<Ports, 'announce'>, { tenantId, userId }: UserId, ids: readonly string[]): void {
  for (const sessionId of ids.slice(0, MAX_NAMED)) announce({ kind: 'session', tenantId, sessionId });
  announce({ kind: 'user', tenantId, userId });
}
