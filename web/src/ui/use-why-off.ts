/** Hooks that return why the panel may not spend, or change anything, now. */

import { createContext, use, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useViewer } from '../data/live-context.ts';

interface Off {
  /** null if the panel may. */
  readonly why: string | null;
  readonly isLocked: boolean;
}

export const OffContext = createContext<Off>({ why: null, isLocked: false });

/**
 * Why the panel may not spend or create now; null if it may. A suspended panel may only read, pay and receive (R11); a locked
 * panel that may read does not spend or create either (R57).
 */
export function useWhyOff(): string | null {
  return use(OffContext).why;
}

/** Why an action is off; null if it is on. A locked panel may change nothing, even for free; a suspended one only may not spend. */
export function useWhyActionOff(): (spends: boolean) => string | null {
  const { isLocked, why } = use(OffContext);
  return (spends) => (spends || isLocked ? why : null);
}

/** For the shell. Returns the same object until a value changes, so that a new balance does not render every button again. */
export function useOff(): Off {
  const { t } = useTranslation();
  const { reseller } = useViewer();
  const isLocked = reseller?.account.locked === true;
  const reason = reseller?.statusReason;
  const suspended = reason ? t('suspended.whyReason', { reason }) : t('suspended.why');
  const why = isLocked ? t('locked.why') : reseller?.status === 'SUSPENDED' ? suspended : null;
  return useMemo(() => ({ why, isLocked }), [why, isLocked]);
}
