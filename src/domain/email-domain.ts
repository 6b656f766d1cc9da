/** The one form in which the domain of an e-mail is stored and compared (R44). */

import { domainToASCII } from 'node:url';

/** Characters at which a URL parser would end the host name. A text that has one is not passed to the parser. */
const FOREIGN_TO_A_DOMAIN = /[/\\?#@:%[\]]/;
/** A last label that the URL parser would read as part of an IP address. */
const NUMERIC_END = /(?:^|\.)(?:\d+|0x[\da-f]*)\.?$/i;

/**
 * Returns `domain` as browsers send it: in ASCII (`xn--` for labels with other letters), in lower case and without a final dot. A
 * text that is not a valid domain name is only lowercased.
 */
export function asciiDomain(domain: string): string {
  const text = domain.normalize('NFKC').toLowerCase();
  const ascii = FOREIGN_TO_A_DOMAIN.test(text) || NUMERIC_END.test(text) ? '' : domainToASCII(text);
  return (ascii === '' ? text : ascii).replace(/\.+$/, '');
}
