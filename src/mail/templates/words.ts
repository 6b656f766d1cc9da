/** The texts of mails that every language must have. */

import type { MailContent } from '../mail.ts';

/** A mail before it is laid out: plain text, which is escaped where it becomes HTML. */
export interface Letter {
  readonly subject: string;
  readonly paragraphs: readonly string[];
  /** A link for the reader, with its label. */
  readonly action?: { readonly label: string; readonly link: string };
  /** Paragraphs after the action. */
  readonly after?: readonly string[];
  /** The sender's name; the product's by default. */
  readonly signature?: string;
}

/** The texts of every template in one language. A missing template does not compile. */
export type Words = {
  readonly [Template in MailContent['template']]: (content: Extract<MailContent, { readonly template: Template }>) => Letter;
};
