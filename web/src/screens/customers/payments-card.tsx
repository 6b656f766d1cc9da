/** A customer's open payments, on the customer's page: unpaid, or paid and waiting for credits. */

import { useQuery, useSubscription } from '@apollo/client/react';
import { Anchor, Badge, Card, Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { askAgain } from '../../data/ask-again.ts';
import { useOnConnect } from '../../data/live-context.ts';
import type { CustomerRowFragment } from '../../gql/graphql.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { CustomerPaymentChangesDocument, CustomerPaymentsDocument } from '../sales/customer-payment-documents.ts';

const SHOWN = 20;

export function PaymentsCard({ customer }: { customer: CustomerRowFragment }) {
  const { t } = useTranslation('customers');
  const format = useFormat();
  const { data, observable } = useQuery(CustomerPaymentsDocument, {
    variables: { first: SHOWN, customerId: customer.id },
    fetchPolicy: 'cache-and-network',
  });
  const again = () => askAgain(observable);
  useOnConnect(again);
  useSubscription(CustomerPaymentChangesDocument, {
    onData: ({ data: { data: pushed } }) => {
      if (pushed?.customerPaymentChanged.customer.id === customer.id) again();
    },
  });
  const all = (data?.viewer.customerPayments?.edges ?? []).map(({ node }) => node);
  const open = all.filter(({ status }) => status === 'PENDING' || status === 'PAID_UNFUNDED');
  if (open.length === 0) return null;
  return (
    <Card withBorder component="section" aria-label={t('payments.title')} data-testid="customer-payments">
      <Stack gap="sm">
        <Text fw={600} component="h2" size="md">
          {t('payments.title')}
        </Text>
        {open.map(({ createdAt, currency, id, planName, priceMinor, status }) => (
          <Group key={id} justify="space-between" gap="xs">
            <div>
              <Text size="sm" className="typed">
                {planName} · {format.money(priceMinor, currency)}
              </Text>
              <Text size="xs" c="dimmed">
                {format.dayAndTime(createdAt)}
              </Text>
            </div>
            <Badge color={status === 'PENDING' ? 'yellow' : 'orange'} variant="light" miw="max-content">
              {t(status === 'PENDING' ? 'payments.open' : 'payments.waits')}
            </Badge>
          </Group>
        ))}
        <Anchor component={Link} to="/sales/customers" size="sm">
          {t('payments.all')}
        </Anchor>
      </Stack>
    </Card>
  );
}
