import type { Ports } from '../ports.ts';
import type { SessionId } from './sessions.ts';

/** Ends a session and tells every process, so that its sockets close and no cache answers for it. */
export async function signOut(ports: Pick<Ports, 'sessions' | 'announce'>, session: SessionId): Promise<void> {
  const { tenantId, sessionId } = session;
  await ports.sessions.end({ tenantId, sessionId });
  ports.announce({ kind: 'session', tenantId, sessionId });
}
