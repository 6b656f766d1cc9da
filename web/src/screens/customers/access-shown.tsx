/** Shows a customer's login and secret, with buttons to copy them and send them by WhatsApp. */

import { Button, Code, Group, Text } from '@mantine/core';
import { IconBrandWhatsapp } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { telephoneOf, whatsappLink } from '../../data/whatsapp.ts';
import type { CustomerAccessFragment, CustomerRowFragment } from '../../gql/graphql.ts';
import { CopyButton, CopyIcon } from '../../ui/copy-button.tsx';

type Access = NonNullable<CustomerAccessFragment['access']>;

/** The login and the secret on separate lines. */
export function AccessLines({ access: { login, secret } }: { access: Access }) {
  const { t } = useTranslation('access');
  return (
    <>
      <Line label={t('customer.login')} text={login} copy={t('customer.copyLogin')} />
      <Line label={t('customer.secret')} text={secret} copy={t('customer.copySecret')} />
    </>
  );
}

/** Sends or copies both as a message. */
export function AccessButtons({ access, customer }: { access: Access; customer: Pick<CustomerRowFragment, 'name' | 'contact'> }) {
  const { t } = useTranslation('access');
  const message = t('customer.message', { name: customer.name, login: access.login, secret: access.secret });
  return (
    <>
      <Button
        component="a"
        // If the contact is not a telephone number, WhatsApp asks for the recipient.
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
