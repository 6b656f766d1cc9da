/** Normalizes e-mail addresses to the form in which they are stored, looked up and counted. */

import { z } from 'zod';
import { asciiDomain } from '../email-domain.ts';

const MIN_EMAIL_CHARACTERS = 3;
const MAX_EMAIL_CHARACTERS = 254;

// One @ with something on both sides, no spaces, and nothing invisible: two addresses that look the same are the same.
const ADDRESS = /^[^\s\p{C}@]+@[^\s\p{C}@]+$/u;

/** Removes differences of case, surrounding spaces and the spelling of the domain (R44). */
export function normalEmail(email: string): string {
  const text = typedEmail(email);
  const at = text.lastIndexOf('@');
  return at < 0 ? text : text.slice(0, at + 1) + asciiDomain(text.slice(at + 1));
}

/** The form used before domains were compared in ASCII. If two users' addresses became equal then, the second user kept this form. */
export function typedEmail(email: string): string {
  return email.normalize('NFKC').trim().toLowerCase();
}

/** An e-mail as a person types it. Returns its normal form. */
export const emailSchema = z
  .string()
  .transform(normalEmail)
  .pipe(
    z
      .string()
      .min(MIN_EMAIL_CHARACTERS, { error: `must have ${MIN_EMAIL_CHARACTERS} to ${MAX_EMAIL_CHARACTERS} characters.`, abort: true })
      .max(MAX_EMAIL_CHARACTERS, { error: `must have ${MIN_EMAIL_CHARACTERS} to ${MAX_EMAIL_CHARACTERS} characters.`, abort: true })
      .regex(ADDRESS, { error: 'must be an e-mail address.' }),
  );
