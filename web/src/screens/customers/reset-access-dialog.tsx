/** The dialog that gives a customer a new secret, and a new login if one is typed. */

import { Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { useIntent } from '../../data/use-intent.ts';
import type { CustomerRowFragment, ResetAccessInput } from '../../gql/graphql.ts';
import { IntentForm } from '../../ui/intent-form.tsx';
import { IntentModal } from '../../ui/intent-modal.tsx';
import { notifyDone } from '../../ui/notify.ts';
import { ResetAccessDocument } from './access-documents.ts';
import { accessProblems } from './access-inputs.tsx';

interface Props {
  readonly customer: CustomerRowFragment;
  readonly login: string;
  readonly onClose: () => void;
}

export function ResetAccessDialog({ customer: { id: customerId, name }, login, onClose }: Props) {
  const { t } = useTranslation('access');
  const form = useForm({ initialValues: { login, secret: '' } });
  const intent = useIntent(
    async (apollo, input: ResetAccessInput) =>
      (await apollo.mutate({ mutation: ResetAccessDocument, variables: { input } })).data?.resetAccess,
    {
      onDone: () => {
        notifyDone(t('customer.done', { name }));
        onClose();
      },
      onRefused: (refusal) => form.setErrors(accessProblems(refusal)),
    },
  );
  const submit = form.onSubmit((values) =>
    intent.send(() => ({
      customerId,
      login: values.login === login ? null : values.login.trim() || null,
      secret: values.secret.trim() || null,
    })),
  );
  return (
    <IntentModal title={t('customer.resetOf', { name })} onClose={onClose}>
      <IntentForm intent={intent} onSubmit={submit} submitLabel={t('customer.reset')} onCancel={onClose}>
        <Text size="sm">{t('customer.resetText')}</Text>
        <TextInput label={t('customer.login')} autoComplete="off" autoCapitalize="none" {...form.getInputProps('login')} />
        <TextInput
          label={t('customer.secret')}
          description={t('customer.secretHint')}
          autoComplete="off"
          autoCapitalize="none"
          {...form.getInputProps('secret')}
        />
      </IntentForm>
    </IntentModal>
  );
}
