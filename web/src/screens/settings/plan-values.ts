/** The form's values for plans, and their validation (R52). */

import { randomId } from '@mantine/hooks';
import type { PlanFieldsFragment, PlanInput } from '../../gql/graphql.ts';

/** While typed text is not a number, the value is a string. */
export interface PlanValues {
  /** The key of the form's row. */
  readonly key: string;
  /** null: a new plan. */
  readonly id: string | null;
  readonly name: string;
  readonly periods: number | string;
  readonly screens: number | string;
  /** In whole currency units, as a person types it. */
  readonly price: number | string;
}

export const MAX_PERIODS = 36;
export const MAX_SCREENS = 1_000;
const MINOR = 100;

type Given = Pick<PlanFieldsFragment, 'name' | 'periods' | 'screens' | 'priceMinor'> & { readonly id: string | null };

export function valuesOf({ id, name, periods, priceMinor, screens }: Given): PlanValues {
  return { key: randomId(), id, name, periods, screens, price: priceMinor / MINOR };
}

export function emptyPlan(): PlanValues {
  return { key: randomId(), id: null, name: '', periods: 1, screens: 1, price: '' };
}

export function inputOf({ id, name, periods, price, screens }: PlanValues): PlanInput {
  return { id, name: name.trim(), periods: Number(periods), screens: Number(screens), priceMinor: Math.round(Number(price) * MINOR) };
}

/** The problems, by the name of the form's field. */
export function problemsOf(plans: readonly PlanValues[]): Record<string, 'filled' | 'periods' | 'screens' | 'price'> {
  const problems: Record<string, 'filled' | 'periods' | 'screens' | 'price'> = {};
  plans.forEach((plan, index) => {
    const { name, periods, priceMinor, screens } = inputOf(plan);
    if (name === '') problems[`plans.${index}.name`] = 'filled';
    if (!isWhole(periods, MAX_PERIODS)) problems[`plans.${index}.periods`] = 'periods';
    if (!isWhole(screens ?? 0, MAX_SCREENS)) problems[`plans.${index}.screens`] = 'screens';
    if (!(priceMinor >= 1)) problems[`plans.${index}.price`] = 'price';
  });
  return problems;
}

function isWhole(value: number, most: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= most;
}
