import { expect, test } from 'vitest';
import { Posters } from '../../src/ledger/sharing/posters.ts';

const TENANTS = Array.from({ length: 64 }, (_, index) => `01900000-0000-7000-8000-${index.toString(16).padStart(12, '0')}`);

function decided(told: readonly (readonly [process: number, commands: number])[]): Posters {
  const posters = new Posters();
  for (const [process, commands] of told) posters.report(process, commands, 0);
  posters.decide(100);
  return posters;
}

const chosen = (posters: Posters) => [...new Set(TENANTS.map((tenantId) => posters.of(tenantId)))].sort();

test('commands stay in their process while at most one process is busy', () => {
  expect(chosen(decided([]))).toEqual([null]);
  expect(chosen(decided([[3, 1_000]]))).toEqual([null]);
  expect(
    chosen(
      decided([
        [3, 1_000],
        [4, 24],
        [5, 24],
      ]),
    ),
  ).toEqual([null]);
});

test('once two are busy one of them posts for all, and a tenant has one poster however many there are', () => {
  const two = decided([
    [4, 25],
    [3, 30],
    [2, 1],
  ]);
  expect(chosen(two)).toEqual([3]);
  const many = decided([
    [6, 600],
    [7, 600],
    [8, 600],
    [9, 600],
  ]);
  expect(chosen(many)).toEqual([6, 7, 8, 9]);
  for (const tenantId of TENANTS) expect(many.of(tenantId)).toBe(many.of(tenantId));
});

test('a silent process posts for nobody, and when none is busy commands stay in their process again', () => {
  const posters = decided([
    [3, 100],
    [4, 100],
    [5, 100],
  ]);
  posters.forget(3);
  posters.decide(200);
  expect(chosen(posters)).toEqual([4]);
  posters.report(5, 100, 1_900);
  posters.decide(2_000);
  expect(chosen(posters)).toEqual([null]);
  expect(posters.isQuiet).toBe(false);
  posters.decide(4_000);
  expect(posters.isQuiet).toBe(true);
});
