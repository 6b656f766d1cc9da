/** A badge with the status of a customer's service. */

import { useFragment } from '@apollo/client/react';
import { Badge } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ServiceStatus } from '../../gql/graphql.ts';
import { CustomerServiceFragment } from './access-documents.ts';

const COLORS = { WAITING: 'yellow', READY: 'teal', FAILED: 'red' } as const;

export function ServiceBadge({ status, size = 'md' }: { status: ServiceStatus; size?: 'sm' | 'md' }) {
  const { t } = useTranslation('access');
  return (
    <Badge color={COLORS[status]} variant="light" miw="max-content" size={size}>
      {t(`customer.status.${status}`)}
    </Badge>
  );
}

/** For lists whose query fetches the status. Reads it from the cache, which receives changes. Renders nothing without a status. */
export function ListedService({ id }: { id: string }) {
  const { complete, data } = useFragment({
    fragment: CustomerServiceFragment,
    fragmentName: 'CustomerService',
    from: { __typename: 'Customer', id },
  });
  const status = complete ? data.service?.status : undefined;
  return status === undefined ? null : <ServiceBadge status={status} size="sm" />;
}
