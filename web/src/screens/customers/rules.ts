/** The refund of a cancellation, and the validation of the customer forms. */

import { useTranslation } from 'react-i18next';
import type { CustomerRowFragment } from '../../gql/graphql.ts';
import { MAX_PERIODS } from './periods-input.tsx';

export const MAX_SCREENS = 1_000;
const PERIOD_MS = 2_592_000_000;

/** The refund of a cancellation, if the tenant's policy refunds: whole periods that have not started. */
export function unusedPeriods({ expiresAt, spans }: CustomerRowFragment): { periods: number; credits: number; endsAt: string } {
  const endsMs = Date.parse(expiresAt);
  const periods = Math.max(0, Math.floor((endsMs - Date.now()) / PERIOD_MS));
  let credits = 0;
  // Each period refunds the screens of the span that it belongs to.
  for (let period = 1; period <= periods; period += 1) {
    const beginsMs = endsMs - period * PERIOD_MS;
    credits += spans.find((span) => Date.parse(span.endsAt) > beginsMs)?.screens ?? 0;
  }
  return { periods, credits, endsAt: new Date(endsMs - periods * PERIOD_MS).toISOString() };
}

/** Validators for the forms, which run before a request. */
export function useChecks() {
  const { t } = useTranslation('customers');
  const within = (min: number, max: number) => (value: number | string) =>
    isWithin(value, min, max) ? null : t('fields.range', { min, max });
  return {
    filled: (text: string) => (text.trim() === '' ? t('fields.required') : null),
    periods: within(1, MAX_PERIODS),
    screens: within(1, MAX_SCREENS),
    within,
  };
}

/** While typed text is not a number, the input's value is a string. */
export function isWithin(value: number | string, min: number, max: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max;
}
