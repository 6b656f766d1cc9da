/** Schemas of the inputs that the customer commands share. */
import { z } from 'zod';
import type { Role } from '../../kernel/actor.ts';
import type { CustomerDetails } from '../../ledger/command.ts';
import { MAX_PERIODS, MAX_SCREENS } from '../../ledger/rules/terms.ts';
import { line, optional, prose } from '../text.ts';
import { contactKeyOf } from './contact.ts';
import { searchKeyOf } from './search-key.ts';

export const CUSTOMER_ROLES: readonly Role[] = ['OWNER', 'OPERATOR'];

const MAX_CONTACT_CHARACTERS = 200;
const MAX_NOTES_CHARACTERS = 2000;
/** The most that a tenant's policy may allow (R24). */
const MAX_TRIAL_HOURS = 24;

function whole(minimum: number, maximum: number) {
  const message = `must be from ${minimum} to ${maximum}.`;
  return z.number().int().min(minimum, message).max(maximum, message);
}

export const contactSchema = line(MAX_CONTACT_CHARACTERS);
export const optionalContactSchema = optional(line(MAX_CONTACT_CHARACTERS));
/** Notes may have several lines. */
export const notesSchema = optional(prose(MAX_NOTES_CHARACTERS));
export const periodsSchema = whole(1, MAX_PERIODS);
export const screensSchema = whole(1, MAX_SCREENS);
export const hoursSchema = whole(1, MAX_TRIAL_HOURS);

export function detailsOf(name: string, contact: string | null, notes: string | null): CustomerDetails {
  const contactKey = contact === null ? null : contactKeyOf(contact);
  return { name, contact, contactKey, notes, searchKey: searchKeyOf(name, contact, contactKey) };
}
