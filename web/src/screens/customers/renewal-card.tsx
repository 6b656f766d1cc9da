/** The link to the customer's own page, with buttons to create, copy, send and replace it. */

import { useQuery } from '@apollo/client/react';
import { Button, Card, Group, Stack, Text } from '@mantine/core';
import { IconLink, IconRefresh } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../data/live-context.ts';
import { useIntent } from '../../data/use-intent.ts';
import type { CustomerRowFragment, ResetRenewalLinkInput } from '../../gql/graphql.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { notifyDone, notifyProblem } from '../../ui/notify.ts';
import { useRefusalText } from '../../ui/use-refusal-text.ts';
import { RenewalLinkDocument, ResetRenewalLinkDocument } from './renewal-documents.ts';
import { SendLinkButton } from './whatsapp-button.tsx';

export function RenewalCard({ customer }: { customer: CustomerRowFragment }) {
  const { t } = useTranslation('customers');
  const may = useMay();
  const refusalText = useRefusalText();
  const { data } = useQuery(RenewalLinkDocument, { variables: { id: customer.id }, fetchPolicy: 'cache-and-network' });
  const intent = useIntent(
    async (apollo, input: ResetRenewalLinkInput) =>
      (await apollo.mutate({ mutation: ResetRenewalLinkDocument, variables: { input } })).data?.resetRenewalLink,
    {
      onDone: () => notifyDone(t('renewal.made')),
      onRefused: (refusal) => notifyProblem(refusalText(refusal)),
    },
  );
  const link = data?.customer?.renewalLink ?? null;
  if (!data || (link === null && !may.customers)) return null;
  return (
    <Card withBorder component="section" aria-label={t('renewal.title')} data-testid="customer-renewal">
      <Stack gap="sm">
        <Text fw={600} component="h2" size="md">
          {t('renewal.title')}
        </Text>
        <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {link ?? t('renewal.none')}
        </Text>
        <Group gap="xs">
          {link === null ? null : (
            <>
              <CopyButton text={link} label={t('renewal.copy')} />
              <SendLinkButton customer={customer} link={link} />
            </>
          )}
          {may.customers ? (
            <Button
              variant={link === null ? 'light' : 'subtle'}
              leftSection={link === null ? <IconLink size={16} aria-hidden /> : <IconRefresh size={16} aria-hidden />}
              loading={intent.isSending}
              onClick={() => intent.send(() => ({ customerId: customer.id }))}
            >
              {t(link === null ? 'renewal.make' : 'renewal.replace')}
            </Button>
          ) : null}
        </Group>
      </Stack>
    </Card>
  );
}
