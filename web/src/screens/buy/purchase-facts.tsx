/** Shows a purchase's status and payment. */

import { Badge } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { PurchaseStatus } from '../../gql/graphql.ts';

const COLORS = {
  PENDING: 'yellow',
  PAID: 'teal',
  PAID_UNFUNDED: 'orange',
  CANCELED: 'gray',
  EXPIRED: 'gray',
  CHARGED_BACK: 'red',
} as const;

export const PURCHASE_STATUSES: readonly PurchaseStatus[] = ['PENDING', 'PAID', 'PAID_UNFUNDED', 'CANCELED', 'EXPIRED', 'CHARGED_BACK'];

export function PurchaseBadge({ status }: { status: PurchaseStatus }) {
  const { t } = useTranslation('buying');
  return (
    <Badge color={COLORS[status]} variant="light" miw="max-content">
      {t(`status.${status}`)}
    </Badge>
  );
}
