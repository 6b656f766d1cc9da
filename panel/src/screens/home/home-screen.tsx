import { Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/use-format.ts';
import { useOwnAccount } from '../../live/live-context.ts';
import { Page } from '../../ui/page.tsx';

/** What a panel needs to know when the day begins. */
export function HomeScreen() {
  const { t } = useTranslation('home');
  const format = useFormat();
  const account = useOwnAccount();
  return <Page title={t('title')}>{account ? <Title order={2}>{format.number(account.balance)}</Title> : null}</Page>;
}
