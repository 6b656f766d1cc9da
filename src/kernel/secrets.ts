/** Seals short secrets for storage with AES-256-GCM, opens them with any known key, and makes digests of them. */

import { createCipheriv, createDecipheriv, createHmac, hash, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { InvalidState } from './errors.ts';

/** The length of an AES-256 key in bytes. */
export const SECRET_KEY_BYTES = 32;

const VERSION = 'v1';
const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_ID_CHARACTERS = 8;

/** Encrypts short secrets for storage. `context` names their row and column: a sealed text cannot be opened in another context. */
export interface SecretBox {
  /** Returns the sealed text in ASCII letters, digits, "-", "_" and ".", different each time. */
  seal(text: string, context: string): string;
  /** Returns the text. Throws if it was changed, or sealed in another context or with an unknown key. */
  open(sealed: string, context: string): string;
  /** Returns a keyed digest of the text, with which a text can be checked without opening a sealed one. */
  prove(text: string, context: string): string;
  /** Whether `proof` is the text's digest with any known key. Takes the same time for every wrong proof, and if `proof` is null. */
  isProof(proof: string | null, text: string, context: string): boolean;
  /** Another keyed digest, to compare inputs without storing them. It uses the oldest key, so it stays the same when a new key is added. */
  fingerprint(text: string, context: string): string;
  /** Whether the text was sealed with the first key. */
  isNewest(sealed: string): boolean;
  /** The number of keys. Without any, every method that needs a key throws InvalidState. */
  readonly keys: number;
}

/** A key, and the keys that are derived from it. */
interface KnownKey {
  readonly id: string;
  readonly seal: Buffer;
  readonly proof: Buffer;
  readonly fingerprint: Buffer;
}

/**
 * Uses AES-256-GCM with a random nonce, and HMAC-SHA256 for digests. The first key seals and proves. Every key opens what it has sealed,
 * so a key is replaced by adding the new one before it. Without any key the methods throw InvalidState, and the rest of the server works.
 */
export function createSecretBox(keys: readonly Buffer[]): SecretBox {
  const known = keys.map(knownKey);
  const byId = new Map(known.map((key) => [key.id, key]));
  const first = () => known[0] ?? fail();
  return {
    keys: known.length,
    isNewest: (sealed) => sealed.split('.')[1] === known[0]?.id,
    seal(text, context) {
      const { id, seal } = first();
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, seal, nonce, { authTagLength: TAG_BYTES }).setAAD(boundTo(id, context));
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return [VERSION, id, nonce.toString('base64url'), sealed.toString('base64url')].join('.');
    },
    open(sealed, context) {
      first();
      const [version, keyId = '', nonce = '', body = ''] = sealed.split('.');
      const key = byId.get(keyId);
      if (version !== VERSION || key === undefined) throw new Error('a secret was sealed with an unknown key');
      const bytes = Buffer.from(body, 'base64url');
      const decipher = createDecipheriv(CIPHER, key.seal, Buffer.from(nonce, 'base64url'), { authTagLength: TAG_BYTES });
      decipher.setAAD(boundTo(key.id, context)).setAuthTag(bytes.subarray(-TAG_BYTES));
      return Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]).toString('utf8');
    },
    prove: (text, context) => proofBy(first(), text, context),
    isProof(proof, text, context) {
      const key = byId.get(proof?.split('.')[1] ?? '') ?? first();
      const right = Buffer.from(proofBy(key, text, context));
      const given = Buffer.from(proof ?? '');
      const isComparable = given.length === right.length;
      return timingSafeEqual(right, isComparable ? given : right) && isComparable;
    },
    fingerprint: (text, context) => digest((known.at(-1) ?? fail()).fingerprint, text, context),
  };
}

function knownKey(key: Buffer): KnownKey {
  // Separate keys for digests: a digest reveals nothing about sealed texts.
  const derived = (purpose: string) => Buffer.from(hkdfSync('sha256', key, '', purpose, SECRET_KEY_BYTES));
  return { id: keyIdOf(key), seal: key, proof: derived('proof'), fingerprint: derived('fingerprint') };
}

function proofBy({ id, proof }: KnownKey, text: string, context: string): string {
  return [VERSION, id, digest(proof, text, context)].join('.');
}

function digest(key: Buffer, text: string, context: string): string {
  return createHmac('sha256', key).update(`${context}\0${text}`).digest('base64url');
}

function fail(): never {
  throw withoutKey();
}

/** A short id of the key, which reveals nothing about it. Each sealed text contains it. */
function keyIdOf(key: Buffer): string {
  if (key.length !== SECRET_KEY_BYTES) throw new Error(`a secret key has ${SECRET_KEY_BYTES} bytes`);
  return hash('sha256', key, 'hex').slice(0, KEY_ID_CHARACTERS);
}

function boundTo(keyId: string, context: string): Buffer {
  return Buffer.from(`${VERSION} ${keyId} ${context}`);
}

function withoutKey(): InvalidState {
  return new InvalidState('This server cannot store secrets: its operator must set SECRETS_KEY first.');
}
