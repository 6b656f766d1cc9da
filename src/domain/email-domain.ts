/** The one form in which the domain of an e-mail is stored and compared (R44). */

import { domainToASCII } from 'node:url';

/** What makes a domain another part of an address to the parser of URLs, which is then not asked. */
const FOREIGN_TO_A_DOMAIN = /[/\\?#@:%[\]]/;
/** A last label that the same parser would read as a part of an IP address. */
const NUMERIC_END = /(?:^|\.)(?:\d+|0x[\da-f]*)\.?$/i;

/**
 * `domain` in ASCII (`xn--` for what has other letters), in lower case and without a final dot, as browsers send it. What is no
 * name of the net stays as it is, in lower case.
 */
export function asciiDomain(domain: string): string {
  const text = domain.normalize('NFKC').toLowerCase();
  const ascii = FOREIGN_TO_A_DOMAIN.test(text) || NUMERIC_END.test(text) ? '' : domainToASCII(text);
  return (ascii === '' ? text : ascii).replace(/\.+$/, '');
}
