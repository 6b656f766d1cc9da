/** The token of a link for a new password, and the digests that are stored of it. */

import { hash } from 'node:crypto';

const TOKEN = /^[A-Za-z0-9_-]{43}$/;

export function isResetToken(text: string): boolean {
  return TOKEN.test(text);
}

/**
 * The state that a link is bound to: it is valid only while password and e-mail are unchanged. reset-password.ts and
 * create-invitations.ts compute the same in SQL.
 */
export function stateOf(passwordHash: string, email: string): string {
  return `${passwordHash} ${email}`;
}

/** The stored digest of a token or a state. Both have enough randomness that the digest cannot be reversed. */
export function digestOf(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}
