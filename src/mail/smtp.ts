/** Sends mails to an SMTP server, each on its own connection. */

import { isIP } from 'node:net';
import type { Outcome } from '../outbox/outbox.ts';
import type { Mailer } from './mail.ts';
import type { MailSettings } from './settings.ts';
import { render } from './templates/render.ts';

/** How long a server may take for one step. The signal limits the whole. Milliseconds. */
const STEP_TIMEOUT_MS = 10_000;
/** The longest answer of a server that is accepted. */
const MAX_RESPONSE_BYTES = 16_384;

export function createMailer(settings: MailSettings): Mailer {
  const { host, port, secure, login, from } = settings;
  const options = {
    host,
    port,
    secure,
    // A password must not be sent unencrypted over a network.
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
        // Loaded with the first mail, because most installations send none.
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

/** Keeps only codes, because a server's texts quote addresses. Only a permanent refusal of this address or mail is not retried. */
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
