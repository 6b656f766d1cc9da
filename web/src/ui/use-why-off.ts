/** Says why the panel may not spend now. */

import { useTranslation } from 'react-i18next';
import { useViewer } from '../data/live-context.ts';

/** null: it may. A suspended panel reads, pays and receives, and neither spends nor creates (R11). */
export function useWhyOff(): string | null {
  const { t } = useTranslation();
  const { reseller } = useViewer();
  if (reseller?.status !== 'SUSPENDED') return null;
  return reseller.statusReason ? t('suspended.whyReason', { reason: reseller.statusReason }) : t('suspended.why');
}
