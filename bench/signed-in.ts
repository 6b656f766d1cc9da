/** Opens sessions for the owners of planted panels. */

import { encodeId } from '../schema/core/global-id.ts';
import { openSql } from '../src/db/sql.ts';
import { createSessions } from '../src/domain/identity/sessions.ts';
import type { Actor } from '../src/kernel/actor.ts';
import type { Panel } from './world.ts';

const AT_ONCE = 50;

/** Opens a session for each panel's owner, and returns the tokens with their panels, in the order of the panels. */
export async function signInAll(url: string, panels: readonly Panel[]): Promise<readonly (readonly [string, Panel])[]> {
  const sql = openSql(url, { name: 'bench sessions', max: 5, role: 'revenda_app' });
  const sessions = createSessions({ sql, directory: null, idleMinutes: 600, maxDays: 1 });
  const signedIn: (readonly [string, Panel])[] = [];
  for (let start = 0; start < panels.length; start += AT_ONCE) {
    const some = panels.slice(start, start + AT_ONCE);
    const opened = await Promise.all(some.map((panel) => sessions.open(panel)));
    for (const [index, panel] of some.entries()) {
      const session = opened[index];
      if (!session) throw new Error('a planted panel may not sign in');
      signedIn.push([session.token, panel]);
    }
  }
  await sql.end();
  return signedIn;
}

/** The id of a reseller as clients of its tenant see it. */
export function resellerId(tenantId: string, id: string): string {
  const actor: Actor = {
    userId: id,
    tenantId,
    email: 'somebody@bench.test',
    role: 'OWNER',
    sessionId: id,
    sessionExpiresAtMs: Number.MAX_SAFE_INTEGER,
    key: null,
    mustChangePassword: false,
    support: null,
    panel: null,
  };
  return encodeId({ actor }, 'Reseller', { tenantId, id });
}
