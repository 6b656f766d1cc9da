/** Buttons that open WhatsApp with a message. Off, with the reason, if the contact is not a telephone number. */

import { ActionIcon, Button, type ButtonProps, Tooltip } from '@mantine/core';
import { IconBrandWhatsapp } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { telephoneOf, whatsappLink } from '../../data/whatsapp.ts';
import type { CustomerRowFragment } from '../../gql/graphql.ts';
import { ReasonTooltip } from '../../ui/reason-tooltip.tsx';
import { useCustomerTexts } from './customer-texts.ts';

interface Props extends ButtonProps {
  readonly customer: CustomerRowFragment;
  readonly text: string;
  /** null: the button's text is label enough. */
  readonly label: string | null;
  readonly children: string;
}

const SAFELY = { target: '_blank', rel: 'noopener noreferrer' } as const;

function TextButton({ customer, text, label, children, ...props }: Props) {
  const { t } = useTranslation('customers');
  const number = telephoneOf(customer.contact);
  const look = { leftSection: <IconBrandWhatsapp size={18} aria-hidden />, 'aria-label': label ?? undefined, ...props };
  if (number !== null) {
    return (
      <Button component="a" href={whatsappLink(number, text)} {...SAFELY} {...look}>
        {children}
      </Button>
    );
  }
  const why = t('whatsapp.noNumber');
  return (
    <ReasonTooltip why={why}>
      <Button data-disabled aria-disabled aria-description={why} {...look}>
        {children}
      </Button>
    </ReasonTooltip>
  );
}

/** Opens a prepared greeting, which the person can send. */
export function WhatsAppButton({ customer, ...props }: ButtonProps & { customer: CustomerRowFragment }) {
  const { t } = useTranslation('customers');
  const { greeting } = useCustomerTexts();
  return (
    <TextButton
      variant="default"
      customer={customer}
      text={greeting(customer)}
      label={t('whatsapp.to', { name: customer.name })}
      {...props}
    >
      {t('whatsapp.open')}
    </TextButton>
  );
}

/** Opens a message with the customer's data. */
export function SendDataButton({ customer }: { customer: CustomerRowFragment }) {
  const { t } = useTranslation('customers');
  const { data } = useCustomerTexts();
  return (
    <TextButton variant="light" customer={customer} text={data(customer)} label={null}>
      {t('data.send')}
    </TextButton>
  );
}

/** Opens a message with the link to the customer's own page. */
export function SendLinkButton({ customer, link }: { customer: CustomerRowFragment; link: string }) {
  const { t } = useTranslation('customers');
  return (
    <TextButton variant="light" customer={customer} text={t('renewal.message', { name: customer.name, link })} label={null}>
      {t('renewal.send')}
    </TextButton>
  );
}

/** WhatsAppButton as an icon for table rows; hidden without a telephone number. */
export function WhatsAppIcon({ customer }: { customer: CustomerRowFragment }) {
  const { t } = useTranslation('customers');
  const { greeting } = useCustomerTexts();
  const number = telephoneOf(customer.contact);
  if (number === null) return null;
  return (
    <Tooltip label={t('whatsapp.open')}>
      <ActionIcon
        component="a"
        href={whatsappLink(number, greeting(customer))}
        {...SAFELY}
        variant="subtle"
        size="lg"
        aria-label={t('whatsapp.to', { name: customer.name })}
      >
        <IconBrandWhatsapp size={18} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}
