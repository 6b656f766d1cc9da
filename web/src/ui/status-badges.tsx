/** The badges of a panel's status. */

import { Badge } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ResellerStatus } from '../gql/graphql.ts';

/** Badges for a locked, low, suspended or closed panel; none if all is well. */
export function StatusBadges({ status, account }: { status: ResellerStatus; account: { locked: boolean; lowBalance: boolean } }) {
  const { t } = useTranslation();
  return (
    <>
      {status !== 'ACTIVE' ? (
        <Badge color={status === 'SUSPENDED' ? 'orange' : 'gray'} variant="light">
          {t(`status.${status}`)}
        </Badge>
      ) : null}
      {account.locked && status !== 'CLOSED' ? (
        <Badge color="red" variant="light" leftSection={<IconLock size={12} aria-hidden />}>
          {t('balance.locked')}
        </Badge>
      ) : null}
      {account.lowBalance && !account.locked && status !== 'CLOSED' ? (
        <Badge color="yellow" variant="light">
          {t('balance.low')}
        </Badge>
      ) : null}
    </>
  );
}
