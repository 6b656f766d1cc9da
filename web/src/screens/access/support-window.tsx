/** The dialog that opens a support session. */

import { Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { sessionChanged } from '../../data/support.ts';
import { useIntent } from '../../data/use-intent.ts';
import type { OpenSupportSessionInput } from '../../gql/graphql.ts';
import { fieldProblems } from '../../ui/field-problems.ts';
import { IntentForm } from '../../ui/intent-form.tsx';
import { IntentModal } from '../../ui/intent-modal.tsx';
import { OpenSupportSessionDocument } from './documents.ts';

/** Asks for the reason, then reloads into the support session, so that no data of the own session stays in the page. */
export function SupportWindow({ panel, onClose }: { panel: { readonly id: string; readonly name: string }; onClose: () => void }) {
  const { t } = useTranslation('access');
  const form = useForm({
    initialValues: { reason: '' },
    validate: { reason: (reason) => (reason.trim() === '' ? t('support.needed') : null) },
  });
  const intent = useIntent(
    async (apollo, input: OpenSupportSessionInput) =>
      (await apollo.mutate({ mutation: OpenSupportSessionDocument, variables: { input } })).data?.openSupportSession,
    { isShownOnce: true, onDone: sessionChanged, onRefused: (refusal) => form.setErrors(fieldProblems(refusal)) },
  );
  const submit = form.onSubmit(({ reason }) => intent.send(() => ({ resellerId: panel.id, reason, transport: 'COOKIE' })));
  return (
    <IntentModal title={t('support.heading', { name: panel.name })} onClose={onClose}>
      <IntentForm intent={intent} onSubmit={submit} onCancel={onClose} submitLabel={t('support.submit')}>
        <Text size="sm">{t('support.text', { name: panel.name })}</Text>
        <TextInput
          label={t('support.reason')}
          description={t('support.reasonHint')}
          maxLength={500}
          data-autofocus
          {...form.getInputProps('reason')}
        />
      </IntentForm>
    </IntentModal>
  );
}
