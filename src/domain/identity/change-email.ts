/** The use case changeEmail: changes the address with which the user signs in (R42). */

import { z } from 'zod';
import type { WordRow } from '../../db/directory.ts';
import type { Transaction } from '../../db/sql.ts';
import type { Acting } from '../../kernel/actor.ts';
import { AlreadyExists, InvalidCredentials, InvalidInput, InvalidState } from '../../kernel/errors.ts';
import { recordAudit } from '../audit/record.ts';
import { checkInput } from '../check-input.ts';
import { requirePerson } from '../input.ts';
import { DEFAULT_LANGUAGE, sendMail } from '../mail/send-mail.ts';
import type { Ports } from '../ports.ts';
import { transact } from '../transact.ts';
import { emailSchema } from './email.ts';
import { claimEmail, emailName } from './emails.ts';
import { announceEnded } from './end-sessions.ts';
import { type ConfirmPorts, findOneself, type OwnUser } from './own-account.ts';
import { passwordSchema } from './passwords.ts';

const schema = z.object({ email: emailSchema, password: passwordSchema });

/**
 * Changes the acting user's e-mail, in its normal form (R44). The user signs in with it from now on; its sessions continue. The
 * password is required, and a wrong one counts as a failed sign-in. So does an address that somebody has (AlreadyExists), so that
 * probing addresses is limited like guessing passwords. Both addresses get a mail where mail is set up.
 */
export async function changeEmail(
  ports: ConfirmPorts & Pick<Ports, 'directory' | 'announce' | 'mail' | 'outbox'>,
  acting: Acting,
  input: { readonly email: string; readonly password: string },
): Promise<{ readonly email: string }> {
  const { actor, address } = acting;
  requirePerson(actor);
  const { email, password } = checkInput(schema, input);
  if (email === actor.email) throw new InvalidInput([{ path: 'input.email', message: 'is the present e-mail.' }]);
  let isTaken = false;
  const attempt = async () => {
    const user = await findOneself(ports, actor);
    if (!(await ports.passwords.verify(user.passwordHash, password))) return null;
    const isChanged = await transact(ports, async (tx) => ({ done: await change(ports, tx, acting, user, email) }));
    isTaken = !isChanged.done;
    return isTaken ? null : user;
  };
  const changed = await ports.signInLimits.attempt(actor.email, address ?? '', attempt, 'keep');
  if (isTaken) throw new AlreadyExists('This e-mail is taken.');
  if (changed === null) throw new InvalidCredentials();
  ports.outbox.wake();
  announceEnded(ports, actor, []);
  return { email };
}

async function isFree({ directory }: Pick<Ports, 'directory'>, tx: Transaction, email: string, place: WordRow): Promise<boolean> {
  if (directory !== null) return claimEmail(directory, email, place);
  const taken = await tx`SELECT FROM app_user WHERE email = ${email}`;
  return taken.count === 0;
}

/** Returns whether the address was free. */
async function change(
  ports: Pick<Ports, 'directory' | 'mail' | 'outbox'>,
  tx: Transaction,
  { actor, address }: Acting,
  before: OwnUser,
  email: string,
): Promise<boolean> {
  const { tenantId, userId } = actor;
  // Creating a user takes the same lock before it checks whether an e-mail is free.
  await tx`SELECT pg_advisory_xact_lock(hashtextextended(${emailName(email)}, 0))`;
  if (!(await isFree(ports, tx, email, { tenantId, subjectId: userId }))) return false;
  const { count } = await tx`
    UPDATE app_user SET email = ${email}
    WHERE tenant_id = ${tenantId} AND id = ${userId} AND email = ${before.email} AND password_hash = ${before.passwordHash}
      AND disabled_at IS NULL`;
  if (count === 0) throw new InvalidState('The user was changed in the same moment: try again.');
  const resellerId = actor.panel?.id ?? null;
  await recordAudit(tx, {
    tenantId,
    resellerId,
    actorId: userId,
    address,
    action: 'EMAIL_CHANGED',
    subject: before.email,
    changes: [{ field: 'email', before: before.email, after: email }],
  });
  const content = { template: 'emailChanged', newEmail: email } as const;
  for (const to of [before.email, email]) {
    await sendMail(ports, tx, { owner: { tenantId, resellerId, userId }, to, language: DEFAULT_LANGUAGE, content });
  }
  return true;
}
