/** The dialog that cancels a customer. */

import { useQuery } from '@apollo/client/react';
import { Skeleton, Text } from '@mantine/core';
import type { SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useIntent } from '../../data/use-intent.ts';
import type { CancelCustomerInput, CustomerRowFragment } from '../../gql/graphql.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { IntentForm } from '../../ui/intent-form.tsx';
import { IntentModal } from '../../ui/intent-modal.tsx';
import { notifyDone } from '../../ui/notify.ts';
import { CancelCustomerDocument, CustomerPolicyDocument } from './documents.ts';
import { unusedPeriods } from './rules.ts';

/** Shows before the cancellation what the tenant's policy refunds. */
export function CancelDialog({ customer, onClose }: { customer: CustomerRowFragment; onClose: () => void }) {
  const { t } = useTranslation('customers');
  const { t: common } = useTranslation();
  const format = useFormat();
  const { data } = useQuery(CustomerPolicyDocument);
  const refunds = data?.viewer.policy?.refundPolicy === 'UNUSED_PERIODS' && customer.status !== 'TRIAL';
  const { periods, credits, endsAt } = unusedPeriods(customer);
  const intent = useIntent(
    async (apollo, input: CancelCustomerInput) =>
      (await apollo.mutate({ mutation: CancelCustomerDocument, variables: { input } })).data?.cancelCustomer,
    {
      onDone: ({ transfer, customer: { name } }) => {
        notifyDone(transfer ? t('cancel.refunded', { name, amount: format.number(transfer.amount) }) : t('cancel.done', { name }));
        onClose();
      },
    },
  );
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    intent.send((idempotencyKey) => ({ customerId: customer.id, idempotencyKey }));
  };
  return (
    <IntentModal title={t('cancel.title', { name: customer.name })} onClose={onClose}>
      <IntentForm
        intent={intent}
        onSubmit={submit}
        submitLabel={t('cancel.submit')}
        onCancel={onClose}
        cancelLabel={common('actions.back')}
        color="red"
        isBlocked={!data}
      >
        {data ? (
          <Text size="sm">
            {refunds && periods > 0
              ? t('cancel.refund', { count: periods, amount: format.number(credits), until: format.dayAndTime(endsAt) })
              : t('cancel.runsOut', { until: format.dayAndTime(customer.expiresAt) })}
          </Text>
        ) : (
          <Skeleton h={40} />
        )}
      </IntentForm>
    </IntentModal>
  );
}
