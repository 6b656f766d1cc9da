/** Checks, makes and seals the credentials with which a customer signs in to the service (R46). */

import { randomInt } from 'node:crypto';
import { z } from 'zod';
import type { SecretBox } from '../../kernel/secrets.ts';
import type { NewAccess } from '../../ledger/command.ts';
import { printable } from '../text.ts';

const MIN_LOGIN_CHARACTERS = 3;
const MAX_LOGIN_CHARACTERS = 64;
const MIN_SECRET_CHARACTERS = 6;
const MAX_SECRET_CHARACTERS = 64;

/** Upper case is refused rather than converted, because the customer must type exactly this login. */
export const loginSchema = z
  .string()
  .regex(
    new RegExp(`^[a-z0-9._-]{${MIN_LOGIN_CHARACTERS},${MAX_LOGIN_CHARACTERS}}$`),
    `must have ${MIN_LOGIN_CHARACTERS} to ${MAX_LOGIN_CHARACTERS} of a-z, 0-9, ".", "_" and "-".`,
  );
export const secretSchema = printable(MIN_SECRET_CHARACTERS, MAX_SECRET_CHARACTERS);

/** The digits of a generated login, and of the spare one that is used if two of these are taken already. */
const LOGIN_DIGITS = 8;
const SPARE_LOGIN_DIGITS = 16;

/** Without easily confused characters: people read these out, and type them with a remote control. */
const SECRET_ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';
const MADE_SECRET_CHARACTERS = 8;

interface Given {
  readonly login?: string | null | undefined;
  readonly secret?: string | null | undefined;
}

interface CustomerId {
  readonly tenantId: string;
  readonly id: string;
}

/** Returns the given credentials, and generates the missing ones. Returns null if nothing was given and this server cannot seal secrets. */
export function newAccess(secrets: SecretBox, customer: CustomerId, { login, secret }: Given): NewAccess | null {
  if (secrets.keys === 0 && !login && !secret) return null;
  const logins = login ? ([login] as const) : ([digits(LOGIN_DIGITS), digits(LOGIN_DIGITS), digits(SPARE_LOGIN_DIGITS)] as const);
  return { logins, ...sealedSecret(secrets, customer, secret ?? madeSecret()) };
}

export function sealedSecret(secrets: SecretBox, customer: CustomerId, secret: string): Pick<NewAccess, 'secret' | 'proof'> {
  return { secret: secrets.seal(secret, sealContext(customer)), proof: secrets.prove(secret, sealContext(customer)) };
}

/** The context of a row: a secret opens, and a proof matches, only in its own row. */
export function sealContext({ id, tenantId }: CustomerId): string {
  return `customer_access ${tenantId} ${id}`;
}

export function madeSecret(): string {
  return Array.from({ length: MADE_SECRET_CHARACTERS }, () => SECRET_ALPHABET[randomInt(SECRET_ALPHABET.length)]).join('');
}

function digits(count: number): string {
  return Array.from({ length: count }, () => String(randomInt(10))).join('');
}

/** The part of given credentials that identifies the input (R31), without revealing the secret. */
export function inputOf(secrets: SecretBox, tenantId: string, { login, secret }: Given) {
  return { login: login ?? null, secret: secret ? secrets.fingerprint(secret, `input ${tenantId}`) : null };
}
