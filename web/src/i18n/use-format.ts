/** Formats numbers, money, dates and distances in time in the chosen language. */

import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useTimeZone } from '../data/time-zone.ts';
import { formatsOf } from './formats.ts';

/** Numbers, prices and dates as the chosen language writes them, in the tenant's time zone unless another is given. */
export function useFormat() {
  const { i18n } = useTranslation();
  const timeZone = useTimeZone();
  return useMemo(() => formatsOf(i18n.language, timeZone), [i18n.language, timeZone]);
}
