/** Holds what every file and every folder says of itself. */

import { expect, test } from 'vitest';
import { filesBelow, textOf } from './tree.ts';

/** A comment at the very top that begins with a capital and comes to the end of a sentence. */
const SENTENCE = /^(\/\*\*?[\s*]+|\/\/ )["`]?\p{Lu}[^.?]*?[.?:]/u;

test('every file of src, schema, web and the seed opens with one sentence that says what it is for', () => {
  const files = [...filesBelow(['src', 'schema', 'web'], ['.ts', '.tsx', '.css']), ...filesBelow(['prisma'], ['.ts'])];
  expect(files.length).toBeGreaterThan(350);
  const silent = files.filter((file) => !SENTENCE.test(textOf(file)));
  expect(silent).toEqual([]);
});
