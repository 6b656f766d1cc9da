/** A hook that formats numbers, money, dates and durations in the chosen language. */

import { useTranslation } from 'react-i18next';
import { useTimeZone } from '../data/time-zone.ts';
import { formatsOf } from './formats.ts';

/** Formatters for the chosen language and the tenant's time zone. */
export function useFormat() {
  const { i18n } = useTranslation();
  const timeZone = useTimeZone();
  return formatsOf(i18n.language, timeZone);
}
