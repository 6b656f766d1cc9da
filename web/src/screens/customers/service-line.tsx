/** The live status of a customer's service, with a button to try again. */

import { useQuery, useSubscription } from '@apollo/client/react';
import { Button, Group, Text } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { askAgain } from '../../data/ask-again.ts';
import { useMay, useOnConnect } from '../../data/live-context.ts';
import { useIntent } from '../../data/use-intent.ts';
import type { RetryServiceInput } from '../../gql/graphql.ts';
import { notifyProblem } from '../../ui/notify.ts';
import { useRefusalText } from '../../ui/use-refusal-text.ts';
import { CustomerChangesDocument, CustomerServiceDocument, RetryServiceDocument } from './access-documents.ts';
import { FailedServicesDocument } from './documents.ts';
import { ServiceBadge } from './service-badge.tsx';

/** Renders nothing if the service reports no status. */
export function ServiceLine({ customerId }: { customerId: string }) {
  const { t } = useTranslation('access');
  const may = useMay();
  const refusalText = useRefusalText();
  const { data, observable } = useQuery(CustomerServiceDocument, { variables: { id: customerId }, fetchPolicy: 'cache-and-network' });
  // The pushed data goes into the cache, which the query above reads.
  useSubscription(CustomerChangesDocument);
  useOnConnect(() => askAgain(observable));
  const intent = useIntent(
    async (apollo, input: RetryServiceInput) =>
      (await apollo.mutate({ mutation: RetryServiceDocument, variables: { input }, refetchQueries: [FailedServicesDocument] })).data
        ?.retryService,
    { title: t('customer.retry'), onRefused: (refusal) => notifyProblem(refusalText(refusal)) },
  );
  const service = data?.customer?.service;
  if (!service) return null;
  return (
    <Group gap="xs" data-testid="customer-service" aria-live="polite">
      <ServiceBadge status={service.status} />
      {service.reason ? (
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          {service.reason}
        </Text>
      ) : null}
      {service.status === 'FAILED' && may.customers ? (
        <Button
          size="compact-sm"
          variant="light"
          loading={intent.isSending}
          leftSection={<IconRefresh size={14} aria-hidden />}
          onClick={() => intent.send(() => ({ customerId }))}
        >
          {t('customer.retry')}
        </Button>
      ) : null}
    </Group>
  );
}
