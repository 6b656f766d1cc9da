/** Seals short secrets for storage with AES-256-GCM, opens them with any known key, and makes digests of them. */

import { createCipheriv, createDecipheriv, createHmac, hash, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { InvalidState } from './errors.ts';

/** AES-256: bytes of a key. */
export const SECRET_KEY_BYTES = 32;

const VERSION = 'v1';
const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_ID_CHARACTERS = 8;

/** Keeps short secrets at rest. `context` names the row and column they belong to: a sealed text opens nowhere else. */
export interface SecretBox {
  /** Text of ASCII letters, digits, "-", "_" and "."; another one each time. */
  seal(text: string, context: string): string;
  /** The text; throws when it was changed, sealed in another context, or with a key that is not known. */
  open(sealed: string, context: string): string;
  /** A keyed digest of the text, by which a text can be checked without opening anything. */
  prove(text: string, context: string): string;
  /** Whether it is the text's digest, made with any known key. Costs as much whatever is wrong, also where there is none to compare with. */
  isProof(proof: string | null, text: string, context: string): boolean;
  /** Another keyed digest, that stays the same while a new key is put in front: what tells two inputs apart without keeping them. */
  fingerprint(text: string, context: string): string;
  /** Whether the first key sealed it. */
  isNewest(sealed: string): boolean;
  /** How many keys there are: without one, what needs one throws InvalidState. */
  readonly keys: number;
}

/** A key with those that are derived from it. */
interface KnownKey {
  readonly id: string;
  readonly seal: Buffer;
  readonly proof: Buffer;
  readonly fingerprint: Buffer;
}

/**
 * AES-256-GCM with a random nonce, HMAC-SHA256 for digests. The first key seals and proves, and all open what they have sealed,
 * so that a key is replaced by putting the new one in front. Without any key they throw InvalidState: what needs no secret goes on working.
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
      if (version !== VERSION || key === undefined) throw new Error('a secret was sealed with a key that is not known');
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
  // Keys for other purposes: what they make says nothing of what the first one sealed.
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

/** Tells keys apart and says nothing about them: a sealed text carries it. */
function keyIdOf(key: Buffer): string {
  if (key.length !== SECRET_KEY_BYTES) throw new Error(`a secret key has ${SECRET_KEY_BYTES} bytes`);
  return hash('sha256', key, 'hex').slice(0, KEY_ID_CHARACTERS);
}

function boundTo(keyId: string, context: string): Buffer {
  return Buffer.from(`${VERSION} ${keyId} ${context}`);
}

function withoutKey(): InvalidState {
  return new InvalidState('This server keeps no secrets yet: whoever runs it sets SECRETS_KEY first.');
}
