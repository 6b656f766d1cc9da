/** Offers the customers that a contact belongs to already, before it is paid for a second time. */

import { Alert, Anchor, Group, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { CustomerRowFragment } from '../../gql/graphql.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { CustomerBadge } from './customer-facts.tsx';

type Known = Pick<CustomerRowFragment, 'id' | 'name' | 'status' | 'expiresAt'>;

/** Nothing is refused: a family may share a telephone. Each leads to the customer, where it is renewed. */
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
