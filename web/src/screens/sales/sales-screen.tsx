/** The screen of sales, prices and payments. */

import { useTranslation } from 'react-i18next';
import { useMay, useViewer } from '../../data/live-context.ts';
import { Page } from '../../ui/page.tsx';
import { RouteTabs } from '../../ui/route-tabs.tsx';
import { PriceList } from '../prices/price-list.tsx';
import { CustomerPaymentList } from './customer-payment-list.tsx';
import { Payments } from './payments.tsx';
import { SaleList } from './sale-list.tsx';
import { SellerCard } from './seller-card.tsx';

/** Tabs for sales, customer payments, prices and payment methods. */
export function SalesScreen() {
  const { t } = useTranslation('buying');
  const may = useMay();
  const owners = [
    { name: 'prices', label: t('sales.tabs.prices'), Content: PriceList },
    { name: 'card', label: t('sales.tabs.card'), Content: SellerCard },
    { name: 'payments', label: t('sales.tabs.payments'), Content: Payments },
  ];
  const hasPanel = useViewer().reseller !== null;
  const customers = hasPanel ? [{ name: 'customers', label: t('sales.tabs.customers'), Content: CustomerPaymentList }] : [];
  const purchases = { name: 'purchases', label: t('sales.tabs.purchases'), Content: SaleList };
  const tabs = [purchases, ...customers, ...(may.owner || may.platform ? owners : [])];
  return (
    <Page title={t('sales.title')}>
      <RouteTabs path="/sales" tabs={tabs} />
    </Page>
  );
}
