/** The mails in English. */

import type { Words } from './words.ts';

const NOT_YOU = 'If that was not you, tell whoever looks after your panel at once.';

export const en: Words = {
  passwordReset: ({ link, minutes }) => ({
    subject: 'A new password for your panel',
    paragraphs: ['Somebody asked for a new password for your account.', `This link works once, for ${minutes} minutes:`],
    action: { label: 'Choose a new password', link },
    after: ['If you did not ask for it, do nothing: your password stays as it is.'],
  }),
  passwordChanged: () => ({
    subject: 'Your password was changed',
    paragraphs: ['The password of your account was changed with the link that was sent to you, and all sessions were ended.', NOT_YOU],
  }),
  accessReset: () => ({
    subject: 'Your access was reset',
    paragraphs: [
      'Somebody who looks after your panel gave your account a one-time password. One-time codes were turned off, and all sessions were ended.',
      'Ask this person for the password: you choose your own when you sign in.',
      NOT_YOU,
    ],
  }),
  emailChanged: ({ newEmail }) => ({
    subject: 'Your e-mail was changed',
    paragraphs: [`You now sign in with this e-mail: ${newEmail}`, NOT_YOU],
  }),
  webhookDisabled: ({ host, isGone }) => ({
    subject: 'A webhook of your panel was disabled',
    paragraphs: [
      isGone
        ? `The address at ${host} answered that it no longer exists, and receives no more events.`
        : `The address at ${host} accepted no event for five days, and receives no more events.`,
      'Waiting events are kept. When the problem is fixed, enable the address under Settings › Integrations.',
    ],
  }),
  reminder: ({ seller, text }) => ({
    subject: `${seller}: your service`,
    paragraphs: text.split('\n').filter((line) => line.trim() !== ''),
    signature: seller,
  }),
};
