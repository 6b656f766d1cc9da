import { type Icon, IconCoins, IconHome, IconUsersGroup } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useViewer } from '../live/live-context.ts';

interface Destination {
  readonly to: string;
  readonly label: string;
  readonly icon: Icon;
}

/** Where one can go, in the order in which it is shown. The platform has no panel of its own. */
export function useNavigation(): readonly Destination[] {
  const { t } = useTranslation();
  const hasPanel = useViewer().reseller !== null;
  const destinations: (Destination & { readonly isOffered: boolean })[] = [
    { to: '/', label: t('nav.home'), icon: IconHome, isOffered: hasPanel },
    { to: '/resellers', label: t('nav.resellers'), icon: IconUsersGroup, isOffered: true },
    { to: '/credits', label: t('nav.credits'), icon: IconCoins, isOffered: hasPanel },
  ];
  return destinations.filter(({ isOffered }) => isOffered);
}
