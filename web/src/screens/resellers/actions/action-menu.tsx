/** The menu of actions on a panel. */

import { useQuery } from '@apollo/client/react';
import { ActionIcon, Menu, Text, Tooltip } from '@mantine/core';
import {
  IconArrowBackUp,
  IconArrowsTransferDown,
  IconBan,
  IconDots,
  IconExternalLink,
  IconGauge,
  IconPencil,
  IconPlayerPlay,
  IconSend,
  IconTrash,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useMay, useViewer } from '../../../data/live-context.ts';
import { useActionDisabledReason, useDisabledReason } from '../../../ui/use-disabled-reason.ts';
import { type Panel, ReclaimPolicyDocument } from '../documents.ts';
import type { PanelAction } from './action-window.tsx';

/** The viewer's actions on a panel of its branch. The server decides; actions that it would refuse by role, level or status are hidden. */
export function useActionsOn(panel: Panel): readonly PanelAction['kind'][] {
  const may = useMay();
  const own = useViewer().reseller;
  const { data } = useQuery(ReclaimPolicyDocument, { skip: !own });
  if (!own || panel.id === own.id || panel.status === 'CLOSED') return [];
  const isChild = panel.depth === own.depth + 1;
  const offered: [PanelAction['kind'], boolean][] = [
    ['transfer', may.credits && isChild],
    ['reclaim', may.credits && isChild && panel.account.balance > 0 && (data?.viewer.policy?.reclaimAllowed ?? false)],
    ['edit', may.owner],
    ['limits', may.tree && isChild],
    ['suspend', may.tree && panel.status === 'ACTIVE'],
    ['resume', may.tree && panel.status === 'SUSPENDED'],
    ['move', may.tree],
    ['close', may.tree],
  ];
  return offered.filter(([, isOffered]) => isOffered).map(([kind]) => kind);
}

export const ACTION_ICONS = {
  transfer: IconSend,
  reclaim: IconArrowBackUp,
  edit: IconPencil,
  limits: IconGauge,
  suspend: IconBan,
  resume: IconPlayerPlay,
  move: IconArrowsTransferDown,
  close: IconTrash,
} as const;

/** The most frequent action of a row, available with one tap. Hidden if the action is not offered. */
export function TransferIcon({ panel, onAct }: { panel: Panel; onAct: (action: PanelAction) => void }) {
  const { t } = useTranslation('resellers');
  const why = useDisabledReason();
  if (!useActionsOn(panel).includes('transfer')) return null;
  return (
    <Tooltip label={why ?? t('action.transfer')}>
      <ActionIcon
        variant="light"
        size="lg"
        aria-label={t('transferTo', { name: panel.name })}
        {...(why === null
          ? { onClick: () => onAct({ kind: 'transfer', panel }) }
          : { 'data-disabled': true, 'aria-disabled': true, 'aria-description': why })}
      >
        <IconSend size={18} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}

export function ActionMenu({ panel, onAct }: { panel: Panel; onAct: (action: PanelAction) => void }) {
  const { t } = useTranslation('resellers');
  const actions = useActionsOn(panel);
  const disabledReason = useActionDisabledReason();
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('actionsOf', { name: panel.name })}>
          <IconDots size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component={Link} to={pageOf(panel.id)} leftSection={<IconExternalLink size={16} aria-hidden />}>
          {t('action.view')}
        </Menu.Item>
        {actions.map((kind) => {
          const Icon = ACTION_ICONS[kind];
          const why = disabledReason(kind === 'transfer');
          return (
            <Menu.Item
              key={kind}
              color={kind === 'close' ? 'red' : undefined}
              leftSection={<Icon size={16} aria-hidden />}
              disabled={why !== null}
              onClick={() => onAct({ kind, panel })}
            >
              {t(`action.${kind}`)}
              {why !== null ? (
                <Text size="xs" maw={220}>
                  {why}
                </Text>
              ) : null}
            </Menu.Item>
          );
        })}
      </Menu.Dropdown>
    </Menu>
  );
}

/** The address of a panel's own page. */
export function pageOf(panelId: string): string {
  return `/resellers/${encodeURIComponent(panelId)}`;
}
