/** The resellers as a tree. */

import { useQuery } from '@apollo/client/react';
import { ActionIcon, Anchor, Button, Group, Skeleton, Text, VisuallyHidden } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useReturn } from '../../data/live-context.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { Failure } from '../../ui/failure.tsx';
import { StatusBadges } from '../../ui/status-badges.tsx';
import { ActionMenu, pageOf, TransferIcon } from './actions/action-menu.tsx';
import type { PanelAction } from './actions/action-window.tsx';
import { ALL_PANELS, ChildrenDocument, type ListOfPanels, type Panel } from './documents.ts';
import classes from './tree.module.css';

type OnAct = (action: PanelAction) => void;

/**
 * Nested lists with a button on each panel that has others below it (a disclosure, as the ARIA practices call it): every
 * control is a stop of the Tab key, and how deep one is is said by the lists. `top`: the panel that all of them are below.
 */
export function PanelTree({ label, top, children }: { label: string; top?: ReactNode; children: ReactNode }) {
  const list = (
    <ul className={classes.branch} aria-label={label}>
      {children}
    </ul>
  );
  if (top === undefined) return list;
  return (
    <div className={classes.rooted}>
      <div className={classes.row}>{top}</div>
      {list}
    </div>
  );
}

/** What an account holds, beside its panel. */
export function Balance({ account }: { account: Pick<Panel['account'], 'balance'> }) {
  const { t } = useTranslation('resellers');
  const format = useFormat();
  return (
    <Text size="sm" fw={600} className="numbers" data-balance={account.balance}>
      <VisuallyHidden>{t('column.balance')}: </VisuallyHidden>
      {format.number(account.balance)}
    </Text>
  );
}

interface RowProps {
  readonly panel: Panel;
  /** Panels below it; not known where they are not asked for. */
  readonly below?: number;
  readonly note?: string;
  readonly list?: ListOfPanels;
  readonly onAct: OnAct;
}

/** One panel, and below it its children once it is opened: they are loaded then. */
export function PanelRow({ panel, below, note, list = ALL_PANELS, onAct }: RowProps) {
  const { t } = useTranslation('resellers');
  const format = useFormat();
  const [isOpen, setOpen] = useState(false);
  const Chevron = isOpen ? IconChevronDown : IconChevronRight;
  const words = note ?? (below ? t('below', { count: below, amount: format.number(below) }) : null);
  return (
    <li className={classes.node}>
      <div className={classes.row} data-panel={panel.name}>
        {below ? (
          <ActionIcon
            variant="subtle"
            color="gray"
            size={28}
            onClick={() => setOpen(!isOpen)}
            aria-expanded={isOpen}
            aria-label={t(isOpen ? 'close' : 'open', { name: panel.name })}
          >
            <Chevron size={16} aria-hidden />
          </ActionIcon>
        ) : below === undefined ? null : (
          <span className={classes.leaf} />
        )}
        <div className={classes.name}>
          <Group gap={6}>
            <Anchor component={Link} to={pageOf(panel.id)} size="sm" fw={500} c="var(--mantine-color-text)" className="typed">
              {panel.name}
            </Anchor>
            <StatusBadges status={panel.status} account={panel.account} />
          </Group>
          {words === null ? null : (
            <Text size="xs" c="dimmed">
              {words}
            </Text>
          )}
        </div>
        <Balance account={panel.account} />
        <Group gap={4} wrap="nowrap">
          <TransferIcon panel={panel} onAct={onAct} />
          <ActionMenu panel={panel} onAct={onAct} />
        </Group>
      </div>
      {isOpen ? (
        <ul className={classes.branch} aria-label={t('page.below', { name: panel.name })}>
          <ChildRows parentId={panel.id} list={{ ...list, locked: null }} onAct={onAct} />
        </ul>
      ) : null}
    </li>
  );
}

interface ChildrenProps {
  readonly parentId: string;
  readonly list?: ListOfPanels;
  readonly onAct: OnAct;
  /** Instead of nothing. */
  readonly whenEmpty?: ReactNode;
}

export function ChildRows({ parentId, list = ALL_PANELS, onAct, whenEmpty }: ChildrenProps) {
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
        <PanelRow key={node.id} panel={node} below={Math.max(0, (node.branch?.resellers ?? 1) - 1)} list={list} onAct={onAct} />
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
  return <li className={classes.wide}>{children}</li>;
}
