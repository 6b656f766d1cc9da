/** How a customer's status and expiry are shown. */

import { Badge, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { CustomerRowFragment, CustomerStatus } from '../../gql/graphql.ts';
import { useFormat } from '../../i18n/use-format.ts';
import classes from './customers.module.css';
import { type Tone, useDaysLeft } from './days-left.ts';
import { useScreensChange } from './screens-change.tsx';

const COLORS = { ACTIVE: 'teal', TRIAL: 'blue', EXPIRED: 'red', CANCELED: 'gray' } as const;

export function CustomerBadge({ status }: { status: CustomerStatus }) {
  const { t } = useTranslation('customers');
  return (
    <Badge color={COLORS[status]} variant="light" miw="max-content">
      {t(`status.${status}`)}
    </Badge>
  );
}

/** The address of a customer's own page. */
export function pageOf(id: string): string {
  return `/customers/${encodeURIComponent(id)}`;
}

/** What is left, in words and a color. */
export function Flag({ text, tone }: { text: string; tone: Tone }) {
  return (
    <span className={classes.flag} data-tone={tone}>
      {text}
    </span>
  );
}

/** Until when, and how far away that is. A trial ends at an hour, a term on a day. */
export function Expiry({ customer }: { customer: CustomerRowFragment }) {
  const format = useFormat();
  const left = useDaysLeft()(customer);
  const { expiresAt, status } = customer;
  return (
    <>
      <Text size="sm" className="numbers" style={{ whiteSpace: 'nowrap' }}>
        {status === 'TRIAL' ? format.dayAndTime(expiresAt) : format.day(expiresAt)}
      </Text>
      {status === 'CANCELED' ? (
        <Text size="xs" c="dimmed">
          {format.daysFromNow(expiresAt)}
        </Text>
      ) : (
        <Flag {...left} />
      )}
    </>
  );
}

/** How many screens now, and what they change to and when. */
export function Screens({ customer: { screens, nextScreens, spans } }: { customer: CustomerRowFragment }) {
  const { t } = useTranslation('customers');
  const format = useFormat();
  const change = useScreensChange()(spans, nextScreens);
  return (
    <>
      <Text size="sm" className="numbers" aria-label={t('screensNow', { count: screens })}>
        {format.number(screens)}
      </Text>
      {change === null && nextScreens === screens ? null : (
        <Text size="xs" c="dimmed">
          {change ?? t('screensNext', { count: nextScreens })}
        </Text>
      )}
    </>
  );
}
