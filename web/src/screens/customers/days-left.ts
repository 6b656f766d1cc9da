/** A customer's remaining time as a short text and a tone. */

import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { CustomerRowFragment } from '../../gql/graphql.ts';
import type { Formats } from '../../i18n/formats.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { SOON_DAYS } from './quick-lists.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** The meaning of a list's colors; the text says it too. */
export type Tone = 'over' | 'today' | 'soon' | 'later' | 'trial' | 'none';

interface DaysLeft {
  readonly text: string;
  readonly tone: Tone;
}

type Term = Pick<CustomerRowFragment, 'status' | 'expiresAt'>;

export function useDaysLeft(): (term: Term) => DaysLeft {
  const { t } = useTranslation('customers');
  const format = useFormat();
  return (term) => daysLeft(term, Date.now(), format, t);
}

/** Days by the tenant's calendar ("3 days", "tomorrow"); with hours if less than a day is left ("today, 5 hours"). */
export function daysLeft({ status, expiresAt }: Term, nowMs: number, format: Formats, t: TFunction<'customers'>): DaysLeft {
  const endsMs = Date.parse(expiresAt);
  const leftMs = endsMs - nowMs;
  const days = format.daysBetween(nowMs, endsMs);
  if (status === 'CANCELED') return { text: t('status.CANCELED'), tone: 'none' };
  // A term may end between two responses of the server, so the status may be out of date.
  if (leftMs <= 0) {
    const ago = leftMs <= -DAY_MS ? format.ago(-days, 'day') : format.ago(...hoursOf(-leftMs));
    return { text: t('left.expired', { ago }), tone: 'over' };
  }
  const day = days === 0 ? t('left.today') : days === 1 ? t('left.tomorrow') : format.span(days, 'day');
  const text = leftMs >= DAY_MS ? day : `${day}, ${format.span(...hoursOf(leftMs))}`;
  if (status === 'TRIAL') return { text: t('left.trial', { left: text }), tone: 'trial' };
  if (leftMs < DAY_MS) return { text, tone: 'today' };
  return { text, tone: leftMs < SOON_DAYS * DAY_MS ? 'soon' : 'later' };
}

function hoursOf(ms: number): [number, 'hour' | 'minute'] {
  return ms >= HOUR_MS ? [Math.floor(ms / HOUR_MS), 'hour'] : [Math.floor(ms / MINUTE_MS), 'minute'];
}
