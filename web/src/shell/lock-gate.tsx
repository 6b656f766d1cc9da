/** Shows a panel that the lock closes what it may still do, first of all the buy page, and brings it back once it is unlocked. */

import { type ReactNode, useEffect } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { useLock } from '../data/use-lock.ts';

/** Kept with the tab, so that a reload while locked does not forget it. */
const CAME_FROM = 'revenda-locked-at';
const BUY_PAGE = '/buy';
/** Buying, the own statement, the rules of credits, and what concerns the person and not the panel's business (R8). */
const OPEN_WHILE_LOCKED: readonly string[] = [BUY_PAGE, '/credits', '/settings', '/settings/security', '/help'];

export function isOpenWhileLocked(path: string): boolean {
  return OPEN_WHILE_LOCKED.includes(path);
}

/** A panel that the lock closes is led to the buy page from wherever is closed to it; the moment it is unlocked it is where it was. */
export function LockGate({ children }: { children: ReactNode }) {
  const lock = useLock();
  const isLocked = lock === 'closed';
  const navigate = useNavigate();
  const location = useLocation();
  const isAtBuyPage = location.pathname === BUY_PAGE;
  const isOpen = lock === 'open' || lock === 'reading';
  const isClosed = isLocked && !isOpenWhileLocked(location.pathname);

  // Also on arriving anew where it is closed, as Back from the buy page does.
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

  return isClosed || (lock === 'asking' && !isOpenWhileLocked(location.pathname)) ? null : children;
}
