/** The menu of what can be done with a customer. */

import { ActionIcon, Menu } from '@mantine/core';
import { IconBan, IconDeviceTvOld, IconDots, IconPencil, IconPlayerPlay, IconRefresh, IconScreenShareOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { CustomerRowFragment } from '../../gql/graphql.ts';
import type { Doing } from './customer-window.tsx';
import { actionsFor } from './rules.ts';

export const ACTION_ICONS = {
  activate: IconPlayerPlay,
  renew: IconRefresh,
  addScreens: IconDeviceTvOld,
  fewerScreens: IconScreenShareOff,
  edit: IconPencil,
  cancel: IconBan,
} as const;

export function CustomerActions({ customer, onDo }: { customer: CustomerRowFragment; onDo: (doing: Doing) => void }) {
  const { t } = useTranslation('customers');
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('actionsOf', { name: customer.name })}>
          <IconDots size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {actionsFor(customer).map((kind) => {
          const Icon = ACTION_ICONS[kind];
          return (
            <Menu.Item
              key={kind}
              color={kind === 'cancel' ? 'red' : undefined}
              leftSection={<Icon size={16} aria-hidden />}
              onClick={() => onDo({ kind, customer })}
            >
              {t(`actions.${kind}`)}
            </Menu.Item>
          );
        })}
      </Menu.Dropdown>
    </Menu>
  );
}
