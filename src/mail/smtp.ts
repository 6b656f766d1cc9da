/** Hands mails to an SMTP server, one connection a mail. */

import { isIP } from 'node:net';
import type { Outcome } from '../outbox/outbox.ts';
import type { Mailer } from './mail.ts';
import type { MailSettings } from './settings.ts';
import { render } from './templates/render.ts';

/** How long a server may take for one step; the whole is bounded by the signal. Milliseconds. */
const STEP_TIMEOUT_MS = 10_000;
/** Bytes of a server's answer. */
const MAX_RESPONSE_BYTES = 16_384;

export function createMailer(settings: MailSettings): Mailer {
  const { host, port, secure, login, from } = settings;
  const options = {
    host,
    port,
    secure,
    // A password is not sent where others can read it.
    requireTLS: login !== null && !secure && !isThisMachine(host),
    ...(login && { auth: { user: login.user, pass: login.password } }),
    connectionTimeout: STEP_TIMEOUT_MS,
    greetingTimeout: STEP_TIMEOUT_MS,
    dnsTimeout: STEP_TIMEOUT_MS,
    socketTimeout: STEP_TIMEOUT_MS,
    maxResponseSize: MAX_RESPONSE_BYTES,
    disableFileAccess: true,
    disableUrlAccess: true,
    logger: false,
  };

  return {
    async send(mail, signal) {
      const { subject, text, html } = render(mail);
      try {
        const to = { name: '', address: mail.to };
        const headers = { 'Auto-Submitted': 'auto-generated' };
        // Loaded for the first mail: most installations send none.
        const { createTransport } = await import('nodemailer');
        await createTransport(options).sendMail({ from, to, subject, text, html, headers, signal });
        return { kind: 'delivered' };
      } catch (error) {
        return outcomeOf(error);
      }
    },
  };
}

function isThisMachine(host: string): boolean {
  return host === 'localhost' || (isIP(host) !== 0 && /^(127\.|::1$)/.test(host));
}

/** Of the server's words only the numbers: they quote addresses. Only what it says for good of this address or mail is not tried again. */
function outcomeOf(error: unknown): Outcome {
  const code = propertyOf(error, 'code');
  const status = propertyOf(error, 'responseCode');
  const why = ['SMTP', typeof code === 'string' ? code : 'ERROR', ...(typeof status === 'number' ? [String(status)] : [])].join(' ');
  const isForGood = typeof status === 'number' && status >= 500 && status !== 503 && (code === 'EENVELOPE' || code === 'EMESSAGE');
  return { kind: isForGood ? 'dead' : 'failed', why };
}

function propertyOf(error: unknown, name: string): unknown {
  return error instanceof Error ? Reflect.get(error, name) : undefined;
}
