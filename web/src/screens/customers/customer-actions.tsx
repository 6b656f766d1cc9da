/** The menu of actions on a customer. */

import { ActionIcon, Menu, Text, Tooltip } from '@mantine/core';
import { IconBrandWhatsapp, IconCopy, IconDots, IconRefresh } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { telephoneOf, whatsappLink } from '../../data/whatsapp.ts';
import type { CustomerRowFragment } from '../../gql/graphql.ts';
import { useCopyWithToast } from '../../ui/copy-button.tsx';
import { useActionDisabledReason, useDisabledReason } from '../../ui/use-disabled-reason.ts';
import { ACTIONS, actionsFor, isRenewable } from './actions.ts';
import { useCustomerTexts } from './customer-texts.ts';
import type { OpenAction } from './customer-window.tsx';

/** The most frequent action of a row, available with one tap. */
export function RenewButton({ customer, onDo }: { customer: CustomerRowFragment; onDo: (doing: OpenAction) => void }) {
  const { t } = useTranslation('customers');
  const why = useDisabledReason();
  if (!isRenewable(customer)) return null;
  return (
    <Tooltip label={why ?? t('actions.renew')}>
      <ActionIcon
        variant="light"
        size="lg"
        aria-label={t('renewOf', { name: customer.name })}
        {...(why === null
          ? { onClick: () => onDo({ kind: 'renew', customer }) }
          : { 'data-disabled': true, 'aria-disabled': true, 'aria-description': why })}
      >
        <IconRefresh size={18} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}

export function CustomerActions({ customer, onDo }: { customer: CustomerRowFragment; onDo: (doing: OpenAction) => void }) {
  const { t } = useTranslation('customers');
  const disabledReason = useActionDisabledReason();
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('actionsOf', { name: customer.name })}>
          <IconDots size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {actionsFor(customer).map((kind) => {
          const { icon: Icon, spends } = ACTIONS[kind];
          const why = disabledReason(spends);
          return (
            <Menu.Item
              key={kind}
              color={kind === 'cancel' ? 'red' : undefined}
              leftSection={<Icon size={16} aria-hidden />}
              disabled={why !== null}
              onClick={() => onDo({ kind, customer })}
            >
              {t(`actions.${kind}`)}
              {why !== null ? (
                <Text size="xs" maw={220}>
                  {why}
                </Text>
              ) : null}
            </Menu.Item>
          );
        })}
        <DataItems customer={customer} />
      </Menu.Dropdown>
    </Menu>
  );
}

/** Menu items that copy or send the customer's data as a text. */
function DataItems({ customer }: { customer: CustomerRowFragment }) {
  const { t } = useTranslation('customers');
  const { data } = useCustomerTexts();
  const copy = useCopyWithToast();
  const number = telephoneOf(customer.contact);
  const send = {
    leftSection: <IconBrandWhatsapp size={16} aria-hidden />,
    children: t('data.send'),
  };
  return (
    <>
      <Menu.Divider />
      <Menu.Item leftSection={<IconCopy size={16} aria-hidden />} onClick={() => copy(data(customer))}>
        {t('data.copy')}
      </Menu.Item>
      {number === null ? null : (
        <Menu.Item component="a" href={whatsappLink(number, data(customer))} target="_blank" rel="noopener noreferrer" {...send} />
      )}
    </>
  );
}
