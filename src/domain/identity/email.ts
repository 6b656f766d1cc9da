/** Checks and normalises e-mail addresses. */

import { z } from 'zod';

const MIN_EMAIL_CHARACTERS = 3;
const MAX_EMAIL_CHARACTERS = 254;

// One @ with something on both sides, no spaces, and nothing invisible: two addresses that look the same are the same.
const ADDRESS = /^[^\s\p{C}@]+@[^\s\p{C}@]+$/u;

/** The one form in which an e-mail is stored, looked up and counted. */
function normaliseEmail(email: string): string {
  return email.normalize('NFKC').trim().toLowerCase();
}

/** An e-mail as a person types it; answers its normal form. */
export const emailSchema = z
  .string()
  .transform(normaliseEmail)
  .pipe(
    z
      .string()
      .min(MIN_EMAIL_CHARACTERS, { error: `must have ${MIN_EMAIL_CHARACTERS} to ${MAX_EMAIL_CHARACTERS} characters.`, abort: true })
      .max(MAX_EMAIL_CHARACTERS, { error: `must have ${MIN_EMAIL_CHARACTERS} to ${MAX_EMAIL_CHARACTERS} characters.`, abort: true })
      .regex(ADDRESS, { error: 'must be an e-mail address.' }),
  );
