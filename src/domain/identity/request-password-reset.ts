/** The use case requestPasswordReset: a link by mail for who has forgotten the password (R42). */

import { randomBytes } from 'node:crypto';
import { PLATFORM_TENANT_ID } from '../../kernel/actor.ts';
import { uuidv7 } from '../../kernel/uuid.ts';
import type { MailLanguage } from '../../mail/mail.ts';
import { MAIL_TARGET } from '../mail/send-mail.ts';
import type { Ports } from '../ports.ts';
import { transact } from '../transact.ts';
import { emailSchema } from './email.ts';
import { RESET_CHANNEL, RESET_MINUTES, type ResetRequest } from './password-reset-channel.ts';

const TOKEN_BYTES = 32;
const MINUTE_MS = 60_000;

export interface PasswordResetRequest {
  readonly email: string;
  readonly language: MailLanguage;
  /** The client's network address: requests are counted by it. */
  readonly address: string;
}

/**
 * Takes the request and answers whether this server sends mail at all, whoever the address belongs to, and also when too many
 * asked for it. Whether there is such a user is looked up when the outbox delivers: until the answer, an address that is known and
 * one that is not cost the same two counts and the same write.
 */
export async function requestPasswordReset(
  ports: Pick<Ports, 'sql' | 'mail' | 'outbox' | 'passwordResetLimits'>,
  { address, email: typed, language }: PasswordResetRequest,
): Promise<boolean> {
  if (ports.mail === null) return false;
  const email = emailSchema.safeParse(typed);
  // What is no address is nobody's: no mail server is asked about it, and nothing is kept of it.
  if (!email.success) return true;
  if (!(await ports.passwordResetLimits.take(email.data, address))) return true;
  const request: ResetRequest = { email: email.data, typed, language, token: randomBytes(TOKEN_BYTES).toString('base64url') };
  await transact(ports, async (tx) => {
    await ports.outbox.write(tx, {
      // Whose panel it is, if any, is not known yet.
      tenantId: PLATFORM_TENANT_ID,
      channel: RESET_CHANNEL,
      target: MAIL_TARGET,
      lane: uuidv7(),
      body: JSON.stringify(request),
      expiresInMs: RESET_MINUTES * MINUTE_MS,
    });
    return request;
  });
  ports.outbox.wake();
  return true;
}
