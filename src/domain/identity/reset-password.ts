/** The use case resetPassword: sets a new password with the link of a mail or of an invitation (R42, R55). */

import { z } from 'zod';
import { isOf } from '../../db/by-tenant.ts';
import type { Sql, Transaction } from '../../db/sql.ts';
import { InvalidCredentials } from '../../kernel/errors.ts';
import type { MailLanguage } from '../../mail/mail.ts';
import { recordAudit } from '../audit/record.ts';
import { checkInput } from '../check-input.ts';
import { type MailOwner, sendMail } from '../mail/send-mail.ts';
import type { Ports } from '../ports.ts';
import { transact } from '../transact.ts';
import { announceEnded } from './end-sessions.ts';
import { digestOf, isResetToken } from './password-reset-token.ts';
import { passwordSchema } from './passwords.ts';
import { setPassword } from './set-password.ts';

const schema = z.object({ newPassword: passwordSchema });

export interface PasswordReset {
  readonly token: string;
  readonly newPassword: string;
  readonly language: MailLanguage;
  readonly address: string;
}

interface Owner extends MailOwner {
  readonly email: string;
  readonly passwordHash: string;
  /** Whether the link is the invitation of an imported panel's owner (ADR-0094). */
  readonly isInvited: boolean;
}

/**
 * Sets the password of the token's user, and ends all of the user's sessions. One-time codes, recovery codes and API keys stay, and
 * nobody is signed in by it. Throws InvalidCredentials for a token that is unknown, used or too old, or whose user has changed the
 * password or e-mail since. If two calls use a token at once, the second one gets InvalidCredentials.
 */
export async function resetPassword(
  ports: Pick<Ports, 'sql' | 'directory' | 'passwords' | 'announce' | 'mail' | 'outbox'>,
  { address, language, newPassword, token }: PasswordReset,
): Promise<void> {
  checkInput(schema, { newPassword });
  // This comes before the password is hashed, so that a guess costs only one query.
  const before = isResetToken(token) ? await findOwner(ports, token) : null;
  if (before === null) throw worthless();
  const passwordHash = await ports.passwords.hash(newPassword);
  const ended = await transact(ports, async (tx) => {
    const user = await useToken(tx, token, before);
    const sessions = await setPassword(tx, user, { passwordHash, oneTimeHours: null, insteadOf: before.passwordHash, keepSessionId: null });
    if (sessions === null) throw worthless();
    const { email, resellerId, tenantId, userId } = user;
    const action = user.isInvited ? 'INVITATION_ACCEPTED' : 'PASSWORD_RESET';
    await recordAudit(tx, { tenantId, resellerId, actorId: userId, address, action, subject: email, changes: [] });
    await sendMail(ports, tx, { owner: { tenantId, resellerId, userId }, to: email, language, content: { template: 'passwordChanged' } });
    return sessions;
  });
  ports.outbox.wake();
  announceEnded(ports, before, ended);
}

async function findOwner({ directory, sql }: Pick<Ports, 'sql' | 'directory'>, token: string): Promise<Owner | null> {
  if (directory === null) return findIn(sql, null, token);
  const place = await directory.find('PASSWORD_RESET', digestOf(token).toString('hex'));
  return place && findIn(sql, place.tenantId, token);
}

/** A null `tenantId` searches all tenants. */
async function findIn(sql: Sql, tenantId: string | null, token: string): Promise<Owner | null> {
  const [owner] = await sql<Owner[]>`
    SELECT u.tenant_id AS "tenantId", u.id AS "userId", u.reseller_id AS "resellerId", u.email, u.password_hash AS "passwordHash",
      p.import_id IS NOT NULL AS "isInvited"
    FROM password_reset p
    JOIN app_user u ON u.tenant_id = p.tenant_id AND u.id = p.user_id
    LEFT JOIN reseller r ON r.tenant_id = u.tenant_id AND r.id = u.reseller_id
    WHERE ${isOf(sql, tenantId, 'p.tenant_id')} AND p.token_hash = ${digestOf(token)} AND p.used_at IS NULL AND p.expires_at > clock_timestamp()
      AND u.disabled_at IS NULL AND r.closed_at IS NULL AND p.state_digest = sha256(convert_to(u.password_hash || ' ' || u.email, 'UTF8'))`;
  return owner ?? null;
}

/** Marks the token as used. A concurrent second call waits for the first, and then finds it used. */
async function useToken(tx: Transaction, token: string, owner: Owner): Promise<Owner> {
  const { count } = await tx`
    UPDATE password_reset SET used_at = date_trunc('milliseconds', statement_timestamp())
    WHERE tenant_id = ${owner.tenantId} AND user_id = ${owner.userId} AND token_hash = ${digestOf(token)}
      AND used_at IS NULL AND expires_at > statement_timestamp()`;
  if (count === 0) throw worthless();
  return owner;
}

function worthless(): InvalidCredentials {
  return new InvalidCredentials('This link was used before, has expired or is not valid: request a new one.');
}
