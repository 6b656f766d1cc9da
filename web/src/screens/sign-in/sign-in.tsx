/** The sign-in screen. */

import { Button, Center, Group, Paper, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useDocumentTitle } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLive } from '../../data/live-context.ts';
import { useIntent } from '../../data/use-intent.ts';
import type { SignInInput } from '../../gql/graphql.ts';
import { LANGUAGES } from '../../i18n/i18n.ts';
import { Mark } from '../../shell/mark.tsx';
import { fieldProblems } from '../../ui/field-problems.ts';
import { IntentForm } from '../../ui/intent-form.tsx';
import { SignInDocument } from './documents.ts';

/** E-mail and password, and the one-time code of those who have turned it on. The session travels as a cookie that no script reads. */
export function SignIn() {
  const { t } = useTranslation();
  const { session } = useLive();
  const [wantsOtp, setWantsOtp] = useState(false);
  useDocumentTitle(`${t('signIn.title')} · ${t('product')}`);
  const needed = (text: string) => (text === '' ? t('signIn.required') : null);
  const form = useForm({
    initialValues: { email: '', password: '', otp: '' },
    validate: { email: needed, password: needed, otp: (otp) => (wantsOtp ? needed(otp) : null) },
  });
  const intent = useIntent(
    async (apollo, input: SignInInput) => (await apollo.mutate({ mutation: SignInDocument, variables: { input } })).data?.signIn,
    {
      onDone: ({ viewer }) => session.begin(viewer),
      onRefused: (refusal) => {
        if (refusal.code === 'OTP_REQUIRED') setWantsOtp(true);
        else if (refusal.code === 'PASSWORD_CHANGE_REQUIRED') session.mustChangePassword(form.values.password);
        else form.setErrors(fieldProblems(refusal));
      },
    },
  );
  const submit = form.onSubmit(({ email, password, otp }) =>
    intent.send(() => ({ email: email.trim(), password, transport: 'COOKIE', ...(wantsOtp ? { otp: otp.trim() } : {}) })),
  );
  const startAgain = () => {
    form.reset();
    setWantsOtp(false);
  };

  return (
    <Center mih="100vh" p="md" component="main">
      <Stack w="100%" maw={380} gap="lg">
        <Group gap="sm" justify="center">
          <Mark size={40} />
          <div>
            <Title order={1} size="h3">
              {t('product')}
            </Title>
            <Text size="sm" c="dimmed">
              {t('signIn.subtitle')}
            </Text>
          </div>
        </Group>
        <Paper withBorder p="lg">
          <IntentForm
            intent={intent.refusal?.code === 'OTP_REQUIRED' ? { ...intent, refusal: null } : intent}
            onSubmit={submit}
            submitLabel={t('signIn.submit')}
          >
            <TextInput
              label={t('signIn.email')}
              type="email"
              autoComplete="username"
              autoFocus
              readOnly={wantsOtp}
              {...form.getInputProps('email')}
            />
            <PasswordInput
              label={t('signIn.password')}
              autoComplete="current-password"
              readOnly={wantsOtp}
              {...form.getInputProps('password')}
            />
            {wantsOtp ? (
              <TextInput
                label={t('signIn.otp')}
                description={t('signIn.otpHint')}
                autoComplete="one-time-code"
                inputMode="numeric"
                autoFocus
                className="numbers"
                {...form.getInputProps('otp')}
              />
            ) : null}
          </IntentForm>
          {wantsOtp ? (
            <Button variant="subtle" size="xs" mt="sm" onClick={startAgain}>
              {t('signIn.back')}
            </Button>
          ) : null}
        </Paper>
        <LanguageChoice />
      </Stack>
    </Center>
  );
}

function LanguageChoice() {
  const { t, i18n } = useTranslation();
  return (
    <Group justify="center" gap={4} role="group" aria-label={t('menu.language')}>
      {Object.entries(LANGUAGES).map(([language, name]) => (
        <Button
          key={language}
          lang={language}
          variant={language === i18n.language ? 'light' : 'subtle'}
          size="compact-sm"
          aria-pressed={language === i18n.language}
          onClick={() => i18n.changeLanguage(language)}
        >
          {name}
        </Button>
      ))}
    </Group>
  );
}
