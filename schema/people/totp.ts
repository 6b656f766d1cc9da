/** The mutations that set up one-time codes. */

import { confirmTotp, disableTotp, regenerateRecoveryCodes, type StartedTotp, startTotp } from '../../src/domain/identity/totp.ts';
import { Forbidden, InvalidCredentials, InvalidInput, InvalidState, PanelLocked, RateLimited } from '../../src/kernel/errors.ts';
import { builder } from '../core/builder.ts';
import type { Context } from '../core/context.ts';
import { actingOf, forget, reached, viewerOf } from '../core/scopes.ts';
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

builder.mutationField('startTotp', (t) =>
  t.field({
    type: StartTotpPayload,
    description: "Begins to turn on one-time passwords for the viewer's own user. Another start replaces the secret.",
    authScopes: { person: true },
    errors: {
      types: [Forbidden, InvalidInput, PanelLocked, InvalidCredentials, RateLimited, InvalidState],
      union: { name: 'StartTotpResult', description: 'The secret, or why there is none.' },
    },
    args: { input: t.arg({ type: StartTotpInput, required: true, description: 'The password.' }) },
    resolve: (_root, { input }, ctx) => startTotp(ctx.ports, actingOf(ctx), input),
  }),
);

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

builder.mutationField('confirmTotp', (t) =>
  t.field({
    type: ConfirmTotpPayload,
    description: "Turns on one-time passwords for the viewer's own user.",
    authScopes: { person: true },
    errors: {
      types: [Forbidden, InvalidInput, PanelLocked, InvalidState],
      union: { name: 'ConfirmTotpResult', description: 'The recovery codes, or why nothing was turned on.' },
    },
    args: { input: t.arg({ type: ConfirmTotpInput, required: true, description: 'A code.' }) },
    resolve: async (_root, { input }, ctx) => {
      const codes = await confirmTotp(ctx.ports, actingOf(ctx), input);
      forget(ctx);
      return codes;
    },
  }),
);

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

builder.mutationField('disableTotp', (t) =>
  t.field({
    type: DisableTotpPayload,
    description: "Turns off one-time passwords for the viewer's own user.",
    authScopes: { person: true },
    errors: {
      types: [Forbidden, InvalidInput, PanelLocked, InvalidCredentials, RateLimited, InvalidState],
      union: { name: 'DisableTotpResult', description: 'The user, or why nothing was turned off.' },
    },
    args: { input: t.arg({ type: DisableTotpInput, required: true, description: 'The password and a code.' }) },
    resolve: async (_root, { input }, ctx) => {
      await disableTotp(ctx.ports, actingOf(ctx), input);
      forget(ctx);
      return DONE;
    },
  }),
);

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

builder.mutationField('regenerateRecoveryCodes', (t) =>
  t.field({
    type: RegenerateRecoveryCodesPayload,
    description: "Makes new recovery codes for the viewer's own user, in place of the old ones.",
    authScopes: { person: true },
    errors: {
      types: [Forbidden, InvalidInput, PanelLocked, InvalidCredentials, RateLimited, InvalidState],
      union: { name: 'RegenerateRecoveryCodesResult', description: 'The codes, or why there are none.' },
    },
    args: { input: t.arg({ type: RegenerateRecoveryCodesInput, required: true, description: 'The password and a code.' }) },
    resolve: (_root, { input }, ctx) => regenerateRecoveryCodes(ctx.ports, actingOf(ctx), input),
  }),
);
