/** The sign-in screen. */

import { useQuery } from '@apollo/client/react';
import { Button, Loader, PasswordInput, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useDocumentTitle } from '@mantine/hooks';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLive } from '../../data/live-context.ts';
import { load } from '../../data/missing-code.ts';
import { useIntent } from '../../data/use-intent.ts';
import type { SignInInput } from '../../gql/graphql.ts';
import { loadWords } from '../../i18n/i18n.ts';
import { fieldProblems } from '../../ui/field-problems.ts';
import { IntentForm } from '../../ui/intent-form.tsx';
import { MailOfferedDocument, SignInDocument } from './documents.ts';
import { SignInLayout } from './sign-in-layout.tsx';

const ForgotPassword = lazy(async () => {
  const [{ ForgotPassword: component }] = await Promise.all([load(() => import('./forgot-password.tsx')), loadWords('recovery')]);
  return { default: component };
});

/** Asks for e-mail and password, and for the one-time code if it is turned on. The session is a cookie that no script can read. */
export function SignIn() {
  const { t } = useTranslation();
  const { session } = useLive();
  const [wantsOtp, setWantsOtp] = useState(false);
  const [isForgotten, setForgotten] = useState(false);
  // If this query fails, password recovery is not offered.
  const { data } = useQuery(MailOfferedDocument);
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

  if (isForgotten) {
    return (
      <SignInLayout>
        <Suspense fallback={<Loader mx="auto" display="block" />}>
          <ForgotPassword email={form.values.email.trim()} onBack={() => setForgotten(false)} />
        </Suspense>
      </SignInLayout>
    );
  }
  return (
    <SignInLayout>
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
      {data?.passwordResetByMail && !wantsOtp ? (
        <Button variant="subtle" size="xs" mt="sm" onClick={() => setForgotten(true)}>
          {t('signIn.forgot')}
        </Button>
      ) : null}
    </SignInLayout>
  );
}
