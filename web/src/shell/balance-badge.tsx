/** The panel's balance in the header. */

import { Badge } from '@mantine/core';
import { IconCoins, IconLock } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { AccountStateFragment } from '../gql/graphql.ts';
import { useFormat } from '../i18n/use-format.ts';

/** The panel's own balance, shown in the header of every screen. */
export function BalanceBadge({ account: { balance, locked, lowBalance }, isStale }: { account: AccountStateFragment; isStale: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const credits = t('balance.credits', { count: balance, amount: format.number(balance) });
  const Icon = locked ? IconLock : IconCoins;
  return (
    <Badge
      size="lg"
      variant="light"
      radius="md"
      color={locked ? 'red' : lowBalance ? 'yellow' : 'brand'}
      leftSection={<Icon size={16} aria-hidden />}
      className="numbers"
      data-testid="balance"
      aria-label={`${t('balance.label')}: ${credits}${isStale ? ` (${t('connection.old')})` : ''}`}
      role="status"
      styles={{ root: { textTransform: 'none', flexShrink: 0 } }}
    >
      {format.number(balance)}
    </Badge>
  );
}
