/** Holds that no test is shorter of time than the others: on a machine eight times slower it would be red (ADR-0030). */

import { expect, test } from 'vitest';
import { filesBelow, textOf } from './tree.ts';

/** The last argument of a test or a hook, or its option. */
const OWN_TIME_OUT = /^\s*\}, [\d_]+\);$|^\s*(?:timeout: [\d_]+|\{ timeout: [\d_]+.*\}),$|vi\.setConfig\(/m;

test('no test and no hook has a time-out of its own', () => {
  const files = filesBelow(['test'], ['.test.ts']);
  expect(files.length).toBeGreaterThan(180);
  expect(files.filter((file) => OWN_TIME_OUT.test(textOf(file)))).toEqual([]);
});
