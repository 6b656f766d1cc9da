/** The form that creates a reseller. */

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
import { CreateResellerDocument } from '../documents.ts';
import { addChild } from '../tree-cache.ts';

const LEAST_CREDITS = 10;

interface Values {
  readonly name: string;
  readonly email: string;
  readonly password: string;
  readonly initialCredits: string | number;
}

/** A child of the viewer's own panel, with its owner and its first credits. */
export function CreateForm({ parentId, onClose }: { parentId: string; onClose: () => void }) {
  const { t } = useTranslation('resellers');
  const form = useForm<Values>({
    initialValues: { name: '', email: '', password: '', initialCredits: LEAST_CREDITS },
    validate: {
      name: (name) => (name.trim() === '' || name.trim().length > 100 ? t('problem.name') : null),
      email: (email) => (/^\S+@\S+$/.test(email.trim()) ? null : t('problem.email')),
      password: (password) => (password.length < 10 || password.length > 128 ? t('problem.password') : null),
      initialCredits: (credits) => (amountOf(credits, LEAST_CREDITS) === null ? t('problem.atLeast', { amount: LEAST_CREDITS }) : null),
    },
  });
  const initialCredits = amountOf(form.values.initialCredits, LEAST_CREDITS);
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
  const submit = form.onSubmit(({ name, email, password }) => {
    if (initialCredits !== null) intent.send((idempotencyKey) => ({ name, email: email.trim(), password, initialCredits, idempotencyKey }));
  });
  return (
    <IntentForm
      intent={intent}
      onSubmit={submit}
      onCancel={onClose}
      submitLabel={t('submit.create')}
      isBlocked={quote.quote?.affordable === false || quote.refusal !== null}
    >
      <TextInput label={t('form.name')} maxLength={100} data-autofocus {...form.getInputProps('name')} />
      <TextInput label={t('form.email')} type="email" autoComplete="off" {...form.getInputProps('email')} />
      <PasswordInput
        label={t('form.password')}
        description={t('form.passwordHint')}
        autoComplete="new-password"
        {...form.getInputProps('password')}
      />
      <CreditsInput label={t('form.initialCredits')} description={t('form.initialCreditsHint')} {...form.getInputProps('initialCredits')} />
      <QuoteBox {...quote} />
    </IntentForm>
  );
}
