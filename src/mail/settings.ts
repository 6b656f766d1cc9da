/** Reads where mail is handed in, and as whom. */

import { StartupProblem } from '../kernel/startup-problem.ts';

/** A server that takes our mail. */
export interface MailSettings {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte; else STARTTLS, where the server offers it. */
  readonly secure: boolean;
  /** null: the server asks for none. */
  readonly login: { readonly user: string; readonly password: string } | null;
  /** An address, or a name and an address in angle brackets. */
  readonly from: string;
}

export const SUBMISSION_PORT = 587;
export const SECURE_PORT = 465;

export type SmtpServer = Omit<MailSettings, 'from'>;

/** `smtp://user:password@host:port`, or `smtps://` for TLS from the first byte. Throws a StartupProblem that does not quote it. */
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

/** An address with something on both sides of one @, alone or as `Name <address>`; no second line, no second address. */
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
