/** The screen of one panel. */

import { useQuery } from '@apollo/client/react';
import { Alert, Button, Group, Paper, SimpleGrid, Skeleton, Text, Title } from '@mantine/core';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { useLive, useMay, useOnReconnect, useViewer } from '../../data/live-context.ts';
import { load } from '../../data/missing-code.ts';
import { loadWords } from '../../i18n/i18n.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { NotFound } from '../../shell/not-found.tsx';
import { ActionButton } from '../../ui/action-button.tsx';
import { BackLink } from '../../ui/back-link.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Figure } from '../../ui/figure.tsx';
import { Page } from '../../ui/page.tsx';
import { PageSkeleton } from '../../ui/skeletons.tsx';
import { StatusBadges } from '../../ui/status-badges.tsx';
import { useActionDisabledReason } from '../../ui/use-disabled-reason.ts';
import { Statement } from '../statement/statement.tsx';
import { ACTION_ICONS, useActionsOn } from './actions/action-menu.tsx';
import { ActionWindow, type PanelAction } from './actions/action-window.tsx';
import { type Panel, ResellerDocument } from './documents.ts';
import { ChildRows, PanelTree } from './tree.tsx';

const Consumption = lazy(async () => ({ default: (await load(() => import('../../charts/consumption.tsx'))).Consumption }));

const AuditLog = lazy(async () => {
  const [{ AuditLog }] = await Promise.all([load(() => import('../settings/audit-log.tsx')), loadWords('settings')]);
  return { default: AuditLog };
});

const Owners = lazy(async () => {
  const [{ Owners }] = await Promise.all([load(() => import('../access/owners.tsx')), loadWords('access')]);
  return { default: Owners };
});

/** One panel of the branch: its balance, its statement and the actions on it. */
export function ResellerPage() {
  const { t } = useTranslation('resellers');
  const format = useFormat();
  const { id = '' } = useParams();
  const live = useLive();
  const own = useViewer().reseller;
  const may = useMay();
  const [action, setAction] = useState<PanelAction | null>(null);
  const { data, loading, error, refetch } = useQuery(ResellerDocument, { variables: { id } });
  useOnReconnect(() => refetch().catch(() => {}));
  // The viewer's own account is already live. The platform has no branch to watch.
  const isWatched = own !== null && own.id !== id && data?.reseller?.id === id;
  useEffect(() => (isWatched ? live.watchAccount(id) : undefined), [live, id, isWatched]);

  const panel = data?.reseller;
  if (error && !panel) return <Failure onRetry={() => refetch().catch(() => {})} />;
  if (loading && !panel) return <PageSkeleton tiles />;
  if (!panel) return <NotFound />;
  // Only the parent sees a panel's owners; for a root panel, the platform.
  const isOverseen = panel.status !== 'CLOSED' && (own ? may.owner && panel.depth === own.depth + 1 : panel.depth === 0);
  return (
    <Page title={panel.name} actions={<Actions panel={panel} onAct={setAction} />}>
      <Group gap="xs">
        <BackLink to={own ? '/resellers' : '/platform'} label={t(own ? 'page.up' : 'page.tenants')} />
        <StatusBadges status={panel.status} account={panel.account} />
        <Text size="sm" c="dimmed" className="typed">
          {panel.parent && panel.parent.id !== own?.id ? `${t('page.under', { name: panel.parent.name })} · ` : null}
          {t('page.since', { date: format.day(panel.createdAt) })}
        </Text>
      </Group>
      {panel.status === 'SUSPENDED' && panel.statusReason ? (
        <Alert color="orange">{t('page.suspendedFor', { reason: panel.statusReason })}</Alert>
      ) : null}
      <SimpleGrid cols={{ base: 2, md: 4 }} spacing="sm">
        <Figure label={t('page.balance')} value={format.number(panel.account.balance)} />
        <Figure
          label={t('page.branch')}
          value={format.number(Math.max(0, (panel.branch?.resellers ?? 1) - 1))}
          note={
            panel.branch?.lockedResellers
              ? t('page.locked', { count: panel.branch.lockedResellers, amount: format.number(panel.branch.lockedResellers) })
              : undefined
          }
        />
        <Figure label={t('page.consumed')} value={format.number(panel.branch?.creditsConsumed ?? 0)} />
        <Figure label={t('page.customers')} value={format.number(panel.branch?.activeCustomers ?? 0)} />
      </SimpleGrid>
      <Paper withBorder p="md">
        <Suspense fallback={<Skeleton h={220} />}>
          <Consumption resellerId={panel.id} version={panel.account.version} title={t('page.report')} />
        </Suspense>
      </Paper>
      {panel.branch && panel.branch.resellers > 1 ? (
        <Paper withBorder p="md">
          <Title order={2} size="h4">
            {t('page.below', { name: panel.name })}
          </Title>
          <PanelTree label={t('page.below', { name: panel.name })}>
            <ChildRows parentId={panel.id} onAct={setAction} />
          </PanelTree>
        </Paper>
      ) : null}
      <Statement resellerId={panel.id} title={t('page.statement')} />
      {isOverseen ? (
        <Suspense fallback={<Skeleton h={120} />}>
          <Owners panel={panel} />
        </Suspense>
      ) : null}
      {own ? null : (
        <Suspense fallback={<Skeleton h={200} />}>
          <Title order={2} size="h4">
            {t('page.audit')}
          </Title>
          <AuditLog resellerId={panel.id} />
        </Suspense>
      )}
      {action ? <ActionWindow action={action} onClose={() => setAction(null)} /> : null}
    </Page>
  );
}

function Actions({ panel, onAct }: { panel: Panel; onAct: (action: PanelAction) => void }) {
  const { t } = useTranslation('resellers');
  const disabledReason = useActionDisabledReason();
  return useActionsOn(panel).map((kind) => {
    const Icon = ACTION_ICONS[kind];
    const Kind = disabledReason(kind === 'transfer') === null ? Button : ActionButton;
    return (
      <Kind
        key={kind}
        size="xs"
        variant={kind === 'transfer' ? 'filled' : kind === 'close' ? 'subtle' : 'default'}
        color={kind === 'close' ? 'red' : undefined}
        leftSection={<Icon size={14} aria-hidden />}
        onClick={() => onAct({ kind, panel })}
      >
        {t(`action.${kind}`)}
      </Kind>
    );
  });
}
