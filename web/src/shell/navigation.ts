/** The destinations of the navigation. */

import {
  type Icon,
  IconBuilding,
  IconCoins,
  IconHelpCircle,
  IconHome,
  IconMessageCircle,
  IconReceipt,
  IconSettings,
  IconShoppingCart,
  IconTableImport,
  IconUsers,
  IconUsersGroup,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useMay, useViewer } from '../data/live-context.ts';
import { useIsClosed } from '../data/use-lock.ts';
import { isOpenWhileLocked } from './lock-gate.tsx';

interface Destination {
  readonly to: string;
  readonly label: string;
  readonly icon: Icon;
}

/** The destinations in display order. The platform has no panel of its own; a panel closed by the lock has few destinations. */
export function useDestinations(): readonly Destination[] {
  const { t } = useTranslation();
  const may = useMay();
  const { reseller, support } = useViewer();
  const hasPanel = reseller !== null;
  const isClosed = useIsClosed();
  const destinations: (Destination & { readonly isOffered: boolean })[] = [
    { to: '/', label: t('nav.home'), icon: IconHome, isOffered: hasPanel },
    { to: '/platform', label: t('nav.platform'), icon: IconBuilding, isOffered: may.platform },
    { to: '/imports', label: t('nav.imports'), icon: IconTableImport, isOffered: may.platform },
    { to: '/customers', label: t('nav.customers'), icon: IconUsers, isOffered: hasPanel },
    { to: '/messages', label: t('nav.messages'), icon: IconMessageCircle, isOffered: hasPanel && may.customers },
    { to: '/resellers', label: t('nav.resellers'), icon: IconUsersGroup, isOffered: hasPanel },
    { to: '/credits', label: t('nav.credits'), icon: IconCoins, isOffered: hasPanel },
    { to: '/buy', label: t('nav.buy'), icon: IconShoppingCart, isOffered: hasPanel },
    { to: '/sales', label: t('nav.sales'), icon: IconReceipt, isOffered: may.credits || may.customers || may.platform },
    { to: '/settings', label: t('nav.settings'), icon: IconSettings, isOffered: !support },
    { to: '/help', label: t('nav.help'), icon: IconHelpCircle, isOffered: hasPanel },
  ];
  return destinations.filter(({ isOffered, to }) => isOffered && (!isClosed || isOpenWhileLocked(to)));
}
