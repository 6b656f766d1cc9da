/** Generates UUIDv7 ids, and writes them as bytes. */

import { randomFillSync } from 'node:crypto';
import { V7Generator } from 'uuidv7';

/** The number of random words drawn at once. The package draws eight, so every few ids would need a call into native code. */
const POOL_WORDS = 1_024;

const pool = new Uint32Array(POOL_WORDS);
let used = POOL_WORDS;

function nextUint32(): number {
  if (used === POOL_WORDS) {
    randomFillSync(pool);
    used = 0;
  }
  const word = pool[used] ?? 0;
  used += 1;
  return word;
}

const generator = new V7Generator({ nextUint32 });

/** Returns a new UUIDv7 as text. The ids of one process rise in the order of their creation. */
export function uuidv7(): string {
  return generator.generate().toString();
}

const UUID_BYTES = 16;
const UUID_CHARACTERS = 36;
/** The position of each byte in a uuid's text. */
const TEXT_POSITIONS = Uint8Array.of(0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34);
const DIGIT_BITS = 4;
const LARGEST_DIGIT = 15;
const NO_DIGIT = 255;
/** The value of each hexadecimal digit, by its character code. */
const digits = new Uint8Array(128).fill(NO_DIGIT);
for (const [value, digit] of [...'0123456789abcdef'].entries()) {
  digits[digit.charCodeAt(0)] = value;
  digits[digit.toUpperCase().charCodeAt(0)] = value;
}

/**
 * Writes the 16 bytes of a uuid and returns the offset after them. Throws if the text is not a uuid. It writes byte by byte, which
 * costs a third of a call to Buffer.write: every request writes many uuids.
 */
export function writeUuid(bytes: Buffer, uuid: string, offset: number): number {
  let bits = 0;
  for (let index = 0; index < UUID_BYTES; index += 1) {
    const at = TEXT_POSITIONS[index] ?? 0;
    const high = digits[uuid.charCodeAt(at)] ?? NO_DIGIT;
    const low = digits[uuid.charCodeAt(at + 1)] ?? NO_DIGIT;
    bits |= high | low;
    bytes[offset + index] = (high << DIGIT_BITS) | low;
  }
  if (bits > LARGEST_DIGIT || uuid.length !== UUID_CHARACTERS) throw new Error('an id is not a uuid');
  return offset + UUID_BYTES;
}
