/** The bar at the bottom of a phone's screen: the most used screens, a button for new operations, and the menu. */

import { IconDots, IconGift, IconPlus, IconSend, IconUserPlus } from '@tabler/icons-react';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'react-router';
import { useAttention, useMay, useViewer } from '../data/live-context.ts';
import { load } from '../data/missing-code.ts';
import { useIsClosed } from '../data/use-lock.ts';
import { loadWords } from '../i18n/i18n.ts';
import { useDisabledReason } from '../ui/use-disabled-reason.ts';
import classes from './bottom-bar.module.css';
import { useDestinations } from './navigation.ts';

/** Opens over the current screen: a trial costs nothing, so there is no page to visit first. */
const TrialDialog = lazy(async () => {
  const [{ TrialDialog }] = await Promise.all([
    load(() => import('../screens/customers/trial-dialog.tsx')),
    loadWords('customers', 'access'),
  ]);
  return { default: TrialDialog };
});

const DAILY = ['/', '/customers', '/resellers'];

/** Only for a panel that may read. A panel closed by the lock, and the platform, have few destinations; the menu shows them. */
export function BottomBar({ isMenuOpen, onMenu }: { isMenuOpen: boolean; onMenu: () => void }) {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const { reseller } = useViewer();
  const isClosed = useIsClosed();
  const isAttentionNeeded = useAttention('/settings');
  const isServiceFailed = useAttention('/customers');
  const daily = useDestinations().filter(({ to }) => DAILY.includes(to));
  if (!reseller || isClosed) return null;
  const links = daily.map(({ to, label, icon: Icon }) => (
    <Link key={to} to={to} className={classes.place} aria-current={isAt(pathname, to) ? 'page' : undefined}>
      <Icon size={22} stroke={1.7} aria-hidden />
      {to === '/resellers' ? t('nav.resellersShort') : label}
      {to === '/customers' && isServiceFailed ? <span className={classes.dot} role="img" aria-label={t('nav.failed')} /> : null}
    </Link>
  ));
  return (
    <nav className={classes.bar} aria-label={t('nav.daily')}>
      {links.slice(0, 2)}
      <NewOperation />
      {links.slice(2)}
      <button type="button" className={classes.place} aria-expanded={isMenuOpen} onClick={onMenu}>
        <IconDots size={22} stroke={1.7} aria-hidden />
        {t('nav.more')}
        {isAttentionNeeded ? <span className={classes.dot} role="img" aria-label={t('nav.attention')} /> : null}
      </button>
    </nav>
  );
}

function isAt(pathname: string, to: string): boolean {
  return to === '/' ? pathname === '/' : pathname.startsWith(to);
}

/** The button in the middle and its menu of new operations, by role. Renders nothing if the viewer may start none. */
function NewOperation() {
  const { t } = useTranslation();
  const may = useMay();
  const disabledReason = useDisabledReason();
  const [isOpen, setOpen] = useState(false);
  const [isTrying, setTrying] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const { key } = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: every navigation closes the menu
  useEffect(() => setOpen(false), [key]);
  useEffect(() => {
    if (!isOpen) return;
    const outside = ({ target }: Event) => {
      if (target instanceof Node && !box.current?.contains(target)) setOpen(false);
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape') setOpen(false);
    };
    document.addEventListener('pointerdown', outside);
    document.addEventListener('keydown', onKey);
    return () => {
      document.removeEventListener('pointerdown', outside);
      document.removeEventListener('keydown', onKey);
    };
  }, [isOpen]);
  if (disabledReason !== null || !(may.customers || may.credits)) return null;
  return (
    <div ref={box} className={classes.begin}>
      <button type="button" className={classes.plus} aria-expanded={isOpen} aria-label={t('begin.label')} onClick={() => setOpen(!isOpen)}>
        <IconPlus size={26} aria-hidden />
      </button>
      {isOpen ? (
        <ul className={classes.actions}>
          {may.customers ? (
            <>
              <li>
                <Link to="/customers?new=1" className={classes.action}>
                  <IconUserPlus size={20} stroke={1.7} aria-hidden />
                  {t('begin.activate')}
                </Link>
              </li>
              <li>
                <button
                  type="button"
                  className={classes.action}
                  onClick={() => {
                    setOpen(false);
                    setTrying(true);
                  }}
                >
                  <IconGift size={20} stroke={1.7} aria-hidden />
                  {t('begin.trial')}
                </button>
              </li>
            </>
          ) : null}
          {may.credits ? (
            <li>
              <Link to="/resellers" className={classes.action} onClick={() => setOpen(false)}>
                <IconSend size={20} stroke={1.7} aria-hidden />
                {t('begin.transfer')}
              </Link>
            </li>
          ) : null}
        </ul>
      ) : null}
      <Suspense>{isTrying ? <TrialDialog onClose={() => setTrying(false)} /> : null}</Suspense>
    </div>
  );
}
