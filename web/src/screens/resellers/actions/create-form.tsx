/** The form that creates a reseller. */

import { useQuery } from '@apollo/client/react';
import { PasswordInput, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { useIntent } from '../../../data/use-intent.ts';
import { useQuote } from '../../../data/use-quote.ts';
import type { CreateResellerInput } from '../../../gql/graphql.ts';
import { amountOf, CreditsInput } from '../../../ui/credits-input.tsx';
import { fieldProblems } from '../../../ui/field-problems.ts';
import { IntentForm } from '../../../ui/intent-form.tsx';
import { notifyDone } from '../../../ui/notify.ts';
import { QuoteBox } from '../../../ui/quote-box.tsx';
import { ReserveChoice, useReserve } from '../../../ui/reserve-choice.tsx';
import { CreateResellerDocument, ReclaimPolicyDocument } from '../documents.ts';
import { addChild } from '../tree-cache.ts';

/** Used until the policy is loaded. */
const LEAST_CREDITS = 10;

interface Values {
  readonly name: string;
  readonly email: string;
  readonly password: string;
  readonly initialCredits: string | number;
}

/** Creates a child of the viewer's own panel, with its owner and its first credits. */
export function CreateForm({ parentId, onClose }: { parentId: string; onClose: () => void }) {
  const { t } = useTranslation('resellers');
  const { data: known } = useQuery(ReclaimPolicyDocument);
  const least = known?.viewer.policy?.minimumInitialCredits ?? LEAST_CREDITS;
  const form = useForm<Values>({
    initialValues: { name: '', email: '', password: '', initialCredits: least },
    validate: {
      name: (name) => (name.trim() === '' || name.trim().length > 100 ? t('problem.name') : null),
      email: (email) => (/^\S+@\S+$/.test(email.trim()) ? null : t('problem.email')),
      password: (password) => (password.length < 10 || password.length > 128 ? t('problem.password') : null),
      initialCredits: (credits) => (amountOf(credits, least) === null ? t('problem.atLeast', { amount: least }) : null),
    },
  });
  const initialCredits = amountOf(form.values.initialCredits, least);
  const quote = useQuote(initialCredits === null ? null : { createReseller: { amount: initialCredits } });
  const intent = useIntent(
    async (apollo, input: CreateResellerInput) => {
      const { data } = await apollo.mutate({
        mutation: CreateResellerDocument,
        variables: { input },
        update: (cache, { data: answer }) => {
          const made = answer?.createReseller.__typename === 'CreateResellerPayload' ? answer.createReseller.reseller : null;
          if (made) addChild(cache, parentId, made);
        },
      });
      return data?.createReseller;
    },
    {
      onDone: ({ reseller }) => {
        notifyDone(t('done.create', { name: reseller?.name ?? form.values.name }));
        onClose();
      },
      onRefused: (refusal) => form.setErrors(fieldProblems(refusal)),
    },
  );
  const reserve = useReserve(quote.quote, intent.refusal);
  const submit = form.onSubmit(({ name, email, password }) => {
    if (initialCredits !== null)
      intent.send((idempotencyKey) => ({
        name,
        email: email.trim(),
        password,
        initialCredits,
        useReserve: reserve.useReserve,
        idempotencyKey,
      }));
  });
  return (
    <IntentForm
      intent={intent}
      onSubmit={submit}
      onCancel={onClose}
      submitLabel={t('submit.create')}
      about={form.values.name}
      isBlocked={quote.quote?.affordable === false || quote.refusal !== null || reserve.isBlocked}
    >
      <TextInput label={t('form.name')} maxLength={100} data-autofocus {...form.getInputProps('name')} />
      <TextInput label={t('form.email')} type="email" autoComplete="off" {...form.getInputProps('email')} />
      <PasswordInput
        label={t('form.password')}
        description={t('form.passwordHint')}
        autoComplete="new-password"
        {...form.getInputProps('password')}
      />
      <CreditsInput
        label={t('form.initialCredits')}
        description={t('form.initialCreditsHint', { amount: least })}
        {...form.getInputProps('initialCredits')}
      />
      <QuoteBox {...quote} />
      <ReserveChoice reserve={reserve} />
    </IntentForm>
  );
}
