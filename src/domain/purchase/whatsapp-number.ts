/** Converts a WhatsApp number as people write it to E.164 (R37). */

import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { z } from 'zod';
import { unwrapContact } from '../customer/unwrap-contact.ts';
import { text } from '../text.ts';

/** The limit for a number with brackets and spaces, or for a link. */
const MAX_WRITTEN_CHARACTERS = 100;

/** Any valid phone number: businesses use WhatsApp on landlines too. A number without a country code is Brazilian. */
export const whatsappSchema = text(MAX_WRITTEN_CHARACTERS).transform((written, ctx) => {
  const number = numberOf(written);
  if (number !== null) return number;
  ctx.addIssue({ code: 'custom', message: 'must be a telephone number with its area code, for example +55 11 91234-5678.' });
  return z.NEVER;
});

function numberOf(written: string): string | null {
  const bare = unwrapContact(written.replace(/\s+/g, ' ').toLowerCase(), (digits) => valid(`+${digits}`) !== null);
  return valid(bare);
}

function valid(text: string): string | null {
  const number = parsePhoneNumberFromString(text, { defaultCountry: 'BR', extract: false });
  return number?.isValid() && number.ext === undefined ? number.number : null;
}
