/** Finds screens and actions by their names. */

import { type Icon, IconGift, IconPlus, IconSend, IconShoppingCart, IconUserPlus, IconUsers } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useMay, useViewer } from '../../data/live-context.ts';
import { useIsClosed } from '../../data/use-lock.ts';
import { useDestinations } from '../../shell/navigation.ts';
import { useDisabledReason } from '../../ui/use-disabled-reason.ts';

export interface Place {
  readonly to: string;
  readonly label: string;
  readonly icon: Icon;
}

interface Places {
  readonly actions: readonly Place[];
  readonly screens: readonly Place[];
}

/** The actions and screens that role and status allow; with typed text, only those whose names match. */
export function useNavigationMatches(typed: string): Places {
  const { t } = useTranslation('search');
  const { t: common } = useTranslation();
  const may = useMay();
  const hasPanel = useViewer().reseller !== null;
  const isClosed = useIsClosed();
  const mayBegin = useDisabledReason() === null && hasPanel;
  const destinations = useDestinations();
  const actions: (Place & { readonly isOffered: boolean })[] = [
    { to: '/customers?new=1', label: common('begin.activate'), icon: IconUserPlus, isOffered: mayBegin && may.customers },
    { to: '/customers?trial=1', label: common('begin.trial'), icon: IconGift, isOffered: mayBegin && may.customers },
    { to: '/resellers', label: common('begin.transfer'), icon: IconSend, isOffered: mayBegin && may.credits },
    { to: '/resellers?new=1', label: t('newReseller'), icon: IconPlus, isOffered: mayBegin && may.credits },
    { to: '/buy', label: common('nav.buy'), icon: IconShoppingCart, isOffered: hasPanel && may.credits },
  ];
  const tabs: (Place & { readonly isOffered: boolean })[] = [
    { to: '/settings/team', label: t('team'), icon: IconUsers, isOffered: hasPanel && may.owner && !isClosed },
  ];
  const wanted = plain(typed);
  const matches = ({ label }: Place) => plain(label).includes(wanted);
  const offered = actions.filter(({ isOffered }) => isOffered);
  return {
    actions: offered.filter(matches),
    screens: [...destinations, ...tabs.filter(({ isOffered }) => isOffered)]
      .filter(({ to }) => offered.every((action) => action.to !== to || to === '/resellers'))
      .filter(matches),
  };
}

/** The text in lower case and without accents. */
function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').trim().toLowerCase();
}
