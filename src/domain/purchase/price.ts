/** Computes the price of credits in money (R26), as pure functions of a price list. */

import { MAX_CREDITS, MAX_ISSUE_CREDITS } from '../../kernel/credits.ts';
import { type FieldProblem, InvalidInput, InvalidState } from '../../kernel/errors.ts';

/** From `quantity` credits up, each credit costs `unitPriceMinor` (cents). */
export interface PackagePrice {
  readonly quantity: number;
  readonly unitPriceMinor: number;
}

/** The most packages in a list. */
const MAX_PACKAGES = 50;

/** Throws InvalidInput for a quantity that nobody can buy (R36). `path` names it in refusals. */
export function requireQuantity(path: string, quantity: number): void {
  if (quantity > MAX_ISSUE_CREDITS) throw new InvalidInput([{ path, message: `must be at most ${MAX_ISSUE_CREDITS} credits at once.` }]);
}

/**
 * The least quantity that can be bought (R26): the tenant's policy, or the first quantity of the seller's list if that is larger. It
 * may be larger if the list is older than the policy or is the platform's.
 */
export function leastQuantity(packages: readonly PackagePrice[], minimumPurchase: number): number {
  return Math.max(minimumPurchase, packages[0]?.quantity ?? 0);
}

/**
 * Returns the price in minor units: the smaller of `quantity` at the unit price of the largest package not above it, and the total
 * of any larger package. So a larger quantity never costs less. `packages` is a valid list, sorted by quantity; `quantity` is at least
 * `leastQuantity` the list. Throws InvalidState if there is no list, or if the price is too large for a number.
 */
export function priceOf(packages: readonly PackagePrice[], quantity: number): number {
  let reached: PackagePrice | null = null;
  let cheapest: bigint | null = null;
  for (const one of packages) {
    if (one.quantity <= quantity) reached = one;
    else cheapest = smaller(cheapest, totalOf(one));
  }
  if (reached === null) throw new InvalidState('The seller has no price list: nothing can be bought.');
  const total = smaller(cheapest, BigInt(quantity) * BigInt(reached.unitPriceMinor));
  if (total > BigInt(MAX_CREDITS)) throw new InvalidState(`The price would exceed ${MAX_CREDITS} minor units: buy fewer credits.`);
  return Number(total);
}

/**
 * The problems of a new price list that starts at `minimum` credits; empty if it is valid. Paths begin with `root`, for example
 * `input.packages.1.quantity`.
 */
export function packageProblems(packages: readonly PackagePrice[], root: string, minimum: number): FieldProblem[] {
  if (packages.length < 1 || packages.length > MAX_PACKAGES) return [{ path: root, message: `must be 1 to ${MAX_PACKAGES} packages.` }];
  return packages.flatMap((one, index) => {
    const problems: FieldProblem[] = [];
    const refuse = (field: 'quantity' | 'unitPriceMinor', message: string) => {
      problems.push({ path: `${root}.${index}.${field}`, message });
    };
    const before = packages[index - 1];
    if (one.unitPriceMinor < 1) refuse('unitPriceMinor', 'must be at least 1.');
    else if (totalOf(one) > BigInt(MAX_CREDITS)) refuse('unitPriceMinor', `makes a total above ${MAX_CREDITS}.`);
    if (one.quantity > MAX_ISSUE_CREDITS) refuse('quantity', `must be at most ${MAX_ISSUE_CREDITS}.`);
    if (before === undefined) {
      if (one.quantity !== minimum) refuse('quantity', `must be ${minimum}: a list starts at the smallest quantity that can be bought.`);
    } else {
      if (one.quantity <= before.quantity) refuse('quantity', 'must be above the quantity of the package before.');
      if (one.unitPriceMinor > before.unitPriceMinor) refuse('unitPriceMinor', 'must not be above the unit price of the package before.');
      else if (one.quantity > before.quantity && totalOf(one) < totalOf(before))
        refuse('unitPriceMinor', 'makes the package cheaper than the smaller one before.');
    }
    return problems;
  });
}

function totalOf({ quantity, unitPriceMinor }: PackagePrice): bigint {
  return BigInt(quantity) * BigInt(unitPriceMinor);
}

function smaller(known: bigint | null, candidate: bigint): bigint {
  return known === null || candidate < known ? candidate : known;
}
