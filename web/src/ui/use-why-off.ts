/** Says why the panel may not spend now, or change anything. */

import { createContext, use, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useViewer } from '../data/live-context.ts';

interface Off {
  /** null: it may. */
  readonly why: string | null;
  readonly isLocked: boolean;
}

export const OffContext = createContext<Off>({ why: null, isLocked: false });

/** null: it may. A suspended panel reads, pays and receives, and neither spends nor creates (R11); nor does a locked one that reads (R57). */
export function useWhyOff(): string | null {
  return use(OffContext).why;
}

/** Why one of the panel's actions is off; null: it is not. A locked panel changes nothing, at no price; a suspended one only does not spend. */
export function useWhyActionOff(): (spends: boolean) => string | null {
  const { isLocked, why } = use(OffContext);
  return (spends) => (spends || isLocked ? why : null);
}

/** For the shell: the same value for as long as it is the same, so that a new balance does not draw every button anew. */
export function useOff(): Off {
  const { t } = useTranslation();
  const { reseller } = useViewer();
  const isLocked = reseller?.account.locked === true;
  const reason = reseller?.statusReason;
  const suspended = reason ? t('suspended.whyReason', { reason }) : t('suspended.why');
  const why = isLocked ? t('locked.why') : reseller?.status === 'SUSPENDED' ? suspended : null;
  return useMemo(() => ({ why, isLocked }), [why, isLocked]);
}
