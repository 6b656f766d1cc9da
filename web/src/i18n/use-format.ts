/** A hook that writes numbers, prices and dates in the chosen language. */

import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

const DAY_MS = 86_400_000;
const DAY = { day: '2-digit', month: '2-digit' } as const;
const MONTH = { month: 'short', year: '2-digit' } as const;

/** Numbers, prices and dates as the chosen language writes them, in the browser's time zone unless another is given. */
export function useFormat() {
  const { i18n } = useTranslation();
  return useMemo(() => formatsOf(i18n.language), [i18n.language]);
}

function formatsOf(language: string) {
  const number = new Intl.NumberFormat(language);
  const signed = new Intl.NumberFormat(language, { signDisplay: 'exceptZero' });
  const compact = new Intl.NumberFormat(language, { notation: 'compact', maximumFractionDigits: 1 });
  const day = new Intl.DateTimeFormat(language, { dateStyle: 'medium' });
  const dayAndTime = new Intl.DateTimeFormat(language, { dateStyle: 'short', timeStyle: 'short' });
  const time = new Intl.DateTimeFormat(language, { timeStyle: 'medium' });
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  return {
    language,
    /** A whole number: credits, customers. */
    number: (value: number) => number.format(value),
    /** A change in credits, with its sign. */
    delta: (value: number) => signed.format(value),
    compact: (value: number) => compact.format(value),
    /** `minor` is in cents. */
    money: (minor: number, currency: string) => new Intl.NumberFormat(language, { style: 'currency', currency }).format(minor / 100),
    day: (at: string) => day.format(new Date(at)),
    dayAndTime: (at: string) => dayAndTime.format(new Date(at)),
    time: (at: string) => time.format(new Date(at)),
    /** As the day or month of that zone in which it begins: what the server has cut into intervals. */
    intervalIn: (at: string, by: 'DAY' | 'WEEK' | 'MONTH', timeZone: string) =>
      new Intl.DateTimeFormat(language, { ...(by === 'MONTH' ? MONTH : DAY), timeZone }).format(new Date(at)),
    /** As "in 3 days". */
    daysFromNow: (at: string) => relative.format(Math.round((Date.parse(at) - Date.now()) / DAY_MS), 'day'),
  };
}
