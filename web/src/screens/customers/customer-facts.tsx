/** How a customer's status and expiry are shown. */

import { Badge, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { CustomerRowFragment, CustomerStatus } from '../../gql/graphql.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { useScreensChange } from './screens-change.tsx';

const COLORS = { ACTIVE: 'teal', TRIAL: 'blue', EXPIRED: 'red', CANCELED: 'gray' } as const;
const SOON_MS = 7 * 86_400_000;

export function CustomerBadge({ status }: { status: CustomerStatus }) {
  const { t } = useTranslation('customers');
  return (
    <Badge color={COLORS[status]} variant="light" miw="max-content">
      {t(`status.${status}`)}
    </Badge>
  );
}

/** Until when, and how far away that is. A trial ends at an hour, a term on a day. */
export function Expiry({ customer: { expiresAt, status } }: { customer: CustomerRowFragment }) {
  const format = useFormat();
  const leftMs = Date.parse(expiresAt) - Date.now();
  const isSoon = leftMs > 0 && leftMs < SOON_MS && status !== 'CANCELED';
  return (
    <>
      <Text size="sm" className="numbers" style={{ whiteSpace: 'nowrap' }}>
        {status === 'TRIAL' ? format.dayAndTime(expiresAt) : format.day(expiresAt)}
      </Text>
      <Text size="xs" c={isSoon ? undefined : 'dimmed'} fw={isSoon ? 600 : undefined}>
        {format.daysFromNow(expiresAt)}
      </Text>
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
