import { randomFillSync } from 'node:crypto';
import { V7Generator } from 'uuidv7';

/** Random words drawn at once: the package draws eight, which is a call out of JavaScript for every few ids. */
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

/** A UUIDv7 as text: those of one process rise in the order of their making. */
export function uuidv7(): string {
  return generator.generate().toString();
}
