/** The dialog that activates a customer. */

import { Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useIntent } from '../../data/use-intent.ts';
import { useQuote } from '../../data/use-quote.ts';
import type { ActivateCustomerInput, CustomerRowFragment } from '../../gql/graphql.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { IntentForm } from '../../ui/intent-form.tsx';
import { IntentModal } from '../../ui/intent-modal.tsx';
import { notifyDone } from '../../ui/notify.ts';
import { QuoteBox } from '../../ui/quote-box.tsx';
import { ReserveChoice, useReserve } from '../../ui/reserve-choice.tsx';
import { AccessDone } from './access-done.tsx';
import { AccessInputs, accessInput, accessProblems } from './access-inputs.tsx';
import { ActivateCustomerDocument, CustomersDocument } from './documents.ts';
import { PeriodsInput, WholeNumberInput } from './periods-input.tsx';
import { isWithin, MAX_SCREENS, useChecks } from './rules.ts';
import { SameContact } from './same-contact.tsx';

/** Starts a paid term now, for a new customer (`customer` null), a trial or an expired customer. */
export function ActivateDialog({ customer, onClose }: { customer: CustomerRowFragment | null; onClose: () => void }) {
  const { t } = useTranslation('customers');
  const format = useFormat();
  const checks = useChecks();
  const initial: { periods: number | string; screens: number | string } = { periods: 1, screens: customer?.nextScreens ?? 1 };
  const form = useForm({
    initialValues: { name: '', contact: '', notes: '', login: '', secret: '', ...initial },
    validate: { name: customer ? undefined : checks.filled, periods: checks.periods, screens: checks.screens },
  });
  const [made, setMade] = useState<CustomerRowFragment | null>(null);
  const { contact, periods, screens } = form.values;
  const isTerm = checks.periods(periods) === null && isWithin(screens, 1, MAX_SCREENS);
  const quote = useQuote(
    isTerm ? { activate: { periods: Number(periods), screens, contact: customer ? null : contact.trim() || null } } : null,
  );
  const textOf = ({ name, expiresAt }: CustomerRowFragment) => t('activate.done', { name, until: format.day(expiresAt) });
  const intent = useIntent(
    async (apollo, input: ActivateCustomerInput) => {
      // Only the server knows the position of a new row in the list.
      const refetchQueries = customer ? [] : [CustomersDocument];
      return (await apollo.mutate({ mutation: ActivateCustomerDocument, variables: { input }, refetchQueries })).data?.activateCustomer;
    },
    {
      onDone: ({ account, customer: done }) => {
        // A panel that is now locked may not see customers, and is being redirected to the buy page.
        if (customer === null && !account.locked) return setMade(done);
        notifyDone(textOf(done));
        onClose();
      },
      onRefused: (refusal) => form.setErrors(accessProblems(refusal)),
    },
  );
  const reserve = useReserve(quote.quote, intent.refusal);
  const submit = form.onSubmit(({ name, contact, notes, login, secret }) =>
    intent.send((idempotencyKey) => ({
      ...(customer
        ? { customerId: customer.id }
        : { name: name.trim(), contact: contact.trim() || null, notes: notes.trim() || null, ...accessInput({ login, secret }) }),
      periods: Number(periods),
      screens: Number(screens),
      useReserve: reserve.useReserve,
      idempotencyKey,
    })),
  );

  const title = customer ? t('activate.title', { name: customer.name }) : t('activate.newTitle');
  if (made !== null) {
    return (
      <IntentModal title={title} onClose={onClose}>
        <AccessDone customer={made} text={textOf(made)} onClose={onClose} />
      </IntentModal>
    );
  }
  return (
    <IntentModal title={title} onClose={onClose}>
      <IntentForm
        intent={intent}
        onSubmit={submit}
        submitLabel={t('activate.submit')}
        about={form.values.name}
        onCancel={onClose}
        isBlocked={!quote.quote?.affordable || reserve.isBlocked}
      >
        {customer ? null : (
          <>
            <TextInput label={t('fields.name')} autoComplete="off" withAsterisk data-autofocus {...form.getInputProps('name')} />
            <TextInput
              label={t('fields.contact')}
              description={t('fields.contactHint')}
              autoComplete="off"
              {...form.getInputProps('contact')}
            />
            <Textarea label={t('fields.notes')} autosize minRows={1} maxRows={4} {...form.getInputProps('notes')} />
          </>
        )}
        <SameContact customers={quote.quote?.sameContact ?? []} onClose={onClose} />
        <PeriodsInput field={form.getInputProps('periods')} onPick={(value) => form.setFieldValue('periods', value)} />
        <WholeNumberInput label={t('fields.screens')} max={MAX_SCREENS} field={form.getInputProps('screens')} />
        {customer ? null : <AccessInputs login={form.getInputProps('login')} secret={form.getInputProps('secret')} />}
        <QuoteBox {...quote} />
        <ReserveChoice reserve={reserve} />
      </IntentForm>
    </IntentModal>
  );
}
