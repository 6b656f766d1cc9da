/** The dialog that confirms a customer payment. */

import { Alert, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { useOwnAccount } from '../../data/live-context.ts';
import { useIntent } from '../../data/use-intent.ts';
import type { ConfirmCustomerPaymentInput, CustomerPaymentRowFragment } from '../../gql/graphql.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { fieldProblems } from '../../ui/field-problems.ts';
import { IntentForm } from '../../ui/intent-form.tsx';
import { IntentModal } from '../../ui/intent-modal.tsx';
import { notifyDone } from '../../ui/notify.ts';
import { ConfirmCustomerPaymentDocument } from './customer-payment-documents.ts';

interface Props {
  readonly payment: CustomerPaymentRowFragment;
  readonly onClose: () => void;
}

/** Confirms that the money arrived. The customer is renewed at once, or as soon as there are credits. A repeat has no effect. */
export function ConfirmPaymentWindow({ payment, onClose }: Props) {
  const { t } = useTranslation('buying');
  const format = useFormat();
  const balance = useOwnAccount()?.balance ?? 0;
  const { currency, customer, id, periods, planName, priceMinor, screens } = payment;
  const { name } = customer;
  const cost = periods * screens;
  const form = useForm({ initialValues: { reference: '' } });
  const intent = useIntent(
    async (apollo, input: ConfirmCustomerPaymentInput) =>
      (await apollo.mutate({ mutation: ConfirmCustomerPaymentDocument, variables: { input } })).data?.confirmCustomerPayment,
    {
      onDone: ({ payment: { status } }) => {
        notifyDone(t(status === 'APPLIED' ? 'customerPayments.renewed' : 'customerPayments.waits', { name }));
        onClose();
      },
      onRefused: (refusal) => form.setErrors(fieldProblems(refusal)),
    },
  );
  const submit = form.onSubmit(({ reference }) => intent.send(() => ({ paymentId: id, reference: reference.trim() || null })));
  return (
    <IntentModal title={t('sales.confirmTitle', { buyer: name })} onClose={onClose}>
      <IntentForm intent={intent} onSubmit={submit} submitLabel={t('sales.confirm')} onCancel={onClose}>
        <Text size="sm">
          {t('customerPayments.confirmText', {
            plan: planName,
            price: format.money(priceMinor, currency),
            cost: format.number(cost),
            count: cost,
          })}
        </Text>
        {balance < cost ? <Alert color="orange">{t('customerPayments.tooFew', { balance: format.number(balance) })}</Alert> : null}
        {balance === cost ? <Alert color="orange">{t('customerPayments.locks')}</Alert> : null}
        <TextInput
          label={t('sales.reference')}
          description={t('customerPayments.referenceHint')}
          maxLength={200}
          data-autofocus
          {...form.getInputProps('reference')}
        />
      </IntentForm>
    </IntentModal>
  );
}
