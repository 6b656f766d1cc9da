/** The mutations that set up one-time codes. */

import { confirmTotp, disableTotp, regenerateRecoveryCodes, type StartedTotp, startTotp } from '../../src/domain/identity/totp.ts';
import { Forbidden, InvalidCredentials, InvalidInput, InvalidState, PanelLocked, RateLimited } from '../../src/kernel/errors.ts';
import { builder } from '../core/builder.ts';
import type { Context } from '../core/context.ts';
import { mutation } from '../core/mutation.ts';
import { actingOf, reached, viewerOf } from '../core/scopes.ts';
import { ownUser, User } from './viewer.ts';

const PASSWORD = "The viewer's own password. A wrong one counts as a failed sign-in.";
const OTP = 'A code of the authenticator app, or a recovery code, which is then used up. A wrong one counts as a failed sign-in.';
const CODES = 'The recovery codes, returned only once. Each can replace one code of the app.';

/** The value of payloads that contain only the viewer's own user. */
const DONE = {};

function self(_done: object, _args: object, ctx: Context) {
  return ownUser(viewerOf(ctx));
}

const StartTotpInput = builder.inputType('StartTotpInput', {
  description: 'The password of a user who wants to turn on one-time codes.',
  fields: (t) => ({ password: t.string({ required: true, description: PASSWORD }) }),
});

const StartTotpPayload = builder.objectRef<StartedTotp>('StartTotpPayload').implement({
  description: 'The secret for the authenticator app. One-time codes are off until confirmTotp.',
  ...reached('secret', 'otpauthUri'),
  fields: (t) => ({
    secret: t.exposeString('secret', { description: 'The secret in base 32, for typing.' }),
    otpauthUri: t.exposeString('otpauthUri', { description: 'The secret as an otpauth URI, for a QR code.' }),
  }),
});

mutation('startTotp', {
  description: "Begins to turn on one-time codes (TOTP) for the viewer's own user. Calling it again replaces the secret.",
  who: { person: true },
  input: StartTotpInput,
  argument: "The viewer's password.",
  payload: StartTotpPayload,
  refusals: [Forbidden, InvalidInput, PanelLocked, InvalidCredentials, RateLimited, InvalidState],
  result: 'The secret, or why none was made.',
  run: (input, ctx) => startTotp(ctx.ports, actingOf(ctx), input),
});

const ConfirmTotpInput = builder.inputType('ConfirmTotpInput', {
  description: 'A code that proves that the app has the secret.',
  fields: (t) => ({ otp: t.string({ required: true, description: 'The code that the app shows now.' }) }),
});

const ConfirmTotpPayload = builder.objectRef<readonly string[]>('ConfirmTotpPayload').implement({
  description: 'One-time codes are on: signing in requires one.',
  ...reached('user', 'recoveryCodes'),
  fields: (t) => ({
    user: t.field({ type: User, description: "The viewer's own user.", resolve: self }),
    recoveryCodes: t.stringList({ description: CODES, resolve: (codes) => [...codes] }),
  }),
});

mutation('confirmTotp', {
  description: "Turns on one-time codes for the viewer's own user, after startTotp.",
  who: { person: true },
  input: ConfirmTotpInput,
  argument: 'A code of the authenticator app.',
  payload: ConfirmTotpPayload,
  refusals: [Forbidden, InvalidInput, PanelLocked, InvalidState],
  result: 'The recovery codes, or why one-time codes were not turned on.',
  run: (input, ctx) => confirmTotp(ctx.ports, actingOf(ctx), input),
});

const DisableTotpInput = builder.inputType('DisableTotpInput', {
  description: 'The password and a code of a user who wants to turn off one-time codes.',
  fields: (t) => ({
    password: t.string({ required: true, description: PASSWORD }),
    otp: t.string({ required: true, description: OTP }),
  }),
});

const DisableTotpPayload = builder.objectRef<object>('DisableTotpPayload').implement({
  description: 'One-time codes are off: signing in requires only the password.',
  ...reached('user'),
  fields: (t) => ({ user: t.field({ type: User, description: "The viewer's own user.", resolve: self }) }),
});

mutation('disableTotp', {
  description: "Turns off one-time codes for the viewer's own user.",
  who: { person: true },
  input: DisableTotpInput,
  argument: 'The password and a code.',
  payload: DisableTotpPayload,
  refusals: [Forbidden, InvalidInput, PanelLocked, InvalidCredentials, RateLimited, InvalidState],
  result: 'The user, or why one-time codes were not turned off.',
  run: async (input, ctx) => {
    await disableTotp(ctx.ports, actingOf(ctx), input);
    return DONE;
  },
});

const RegenerateRecoveryCodesInput = builder.inputType('RegenerateRecoveryCodesInput', {
  description: 'The password and a code of a user who wants new recovery codes.',
  fields: (t) => ({
    password: t.string({ required: true, description: PASSWORD }),
    otp: t.string({ required: true, description: OTP }),
  }),
});

const RegenerateRecoveryCodesPayload = builder.objectRef<readonly string[]>('RegenerateRecoveryCodesPayload').implement({
  description: 'The recovery codes were replaced. The old ones no longer work.',
  ...reached('recoveryCodes'),
  fields: (t) => ({ recoveryCodes: t.stringList({ description: CODES, resolve: (codes) => [...codes] }) }),
});

mutation('regenerateRecoveryCodes', {
  description: "Replaces the recovery codes of the viewer's own user.",
  who: { person: true },
  input: RegenerateRecoveryCodesInput,
  argument: 'The password and a code.',
  payload: RegenerateRecoveryCodesPayload,
  refusals: [Forbidden, InvalidInput, PanelLocked, InvalidCredentials, RateLimited, InvalidState],
  result: 'The new codes, or why they were not replaced.',
  run: (input, ctx) => regenerateRecoveryCodes(ctx.ports, actingOf(ctx), input),
});
