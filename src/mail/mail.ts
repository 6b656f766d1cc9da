/** The mails that can be sent, and what sends them. */

import type { Outcome } from '../outbox/outbox.ts';

/** Languages that mails are written in. */
export type MailLanguage = 'pt' | 'en';

/** What a mail says: a template and what it needs. */
export type MailContent =
  /** A link by which its reader sets a new password. */
  | { readonly template: 'passwordReset'; readonly link: string; readonly minutes: number }
  /** To whom the password belongs, after it was set by such a link. */
  | { readonly template: 'passwordChanged' }
  /** To whom somebody else gave a one-time password (R41). */
  | { readonly template: 'accessReset' }
  /** To the address before and the one after (R42). */
  | { readonly template: 'emailChanged'; readonly newEmail: string }
  /** To the OWNERs of a panel whose webhook endpoint was disabled (R50). */
  | { readonly template: 'webhookDisabled'; readonly host: string; readonly isGone: boolean }
  /** To a customer, in the words and the name of its panel (R58). */
  | { readonly template: 'reminder'; readonly text: string; readonly seller: string };

export type Mail = MailContent & { readonly to: string; readonly language: MailLanguage };

export interface Mailer {
  /** Hands the mail to the server; `signal` breaks off. Never throws; a server that refuses the address is a death, all else a failure. */
  send(mail: Mail, signal: AbortSignal): Promise<Outcome>;
}
