/** The sub-resellers on the start page: which locks next, and which sells. */

import { useQuery } from '@apollo/client/react';
import { Anchor, Group, Paper, SegmentedControl, Stack, Text, Title } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { daysFromNow } from '../../data/days-from-now.ts';
import { useReturn } from '../../data/live-context.ts';
import { useChange } from '../../data/use-change.ts';
import type { ChildrenAtHomeQuery } from '../../gql/graphql.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { StatusBadges } from '../../ui/status-badges.tsx';
import { ChildrenDocument } from './documents.ts';

const SPAN_DAYS = 30;
const SHOWN = 5;

type Child = NonNullable<NonNullable<ChildrenAtHomeQuery['reseller']>['children']>['edges'][number]['node'];

/** Nothing for who has none. Only among all of them is it said who sells most: the server answers those with the least credits. */
export function Children({ panelId, version }: { panelId: string; version: number }) {
  const { t } = useTranslation('home');
  const span = useMemo(() => ({ from: daysFromNow(-SPAN_DAYS), to: daysFromNow(1) }), []);
  const [order, setOrder] = useState<'locks' | 'sells'>('locks');
  // Not kept: the tree keeps pages of the same list.
  const { data, refetch } = useQuery(ChildrenDocument, { variables: { id: panelId, ...span }, fetchPolicy: 'no-cache' });
  const again = () => {
    refetch().catch(() => {});
  };
  useReturn(again);
  useChange(version, again);
  const list = data?.reseller?.children;
  const open = list?.edges.map(({ node }) => node).filter(({ status }) => status !== 'CLOSED') ?? [];
  if (open.length === 0) return null;
  const isWhole = list?.pageInfo.hasNextPage === false;
  const shown = open.toSorted(order === 'sells' && isWhole ? (a, b) => spentBy(b) - spentBy(a) : bySoonestLock).slice(0, SHOWN);
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

function Row({ child }: { child: Child }) {
  const { t } = useTranslation('home');
  const format = useFormat();
  const days = Math.floor(daysLeft(child));
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
            t('children.sold', { amount: format.number(spentBy(child)) }),
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

/** On customers, and to sub-resellers of its own. */
function spentBy({ report }: Child): number {
  const { activation = 0, renewal = 0, screens = 0, creditsPassedOn = 0 } = report?.total ?? {};
  return activation + renewal + screens + creditsPassedOn;
}

/** How long the balance lasts at the pace of the last days: for ever where nothing is spent. */
function daysLeft(child: Child): number {
  const { balance } = child.account;
  const spent = spentBy(child);
  if (balance === 0) return 0;
  return spent === 0 ? Number.POSITIVE_INFINITY : (balance * SPAN_DAYS) / spent;
}

/** Of two that last as long, as those that do not spend, the one with less is first. */
function bySoonestLock(a: Child, b: Child): number {
  const [left, right] = [daysLeft(a), daysLeft(b)];
  return left === right ? a.account.balance - b.account.balance : left - right;
}
