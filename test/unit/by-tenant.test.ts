import { expect, test } from 'vitest';
import { byTenant, rowsByTenant } from '../../src/db/by-tenant.ts';

const ASKED = [
  { tenantId: 'a', id: 1 },
  { tenantId: 'b', id: 2 },
  { tenantId: 'a', id: 3 },
  { tenantId: 'c', id: 4 },
];

test('each tenant is queried once, and the answers are in the order of the questions', async () => {
  const questions: string[] = [];
  const answers = await byTenant(ASKED, async (tenantId, own) => {
    questions.push(`${tenantId}: ${own.map(({ id }) => id).join()}`);
    return own.map(({ id }) => `${tenantId}${id}`);
  });
  expect(questions).toEqual(['a: 1,3', 'b: 2', 'c: 4']);
  expect(answers).toEqual(['a1', 'b2', 'a3', 'c4']);
  expect(await byTenant([], () => Promise.reject(new Error('nobody is asked')))).toEqual([]);
});

test('a missing answer is noticed, not given to another question', async () => {
  await expect(byTenant(ASKED, async () => ['one'])).rejects.toThrow('one answer for each request');
});

test('the rows of all tenants are put together', async () => {
  const rows = await rowsByTenant(ASKED, async (tenantId, own) => (tenantId === 'b' ? [] : own.map(({ id }) => `${tenantId}${id}`)));
  expect(rows.sort()).toEqual(['a1', 'a3', 'c4']);
});
