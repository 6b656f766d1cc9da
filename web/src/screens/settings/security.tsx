/** A person's password, e-mail, sessions and one-time codes. */

import { useQuery } from '@apollo/client/react';
import { PasswordInput, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { askAgain } from '../../data/ask-again.ts';
import { useOnReconnect } from '../../data/live-context.ts';
import { useIntent } from '../../data/use-intent.ts';
import type { ChangeEmailInput, ChangePasswordInput } from '../../gql/graphql.ts';
import { Failure } from '../../ui/failure.tsx';
import { fieldProblems } from '../../ui/field-problems.ts';
import { IntentForm } from '../../ui/intent-form.tsx';
import { notifyDone } from '../../ui/notify.ts';
import { FormSkeleton } from '../../ui/skeletons.tsx';
import { ChangeEmailDocument, ChangePasswordDocument, SecurityDocument } from './documents.ts';
import { useChecks } from './rules.ts';
import { Section } from './section.tsx';
import { Sessions } from './sessions.tsx';
import { Totp } from './totp.tsx';

/** The settings for the person's sign-in and sessions. */
export function Security() {
  const { data, error, observable } = useQuery(SecurityDocument, { fetchPolicy: 'cache-and-network' });
  const again = () => askAgain(observable);
  useOnReconnect(again);
  if (error && !data) return <Failure onRetry={again} />;
  if (!data) return <FormSkeleton />;
  const { user, sessions } = data.viewer;
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} style={{ alignItems: 'start' }}>
      <Stack>
        <Password onDone={again} />
        <Email present={user.email} />
        <Totp isOn={user.totpEnabled} />
      </Stack>
      <Sessions sessions={sessions ?? []} onChange={again} />
    </SimpleGrid>
  );
}

function Password({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation('settings');
  const checks = useChecks();
  const form = useForm({
    initialValues: { currentPassword: '', newPassword: '', repeated: '' },
    validate: {
      currentPassword: checks.filled,
      newPassword: checks.password,
      repeated: (repeated, { newPassword }) => (repeated === newPassword ? null : t('password.different')),
    },
  });
  const intent = useIntent(
    async (apollo, input: ChangePasswordInput) =>
      (await apollo.mutate({ mutation: ChangePasswordDocument, variables: { input } })).data?.changePassword,
    {
      onDone: ({ endedSessions }) => {
        form.reset();
        notifyDone(t('password.done', { count: endedSessions }));
        onDone();
      },
      onRefused: (refusal) => form.setErrors(fieldProblems(refusal)),
    },
  );
  const submit = form.onSubmit(({ currentPassword, newPassword }) => intent.send(() => ({ currentPassword, newPassword })));
  return (
    <Section title={t('password.title')}>
      <IntentForm intent={intent} onSubmit={submit} submitLabel={t('password.submit')}>
        <PasswordInput label={t('password.current')} autoComplete="current-password" {...form.getInputProps('currentPassword')} />
        <PasswordInput
          label={t('password.new')}
          description={t('password.hint')}
          autoComplete="new-password"
          {...form.getInputProps('newPassword')}
        />
        <PasswordInput label={t('password.repeat')} autoComplete="new-password" {...form.getInputProps('repeated')} />
      </IntentForm>
    </Section>
  );
}

function Email({ present }: { present: string }) {
  const { t } = useTranslation('settings');
  const checks = useChecks();
  const form = useForm({ initialValues: { email: '', password: '' }, validate: { email: checks.filled, password: checks.filled } });
  const intent = useIntent(
    async (apollo, input: ChangeEmailInput) =>
      (await apollo.mutate({ mutation: ChangeEmailDocument, variables: { input } })).data?.changeEmail,
    {
      onDone: ({ user }) => {
        form.reset();
        notifyDone(t('email.done', { email: user.email }));
      },
      onRefused: (refusal) => form.setErrors(fieldProblems(refusal)),
    },
  );
  const submit = form.onSubmit(({ email, password }) => intent.send(() => ({ email: email.trim(), password })));
  return (
    <Section title={t('email.title')} text={t('email.text', { email: present })}>
      <IntentForm intent={intent} onSubmit={submit} submitLabel={t('email.submit')}>
        <TextInput label={t('email.new')} type="email" autoComplete="email" {...form.getInputProps('email')} />
        <PasswordInput label={t('email.password')} autoComplete="current-password" {...form.getInputProps('password')} />
      </IntentForm>
    </Section>
  );
}
