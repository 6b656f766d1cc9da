/** Getting back in by mail: who has forgotten the password asks for a link, and sets a new one by it. */

import { requestPasswordReset } from '../../src/domain/identity/request-password-reset.ts';
import { resetPassword } from '../../src/domain/identity/reset-password.ts';
import { InvalidCredentials, InvalidInput } from '../../src/kernel/errors.ts';
import { builder } from '../core/builder.ts';
import { MailLanguage } from '../core/enums.ts';
import { mutation } from '../core/mutation.ts';
import { reached } from '../core/scopes.ts';

const LANGUAGES = { PT: 'pt', EN: 'en' } as const;
const LANGUAGE = 'What the mail is written in.';

builder.queryField('passwordResetByMail', (t) =>
  t.boolean({
    description: 'Whether this server sends mail, so that requestPasswordReset can be offered. For the signed-out too.',
    authScopes: {},
    resolve: (_root, _args, { ports }) => ports.mail !== null,
  }),
);

const RequestPasswordResetInput = builder.inputType('RequestPasswordResetInput', {
  description: 'Who has forgotten the password.',
  fields: (t) => ({
    email: t.string({ required: true, description: 'In upper or lower case.' }),
    language: t.field({ type: MailLanguage, required: true, defaultValue: 'PT', description: LANGUAGE }),
  }),
});

const RequestPasswordResetPayload = builder.objectRef<{ readonly ok: boolean }>('RequestPasswordResetPayload').implement({
  description: 'The request was taken.',
  ...reached('ok'),
  fields: (t) => ({
    ok: t.exposeBoolean('ok', {
      description: 'True, whoever the address belongs to and however often it was asked for. False: this server sends no mail.',
    }),
  }),
});

builder.mutationField('requestPasswordReset', (t) =>
  t.field({
    type: RequestPasswordResetPayload,
    description:
      'Sends a link for a new password to whoever signs in by this e-mail. The answer is the same for every address. It works once, for 30 minutes; 5 for an address and 50 from a network in an hour.',
    // Whoever asks is signed out.
    authScopes: {},
    args: { input: t.arg({ type: RequestPasswordResetInput, required: true, description: 'The address, and the language of the mail.' }) },
    resolve: async (_root, { input: { email, language } }, { address, ports }) => ({
      ok: await requestPasswordReset(ports, { email, language: LANGUAGES[language], address }),
    }),
  }),
);

const ResetPasswordInput = builder.inputType('ResetPasswordInput', {
  description: 'A token of a mail, and the password to set.',
  fields: (t) => ({
    token: t.string({ required: true, description: "What follows # in the mail's link." }),
    newPassword: t.string({ required: true, description: '10 to 128 characters.' }),
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
    "Sets a new password by the token of a mail, and ends all of the user's sessions. One-time codes stay: signing in asks for one as before. A token that was used, is too old or is unknown: InvalidCredentialsError.",
  // The token says who it is.
  who: {},
  input: ResetPasswordInput,
  argument: 'The token and the password.',
  payload: ResetPasswordPayload,
  refusals: [InvalidInput, InvalidCredentials],
  result: 'What was done, or why nothing was.',
  run: async ({ language, newPassword, token }, { address, ports }) => {
    await resetPassword(ports, { token, newPassword, language: LANGUAGES[language], address });
    return { ok: true };
  },
});
