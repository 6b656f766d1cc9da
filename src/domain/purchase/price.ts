/** What credits cost in money (R26), as pure functions of a price list. */

import { MAX_CREDITS, MAX_ISSUE_CREDITS } from '../../kernel/credits.ts';
import { type FieldProblem, InvalidInput, InvalidState } from '../../kernel/errors.ts';

/** From `quantity` credits on, each costs `unitPriceMinor` (cents). */
export interface PackagePrice {
  readonly quantity: number;
  readonly unitPriceMinor: number;
}

/** Packages of one list at most. */
const MAX_PACKAGES = 50;

/** Throws InvalidInput for a quantity that nobody can buy (R36). `path` names it in refusals. */
export function requireQuantity(path: string, quantity: number): void {
  if (quantity > MAX_ISSUE_CREDITS) throw new InvalidInput([{ path, message: `must be at most ${MAX_ISSUE_CREDITS} credits at once.` }]);
}

/**
 * The least that can be bought: what the tenant's policy says, or what the seller's list starts at where it was made before the
 * policy changed, or is the platform's (R26).
 */
export function leastOf(packages: readonly PackagePrice[], minimumPurchase: number): number {
  return Math.max(minimumPurchase, packages[0]?.quantity ?? 0);
}

/**
 * The smaller of `quantity` at the unit price of the largest package not above it, and the total of any larger package: so
 * a larger quantity never costs less. In minor units. `packages`: a valid list, by quantity; none of what it does not sell is asked for: see leastOf. Throws InvalidState when there
 * is no list, or when the price is more money than a number can hold.
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

/** What is wrong with a list that someone wants to sell by, from `minimum` credits on; none: it is valid. Paths begin with `root`, as `input.packages.1.quantity`. */
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
      if (one.quantity !== minimum) refuse('quantity', `must be ${minimum}: a list starts at the least that can be bought.`);
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
