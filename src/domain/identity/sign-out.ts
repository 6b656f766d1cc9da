/** The use case signOut. */

import type { Actor } from '../../kernel/actor.ts';
import { refuseKey } from '../input.ts';
import type { Ports } from '../ports.ts';

/** Ends the actor's session or support session, and notifies every process, so that its sockets close and caches drop it. */
export async function signOut(ports: Pick<Ports, 'sessions' | 'announce'>, actor: Actor): Promise<void> {
  refuseKey(actor);
  const { tenantId, sessionId } = actor;
  await ports.sessions.end({ tenantId, sessionId });
  ports.announce({ kind: 'session', tenantId, sessionId });
}
