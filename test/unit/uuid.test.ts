import { expect, test } from 'vitest';
import { uuidv7 } from '../../src/kernel/uuid.ts';

const UUID_7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test('ids rise in order of creation, are UUIDs of version 7, and none repeats, however often randomness is refilled', () => {
  const ids = Array.from({ length: 5_000 }, uuidv7);
  expect(ids.toSorted()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.filter((id) => !UUID_7.test(id))).toEqual([]);
  expect(new Set(ids.map((id) => id.slice(-8))).size).toBeGreaterThan(4_990);
});
