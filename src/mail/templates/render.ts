/** Lays a mail out as text and as HTML. */

import type { Mail, MailContent, MailLanguage } from '../mail.ts';
import { en } from './en.ts';
import { pt } from './pt.ts';
import type { Letter, Words } from './words.ts';

export interface RenderedMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

const WORDS: Readonly<Record<MailLanguage, Words>> = { en, pt };
const TAGS: Readonly<Record<MailLanguage, string>> = { en: 'en', pt: 'pt-BR' };
const SIGNATURE = 'Revenda';
const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

export function render(mail: Mail): RenderedMail {
  const letter = letterOf(WORDS[mail.language], mail);
  return { subject: letter.subject, text: textOf(letter), html: htmlOf(letter, TAGS[mail.language]) };
}

function letterOf(words: Words, content: MailContent): Letter {
  switch (content.template) {
    case 'passwordReset':
      return words.passwordReset(content);
    case 'passwordChanged':
      return words.passwordChanged(content);
    case 'accessReset':
      return words.accessReset(content);
    case 'emailChanged':
      return words.emailChanged(content);
    case 'webhookDisabled':
      return words.webhookDisabled(content);
    case 'reminder':
      return words.reminder(content);
  }
}

function textOf({ paragraphs, action, after = [], signature = SIGNATURE }: Letter): string {
  return [...paragraphs, ...(action ? [action.link] : []), ...after, `-- \n${signature}`].join('\n\n');
}

/** Loads no images or styles from elsewhere, so that nobody can see whether a mail was opened. */
function htmlOf({ subject, paragraphs, action, after = [], signature = SIGNATURE }: Letter, language: string): string {
  const paragraph = (text: string) => `<p style="margin:0 0 16px">${escaped(text)}</p>`;
  const link = action
    ? `<p style="margin:0 0 16px"><a href="${escaped(action.link)}" style="background:#1c7ed6;border-radius:6px;color:#ffffff;display:inline-block;padding:10px 16px;text-decoration:none">${escaped(action.label)}</a></p>
<p style="color:#5c636a;font-size:13px;margin:0 0 16px;word-break:break-all">${escaped(action.link)}</p>`
    : '';
  return `<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escaped(subject)}</title></head>
<body style="background:#ffffff;color:#1f2328;font-family:system-ui,sans-serif;font-size:16px;line-height:1.5;margin:0;padding:24px">
<div style="margin:0 auto;max-width:520px">
${paragraphs.map(paragraph).join('\n')}
${link}
${after.map(paragraph).join('\n')}
<p style="color:#5c636a;margin:24px 0 0">${escaped(signature)}</p>
</div>
</body>
</html>
`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
}
