/** The screen where a panel buys credits. */

import { useQuery } from '@apollo/client/react';
import { Alert, Anchor, Text } from '@mantine/core';
import { IconLock, IconTagOff } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { askAgain } from '../../data/ask-again.ts';
import { useMay, useOnReconnect, useOwnAccount } from '../../data/live-context.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Failure } from '../../ui/failure.tsx';
import { IntentModal } from '../../ui/intent-modal.tsx';
import { notifyDone } from '../../ui/notify.ts';
import { Page } from '../../ui/page.tsx';
import { FormSkeleton, TilesSkeleton } from '../../ui/skeletons.tsx';
import { BuyForm } from './buy-form.tsx';
import { BuyDocument } from './documents.ts';
import { HowToPay } from './how-to-pay.tsx';
import { PurchaseList } from './purchase-list.tsx';
import { SellerContact } from './seller-contact.tsx';
import { useOwnPurchases } from './use-own-purchases.ts';

/** Packages, payment and the panel's purchases. A closed panel is redirected here. */
export function BuyScreen() {
  const { t } = useTranslation('buying');
  const { t: common } = useTranslation();
  const format = useFormat();
  const may = useMay();
  const account = useOwnAccount();
  const own = useOwnPurchases();
  const seller = useQuery(BuyDocument, { fetchPolicy: 'cache-first' }).data?.viewer.seller ?? null;
  const [payingId, setPayingId] = useState<string | null>(null);
  const paying = own.purchases?.find(({ id }) => id === payingId) ?? null;

  // When the purchase is no longer pending, its dialog closes by itself. A notification confirms credits that arrived.
  const status = paying?.status;
  const quantity = paying?.quantity ?? 0;
  const wasPending = useRef(false);
  useEffect(() => {
    if (wasPending.current && status !== undefined && status !== 'PENDING') {
      setPayingId(null);
      if (status === 'PAID') notifyDone(t('purchases.paid', { amount: format.number(quantity) }));
    }
    wasPending.current = status === 'PENDING';
  }, [status, quantity, t, format]);

  return (
    <Page title={t('title')}>
      {account?.locked ? (
        <Alert color="red" title={common('locked.title')} icon={<IconLock aria-hidden />}>
          <Text size="sm">{common('locked.text')}</Text>
          <Anchor component={Link} to="/help" size="sm">
            {common('nav.help')}
          </Anchor>
        </Alert>
      ) : null}
      {account && account.debt > 0 ? <Alert color="orange">{t('debt', { amount: format.number(account.debt) })}</Alert> : null}
      {seller ? <SellerContact card={seller} /> : null}
      {may.credits ? <Offer onBought={({ id }) => setPayingId(id)} /> : <Text c="dimmed">{t('form.notYours')}</Text>}
      <PurchaseList own={own} onShow={({ id }) => setPayingId(id)} />
      {paying?.status === 'PENDING' ? (
        <IntentModal title={t('pay.title', { amount: format.number(paying.quantity) })} onClose={() => setPayingId(null)}>
          <HowToPay purchase={paying} seller={seller} />
        </IntentModal>
      ) : null}
    </Page>
  );
}

function Offer({ onBought }: { onBought: (purchase: { id: string }) => void }) {
  const { t } = useTranslation('buying');
  const { data, error, observable } = useQuery(BuyDocument, { fetchPolicy: 'cache-and-network' });
  const again = () => askAgain(observable);
  useOnReconnect(again);
  if (error && !data) return <Failure onRetry={again} />;
  if (!data)
    return (
      <>
        <TilesSkeleton height={74} cols={{ base: 2, md: 4 }} />
        <FormSkeleton fields={1} />
      </>
    );
  if (data.creditPackages.length === 0) {
    return (
      <EmptyState icon={IconTagOff} title={t('packages.none')}>
        {t('packages.noneText')}
      </EmptyState>
    );
  }
  return <BuyForm packages={data.creditPackages} methods={data.paymentMethods} onBought={onBought} />;
}
