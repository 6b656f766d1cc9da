/** The header, the navigation and the banners around every screen of a signed-in person. */

import { Alert, Burger, Group, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconAlertTriangle } from '@tabler/icons-react';
import { lazy, Suspense, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, Outlet, useLocation, useNavigation } from 'react-router';
import { useAttention, useLive, useMay, useOwnAccount, useReportedSales, useViewer } from '../data/live-context.ts';
import { load, useIsCodeMissing } from '../data/missing-code.ts';
import { useIsClosed, useLock } from '../data/use-lock.ts';
import { loadWords } from '../i18n/i18n.ts';
import { UnsettledList } from '../ui/unsettled-list.tsx';
import { AccountButton } from './account-button.tsx';
import { BalanceBadge } from './balance-badge.tsx';
import { BottomBar } from './bottom-bar.tsx';
import { ConnectionBadge } from './connection-badge.tsx';
import { LockGate } from './lock-gate.tsx';
import { Mark } from './mark.tsx';
import { MissingPart, MissingScreen } from './missing.tsx';
import { useDestinations } from './navigation.ts';
import { SearchButton } from './search-button.tsx';
import classes from './shell.module.css';
import { SignedIn } from './signed-in.tsx';
import { StaleBanner, useStaleSince } from './stale-banner.tsx';

const CONTENT = 'content';

const loadBanners = () => Promise.all([load(() => import('./support-banner.tsx')), loadWords('access')]);
const SupportBanner = lazy(async () => ({ default: (await loadBanners())[0].SupportBanner }));
const VisitedBanner = lazy(async () => ({ default: (await loadBanners())[0].VisitedBanner }));

/** These components are not part of the first screen, so they load later. */
const UndoOffer = lazy(async () => ({ default: (await load(() => import('./undo-offer.tsx'))).UndoOffer }));
const LockedBanner = lazy(async () => ({ default: (await load(() => import('./locked-banner.tsx'))).LockedBanner }));
const ServiceAlerts = lazy(async () => ({
  default: (await load(() => import('../screens/customers/service-alerts.tsx'))).ServiceAlerts,
}));
const WebhookAlerts = lazy(async () => ({
  default: (await load(() => import('../screens/settings/webhook-alerts.tsx'))).WebhookAlerts,
}));
const SaleAlerts = lazy(async () => ({ default: (await load(() => import('./sale-alerts.tsx'))).SaleAlerts }));

/** Provides the viewer to the frame and its screen. */
export function Shell() {
  return (
    <SignedIn>
      <Layout />
    </SignedIn>
  );
}

/** Keeps the panel's own balance live while it is mounted. */
function Layout() {
  const { t } = useTranslation();
  const live = useLive();
  const { reseller, support } = useViewer();
  const account = useOwnAccount();
  const [isOpen, { toggle, close }] = useDisclosure();
  const panelId = reseller?.id;
  useEffect(() => (panelId === undefined ? undefined : live.watchAccount(null)), [live, panelId]);
  useEffect(() => live.watchPurchases(), [live]);
  const may = useMay();
  const isLocked = account?.locked ?? false;
  const isClosed = useIsClosed();
  const lock = useLock();
  useEffect(() => {
    if (isLocked) live.lock.load(live.apollo);
    else live.lock.set(null);
  }, [live, isLocked]);
  const isMissing = useIsCodeMissing();
  const staleSince = useStaleSince();
  const isOnTheWay = useNavigation().state !== 'idle';

  return (
    <>
      <SkipLink />
      {/* The second class keeps the header's right edge in place while a dialog locks scrolling. */}
      <header className={`${classes.header} right-scroll-bar-position`}>
        <Group gap="xs" wrap="nowrap">
          <Burger opened={isOpen} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={t('menu.navigation')} />
          <Mark />
          <Text fw={700} visibleFrom="xs">
            {t('product')}
          </Text>
        </Group>
        <Group gap="sm" wrap="nowrap">
          <ConnectionBadge />
          {account ? <BalanceBadge account={account} isStale={staleSince !== null} /> : null}
          <SearchButton />
          <AccountButton />
        </Group>
      </header>
      <nav className={classes.navigation} aria-label={t('nav.label')} data-open={isOpen || undefined}>
        <Navigation onNavigate={close} />
      </nav>
      <BottomBar isMenuOpen={isOpen} onMenu={toggle} />
      <main className={classes.main} id={CONTENT} tabIndex={-1}>
        <StaleBanner since={staleSince} />
        {(may.credits || may.platform) && (lock === 'open' || lock === 'reading') ? (
          <Suspense>
            <SaleAlerts />
          </Suspense>
        ) : null}
        {reseller && !support && !isClosed ? (
          <Suspense>
            <ServiceAlerts />
            {may.owner ? <WebhookAlerts /> : null}
          </Suspense>
        ) : null}
        <Suspense>{support ? <SupportBanner /> : reseller ? <VisitedBanner /> : null}</Suspense>
        <UnsettledList />
        <MissingPart isShown={isMissing && !isOnTheWay} />
        {reseller?.status === 'SUSPENDED' ? (
          <Alert color="orange" mb="md" title={t('suspended.title')} icon={<IconAlertTriangle aria-hidden />}>
            {t('suspended.text')} {reseller.statusReason ? t('suspended.reason', { reason: reseller.statusReason }) : null}
          </Alert>
        ) : null}
        {lock === 'reading' ? (
          <Suspense>
            <LockedBanner />
          </Suspense>
        ) : null}
        {reseller && may.customers && !support ? (
          <Suspense>
            <UndoOffer panelId={reseller.id} isLocked={isLocked} />
          </Suspense>
        ) : null}
        <LockGate>
          <Suspense>{isMissing && isOnTheWay ? <MissingScreen /> : <Outlet />}</Suspense>
        </LockGate>
      </main>
    </>
  );
}

/** Lets keyboard users skip the header and the navigation. */
function SkipLink() {
  const { t } = useTranslation();
  return (
    <a
      className="skip"
      href={`#${CONTENT}`}
      onClick={(event) => {
        // The address must not change.
        event.preventDefault();
        document.getElementById(CONTENT)?.focus();
      }}
    >
      {t('skip')}
    </a>
  );
}

function Navigation({ onNavigate }: { onNavigate: () => void }) {
  const { pathname } = useLocation();
  const { t } = useTranslation();
  const reported = useReportedSales();
  const attention = { '/customers': useAttention('/customers'), '/settings': useAttention('/settings') };
  return useDestinations().map(({ to, label, icon: Icon }) => {
    const isHere = to === '/' ? pathname === '/' : pathname.startsWith(to) || (to === '/platform' && pathname.startsWith('/resellers'));
    return (
      <Link key={to} to={to} className={classes.link} aria-current={isHere ? 'page' : undefined} onClick={onNavigate}>
        <Icon size={18} stroke={1.7} aria-hidden />
        {label}
        {to === '/sales' && reported > 0 ? (
          <span className={classes.count} role="img" aria-label={t('nav.reported', { count: reported })}>
            {reported}
          </span>
        ) : null}
        {(to === '/customers' || to === '/settings') && attention[to] ? (
          <span className={classes.dot} role="img" aria-label={t(to === '/customers' ? 'nav.failed' : 'nav.attention')} />
        ) : null}
      </Link>
    );
  });
}
