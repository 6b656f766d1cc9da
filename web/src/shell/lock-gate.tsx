/** Redirects a panel closed by the lock to the buy page, and returns it to its page once it is unlocked. */

import { type ReactNode, useEffect } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { useLock } from '../data/use-lock.ts';

/** Stored in the tab's session storage, so that it survives a reload while locked. */
const CAME_FROM = 'revenda-locked-at';
const BUY_PAGE = '/buy';
/** Buying, the panel's own statement, the help page, and settings of the person rather than of the business (R8). */
const OPEN_WHILE_LOCKED: readonly string[] = [BUY_PAGE, '/credits', '/settings', '/settings/security', '/help'];

export function isOpenWhileLocked(path: string): boolean {
  return OPEN_WHILE_LOCKED.includes(path);
}

/** Redirects a closed panel from every other page to the buy page, and back as soon as it is unlocked. */
export function LockGate({ children }: { children: ReactNode }) {
  const lock = useLock();
  const isLocked = lock === 'closed';
  const navigate = useNavigate();
  const location = useLocation();
  const isAtBuyPage = location.pathname === BUY_PAGE;
  const isOpen = lock === 'open' || lock === 'reading';
  const isClosed = isLocked && !isOpenWhileLocked(location.pathname);

  // Runs at every navigation, because Back from the buy page leads to a closed page again.
  useEffect(() => {
    if (isClosed) {
      sessionStorage.setItem(CAME_FROM, `${location.pathname}${location.search}${location.hash}`);
      navigate(BUY_PAGE, { replace: true });
    }
    const cameFrom = sessionStorage.getItem(CAME_FROM);
    if (isOpen && cameFrom !== null) {
      sessionStorage.removeItem(CAME_FROM);
      if (isAtBuyPage) navigate(cameFrom, { replace: true });
    }
  }, [isOpen, isClosed, isAtBuyPage, location, navigate]);

  return isClosed || (lock === 'unknown' && !isOpenWhileLocked(location.pathname)) ? null : children;
}
