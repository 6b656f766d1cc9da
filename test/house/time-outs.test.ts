/**
 * Checks that no test has a shorter time-out than the others, with which it would fail on a machine eight times
 * slower (ADR-0030).
 */

import { expect, test } from 'vitest';
import { filesBelow, textOf } from './tree.ts';

/** A time-out as the last argument of a test or a hook, or as an option. */
const OWN_TIME_OUT = /^\s*\}, [\d_]+\);$|^\s*(?:timeout: [\d_]+|\{ timeout: [\d_]+.*\}),$|vi\.setConfig\(/m;

test('no test and no hook sets its own time-out', () => {
  const files = filesBelow(['test'], ['.test.ts']);
  expect(files.length).toBeGreaterThan(180);
  expect(files.filter((file) => OWN_TIME_OUT.test(textOf(file)))).toEqual([]);
});
