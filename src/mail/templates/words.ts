/** What a mail's template says, as every language must have it. */

import type { MailContent } from '../mail.ts';

/** A mail before it is laid out: plain text, which is escaped where it becomes HTML. */
export interface Letter {
  readonly subject: string;
  readonly paragraphs: readonly string[];
  /** What its reader may do, and where. */
  readonly action?: { readonly label: string; readonly link: string };
  /** After the action. */
  readonly after?: readonly string[];
  /** In whose name it is; the product's, where nothing is given. */
  readonly signature?: string;
}

/** How each template is written in one language. A template without words does not compile. */
export type Words = {
  readonly [Template in MailContent['template']]: (content: Extract<MailContent, { readonly template: Template }>) => Letter;
};
