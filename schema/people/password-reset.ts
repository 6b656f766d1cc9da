/** Resetting a forgotten password: the user requests a link by mail and sets a new password with it (R42). */

import { requestPasswordReset } from '../../src/domain/identity/request-password-reset.ts';
import { resetPassword } from '../../src/domain/identity/reset-password.ts';
import { InvalidCredentials, InvalidInput } from '../../src/kernel/errors.ts';
import { builder } from '../core/builder.ts';
import { MailLanguage } from '../core/enums.ts';
import { mutation } from '../core/mutation.ts';
import { reached } from '../core/scopes.ts';

const LANGUAGES = { PT: 'pt', EN: 'en' } as const;
const LANGUAGE = 'The language of the mail.';

builder.queryField('passwordResetByMail', (t) =>
  t.boolean({
    description: 'Whether this server can send mail, so that a client can offer requestPasswordReset. Open to signed-out clients.',
    authScopes: {},
    resolve: (_root, _args, { ports }) => ports.mail !== null,
  }),
);

const RequestPasswordResetInput = builder.inputType('RequestPasswordResetInput', {
  description: 'A user who has forgotten the password.',
  fields: (t) => ({
    email: t.string({ required: true, description: "The user's e-mail, in upper or lower case." }),
    language: t.field({ type: MailLanguage, required: true, defaultValue: 'PT', description: LANGUAGE }),
  }),
});

const RequestPasswordResetPayload = builder.objectRef<{ readonly ok: boolean }>('RequestPasswordResetPayload').implement({
  description: 'The request was accepted.',
  ...reached('ok'),
  fields: (t) => ({
    ok: t.exposeBoolean('ok', {
      description: 'Always true if this server sends mail, whether the e-mail is known or not. False if this server sends no mail.',
    }),
  }),
});

builder.mutationField('requestPasswordReset', (t) =>
  t.field({
    type: RequestPasswordResetPayload,
    description:
      'Sends a link for a new password to the user with this e-mail (R42). The response is the same for every e-mail. The link works once, within 30 minutes. In an hour, at most 5 links go to one e-mail and 50 are requested from one network.',
    // The caller is signed out.
    authScopes: {},
    args: { input: t.arg({ type: RequestPasswordResetInput, required: true, description: 'The e-mail, and the language of the mail.' }) },
    resolve: async (_root, { input: { email, language } }, { address, ports }) => ({
      ok: await requestPasswordReset(ports, { email, language: LANGUAGES[language], address }),
    }),
  }),
);

const ResetPasswordInput = builder.inputType('ResetPasswordInput', {
  description: 'The token of a link, and the password to set.',
  fields: (t) => ({
    token: t.string({ required: true, description: 'The part of the link after #.' }),
    newPassword: t.string({ required: true, description: 'The new password: 10 to 128 characters.' }),
    language: t.field({ type: MailLanguage, required: true, defaultValue: 'PT', description: LANGUAGE }),
  }),
});

const ResetPasswordPayload = builder.objectRef<{ readonly ok: boolean }>('ResetPasswordPayload').implement({
  description: 'The password was set.',
  ...reached('ok'),
  fields: (t) => ({ ok: t.exposeBoolean('ok', { description: 'Always true. Sign in with the new password.' }) }),
});

mutation('resetPassword', {
  description:
    "Sets a new password with the token of a link, and ends all of the user's sessions. One-time codes stay on: signing in requires one as before (R42). If the token was used, has expired or is unknown: InvalidCredentialsError.",
  // The token identifies the user.
  who: {},
  input: ResetPasswordInput,
  argument: 'The token and the new password.',
  payload: ResetPasswordPayload,
  refusals: [InvalidInput, InvalidCredentials],
  result: 'The confirmation, or why the password was not set.',
  run: async ({ language, newPassword, token }, { address, ports }) => {
    await resetPassword(ports, { token, newPassword, language: LANGUAGES[language], address });
    return { ok: true };
  },
});
