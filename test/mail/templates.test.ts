import { expect, test } from 'vitest';
import type { Mail, MailContent, MailLanguage } from '../../src/mail/mail.ts';
import { createMailer } from '../../src/mail/smtp.ts';
import { MailCatcher } from '../support/processes/mail-catcher.ts';

const LINK = `https://panel.example.com/reset-password#${'t'.repeat(43)}`;
/** One message for every template; the compiler demands new ones. */
const EVERY: { readonly [Template in MailContent['template']]: Extract<MailContent, { readonly template: Template }> } = {
  passwordReset: { template: 'passwordReset', link: LINK, minutes: 30 },
  passwordChanged: { template: 'passwordChanged' },
  accessReset: { template: 'accessReset' },
  emailChanged: { template: 'emailChanged', newEmail: `"><script>alert('x')</script>&@new.test` },
  webhookDisabled: { template: 'webhookDisabled', host: 'hooks.example.com:8443', isGone: false },
  reminder: { template: 'reminder', text: 'Oi, <b>Maria</b>!\nAmanhã & depois', seller: 'Loja <Ana>' },
};
const SUBJECTS: Readonly<Record<MailLanguage, Readonly<Record<MailContent['template'], string>>>> = {
  pt: {
    passwordReset: 'Nova senha para o seu painel',
    passwordChanged: 'Sua senha foi alterada',
    accessReset: 'Seu acesso foi redefinido',
    emailChanged: 'Seu e-mail foi alterado',
    webhookDisabled: 'Um webhook do seu painel foi desativado',
    reminder: 'Loja <Ana>: seu acesso',
  },
  en: {
    passwordReset: 'A new password for your panel',
    passwordChanged: 'Your password was changed',
    accessReset: 'Your access was reset',
    emailChanged: 'Your e-mail was changed',
    webhookDisabled: 'A webhook of your panel was disabled',
    reminder: 'Loja <Ana>: your service',
  },
};

test.each(['pt', 'en'] as const)(
  'every mail in %s has text and HTML with the same content, escaped, that load nothing',
  async (language) => {
    const catcher = await MailCatcher.open();
    const mailer = createMailer({
      host: '127.0.0.1',
      port: catcher.port,
      secure: false,
      login: null,
      from: 'Revenda <no-reply@revenda.test>',
    });
    for (const content of Object.values(EVERY)) {
      const mail: Mail = { ...content, to: `${content.template}@someone.test`, language };
      expect(await mailer.send(mail, AbortSignal.timeout(60_000))).toEqual({ kind: 'delivered' });
      const { mail: caught } = await catcher.mailTo(mail.to);
      expect(caught.subject).toBe(SUBJECTS[language][content.template]);
      expect(caught.from?.text).toBe('"Revenda" <no-reply@revenda.test>');
      expect(caught.headers.get('auto-submitted')).toBe('auto-generated');
      const html = caught.html || '';
      expect(html).toContain(`<html lang="${language === 'pt' ? 'pt-BR' : 'en'}">`);
      expect(html).not.toMatch(/<script|<img|<link|url\(|@import/);
      const links = [...html.matchAll(/href="([^"]*)"/g)].map((found) => found[1]);
      expect(links).toEqual(content.template === 'passwordReset' ? [LINK] : []);
      for (const line of (caught.text ?? '').split('\n\n').filter((text) => !text.startsWith('--'))) {
        const escaped = line
          .trim()
          .replaceAll('&', '&amp;')
          .replaceAll('<', '&lt;')
          .replaceAll('>', '&gt;')
          .replaceAll('"', '&quot;')
          .replaceAll("'", '&#39;');
        expect(html).toContain(escaped);
      }
      if (content.template === 'passwordReset') expect(caught.text).toContain(LINK);
      if (content.template === 'emailChanged') expect(caught.text).toContain(content.newEmail);
    }
  },
);
