/** The sub-resellers on the start page: those that run out of credits first, or those that sell the most. */

import { useQuery } from '@apollo/client/react';
import { Anchor, Group, Paper, SegmentedControl, Stack, Text, Title } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { askAgain } from '../../data/ask-again.ts';
import { useOnReconnect } from '../../data/live-context.ts';
import { useChange } from '../../data/use-change.ts';
import type { ChildrenAtHomeQuery } from '../../gql/graphql.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { ListSkeleton } from '../../ui/skeletons.tsx';
import { StatusBadges } from '../../ui/status-badges.tsx';
import { bySoonestLock, daysLeft, type Pace, spentOf, useSpan } from '../resellers/pace.ts';
import { ChildrenDocument } from './documents.ts';

const SHOWN = 5;
/** Panels that had no sub-resellers at the last query. For them no placeholder is shown while loading. */
const hasNone = new Map<string, boolean>();

type Child = NonNullable<NonNullable<ChildrenAtHomeQuery['reseller']>['children']>['edges'][number]['node'];

/**
 * Renders nothing without sub-resellers. The server returns those with the least credits, so the order by sales is offered only
 * if the response contains all of them.
 */
export function Children({ panelId, version }: { panelId: string; version: number }) {
  const { t } = useTranslation('home');
  const span = useSpan();
  const [order, setOrder] = useState<'locks' | 'sells'>('locks');
  // Not cached, because the tree caches pages of the same list.
  const { data, error, observable } = useQuery(ChildrenDocument, { variables: { id: panelId, ...span }, fetchPolicy: 'no-cache' });
  const again = () => askAgain(observable);
  useOnReconnect(again);
  useChange(version, again);
  const list = data?.reseller?.children;
  const open = list?.edges.map(({ node }) => node).filter(({ status }) => status !== 'CLOSED') ?? [];
  useEffect(() => {
    if (data) hasNone.set(panelId, open.length === 0);
  }, [panelId, data, open.length]);
  if (!data) return error ? null : <ChildrenSkeleton panelId={panelId} />;
  if (open.length === 0) return null;
  const isWhole = list?.pageInfo.hasNextPage === false;
  const shown = open
    .toSorted(order === 'sells' && isWhole ? (a, b) => paceOf(b).spent - paceOf(a).spent : (a, b) => bySoonestLock(paceOf(a), paceOf(b)))
    .slice(0, SHOWN);
  return (
    <Paper withBorder p="md">
      <Stack gap="xs">
        <Group justify="space-between" gap="xs">
          <Title order={2} size="h4">
            {t('children.title')}
          </Title>
          {isWhole ? (
            <SegmentedControl
              size="xs"
              aria-label={t('children.order')}
              value={order}
              data={[
                { value: 'locks', label: t('children.locks') },
                { value: 'sells', label: t('children.sells') },
              ]}
              onChange={(value) => setOrder(value === 'sells' ? 'sells' : 'locks')}
            />
          ) : null}
        </Group>
        <Stack gap={0} component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
          {shown.map((child) => (
            <Row key={child.id} child={child} />
          ))}
        </Stack>
      </Stack>
    </Paper>
  );
}

function ChildrenSkeleton({ panelId }: { panelId: string }) {
  const { t } = useTranslation('home');
  if (hasNone.get(panelId) === true) return null;
  return (
    <Paper withBorder p="md" data-testid="children-skeleton">
      <Title order={2} size="h4">
        {t('children.title')}
      </Title>
      <ListSkeleton rows={3} />
    </Paper>
  );
}

function Row({ child }: { child: Child }) {
  const { t } = useTranslation('home');
  const format = useFormat();
  const pace = paceOf(child);
  const days = Math.floor(daysLeft(pace));
  return (
    <Group component="li" justify="space-between" wrap="nowrap" gap="sm" py={7} className="ruled">
      <div style={{ minWidth: 0 }}>
        <Group gap={6}>
          <Anchor component={Link} to={`/resellers/${encodeURIComponent(child.id)}`} size="sm" fw={500} className="typed">
            {child.name}
          </Anchor>
          <StatusBadges status={child.status} account={child.account} />
        </Group>
        <Text size="xs" c="dimmed">
          {[
            t('children.sold', { amount: format.number(pace.spent) }),
            Number.isFinite(days) && days > 0 ? t('children.lasts', { count: days, amount: format.number(days) }) : null,
          ]
            .filter(Boolean)
            .join(' · ')}
        </Text>
      </div>
      <Text fw={600} className="numbers" style={{ flexShrink: 0 }}>
        {format.number(child.account.balance)}
      </Text>
    </Group>
  );
}

function paceOf({ account, report }: Child): Pace {
  return { balance: account.balance, spent: spentOf(report?.total) };
}
