/** Plans as they are typed, and what is wrong with them (R52). */

import { randomId } from '@mantine/hooks';
import type { PlanFieldsFragment, PlanInput } from '../../gql/graphql.ts';

/** A number that is being typed is a text while it is none. */
export interface PlanValues {
  /** Of the row in the form. */
  readonly key: string;
  /** null: it is new. */
  readonly id: string | null;
  readonly name: string;
  readonly periods: number | string;
  readonly screens: number | string;
  /** In whole money, as a person writes it. */
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

/** By the field's name in the form. */
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
