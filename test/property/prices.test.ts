import { assert, constant, integer, property, tuple, uniqueArray } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type PackagePrice, packageProblems, priceOf } from '../../src/domain/purchase/price.ts';

/** Arbitrary price lists, most of them invalid: whatever passes validation could be a seller's list. */
const prices = uniqueArray(integer({ min: 11, max: 2_000 }), { maxLength: 6 }).chain((quantities) =>
  tuple(
    constant([10, ...quantities.sort((a, b) => a - b)]),
    uniqueArray(integer({ min: 1, max: 1_000 }), { minLength: quantities.length + 1, maxLength: quantities.length + 1 }),
  ).map(([sizes, units]) => {
    const falling = units.sort((a, b) => b - a);
    return sizes.map((quantity, index): PackagePrice => ({ quantity, unitPriceMinor: falling[index] ?? 1 }));
  }),
);

describe('the price of credits (R26)', () => {
  test('for every valid list a larger quantity is never cheaper in total, and no unit costs more than the first', () => {
    let valid = 0;
    assert(
      property(prices, integer({ min: 10, max: 3_000 }), integer({ min: 1, max: 200 }), (list, quantity, more) => {
        if (packageProblems(list, 'list', 10).length > 0) return;
        valid += 1;
        const price = priceOf(list, quantity);
        expect(priceOf(list, quantity + more)).toBeGreaterThanOrEqual(price);
        expect(price).toBeLessThanOrEqual(quantity * (list[0]?.unitPriceMinor ?? 0));
        // A package costs its own price, and no quantity costs more than the next larger package.
        for (const one of list) expect(priceOf(list, one.quantity)).toBe(one.quantity * one.unitPriceMinor);
      }),
      { numRuns: 5_000 },
    );
    expect(valid).toBeGreaterThan(500);
  });

  test('is the total of a larger package where that is less', () => {
    const list = [
      { quantity: 10, unitPriceMinor: 1_000 },
      { quantity: 50, unitPriceMinor: 900 },
    ];
    expect([10, 44, 45, 46, 49, 50, 51].map((quantity) => priceOf(list, quantity))).toEqual([
      10_000, 44_000, 45_000, 45_000, 45_000, 45_000, 45_900,
    ]);
  });

  test('is exact beyond what floating point adds up, and refused beyond 2^53 − 1', () => {
    const list = [{ quantity: 10, unitPriceMinor: 9_007_199 }];
    expect(priceOf(list, 1_000_000_000)).toBe(9_007_199_000_000_000);
    expect(() => priceOf([{ quantity: 10, unitPriceMinor: 9_007_200 }], 1_000_000_000)).toThrow('The price would exceed');
    expect(() => priceOf([], 10)).toThrow('no price list');
  });

  test.each<[string, string[], [number, number][]]>([
    ['an empty list', ['p'], []],
    ['51 packages', ['p'], Array.from({ length: 51 }, (_, index) => [10 + index, 100])],
    ['a list that starts at 11', ['p.0.quantity'], [[11, 1]]],
    ['a list that starts at 9', ['p.0.quantity'], [[9, 1]]],
    [
      'quantities that do not rise',
      ['p.1.quantity', 'p.2.quantity'],
      [
        [10, 5],
        [10, 5],
        [9, 5],
      ],
    ],
    [
      'a unit price that rises',
      ['p.1.unitPriceMinor'],
      [
        [10, 5],
        [20, 6],
      ],
    ],
    [
      'a total that falls',
      ['p.1.unitPriceMinor'],
      [
        [10, 5],
        [20, 2],
      ],
    ],
    ['a price of 0', ['p.0.unitPriceMinor'], [[10, 0]]],
    [
      'a package above 10^9',
      ['p.1.quantity'],
      [
        [10, 5],
        [1_000_000_001, 5],
      ],
    ],
    ['a total above 2^53 − 1', ['p.0.unitPriceMinor'], [[10, Number.MAX_SAFE_INTEGER]]],
  ])('%s is refused with its path', (_what, paths, list) => {
    const packages = list.map(([quantity, unitPriceMinor]) => ({ quantity, unitPriceMinor }));
    expect(packageProblems(packages, 'p', 10).map(({ path }) => path)).toEqual(paths);
  });
});
