import { IconLock } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useOwnAccount } from '../../live/live-context.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Page } from '../../ui/page.tsx';

/** All that a locked panel sees: why, and how to go on. */
export function BuyScreen() {
  const { t } = useTranslation();
  const account = useOwnAccount();
  return (
    <Page title={t('nav.buy')}>
      {account?.locked ? (
        <EmptyState icon={IconLock} title={t('locked.title')}>
          {t('locked.text')}
        </EmptyState>
      ) : null}
    </Page>
  );
}
