/** Reads a WhatsApp number as people write it, and answers it in E.164 (R37). */

import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { z } from 'zod';
import { unwrapContact } from '../customer/unwrap-contact.ts';
import { text } from '../text.ts';

/** Written with brackets and blanks, or as a link. */
const MAX_WRITTEN_CHARACTERS = 100;

/** Any number that can be dialled: businesses have WhatsApp on landlines too. Without a country's code it is Brazilian. */
export const whatsappSchema = text(MAX_WRITTEN_CHARACTERS).transform((written, ctx) => {
  const number = numberOf(written);
  if (number !== null) return number;
  ctx.addIssue({ code: 'custom', message: 'must be a telephone number with its area code, as +55 11 91234-5678.' });
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
