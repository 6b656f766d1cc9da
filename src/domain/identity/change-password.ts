/** The use case changePassword. */

import { z } from 'zod';
import type { Acting } from '../../kernel/actor.ts';
import { InvalidState } from '../../kernel/errors.ts';
import { checkInput } from '../check-input.ts';
import { requirePerson } from '../input.ts';
import type { Ports } from '../ports.ts';
import { transact } from '../transact.ts';
import { announceEnded, endSessions } from './end-sessions.ts';
import { type ConfirmPorts, confirmOneself, recordOwn } from './own-account.ts';
import { passwordSchema } from './passwords.ts';

const schema = z.object({ currentPassword: passwordSchema, newPassword: passwordSchema });

/** Changes the acting user's own password and ends its other sessions. The present one is checked under the limits of signing in. */
export async function changePassword(
  ports: ConfirmPorts & Pick<Ports, 'announce'>,
  acting: Acting,
  input: { readonly currentPassword: string; readonly newPassword: string },
): Promise<{ readonly endedSessions: number }> {
  const { actor } = acting;
  requirePerson(actor);
  const { currentPassword, newPassword } = checkInput(schema, input);
  const before = await confirmOneself(ports, acting, { password: currentPassword, otp: null });
  const passwordHash = await ports.passwords.hash(newPassword);
  const ended = await transact(ports, async (tx) => {
    const { tenantId, userId, sessionId } = actor;
    const changed = await tx`
      UPDATE app_user SET password_hash = ${passwordHash}
      WHERE tenant_id = ${tenantId} AND id = ${userId} AND password_hash = ${before.passwordHash} AND disabled_at IS NULL`;
    if (changed.count === 0) throw new InvalidState('The password was changed in the same moment: sign in again.');
    const sessions = await endSessions(tx, actor, sessionId);
    await recordOwn(tx, acting, 'PASSWORD_CHANGED');
    return sessions;
  });
  announceEnded(ports, actor, ended);
  return { endedSessions: ended.length };
}
