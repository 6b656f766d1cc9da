/** Seals short secrets for storage with AES-256-GCM, and opens them with any known key. */

import { createCipheriv, createDecipheriv, hash, randomBytes } from 'node:crypto';
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
}

/**
 * AES-256-GCM with a random nonce. The first key seals, and all open what they have sealed, so that a key is replaced by
 * putting the new one in front. Without any key both throw InvalidState: what needs no secret goes on working.
 */
export function createSecretBox(keys: readonly Buffer[]): SecretBox {
  const byId = new Map(keys.map((key) => [keyIdOf(key), key]));
  const [first] = keys;
  return {
    seal(text, context) {
      if (first === undefined) throw withoutKey();
      const keyId = keyIdOf(first);
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, first, nonce, { authTagLength: TAG_BYTES }).setAAD(boundTo(keyId, context));
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return [VERSION, keyId, nonce.toString('base64url'), sealed.toString('base64url')].join('.');
    },
    open(sealed, context) {
      if (first === undefined) throw withoutKey();
      const [version, keyId = '', nonce = '', body = ''] = sealed.split('.');
      const key = byId.get(keyId);
      if (version !== VERSION || key === undefined) throw new Error('a secret was sealed with a key that is not known');
      const bytes = Buffer.from(body, 'base64url');
      const decipher = createDecipheriv(CIPHER, key, Buffer.from(nonce, 'base64url'), { authTagLength: TAG_BYTES });
      decipher.setAAD(boundTo(keyId, context)).setAuthTag(bytes.subarray(-TAG_BYTES));
      return Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]).toString('utf8');
    },
  };
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
