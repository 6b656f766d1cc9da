/** What a customer signs in to the service with: shown, copied, sent and reset. */

import { useQuery } from '@apollo/client/react';
import { Button, Card, Code, Group, Stack, Text } from '@mantine/core';
import { IconBrandWhatsapp, IconKey } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../data/live-context.ts';
import { telephoneOf, whatsappLink } from '../../data/whatsapp.ts';
import type { CustomerRowFragment } from '../../gql/graphql.ts';
import { CopyButton, CopyIcon } from '../../ui/copy-button.tsx';
import { CustomerAccessDocument } from './access-documents.ts';
import { ResetAccessDialog } from './reset-access-dialog.tsx';

export function AccessCard({ customer }: { customer: CustomerRowFragment }) {
  const { t } = useTranslation('access');
  const may = useMay();
  const [isResetting, setResetting] = useState(false);
  const { data } = useQuery(CustomerAccessDocument, { variables: { id: customer.id }, fetchPolicy: 'cache-and-network' });
  const access = data?.customer?.access;
  if (!data) return null;
  const message = access ? t('customer.message', { name: customer.name, login: access.login, secret: access.secret }) : '';
  return (
    <Card withBorder component="section" aria-label={t('customer.title')} data-testid="customer-access">
      <Stack gap="sm">
        <Text fw={600} component="h2" size="md">
          {t('customer.title')}
        </Text>
        {access ? (
          <>
            <Line label={t('customer.login')} text={access.login} copy={t('customer.copyLogin')} />
            <Line label={t('customer.secret')} text={access.secret} copy={t('customer.copySecret')} />
          </>
        ) : (
          <Text size="sm" c="dimmed">
            {t('customer.none')}
          </Text>
        )}
        <Group gap="xs">
          {access ? (
            <>
              <Button
                component="a"
                // Where the contact is no telephone, WhatsApp asks whom to send it to.
                href={whatsappLink(telephoneOf(customer.contact) ?? '', message)}
                target="_blank"
                rel="noopener noreferrer"
                variant="light"
                leftSection={<IconBrandWhatsapp size={16} aria-hidden />}
              >
                {t('customer.send')}
              </Button>
              <CopyButton text={message} label={t('customer.copyMessage')} />
            </>
          ) : null}
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

function Line({ label, text, copy }: { label: string; text: string; copy: string }) {
  return (
    <Group justify="space-between" gap="sm" wrap="nowrap">
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      <Group gap={4} wrap="nowrap">
        <Code fz="sm" style={{ overflowWrap: 'anywhere' }}>
          {text}
        </Code>
        <CopyIcon text={text} label={copy} />
      </Group>
    </Group>
  );
}
