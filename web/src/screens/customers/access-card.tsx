/** A customer's login and secret for the service, with buttons to copy, send and reset them. */

import { useQuery } from '@apollo/client/react';
import { Button, Card, Group, Stack, Text } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../data/live-context.ts';
import type { CustomerRowFragment } from '../../gql/graphql.ts';
import { CustomerAccessDocument } from './access-documents.ts';
import { AccessButtons, AccessLines } from './access-shown.tsx';
import { ResetAccessDialog } from './reset-access-dialog.tsx';
import { ServiceLine } from './service-line.tsx';

export function AccessCard({ customer }: { customer: CustomerRowFragment }) {
  const { t } = useTranslation('access');
  const may = useMay();
  const [isResetting, setResetting] = useState(false);
  const { data } = useQuery(CustomerAccessDocument, { variables: { id: customer.id }, fetchPolicy: 'cache-and-network' });
  const access = data?.customer?.access;
  if (!data) return null;
  return (
    <Card withBorder component="section" aria-label={t('customer.title')} data-testid="customer-access">
      <Stack gap="sm">
        <Text fw={600} component="h2" size="md">
          {t('customer.title')}
        </Text>
        <ServiceLine customerId={customer.id} />
        {access ? (
          <AccessLines access={access} />
        ) : (
          <Text size="sm" c="dimmed">
            {t('customer.none')}
          </Text>
        )}
        <Group gap="xs">
          {access ? <AccessButtons access={access} customer={customer} /> : null}
          {may.customers ? (
            <Button variant="default" leftSection={<IconKey size={16} aria-hidden />} onClick={() => setResetting(true)}>
              {t('customer.reset')}
            </Button>
          ) : null}
        </Group>
      </Stack>
      {isResetting ? <ResetAccessDialog customer={customer} login={access?.login ?? ''} onClose={() => setResetting(false)} /> : null}
    </Card>
  );
}
