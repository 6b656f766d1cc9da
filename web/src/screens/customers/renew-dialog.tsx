/** The dialog that renews one customer. */

import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { useIntent } from '../../data/use-intent.ts';
import { useQuote } from '../../data/use-quote.ts';
import type { CustomerRowFragment, RenewCustomerInput } from '../../gql/graphql.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { fieldProblems } from '../../ui/field-problems.ts';
import { IntentForm } from '../../ui/intent-form.tsx';
import { IntentModal } from '../../ui/intent-modal.tsx';
import { notifyDone } from '../../ui/notify.ts';
import { QuoteBox } from '../../ui/quote-box.tsx';
import { ReserveChoice, useReserve } from '../../ui/reserve-choice.tsx';
import { RenewCustomerDocument } from './documents.ts';
import { MAX_PERIODS, PeriodsInput } from './periods-input.tsx';
import { isWithin, useChecks } from './rules.ts';
import { ScreensChange } from './screens-change.tsx';

/** Adds periods after the customer's remaining term. */
export function RenewDialog({ customer, onClose }: { customer: CustomerRowFragment; onClose: () => void }) {
  const { t } = useTranslation('customers');
  const format = useFormat();
  const checks = useChecks();
  const initialValues: { periods: number | string } = { periods: 1 };
  const form = useForm({ initialValues, validate: { periods: checks.periods } });
  const { periods } = form.values;
  const quote = useQuote(isWithin(periods, 1, MAX_PERIODS) ? { renew: { customerId: customer.id, periods } } : null);
  const intent = useIntent(
    async (apollo, input: RenewCustomerInput) =>
      (await apollo.mutate({ mutation: RenewCustomerDocument, variables: { input } })).data?.renewCustomer,
    {
      onDone: ({ customer: { name, expiresAt } }) => {
        notifyDone(t('renew.done', { name, until: format.day(expiresAt) }));
        onClose();
      },
      onRefused: (refusal) => form.setErrors(fieldProblems(refusal)),
    },
  );
  const reserve = useReserve(quote.quote, intent.refusal);
  const submit = form.onSubmit(() =>
    intent.send((idempotencyKey) => ({
      customerId: customer.id,
      periods: Number(periods),
      useReserve: reserve.useReserve,
      idempotencyKey,
    })),
  );
  return (
    <IntentModal title={t('renew.title', { name: customer.name })} onClose={onClose}>
      <IntentForm
        intent={intent}
        onSubmit={submit}
        submitLabel={t('renew.submit')}
        onCancel={onClose}
        isBlocked={!quote.quote?.affordable || reserve.isBlocked}
      >
        <PeriodsInput field={form.getInputProps('periods')} onPick={(value) => form.setFieldValue('periods', value)} />
        <QuoteBox {...quote} />
        <ReserveChoice reserve={reserve} />
        <ScreensChange spans={quote.quote?.spans} nextScreens={customer.nextScreens} />
      </IntentForm>
    </IntentModal>
  );
}
