/** Checks a price list as it is typed (R26). */

/** A row of the editor. While typed text is not a number, the value is a string. */
export interface Row {
  readonly quantity: number | string;
  /** In whole currency units, as a person types it. */
  readonly unitPrice: number | string;
}

export type Problem = 'start' | 'rising' | 'unitRises' | 'totalFalls' | 'positive';

const LIST_STARTS_AT = 10;
const MINOR = 100;

/** The price in cents; 0 if it is not a number. */
export function minorOf(unitPrice: number | string): number {
  return typeof unitPrice === 'number' ? Math.round(unitPrice * MINOR) : 0;
}

export function unitOf(minor: number): number {
  return minor / MINOR;
}

/** Applies the server's rules to a list before the request. The keys are the names of the form's fields. */
export function problemsOf(rows: readonly Row[]): Record<string, Problem> {
  const problems: Record<string, Problem> = {};
  rows.forEach((row, index) => {
    const before = rows[index - 1];
    const quantity = Number(row.quantity);
    const unit = minorOf(row.unitPrice);
    if (index === 0 ? quantity !== LIST_STARTS_AT : quantity <= Number(before?.quantity)) {
      problems[`packages.${index}.quantity`] = index === 0 ? 'start' : 'rising';
    }
    const unitBefore = before ? minorOf(before.unitPrice) : Number.POSITIVE_INFINITY;
    const name = `packages.${index}.unitPrice`;
    if (unit < 1) problems[name] = 'positive';
    else if (unit > unitBefore) problems[name] = 'unitRises';
    else if (before && unit * quantity < unitBefore * Number(before.quantity)) problems[name] = 'totalFalls';
  });
  return problems;
}
