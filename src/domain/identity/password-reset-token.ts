/** The token of a link for a new password, and what is kept of it. */

import { hash } from 'node:crypto';

const TOKEN = /^[A-Za-z0-9_-]{43}$/;

export function isResetToken(text: string): boolean {
  return TOKEN.test(text);
}

/** What a link is bound to: it works only while both are what they were. Made in SQL by reset-password.ts and create-invitations.ts. */
export function stateOf(passwordHash: string, email: string): string {
  return `${passwordHash} ${email}`;
}

/** What is stored of a token and of a state: both are random enough that nothing leads back. */
export function digestOf(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}
