/** Hashes and verifies passwords with argon2id, a bounded number at a time. */

import { randomBytes, randomInt } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import { z } from 'zod';
import { Overloaded } from '../../kernel/errors.ts';
import { createSemaphore } from '../../kernel/semaphore.ts';

const MIN_PASSWORD_CHARACTERS = 10;
const MAX_PASSWORD_CHARACTERS = 128;

/** The cost of one hash: memory in KiB, passes over it, and lanes. */
export interface PasswordCost {
  readonly memoryCost: number;
  readonly timeCost: number;
  readonly parallelism: number;
}

/** OWASP's first choice for argon2id, which is the package's default algorithm. No setting of the server changes it. */
export const DEFAULT_PASSWORD_COST: PasswordCost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** The most hashes that wait. Each takes about 20 ms of a core, so the last one waits a few seconds. */
const DEFAULT_MAX_WAITING_HASHES = 256;

/** A password for a new user, or one to sign in with: 10 to 128 characters (code points), no composition rule. */
export const passwordSchema = z.string().refine(hasGoodLength, {
  error: `must have ${MIN_PASSWORD_CHARACTERS} to ${MAX_PASSWORD_CHARACTERS} characters.`,
});

function hasGoodLength(password: string): boolean {
  // A code point has at most two UTF-16 units, so a text longer than that need not be counted.
  if (password.length > 2 * MAX_PASSWORD_CHARACTERS) return false;
  const characters = [...password].length;
  return characters >= MIN_PASSWORD_CHARACTERS && characters <= MAX_PASSWORD_CHARACTERS;
}

export interface Passwords {
  /** Returns an argon2id hash in PHC format. */
  hash(password: string): Promise<string>;
  /** Returns whether the password has this hash. A null hash (no such user) takes as long and returns false. */
  verify(hash: string | null, password: string): Promise<boolean>;
}

export interface PasswordLimits {
  /** The most concurrent hashes: each uses 19 MiB and a thread of libuv's pool, which has 4 by default. */
  readonly maxConcurrent: number;
  /** When more are waiting, a call throws Overloaded. */
  readonly maxWaiting?: number;
  readonly cost?: PasswordCost;
}

export function createPasswords(limits: PasswordLimits): Passwords {
  const { maxConcurrent, maxWaiting = DEFAULT_MAX_WAITING_HASHES, cost = DEFAULT_PASSWORD_COST } = limits;
  const semaphore = createSemaphore({ maxConcurrent, maxWaiting }, () => new Overloaded(1));
  const nobodysHash = hashOfNoPassword(cost);
  return {
    hash: (password) => semaphore.run(() => hash(canonical(password), cost)),
    verify: (stored, password) => semaphore.run(() => verify(stored ?? nobodysHash, canonical(password))),
  };
}

/** One keyboard sends a composed accent, another a separate one: both must be the same password. */
function canonical(password: string): string {
  return password.normalize('NFKC');
}

/** Whether two typed passwords are the same. */
export function samePassword(one: string, other: string): boolean {
  return canonical(one) === canonical(other);
}

const ONE_TIME_GROUPS = 4;
const ONE_TIME_GROUP_CHARACTERS = 4;
/** Without characters that are easily confused. */
const ONE_TIME_ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789'.replaceAll(/[ilo01]/g, '');

/** A password that somebody types once from a message: 79 random bits in groups of four. */
export function newOneTimePassword(): string {
  const character = () => ONE_TIME_ALPHABET[randomInt(ONE_TIME_ALPHABET.length)];
  const group = () => Array.from({ length: ONE_TIME_GROUP_CHARACTERS }, character).join('');
  return Array.from({ length: ONE_TIME_GROUPS }, group).join('-');
}

/** A hash that takes as long to verify as a real one. Its digest is random, so no password matches it. */
function hashOfNoPassword({ memoryCost, timeCost, parallelism }: PasswordCost): string {
  const base64 = (bytes: number) => randomBytes(bytes).toString('base64').replaceAll('=', '');
  return `$argon2id$v=19$m=${memoryCost},t=${timeCost},p=${parallelism}$${base64(16)}$${base64(32)}`;
}
