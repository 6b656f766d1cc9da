/** The mutations that set up one-time codes. */

import { confirmTotp, disableTotp, regenerateRecoveryCodes, type StartedTotp, startTotp } from '../../src/domain/identity/totp.ts';
import { Forbidden, InvalidCredentials, InvalidInput, InvalidState, PanelLocked, RateLimited } from '../../src/kernel/errors.ts';
import { builder } from '../core/builder.ts';
import type { Context } from '../core/context.ts';
import { mutation } from '../core/mutation.ts';
import { actingOf, reached, viewerOf } from '../core/scopes.ts';
import { ownUser, User } from './viewer.ts';

const PASSWORD = "The viewer's own. A wrong one counts as a failed sign-in.";
const OTP = 'A code of the app, or a recovery code, which is used up. A wrong one counts as a failed sign-in.';
const CODES = 'Each signs in once instead of a code of the app. Shown once.';

/** Payloads that only say whose account it was. */
const DONE = {};

function self(_done: object, _args: object, ctx: Context) {
  return ownUser(viewerOf(ctx));
}

const StartTotpInput = builder.inputType('StartTotpInput', {
  description: 'Who wants one-time passwords.',
  fields: (t) => ({ password: t.string({ required: true, description: PASSWORD }) }),
});

const StartTotpPayload = builder.objectRef<StartedTotp>('StartTotpPayload').implement({
  description: 'A secret for the app; nothing has changed until confirmTotp.',
  ...reached('secret', 'otpauthUri'),
  fields: (t) => ({
    secret: t.exposeString('secret', { description: 'In base 32, for typing.' }),
    otpauthUri: t.exposeString('otpauthUri', { description: 'For a QR code.' }),
  }),
});

mutation('startTotp', {
  description: "Begins to turn on one-time passwords for the viewer's own user. Another start replaces the secret.",
  who: { person: true },
  input: StartTotpInput,
  argument: 'The password.',
  payload: StartTotpPayload,
  refusals: [Forbidden, InvalidInput, PanelLocked, InvalidCredentials, RateLimited, InvalidState],
  result: 'The secret, or why there is none.',
  run: (input, ctx) => startTotp(ctx.ports, actingOf(ctx), input),
});

const ConfirmTotpInput = builder.inputType('ConfirmTotpInput', {
  description: 'Proof that the app has the secret.',
  fields: (t) => ({ otp: t.string({ required: true, description: 'The code that the app shows now.' }) }),
});

const ConfirmTotpPayload = builder.objectRef<readonly string[]>('ConfirmTotpPayload').implement({
  description: 'From now on, signing in takes a one-time password.',
  ...reached('user', 'recoveryCodes'),
  fields: (t) => ({
    user: t.field({ type: User, description: "The viewer's own user.", resolve: self }),
    recoveryCodes: t.stringList({ description: CODES, resolve: (codes) => [...codes] }),
  }),
});

mutation('confirmTotp', {
  description: "Turns on one-time passwords for the viewer's own user.",
  who: { person: true },
  input: ConfirmTotpInput,
  argument: 'A code of the authenticator application.',
  payload: ConfirmTotpPayload,
  refusals: [Forbidden, InvalidInput, PanelLocked, InvalidState],
  result: 'The recovery codes, or why nothing was turned on.',
  run: (input, ctx) => confirmTotp(ctx.ports, actingOf(ctx), input),
});

const DisableTotpInput = builder.inputType('DisableTotpInput', {
  description: 'Who wants no one-time passwords any more.',
  fields: (t) => ({
    password: t.string({ required: true, description: PASSWORD }),
    otp: t.string({ required: true, description: OTP }),
  }),
});

const DisableTotpPayload = builder.objectRef<object>('DisableTotpPayload').implement({
  description: 'From now on, signing in takes the password only.',
  ...reached('user'),
  fields: (t) => ({ user: t.field({ type: User, description: "The viewer's own user.", resolve: self }) }),
});

mutation('disableTotp', {
  description: "Turns off one-time passwords for the viewer's own user.",
  who: { person: true },
  input: DisableTotpInput,
  argument: 'The password and a code.',
  payload: DisableTotpPayload,
  refusals: [Forbidden, InvalidInput, PanelLocked, InvalidCredentials, RateLimited, InvalidState],
  result: 'The user, or why nothing was turned off.',
  run: async (input, ctx) => {
    await disableTotp(ctx.ports, actingOf(ctx), input);
    return DONE;
  },
});

const RegenerateRecoveryCodesInput = builder.inputType('RegenerateRecoveryCodesInput', {
  description: 'Who wants new recovery codes.',
  fields: (t) => ({
    password: t.string({ required: true, description: PASSWORD }),
    otp: t.string({ required: true, description: OTP }),
  }),
});

const RegenerateRecoveryCodesPayload = builder.objectRef<readonly string[]>('RegenerateRecoveryCodesPayload').implement({
  description: 'The old recovery codes are worth nothing from now on.',
  ...reached('recoveryCodes'),
  fields: (t) => ({ recoveryCodes: t.stringList({ description: CODES, resolve: (codes) => [...codes] }) }),
});

mutation('regenerateRecoveryCodes', {
  description: "Makes new recovery codes for the viewer's own user, in place of the old ones.",
  who: { person: true },
  input: RegenerateRecoveryCodesInput,
  argument: 'The password and a code.',
  payload: RegenerateRecoveryCodesPayload,
  refusals: [Forbidden, InvalidInput, PanelLocked, InvalidCredentials, RateLimited, InvalidState],
  result: 'The codes, or why there are none.',
  run: (input, ctx) => regenerateRecoveryCodes(ctx.ports, actingOf(ctx), input),
});
