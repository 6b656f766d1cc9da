/** The token of a link for a new password, and what is kept of it. */

import { hash } from 'node:crypto';

const TOKEN = /^[A-Za-z0-9_-]{43}$/;

export function isResetToken(text: string): boolean {
  return TOKEN.test(text);
}

/** What is stored of a token and of a password's hash: both are random enough that nothing leads back. */
export function digestOf(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}
