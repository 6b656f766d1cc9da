/** The form that requests a password link by e-mail. It replaces the sign-in form. */

import { Alert, Button, Stack, Text, TextInput, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useIntent } from '../../data/use-intent.ts';
import type { RequestPasswordResetInput } from '../../gql/graphql.ts';
import { IntentForm } from '../../ui/intent-form.tsx';
import { RequestPasswordResetDocument } from './documents.ts';
import { useMailLanguage } from './use-mail-language.ts';

/** Shows the same message whether or not the e-mail is known, so that nobody can find out. */
export function ForgotPassword({ email, onBack }: { email: string; onBack: () => void }) {
  const { t } = useTranslation('recovery');
  const { t: common } = useTranslation();
  const language = useMailLanguage();
  const [sentTo, setSentTo] = useState<string | null>(null);
  const form = useForm({
    initialValues: { email },
    validate: { email: (text) => (/^\S+@\S+$/.test(text.trim()) ? null : t('forgot.noAddress')) },
  });
  const intent = useIntent(
    async (apollo, input: RequestPasswordResetInput) =>
      (await apollo.mutate({ mutation: RequestPasswordResetDocument, variables: { input } })).data?.requestPasswordReset,
    { onDone: () => setSentTo(form.values.email.trim()) },
  );
  if (sentTo !== null) {
    return (
      <Stack gap="md">
        <Alert color="green" role="status" title={t('forgot.sentTitle')}>
          {t('forgot.sent', { email: sentTo })}
        </Alert>
        <Button variant="default" onClick={onBack}>
          {t('back')}
        </Button>
      </Stack>
    );
  }
  return (
    <Stack gap="sm">
      <Title order={2} size="h4">
        {t('forgot.title')}
      </Title>
      <Text size="sm" c="dimmed">
        {t('forgot.text')}
      </Text>
      <IntentForm
        intent={intent}
        onSubmit={form.onSubmit((values) => intent.send(() => ({ email: values.email.trim(), language })))}
        submitLabel={t('forgot.submit')}
        onCancel={onBack}
        cancelLabel={t('back')}
      >
        <TextInput label={common('signIn.email')} type="email" autoComplete="username" autoFocus {...form.getInputProps('email')} />
      </IntentForm>
    </Stack>
  );
}
