import { type Icon, IconHome } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

interface Destination {
  readonly to: string;
  readonly label: string;
  readonly icon: Icon;
}

/** Where one can go, in the order in which it is shown. */
export function useNavigation(): readonly Destination[] {
  const { t } = useTranslation();
  return [{ to: '/', label: t('nav.home'), icon: IconHome }];
}
