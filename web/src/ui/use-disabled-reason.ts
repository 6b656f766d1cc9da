/** Hooks that return why the panel may not spend, or change anything, now. */

import { createContext, use, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useViewer } from '../data/live-context.ts';

interface DisabledState {
  /** null if the panel may spend. */
  readonly reason: string | null;
  readonly isLocked: boolean;
}

export const DisabledContext = createContext<DisabledState>({ reason: null, isLocked: false });

/**
 * Why the panel may not spend or create now; null if it may. A suspended panel may only read, pay and receive (R11); a locked
 * panel that may read does not spend or create either (R57).
 */
export function useDisabledReason(): string | null {
  return use(DisabledContext).reason;
}

/** Why an action is off; null if it is on. A locked panel may change nothing, even for free; a suspended one only may not spend. */
export function useActionDisabledReason(): (spends: boolean) => string | null {
  const { isLocked, reason } = use(DisabledContext);
  return (spends) => (spends || isLocked ? reason : null);
}

/** For the shell. Returns the same object until a value changes, so that a new balance does not render every button again. */
export function useDisabledState(): DisabledState {
  const { t } = useTranslation();
  const { reseller } = useViewer();
  const isLocked = reseller?.account.locked === true;
  const statusReason = reseller?.statusReason;
  const suspended = statusReason ? t('suspended.whyReason', { reason: statusReason }) : t('suspended.why');
  const reason = isLocked ? t('locked.why') : reseller?.status === 'SUSPENDED' ? suspended : null;
  return useMemo(() => ({ reason, isLocked }), [reason, isLocked]);
}
