/** The form that transfers credits to a child. */

import { Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { useIntent } from '../../../data/use-intent.ts';
import { useQuote } from '../../../data/use-quote.ts';
import type { TransferCreditsInput } from '../../../gql/graphql.ts';
import { useFormat } from '../../../i18n/use-format.ts';
import { amountOf, CreditsInput } from '../../../ui/credits-input.tsx';
import { fieldProblems } from '../../../ui/field-problems.ts';
import { IntentForm } from '../../../ui/intent-form.tsx';
import { notifyDone } from '../../../ui/notify.ts';
import { QuoteBox } from '../../../ui/quote-box.tsx';
import { ReserveChoice, useReserve } from '../../../ui/reserve-choice.tsx';
import { type Panel, TransferDocument } from '../documents.ts';

/** Transfers credits from the viewer's own panel to a direct child. */
export function TransferForm({ panel, onClose }: { panel: Panel; onClose: () => void }) {
  const { t } = useTranslation('resellers');
  const format = useFormat();
  const form = useForm<{ amount: string | number; memo: string }>({
    initialValues: { amount: '', memo: '' },
    validate: { amount: (amount) => (amountOf(amount) === null ? t('problem.atLeast', { amount: 1 }) : null) },
  });
  const amount = amountOf(form.values.amount);
  const quote = useQuote(amount === null ? null : { transfer: { amount } });
  const intent = useIntent(
    async (apollo, input: TransferCreditsInput) =>
      (await apollo.mutate({ mutation: TransferDocument, variables: { input } })).data?.transferCredits,
    {
      onDone: ({ transfer }) => {
        notifyDone(t('done.transfer', { amount: format.number(transfer.amount), name: panel.name }));
        onClose();
      },
      onRefused: (refusal) => form.setErrors(fieldProblems(refusal)),
    },
  );
  const reserve = useReserve(quote.quote, intent.refusal);
  const submit = form.onSubmit(({ memo }) => {
    if (amount !== null)
      intent.send((idempotencyKey) => ({
        toResellerId: panel.id,
        amount,
        memo: memo || null,
        useReserve: reserve.useReserve,
        idempotencyKey,
      }));
  });
  return (
    <IntentForm
      intent={intent}
      onSubmit={submit}
      onCancel={onClose}
      submitLabel={t('submit.transfer')}
      isBlocked={quote.quote?.affordable === false || quote.refusal !== null || reserve.isBlocked}
    >
      <Text size="sm">{t('text.holds', { name: panel.name, amount: format.number(panel.account.balance) })}</Text>
      <CreditsInput label={t('form.amount')} data-autofocus {...form.getInputProps('amount')} />
      <TextInput label={t('form.memo')} maxLength={500} {...form.getInputProps('memo')} />
      <QuoteBox {...quote} />
      <ReserveChoice reserve={reserve} />
    </IntentForm>
  );
}
