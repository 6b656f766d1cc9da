/** The use cases that turn one-time codes on and off, and make recovery codes. */

import { generateSecret, generateURI } from 'otplib';
import { z } from 'zod';
import type { Acting } from '../../kernel/actor.ts';
import { InvalidInput, InvalidState } from '../../kernel/errors.ts';
import { checkInput } from '../check-input.ts';
import { requirePerson } from '../input.ts';
import type { Ports } from '../ports.ts';
import { transact } from '../transact.ts';
import { otpSchema, replaceRecoveryCodes, stepOfCode, totpContext } from './otp.ts';
import { type ConfirmPorts, confirmOneself, findOneself, type OwnUser, recordOwn } from './own-account.ts';
import { passwordSchema } from './passwords.ts';

const ISSUER = 'Revenda';

const passwordOnly = z.object({ password: passwordSchema });
const otpOnly = z.object({ otp: otpSchema });
const both = z.object({ password: passwordSchema, otp: otpSchema });

export interface StartedTotp {
  /** In base 32, for typing. */
  readonly secret: string;
  /** For a QR code. */
  readonly otpauthUri: string;
}

/**
 * Makes a new secret for the acting user's app. It takes effect when `confirmTotp` has received a code of it. Until then another
 * start replaces it.
 */
export async function startTotp(ports: ConfirmPorts, acting: Acting, input: { readonly password: string }): Promise<StartedTotp> {
  requirePerson(acting.actor);
  const { password } = checkInput(passwordOnly, input);
  const user = await confirmOneself(ports, acting, { password, otp: null }, refuseEnabled);
  const secret = generateSecret();
  const sealed = ports.secrets.seal(secret, totpContext(user));
  const { count } = await ports.sql`
    UPDATE app_user SET totp_secret = ${sealed}, totp_last_step = NULL
    WHERE tenant_id = ${user.tenantId} AND id = ${user.userId} AND totp_confirmed_at IS NULL`;
  if (count === 0) refuseEnabled({ totpEnabled: true });
  return { secret, otpauthUri: generateURI({ issuer: ISSUER, label: user.email, secret }) };
}

/**
 * Turns one-time codes on for the acting user, who gives a code of the started secret. Returns the recovery codes, which are shown
 * once.
 */
export async function confirmTotp(
  ports: Pick<Ports, 'sql' | 'secrets'>,
  acting: Acting,
  input: { readonly otp: string },
): Promise<readonly string[]> {
  requirePerson(acting.actor);
  const { otp } = checkInput(otpOnly, input);
  const user = await findOneself(ports, acting.actor);
  refuseEnabled(user);
  if (user.totpSecret === null) throw new InvalidState('There is no secret to confirm: call startTotp first.');
  const step = await stepOfCode(ports, user, otp);
  if (step === null) throw new InvalidInput([{ path: 'input.otp', message: 'is not the present code of the app.' }]);
  return transact(ports, async (tx) => {
    const { count } = await tx`
      UPDATE app_user SET totp_confirmed_at = date_trunc('milliseconds', statement_timestamp()), totp_last_step = ${step}
      WHERE tenant_id = ${user.tenantId} AND id = ${user.userId} AND totp_confirmed_at IS NULL AND totp_secret = ${user.totpSecret}`;
    if (count === 0) throw new InvalidState('This secret was confirmed or replaced at the same moment.');
    const codes = await replaceRecoveryCodes(tx, user);
    await recordOwn(tx, acting, 'TOTP_ENABLED');
    return codes;
  });
}

/** Turns one-time codes off for the acting user, who gives the password and a code of the app or a recovery code. */
export async function disableTotp(
  ports: ConfirmPorts,
  acting: Acting,
  input: { readonly password: string; readonly otp: string },
): Promise<void> {
  requirePerson(acting.actor);
  const { password, otp } = checkInput(both, input);
  const user = await confirmOneself(ports, acting, { password, otp }, refuseDisabled);
  await transact(ports, async (tx) => {
    const { count } = await tx`
      UPDATE app_user SET totp_secret = NULL, totp_confirmed_at = NULL, totp_last_step = NULL
      WHERE tenant_id = ${user.tenantId} AND id = ${user.userId} AND totp_secret = ${user.totpSecret}`;
    if (count === 0) refuseDisabled({ totpEnabled: false });
    await tx`DELETE FROM recovery_code WHERE tenant_id = ${user.tenantId} AND user_id = ${user.userId}`;
    await recordOwn(tx, acting, 'TOTP_DISABLED');
    return user;
  });
}

/** Makes new recovery codes for the acting user. The old ones are no longer valid. */
export async function regenerateRecoveryCodes(
  ports: ConfirmPorts,
  acting: Acting,
  input: { readonly password: string; readonly otp: string },
): Promise<readonly string[]> {
  requirePerson(acting.actor);
  const { password, otp } = checkInput(both, input);
  const user = await confirmOneself(ports, acting, { password, otp }, refuseDisabled);
  return transact(ports, async (tx) => {
    const [now] = await tx<{ isOn: boolean }[]>`
      SELECT totp_confirmed_at IS NOT NULL AS "isOn" FROM app_user
      WHERE tenant_id = ${user.tenantId} AND id = ${user.userId} FOR NO KEY UPDATE`;
    refuseDisabled({ totpEnabled: now?.isOn === true });
    const codes = await replaceRecoveryCodes(tx, user);
    await recordOwn(tx, acting, 'RECOVERY_CODES_REGENERATED');
    return codes;
  });
}

function refuseEnabled({ totpEnabled }: Pick<OwnUser, 'totpEnabled'>): void {
  if (totpEnabled) throw new InvalidState('One-time codes are on already.');
}

function refuseDisabled({ totpEnabled }: Pick<OwnUser, 'totpEnabled'>): void {
  if (!totpEnabled) throw new InvalidState('One-time codes are off.');
}
