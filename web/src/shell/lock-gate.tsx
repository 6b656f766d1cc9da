/** Shows a locked panel the buy page, and brings it back once it is unlocked. */

import { type ReactNode, useEffect } from 'react';
import { useLocation, useNavigate } from 'react-router';

/** Kept with the tab, so that a reload while locked does not forget it. */
const CAME_FROM = 'revenda-locked-at';
const BUY_PAGE = '/buy';

/** A locked panel sees the buy page and nothing else; the moment it is unlocked it is where it was. */
export function LockGate({ isLocked, children }: { isLocked: boolean; children: ReactNode }) {
  const navigate = useNavigate();
  const { pathname, search, hash } = useLocation();
  const isAtBuyPage = pathname === BUY_PAGE;

  useEffect(() => {
    if (isLocked && !isAtBuyPage) {
      sessionStorage.setItem(CAME_FROM, `${pathname}${search}${hash}`);
      navigate(BUY_PAGE, { replace: true });
    }
    const cameFrom = sessionStorage.getItem(CAME_FROM);
    if (!isLocked && cameFrom !== null) {
      sessionStorage.removeItem(CAME_FROM);
      if (isAtBuyPage) navigate(cameFrom, { replace: true });
    }
  }, [isLocked, isAtBuyPage, pathname, search, hash, navigate]);

  return isLocked && !isAtBuyPage ? null : children;
}
