/** Offers existing customers with the same contact, before a second customer is paid for. */

import { Alert, Anchor, Group, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { CustomerRowFragment } from '../../gql/graphql.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { CustomerBadge } from './customer-facts.tsx';

type Known = Pick<CustomerRowFragment, 'id' | 'name' | 'status' | 'expiresAt'>;

/** Only a hint, because a family may share a telephone. Each link leads to the customer, who can be renewed there. */
export function SameContact({ customers, onClose }: { customers: readonly Known[]; onClose: () => void }) {
  const { t } = useTranslation('customers');
  const format = useFormat();
  if (customers.length === 0) return null;
  return (
    <Alert color="yellow" title={t('sameContact.title')} aria-live="polite">
      <Stack gap={4}>
        {customers.map(({ expiresAt, id, name, status }) => (
          <Group key={id} gap="xs">
            <Anchor component={Link} to={`/customers/${encodeURIComponent(id)}`} size="sm" onClick={onClose}>
              {t('sameContact.open', { name, until: format.day(expiresAt) })}
            </Anchor>
            <CustomerBadge status={status} />
          </Group>
        ))}
      </Stack>
    </Alert>
  );
}
