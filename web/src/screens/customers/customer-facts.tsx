/** Shows a customer's status, expiry and screens. */

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

/** The remaining time, as text and color. */
export function Flag({ text, tone }: { text: string; tone: Tone }) {
  return (
    <span className={classes.flag} data-tone={tone}>
      {text}
    </span>
  );
}

/** The expiry and the time until then. Trials show the time of day, paid terms only the date. */
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

/** The current number of screens, and the pending change if there is one. */
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
