/** The use case requestPasswordReset: mails a link to a user who has forgotten the password (R42). */

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
  /** The client's network address, by which requests are counted. */
  readonly address: string;
}

/**
 * Accepts the request. Returns only whether this server sends mail at all: the result does not depend on the user, or on how many
 * requests there were. The user is looked up when the outbox delivers. Until the answer, a known address and an unknown one cost the
 * same two counts and the same write.
 */
export async function requestPasswordReset(
  ports: Pick<Ports, 'sql' | 'mail' | 'outbox' | 'passwordResetLimits'>,
  { address, email: typed, language }: PasswordResetRequest,
): Promise<boolean> {
  if (ports.mail === null) return false;
  const email = emailSchema.safeParse(typed);
  // A text that is not an address belongs to nobody: nothing is stored or sent.
  if (!email.success) return true;
  if (!(await ports.passwordResetLimits.take(email.data, address))) return true;
  const request: ResetRequest = { email: email.data, typed, language, token: randomBytes(TOKEN_BYTES).toString('base64url') };
  await transact(ports, async (tx) => {
    await ports.outbox.write(tx, {
      // The user's panel, if there is one, is not known yet.
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
