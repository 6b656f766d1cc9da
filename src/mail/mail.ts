/** The kinds of mail, and the interface that sends them. */

import type { Outcome } from '../outbox/outbox.ts';

/** Languages that mails are written in. */
export type MailLanguage = 'pt' | 'en';

/** The content of a mail: a template and its values. */
export type MailContent =
  /** Has a link for setting a new password. */
  | { readonly template: 'passwordReset'; readonly link: string; readonly minutes: number }
  /** To the user, after the password was set through such a link. */
  | { readonly template: 'passwordChanged' }
  /** To a user who got a one-time password from somebody else (R41). */
  | { readonly template: 'accessReset' }
  /** To both the old and the new address (R42). */
  | { readonly template: 'emailChanged'; readonly newEmail: string }
  /** To the OWNERs of a panel whose webhook endpoint was disabled (R50). */
  | { readonly template: 'webhookDisabled'; readonly host: string; readonly isGone: boolean }
  /** To a customer, in the name and with the text of its panel (R58). */
  | { readonly template: 'reminder'; readonly text: string; readonly seller: string };

export type Mail = MailContent & { readonly to: string; readonly language: MailLanguage };

export interface Mailer {
  /** Sends the mail to the server; `signal` aborts it. Never throws. A refusal for good is `dead`, any other error is `failed`. */
  send(mail: Mail, signal: AbortSignal): Promise<Outcome>;
}
