/** The page that the link in the e-mail opens: sets a new password, without a session. */

import { Alert, Button, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useDocumentTitle } from '@mantine/hooks';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useIntent } from '../../data/use-intent.ts';
import type { ResetPasswordInput } from '../../gql/graphql.ts';
import { fieldProblems } from '../../ui/field-problems.ts';
import { IntentForm } from '../../ui/intent-form.tsx';
import { ResetPasswordDocument } from './documents.ts';
import { SignInLayout } from './sign-in-layout.tsx';
import { useMailLanguage } from './use-mail-language.ts';

export function ResetPasswordScreen() {
  const { t } = useTranslation('recovery');
  const { t: common } = useTranslation();
  useDocumentTitle(`${t('reset.title')} · ${common('product')}`);
  const [token] = useState(() => location.hash.slice(1));
  const [outcome, setOutcome] = useState<'done' | 'worthless' | null>(token === '' ? 'worthless' : null);
  // Removes the token from the address, so that neither the history, a bookmark nor a person watching can keep it.
  useEffect(() => {
    history.replaceState(history.state, '', location.pathname);
    // A newer link opened in this tab changes only the part after #, so the page must reload.
    const again = () => location.reload();
    window.addEventListener('hashchange', again);
    return () => window.removeEventListener('hashchange', again);
  }, []);
  return (
    <SignInLayout>
      {outcome === null ? (
        <NewPasswordForm token={token} onOutcome={setOutcome} />
      ) : (
        <Stack gap="md">
          <Alert
            color={outcome === 'done' ? 'green' : 'red'}
            role={outcome === 'done' ? 'status' : 'alert'}
            title={t(`reset.${outcome}Title`)}
          >
            {t(`reset.${outcome}`)}
          </Alert>
          {/* A full page load, because the reset has ended any session of this browser. */}
          <Button component="a" href="/">
            {t('reset.toSignIn')}
          </Button>
        </Stack>
      )}
    </SignInLayout>
  );
}

function NewPasswordForm({ token, onOutcome }: { token: string; onOutcome: (outcome: 'done' | 'worthless') => void }) {
  const { t } = useTranslation('recovery');
  const { t: common } = useTranslation();
  const language = useMailLanguage();
  const form = useForm({
    initialValues: { newPassword: '', again: '' },
    validate: {
      newPassword: (text) => (text === '' ? common('signIn.required') : null),
      again: (text, { newPassword }) => (text === newPassword ? null : t('reset.notTheSame')),
    },
  });
  const intent = useIntent(
    async (apollo, input: ResetPasswordInput) =>
      (await apollo.mutate({ mutation: ResetPasswordDocument, variables: { input } })).data?.resetPassword,
    {
      onDone: () => onOutcome('done'),
      onRefused: (refusal) => {
        if (refusal.code === 'INVALID_CREDENTIALS') onOutcome('worthless');
        else form.setErrors(fieldProblems(refusal));
      },
    },
  );
  return (
    <Stack gap="sm">
      <Title order={2} size="h4">
        {t('reset.title')}
      </Title>
      <Text size="sm" c="dimmed">
        {t('reset.text')}
      </Text>
      <IntentForm
        intent={intent}
        onSubmit={form.onSubmit(({ newPassword }) => intent.send(() => ({ token, newPassword, language })))}
        submitLabel={t('reset.submit')}
      >
        <PasswordInput
          label={t('reset.newPassword')}
          description={t('reset.hint')}
          autoComplete="new-password"
          autoFocus
          {...form.getInputProps('newPassword')}
        />
        <PasswordInput label={t('reset.again')} autoComplete="new-password" {...form.getInputProps('again')} />
      </IntentForm>
    </Stack>
  );
}
