/** The resellers as a tree. */

import { useQuery } from '@apollo/client/react';
import { ActionIcon, Anchor, Button, Group, Skeleton, Text, VisuallyHidden } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useOnConnect } from '../../data/live-context.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { Failure } from '../../ui/failure.tsx';
import { placeholderKeys } from '../../ui/skeletons.tsx';
import { StatusBadges } from '../../ui/status-badges.tsx';
import { ActionMenu, pageOf, TransferIcon } from './actions/action-menu.tsx';
import type { PanelAction } from './actions/action-window.tsx';
import { ALL_PANELS, ChildrenDocument, type ListOfPanels, type Panel } from './documents.ts';
import { bySoonestLock, daysLeft, useSpent } from './pace.ts';
import classes from './tree.module.css';

type OnAct = (action: PanelAction) => void;

/**
 * Nested lists with a button on each panel that has children (the ARIA disclosure pattern). Every control is reached with Tab,
 * and the nested lists convey the depth. `top`: the panel above all of them.
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

/** The balance of a panel's account. */
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

/** The line below a panel's name: its position, and how long its balance lasts at its pace. */
function Below({ panel, words, spent }: { panel: Panel; words: string | null; spent: number | null | undefined }) {
  const { t } = useTranslation('resellers');
  const format = useFormat();
  const isPaced = spent !== undefined && panel.status !== 'CLOSED' && !panel.account.locked;
  if (words === null && !isPaced) return null;
  const days = typeof spent === 'number' ? Math.floor(daysLeft({ balance: panel.account.balance, spent })) : null;
  const lasts = days === null ? null : Number.isFinite(days) ? t('lasts', { count: days, amount: format.number(days) }) : t('unused');
  return (
    <Text size="xs" c="dimmed" component="div" data-lasts={isPaced ? days : undefined}>
      {[words, isPaced ? lasts : null].filter(Boolean).join(' · ')}
      {isPaced && days === null ? <Skeleton display="inline-block" h={9} w={72} ml={words === null ? 0 : 8} /> : null}
    </Text>
  );
}

interface RowProps {
  readonly panel: Panel;
  /** The credits that it used in 30 days. null: loading; absent: not shown. */
  readonly spent?: number | null;
  /** The number of panels below it; absent if the query does not fetch it. */
  readonly below?: number;
  readonly note?: string;
  readonly list?: ListOfPanels;
  readonly onAct: OnAct;
}

/** One panel. When it is opened, its children are loaded and shown below it. */
export function PanelRow({ panel, spent, below, note, list = ALL_PANELS, onAct }: RowProps) {
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
          <Below panel={panel} words={words} spent={spent} />
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
  /** Shown if there are no children. */
  readonly whenEmpty?: ReactNode;
}

export function ChildRows({ parentId, list = ALL_PANELS, onAct, whenEmpty }: ChildrenProps) {
  const { data, loading, error, refetch, fetchMore } = useQuery(ChildrenDocument, { variables: { id: parentId, ...list } });
  // The branch's changes during a lost connection are not sent again.
  useOnConnect(() => refetch().catch(() => {}));
  const children = data?.reseller?.children;
  if (error && !children) return <WideRow>{<Failure onRetry={() => refetch().catch(() => {})} />}</WideRow>;
  if (!children) return loading ? <RowSkeletons /> : null;
  if (children.edges.length === 0 && whenEmpty) return <WideRow>{whenEmpty}</WideRow>;
  const { hasNextPage, endCursor } = children.pageInfo;
  const panels = children.edges.map(({ node }) => node);
  const isByLock = list.order === 'BALANCE' && !hasNextPage && panels.length <= PAGE;
  return (
    <>
      {pagesOf(panels).map((page) => (
        <Paced key={page[0]?.id} panels={page} isByLock={isByLock}>
          {(panel, spent) => (
            <PanelRow
              key={panel.id}
              panel={panel}
              spent={spent}
              below={Math.max(0, (panel.branch?.resellers ?? 1) - 1)}
              list={list}
              onAct={onAct}
            />
          )}
        </Paced>
      ))}
      {hasNextPage ? <MoreRow onMore={() => fetchMore({ variables: { after: endCursor } }).catch(() => {})} /> : null}
    </>
  );
}

/** The number of panels whose pace is fetched in one query. */
const PAGE = 50;

export function pagesOf<One>(panels: readonly One[]): One[][] {
  return Array.from({ length: Math.ceil(panels.length / PAGE) }, (_, page) => panels.slice(page * PAGE, (page + 1) * PAGE));
}

interface PacedProps<One> {
  readonly panels: readonly One[];
  /** Sorts by the time until the lock. Only for complete lists, because the server can sort only by balance. */
  readonly isByLock?: boolean;
  readonly children: (panel: One, spent: number | null) => ReactNode;
}

/** A page of panels, each with the credits that it used. */
export function Paced<One extends Panel>({ panels, isByLock = false, children }: PacedProps<One>) {
  const { isKnown, spent } = useSpent(panels.map(({ id }) => id));
  if (isByLock && !isKnown) return <RowSkeletons count={panels.length} />;
  const paceOf = ({ account, id }: One) => ({ balance: account.balance, spent: spent.get(id) ?? 0 });
  const inOrder = isByLock ? panels.toSorted((a, b) => bySoonestLock(paceOf(a), paceOf(b))) : panels;
  return inOrder.map((panel) => children(panel, isKnown ? (spent.get(panel.id) ?? 0) : null));
}

/** Placeholders with the height of the rows. */
export function RowSkeletons({ count = 3 }: { count?: number }) {
  return placeholderKeys(count).map((key) => (
    <li key={key} className={classes.node} data-testid="skeleton">
      <div className={classes.row}>
        <Skeleton h={14} w="40%" />
      </div>
    </li>
  ));
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
