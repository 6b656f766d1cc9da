/** The use case changePassword. */

import { z } from 'zod';
import type { Acting } from '../../kernel/actor.ts';
import { InvalidInput, InvalidState } from '../../kernel/errors.ts';
import { checkInput } from '../check-input.ts';
import { requirePerson } from '../input.ts';
import type { Ports } from '../ports.ts';
import { transact } from '../transact.ts';
import { announceEnded } from './end-sessions.ts';
import { type ConfirmPorts, confirmOneself, recordOwn } from './own-account.ts';
import { passwordSchema, samePassword } from './passwords.ts';
import { setPassword } from './set-password.ts';

const schema = z.object({ currentPassword: passwordSchema, newPassword: passwordSchema });

/**
 * Changes the acting user's own password and ends its other sessions. The present password is checked under the limits of signing
 * in. A one-time password (R41) must be changed to a different one; after that the session has all rights of its user.
 */
export async function changePassword(
  ports: ConfirmPorts & Pick<Ports, 'announce'>,
  acting: Acting,
  input: { readonly currentPassword: string; readonly newPassword: string },
): Promise<{ readonly endedSessions: number }> {
  const { actor } = acting;
  requirePerson(actor);
  const { currentPassword, newPassword } = checkInput(schema, input);
  if (actor.mustChangePassword && samePassword(currentPassword, newPassword)) {
    throw new InvalidInput([{ path: 'input.newPassword', message: 'must not be the one-time password.' }]);
  }
  const before = await confirmOneself(ports, acting, { password: currentPassword, otp: null });
  const passwordHash = await ports.passwords.hash(newPassword);
  const ended = await transact(ports, async (tx) => {
    const instead = { insteadOf: before.passwordHash, keepSessionId: actor.sessionId };
    const sessions = await setPassword(tx, actor, { passwordHash, oneTimeHours: null, ...instead });
    if (sessions === null) throw new InvalidState('The password was changed in the same moment: sign in again.');
    await recordOwn(tx, acting, 'PASSWORD_CHANGED');
    return sessions;
  });
  announceEnded(ports, actor, ended);
  return { endedSessions: ended.length };
}
