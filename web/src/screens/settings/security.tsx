/** A person's password, sessions and one-time codes. */

import { useQuery } from '@apollo/client/react';
import { PasswordInput, SimpleGrid, Skeleton, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { useReturn } from '../../data/live-context.ts';
import { useIntent } from '../../data/use-intent.ts';
import type { ChangePasswordInput } from '../../gql/graphql.ts';
import { Failure } from '../../ui/failure.tsx';
import { fieldProblems } from '../../ui/field-problems.ts';
import { IntentForm } from '../../ui/intent-form.tsx';
import { notifyDone } from '../../ui/notify.ts';
import { ChangePasswordDocument, SecurityDocument } from './documents.ts';
import { useChecks } from './rules.ts';
import { Section } from './section.tsx';
import { Sessions } from './sessions.tsx';
import { Totp } from './totp.tsx';

/** How the person signs in, and where. */
export function Security() {
  const { data, error, refetch } = useQuery(SecurityDocument, { fetchPolicy: 'cache-and-network' });
  const again = () => {
    refetch().catch(() => {});
  };
  useReturn(again);
  if (error && !data) return <Failure onRetry={again} />;
  if (!data) return <Skeleton h={320} />;
  const { user, sessions } = data.viewer;
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} style={{ alignItems: 'start' }}>
      <Stack>
        <Password onDone={again} />
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
