/** The dialogs that confirm a sale and charge it back. */

import { Alert, NumberInput, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { useMay, useOwnAccount } from '../../data/live-context.ts';
import { useIntent } from '../../data/use-intent.ts';
import type { ChargeBackPurchaseInput, ConfirmPurchaseInput, SaleRowFragment } from '../../gql/graphql.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { fieldProblems } from '../../ui/field-problems.ts';
import { IntentForm } from '../../ui/intent-form.tsx';
import { IntentModal } from '../../ui/intent-modal.tsx';
import { notifyDone } from '../../ui/notify.ts';
import { QuoteBox } from '../../ui/quote-box.tsx';
import { ChargeBackPurchaseDocument, ConfirmPurchaseDocument } from './documents.ts';

interface Props {
  readonly sale: SaleRowFragment;
  readonly onClose: () => void;
}

/** Confirms that the money arrived, and delivers the credits. A selling panel delivers its own. */
export function ConfirmWindow({ sale, onClose }: Props) {
  const { t } = useTranslation('buying');
  const format = useFormat();
  const { platform } = useMay();
  const { id, quantity, totalMinor, currency } = sale;
  const buyer = sale.buyer?.name ?? t('sales.buyerLeft');
  const amount = format.number(quantity);
  const form = useForm({ initialValues: { reference: '' } });
  const intent = useIntent(
    async (apollo, input: ConfirmPurchaseInput) =>
      (await apollo.mutate({ mutation: ConfirmPurchaseDocument, variables: { input } })).data?.confirmPurchase,
    {
      onDone: () => {
        notifyDone(t('sales.confirmed', { amount, buyer }));
        onClose();
      },
      onRefused: (refusal) => form.setErrors(fieldProblems(refusal)),
    },
  );
  const submit = form.onSubmit(({ reference }) => intent.send(() => ({ purchaseId: id, reference: reference.trim() || null })));
  return (
    <IntentModal title={t('sales.confirmTitle', { buyer })} onClose={onClose}>
      <IntentForm intent={intent} onSubmit={submit} submitLabel={t('sales.confirm')} onCancel={onClose}>
        <Text size="sm">{t('sales.confirmText', { amount, price: format.money(totalMinor, currency) })}</Text>
        <TextInput
          label={t('sales.reference')}
          description={t('sales.referenceHint')}
          maxLength={200}
          data-autofocus
          {...form.getInputProps('reference')}
        />
        {platform ? null : <OwnCost quantity={quantity} />}
      </IntentForm>
    </IntentModal>
  );
}

/** A sale costs the seller exactly its quantity, so no quote from the server is needed. */
function OwnCost({ quantity }: { quantity: number }) {
  const { t } = useTranslation('buying');
  const balance = useOwnAccount()?.balance ?? 0;
  return (
    <>
      <Text size="xs" c="dimmed">
        {t('sales.confirmCosts')}
      </Text>
      <QuoteBox
        quote={{
          __typename: 'Quote',
          cost: quantity,
          balanceAfter: balance - quantity,
          affordable: balance >= quantity,
          wouldUseReserve: false,
          willLock: balance === quantity,
          expiresAt: null,
          screens: null,
          screensChangeAt: null,
          spans: null,
          sameContact: null,
          totalMinor: null,
          currency: null,
        }}
        refusal={null}
        isLoading={false}
      />
    </>
  );
}

export function ChargeBackWindow({ sale, onClose }: Props) {
  const { t } = useTranslation('buying');
  const { t: common } = useTranslation();
  const format = useFormat();
  const buyer = sale.buyer?.name ?? t('sales.buyerLeft');
  const left = sale.quantity - sale.chargedBack;
  const isUnfunded = sale.status === 'PAID_UNFUNDED';
  const { currency, quantity, returnedMinor, totalMinor } = sale;
  const isPart = returnedMinor > 0 && returnedMinor < totalMinor;
  // For a partial refund: the credits that it paid for, minus those charged back before.
  const proposed = isPart ? Math.max(1, Math.ceil((quantity * returnedMinor) / totalMinor) - sale.chargedBack) : left;
  const form = useForm({
    initialValues: { reason: '', quantity: proposed as number | string, key: crypto.randomUUID() },
    validate: { reason: (reason) => (reason.trim() === '' ? common('signIn.required') : null) },
  });
  const intent = useIntent(
    async (apollo, input: ChargeBackPurchaseInput) =>
      (await apollo.mutate({ mutation: ChargeBackPurchaseDocument, variables: { input } })).data?.chargeBackPurchase,
    {
      onDone: () => {
        notifyDone(t('sales.chargedBack', { buyer }));
        onClose();
      },
      onRefused: (refusal) => form.setErrors(fieldProblems(refusal)),
    },
  );
  const submit = form.onSubmit(({ key, quantity, reason }) =>
    intent.send(() => ({
      purchaseId: sale.id,
      reason: reason.trim(),
      ...(isUnfunded ? {} : { quantity: Number(quantity), idempotencyKey: key }),
    })),
  );
  return (
    <IntentModal title={t('sales.chargeBackTitle', { buyer })} onClose={onClose}>
      <IntentForm intent={intent} onSubmit={submit} submitLabel={t('sales.chargeBack')} onCancel={onClose} color="red">
        <Alert color="orange">{isUnfunded ? t('sales.refuseText') : t('sales.chargeBackText', { amount: format.number(left) })}</Alert>
        {isPart ? (
          <Text size="sm">
            {t('sales.moneyBack', { amount: format.money(returnedMinor, currency), total: format.money(totalMinor, currency) })}
          </Text>
        ) : null}
        {isUnfunded ? null : (
          <NumberInput label={t('sales.quantityBack')} min={1} max={left} allowDecimal={false} {...form.getInputProps('quantity')} />
        )}
        <TextInput label={t('sales.reason')} withAsterisk data-autofocus {...form.getInputProps('reason')} />
      </IntentForm>
    </IntentModal>
  );
}
