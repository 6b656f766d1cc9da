/** The card that a seller publishes to its buyers. */

import { useQuery } from '@apollo/client/react';
import { Box, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { useViewer } from '../../data/live-context.ts';
import { useIntent } from '../../data/use-intent.ts';
import type { SellerCardFieldsFragment, SetSellerCardInput } from '../../gql/graphql.ts';
import { Failure } from '../../ui/failure.tsx';
import { fieldProblems } from '../../ui/field-problems.ts';
import { IntentForm } from '../../ui/intent-form.tsx';
import { notifyDone } from '../../ui/notify.ts';
import { FormSkeleton } from '../../ui/skeletons.tsx';
import { OwnCardDocument, SetSellerCardDocument } from './documents.ts';

/** How buyers reach and pay the viewer. Locked buyers see it too. */
export function SellerCard() {
  const { data, error, refetch } = useQuery(OwnCardDocument, { fetchPolicy: 'network-only' });
  if (error && !data) return <Failure onRetry={() => refetch().catch(() => {})} />;
  return data ? <CardForm card={data.viewer.sellerCard} /> : <FormSkeleton />;
}

function CardForm({ card }: { card: SellerCardFieldsFragment | null }) {
  const { t } = useTranslation('buying');
  const { t: common } = useTranslation();
  const { reseller } = useViewer();
  const form = useForm({
    initialValues: valuesOf(card ?? { name: reseller?.name ?? '', whatsapp: null, pixKey: null, instructions: null }),
  });
  const intent = useIntent(
    async (apollo, input: SetSellerCardInput) =>
      (await apollo.mutate({ mutation: SetSellerCardDocument, variables: { input } })).data?.setSellerCard,
    {
      onDone: ({ sellerCard }) => {
        // Shows the stored values, because the server normalizes telephone numbers and Pix keys.
        form.setValues(valuesOf(sellerCard));
        notifyDone(t('card.saved'));
      },
      onRefused: (refusal) => form.setErrors(fieldProblems(refusal)),
    },
  );
  const submit = form.onSubmit(({ instructions, name, pixKey, whatsapp }) =>
    intent.send(() => ({ name: name.trim(), whatsapp: whatsapp.trim(), pixKey: pixKey.trim(), instructions: instructions.trim() })),
  );
  return (
    <Box maw={560}>
      <IntentForm intent={intent} onSubmit={submit} submitLabel={common('actions.save')}>
        <TextInput label={t('card.name')} description={t('card.nameHint')} maxLength={100} required {...form.getInputProps('name')} />
        <TextInput
          label={t('card.whatsapp')}
          description={t('card.whatsappHint')}
          inputMode="tel"
          maxLength={100}
          {...form.getInputProps('whatsapp')}
        />
        <TextInput label={t('card.pixKey')} description={t('card.pixKeyHint')} maxLength={100} {...form.getInputProps('pixKey')} />
        <Textarea
          label={t('card.instructions')}
          description={t('card.instructionsHint')}
          autosize
          minRows={3}
          maxLength={500}
          {...form.getInputProps('instructions')}
        />
      </IntentForm>
    </Box>
  );
}

function valuesOf({ instructions, name, pixKey, whatsapp }: Omit<SellerCardFieldsFragment, '__typename'>) {
  return { name, whatsapp: whatsapp ?? '', pixKey: pixKey ?? '', instructions: instructions ?? '' };
}
