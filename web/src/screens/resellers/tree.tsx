/** The table of panels as a tree. */

import { useQuery } from '@apollo/client/react';
import { ActionIcon, Anchor, Button, Group, Skeleton, Table, Text } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useReturn } from '../../data/live-context.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { Failure } from '../../ui/failure.tsx';
import { StatusBadges } from '../../ui/status-badges.tsx';
import { ActionMenu, pageOf } from './actions/action-menu.tsx';
import type { PanelAction } from './actions/action-window.tsx';
import { ALL_PANELS, ChildrenDocument, type ListOfPanels, type Panel } from './documents.ts';

/** How far a level is set in. On a phone deep branches must still have room for a name. */
const INDENT = 'clamp(10px, 2vw, 22px)';

type OnAct = (action: PanelAction) => void;

/** The table around rows of panels. */
export function PanelTable({ children }: { children: ReactNode }) {
  const { t } = useTranslation('resellers');
  return (
    <Table verticalSpacing={6} highlightOnHover layout="auto">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('column.name')}</Table.Th>
          <Table.Th ta="right">{t('column.balance')}</Table.Th>
          <Table.Th ta="right" visibleFrom="sm">
            {t('column.below')}
          </Table.Th>
          <Table.Th w={48} aria-label={t('column.actions')} />
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>{children}</Table.Tbody>
    </Table>
  );
}

interface RowProps {
  readonly panel: Panel;
  /** Panels below it; not known where they are not asked for. */
  readonly below?: number;
  readonly level?: number;
  readonly note?: string;
  readonly list?: ListOfPanels;
  readonly onAct: OnAct;
}

/** One panel, and below it its children once it is opened: they are loaded then. */
export function PanelRow({ panel, below, level = 0, note, list = ALL_PANELS, onAct }: RowProps) {
  const { t } = useTranslation('resellers');
  const format = useFormat();
  const [isOpen, setOpen] = useState(false);
  const Chevron = isOpen ? IconChevronDown : IconChevronRight;
  return (
    <>
      <Table.Tr data-panel={panel.name}>
        <Table.Td>
          <Group gap={6} wrap="nowrap" style={{ paddingLeft: `calc(${INDENT} * ${level})` }}>
            {below ? (
              <ActionIcon
                variant="subtle"
                color="gray"
                size={24}
                onClick={() => setOpen(!isOpen)}
                aria-expanded={isOpen}
                aria-label={t(isOpen ? 'close' : 'open', { name: panel.name })}
              >
                <Chevron size={16} aria-hidden />
              </ActionIcon>
            ) : below === undefined ? null : (
              <span style={{ width: 22, flexShrink: 0 }} />
            )}
            <Group gap={6} className="typed">
              <Anchor component={Link} to={pageOf(panel.id)} size="sm" fw={500} c="var(--mantine-color-text)" py={2}>
                {panel.name}
              </Anchor>
              <StatusBadges status={panel.status} account={panel.account} />
              {note ? (
                <Text size="xs" c="dimmed">
                  {note}
                </Text>
              ) : null}
            </Group>
          </Group>
        </Table.Td>
        <Table.Td ta="right" className="numbers" fw={600} data-balance={panel.account.balance}>
          {format.number(panel.account.balance)}
        </Table.Td>
        <Table.Td ta="right" className="numbers" visibleFrom="sm">
          {below === undefined ? null : format.number(below)}
        </Table.Td>
        <Table.Td>
          <ActionMenu panel={panel} onAct={onAct} />
        </Table.Td>
      </Table.Tr>
      {isOpen ? <ChildRows parentId={panel.id} level={level + 1} list={{ ...list, locked: null }} onAct={onAct} /> : null}
    </>
  );
}

interface ChildrenProps {
  readonly parentId: string;
  readonly level?: number;
  readonly list?: ListOfPanels;
  readonly onAct: OnAct;
  /** Instead of nothing. */
  readonly whenEmpty?: ReactNode;
}

export function ChildRows({ parentId, level = 0, list = ALL_PANELS, onAct, whenEmpty }: ChildrenProps) {
  const { data, loading, error, refetch, fetchMore } = useQuery(ChildrenDocument, { variables: { id: parentId, ...list } });
  // What happened below while the connection was lost is not sent again.
  useReturn(() => refetch().catch(() => {}));
  const children = data?.reseller?.children;
  if (error && !children) return <WideRow>{<Failure onRetry={() => refetch().catch(() => {})} />}</WideRow>;
  if (!children) return <WideRow>{loading ? <Skeleton h={20} /> : null}</WideRow>;
  if (children.edges.length === 0 && whenEmpty) return <WideRow>{whenEmpty}</WideRow>;
  const { hasNextPage, endCursor } = children.pageInfo;
  return (
    <>
      {children.edges.map(({ node }) => (
        <PanelRow
          key={node.id}
          panel={node}
          below={Math.max(0, (node.branch?.resellers ?? 1) - 1)}
          level={level}
          list={list}
          onAct={onAct}
        />
      ))}
      {hasNextPage ? <MoreRow onMore={() => fetchMore({ variables: { after: endCursor } }).catch(() => {})} /> : null}
    </>
  );
}

export function MoreRow({ onMore }: { onMore: () => void }) {
  const { t } = useTranslation();
  return (
    <WideRow>
      <Button variant="subtle" size="xs" onClick={onMore}>
        {t('actions.more')}
      </Button>
    </WideRow>
  );
}

export function WideRow({ children }: { children: ReactNode }) {
  return (
    <Table.Tr>
      <Table.Td colSpan={4}>{children}</Table.Td>
    </Table.Tr>
  );
}
