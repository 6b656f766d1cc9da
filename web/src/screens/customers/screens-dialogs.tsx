/** The dialogs that add screens and reduce them. */

import { Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { useIntent } from '../../data/use-intent.ts';
import { useQuote } from '../../data/use-quote.ts';
import type { AddScreensInput, CustomerRowFragment, SetNextScreensInput } from '../../gql/graphql.ts';
import { fieldProblems } from '../../ui/field-problems.ts';
import { IntentForm } from '../../ui/intent-form.tsx';
import { IntentModal } from '../../ui/intent-modal.tsx';
import { notifyDone } from '../../ui/notify.ts';
import { QuoteBox } from '../../ui/quote-box.tsx';
import { ReserveChoice, useReserve } from '../../ui/reserve-choice.tsx';
import { AddScreensDocument, SetNextScreensDocument } from './documents.ts';
import { WholeNumberInput } from './periods-input.tsx';
import { isWithin, MAX_SCREENS, useChecks } from './rules.ts';
import { mostScreens, ScreensChange } from './screens-change.tsx';

interface Props {
  readonly customer: CustomerRowFragment;
  readonly onClose: () => void;
}

/** Adds screens for the rest of the current term and for later renewals. */
export function AddScreensDialog({ customer, onClose }: Props) {
  const { t } = useTranslation('customers');
  const most = MAX_SCREENS - mostScreens(customer);
  const initialValues: { screens: number | string } = { screens: 1 };
  const form = useForm({ initialValues, validate: { screens: useChecks().within(1, most) } });
  const { screens } = form.values;
  const quote = useQuote(isWithin(screens, 1, most) ? { addScreens: { customerId: customer.id, screens } } : null);
  const intent = useIntent(
    async (apollo, input: AddScreensInput) =>
      (await apollo.mutate({ mutation: AddScreensDocument, variables: { input } })).data?.addScreens,
    {
      onDone: ({ customer: { name, screens: count } }) => {
        notifyDone(t('addScreens.done', { name, count }));
        onClose();
      },
      onRefused: (refusal) => form.setErrors(fieldProblems(refusal)),
    },
  );
  const reserve = useReserve(quote.quote, intent.refusal);
  const submit = form.onSubmit(() =>
    intent.send((idempotencyKey) => ({
      customerId: customer.id,
      screens: Number(screens),
      useReserve: reserve.useReserve,
      idempotencyKey,
    })),
  );
  return (
    <IntentModal title={t('addScreens.title', { name: customer.name })} onClose={onClose}>
      <IntentForm
        intent={intent}
        onSubmit={submit}
        submitLabel={t('addScreens.submit')}
        onCancel={onClose}
        isBlocked={!quote.quote?.affordable || reserve.isBlocked}
      >
        <Text size="sm" c="dimmed">
          {t('addScreens.hint')}
        </Text>
        <WholeNumberInput label={t('fields.moreScreens')} max={most} field={form.getInputProps('screens')} autoFocus />
        <QuoteBox {...quote} />
        <ReserveChoice reserve={reserve} />
        <ScreensChange spans={quote.quote?.spans} nextScreens={customer.nextScreens + Number(screens)} />
      </IntentForm>
    </IntentModal>
  );
}

/** Reduces the screens after the paid term. Costs and refunds nothing. */
export function FewerScreensDialog({ customer, onClose }: Props) {
  const { t } = useTranslation('customers');
  const initialValues: { screens: number | string } = { screens: Math.max(1, customer.nextScreens - 1) };
  const most = mostScreens(customer);
  const form = useForm({ initialValues, validate: { screens: useChecks().within(1, most) } });
  const { screens: wanted } = form.values;
  const intent = useIntent(
    async (apollo, input: SetNextScreensInput) =>
      (await apollo.mutate({ mutation: SetNextScreensDocument, variables: { input } })).data?.setNextScreens,
    {
      onDone: ({ customer: { name, nextScreens: count } }) => {
        notifyDone(t('fewerScreens.done', { name, count }));
        onClose();
      },
      onRefused: (refusal) => form.setErrors(fieldProblems(refusal)),
    },
  );
  const submit = form.onSubmit(({ screens }) => intent.send(() => ({ customerId: customer.id, screens: Number(screens) })));
  return (
    <IntentModal title={t('fewerScreens.title', { name: customer.name })} onClose={onClose}>
      <IntentForm intent={intent} onSubmit={submit} submitLabel={t('fewerScreens.submit')} onCancel={onClose}>
        <Text size="sm" c="dimmed">
          {t('fewerScreens.hint')}
        </Text>
        <WholeNumberInput label={t('fields.nextScreens')} max={most} field={form.getInputProps('screens')} autoFocus />
        {isWithin(wanted, 1, most) ? <ScreensChange spans={customer.spans} nextScreens={wanted} /> : null}
      </IntentForm>
    </IntentModal>
  );
}
