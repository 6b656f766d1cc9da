/** The screen of sales, prices and payments. */

import { useTranslation } from 'react-i18next';
import { useMay } from '../../data/live-context.ts';
import { Page } from '../../ui/page.tsx';
import { RouteTabs } from '../../ui/route-tabs.tsx';
import { PriceList } from '../prices/price-list.tsx';
import { Payments } from './payments.tsx';
import { SaleList } from './sale-list.tsx';
import { SellerCard } from './seller-card.tsx';

/** What others bought, at what prices, and how it is paid. */
export function SalesScreen() {
  const { t } = useTranslation('buying');
  const may = useMay();
  const owners = [
    { name: 'prices', label: t('sales.tabs.prices'), Content: PriceList },
    { name: 'card', label: t('sales.tabs.card'), Content: SellerCard },
    { name: 'payments', label: t('sales.tabs.payments'), Content: Payments },
  ];
  const parts = [{ name: 'purchases', label: t('sales.tabs.purchases'), Content: SaleList }, ...(may.owner || may.platform ? owners : [])];
  return (
    <Page title={t('sales.title')}>
      <RouteTabs path="/sales" parts={parts} />
    </Page>
  );
}
