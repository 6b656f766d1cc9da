import { Tabs } from '@mantine/core';
import { IconCreditCard, IconReceipt, IconTags } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import { useMay } from '../../live/live-context.ts';
import { Page } from '../../ui/page.tsx';
import { PriceList } from '../prices/price-list.tsx';
import { Payments } from './payments.tsx';
import { SaleList } from './sale-list.tsx';

/** What others bought, at what prices, and how it is paid. Each part has an address of its own. */
export function SalesScreen() {
  const { t } = useTranslation('buying');
  const may = useMay();
  const navigate = useNavigate();
  const { tab = 'purchases' } = useParams();
  const isOwner = may.owner || may.platform;
  return (
    <Page title={t('sales.title')}>
      <Tabs
        value={isOwner ? tab : 'purchases'}
        onChange={(to) => navigate(to === 'purchases' ? '/sales' : `/sales/${to}`)}
        keepMounted={false}
      >
        {isOwner ? (
          <Tabs.List mb="md">
            <Tabs.Tab value="purchases" leftSection={<IconReceipt size={16} aria-hidden />}>
              {t('sales.tabs.purchases')}
            </Tabs.Tab>
            <Tabs.Tab value="prices" leftSection={<IconTags size={16} aria-hidden />}>
              {t('sales.tabs.prices')}
            </Tabs.Tab>
            <Tabs.Tab value="payments" leftSection={<IconCreditCard size={16} aria-hidden />}>
              {t('sales.tabs.payments')}
            </Tabs.Tab>
          </Tabs.List>
        ) : null}
        <Tabs.Panel value="purchases">
          <SaleList />
        </Tabs.Panel>
        <Tabs.Panel value="prices">
          <PriceList />
        </Tabs.Panel>
        <Tabs.Panel value="payments">
          <Payments />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}
