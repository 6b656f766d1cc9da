/** The start page. */

import { Box, Button, Paper, Skeleton, Stack } from '@mantine/core';
import { IconSend, IconShoppingCart, IconUserPlus, IconUsersPlus } from '@tabler/icons-react';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, Navigate, useNavigate } from 'react-router';
import { useMay, useOwnAccount, useViewer } from '../../data/live-context.ts';
import { load } from '../../data/missing-code.ts';
import { loadWords } from '../../i18n/i18n.ts';
import { ActionButton } from '../../ui/action-button.tsx';
import { Page } from '../../ui/page.tsx';
import { Figures } from './figures.tsx';
import classes from './home.module.css';
import { Latest } from './latest.tsx';

const Consumption = lazy(async () => ({ default: (await load(() => import('../../charts/consumption.tsx'))).Consumption }));
const Children = lazy(async () => ({ default: (await load(() => import('./children.tsx'))).Children }));

const DueList = lazy(async () => {
  const [{ DueList }] = await Promise.all([load(() => import('../customers/due-list.tsx')), loadWords('customers', 'access')]);
  return { default: DueList };
});

/** The daily overview of a panel. */
export function HomeScreen() {
  const { t } = useTranslation('home');
  const { reseller } = useViewer();
  const account = useOwnAccount();
  if (!reseller || !account) return <Navigate to="/platform" replace />;
  return (
    <Page title={reseller.name} actions={<QuickActions />}>
      <Figures panelId={reseller.id} account={account} />
      <Suspense fallback={<Skeleton h={200} />}>
        <DueList />
      </Suspense>
      <Suspense fallback={<Skeleton h={200} />}>
        <Children panelId={reseller.id} version={account.version} />
      </Suspense>
      <div className={classes.parts}>
        <Paper withBorder p="md">
          <Suspense fallback={<Skeleton h={260} />}>
            <Consumption resellerId={reseller.id} version={account.version} title={t('consumption')} height={{ base: 220, md: 400 }} />
          </Suspense>
        </Paper>
        <Paper withBorder p="md">
          <Stack gap="xs">
            <Latest panelId={reseller.id} />
          </Stack>
        </Paper>
      </div>
    </Page>
  );
}

function QuickActions() {
  const { t } = useTranslation('home');
  const may = useMay();
  const navigate = useNavigate();
  const actions = [
    { isOffered: may.customers, spends: true, to: '/customers?new=1', label: t('activate'), icon: IconUserPlus },
    { isOffered: may.credits, spends: true, to: '/resellers?new=1', label: t('newReseller'), icon: IconUsersPlus },
    { isOffered: may.credits, spends: true, to: '/resellers', label: t('transfer'), icon: IconSend },
    { isOffered: may.credits, spends: false, to: '/buy', label: t('buy'), icon: IconShoppingCart },
  ].filter(({ isOffered }) => isOffered);
  return (
    <Box className={classes.actions} role="group" aria-label={t('quick')}>
      {actions.map(({ to, label, spends, icon: Icon }, index) => {
        const look = {
          size: 'xs',
          px: 8,
          variant: index === 0 ? 'filled' : 'default',
          leftSection: <Icon size={15} aria-hidden />,
        } as const;
        return spends ? (
          <ActionButton key={to} {...look} onClick={() => navigate(to)}>
            {label}
          </ActionButton>
        ) : (
          <Button key={to} component={Link} to={to} {...look}>
            {label}
          </Button>
        );
      })}
    </Box>
  );
}
