/** Reads the settings of the SMTP server and the sender. */

import { StartupProblem } from '../kernel/startup-problem.ts';

/** The SMTP server that accepts our mail. */
export interface MailSettings {
  readonly host: string;
  readonly port: number;
  /** Whether to use TLS from the first byte. Otherwise STARTTLS, if the server offers it. */
  readonly secure: boolean;
  /** Null if the server needs none. */
  readonly login: { readonly user: string; readonly password: string } | null;
  /** An address, or a name and an address in angle brackets. */
  readonly from: string;
}

export const SUBMISSION_PORT = 587;
export const SECURE_PORT = 465;

export type SmtpServer = Omit<MailSettings, 'from'>;

/** `smtp://user:password@host:port`, or `smtps://` for TLS from the first byte. Throws a StartupProblem, which does not quote the text. */
export function readSmtpUrl(text: string): SmtpServer {
  const url = URL.parse(text);
  if (url === null || !/^smtps?:$/.test(url.protocol) || url.hostname === '') throw malformed();
  if (!['', '/'].includes(url.pathname) || url.search !== '' || url.hash !== '') throw malformed();
  const secure = url.protocol === 'smtps:';
  const port = url.port === '' ? (secure ? SECURE_PORT : SUBMISSION_PORT) : Number(url.port);
  // Brackets belong to the URL, not to an IPv6 address.
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if ((url.username === '') !== (url.password === '')) throw malformed();
  return { host, port, secure, login: url.username === '' ? null : { user: decoded(url.username), password: decoded(url.password) } };
}

/** Whether a text is one address, alone or as `Name <address>`, on one line. An address has text on both sides of one @. */
export function isSender(text: string): boolean {
  return /^(?:[^\s<>@,;]+@[^\s<>@,;]+|[^<>@,;\p{C}]+ <[^\s<>@,;]+@[^\s<>@,;]+>)$/u.test(text);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw malformed();
  }
}

function malformed(): StartupProblem {
  return new StartupProblem('must be smtp://user:password@host:port, or smtps:// for TLS from the first byte');
}
