/** The screen after signing in with a one-time password, which must be changed before anything else. */

import { Button, Center, Paper, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useDocumentTitle } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';
import { useLive } from '../../data/live-context.ts';
import { useIntent } from '../../data/use-intent.ts';
import type { ChangePasswordInput } from '../../gql/graphql.ts';
import { Mark } from '../../shell/mark.tsx';
import { useSignOut } from '../../shell/use-sign-out.ts';
import { fieldProblems } from '../../ui/field-problems.ts';
import { IntentForm } from '../../ui/intent-form.tsx';
import { useChecks } from '../settings/rules.ts';
import { ChooseOwnPasswordDocument } from './documents.ts';

/** Directly after sign-in the one-time password is known; after a reload the form asks for it again. */
export function NewPassword() {
  const { t } = useTranslation('access');
  const { t: settings } = useTranslation('settings');
  const { t: common } = useTranslation();
  const { session } = useLive();
  const { signOut } = useSignOut();
  const checks = useChecks();
  useDocumentTitle(`${t('oneTime.title')} · ${common('product')}`);
  const typed = session.oneTimePassword();
  const form = useForm({
    initialValues: { currentPassword: typed ?? '', newPassword: '', repeated: '' },
    validate: {
      currentPassword: checks.filled,
      newPassword: checks.password,
      repeated: (repeated, { newPassword }) => (repeated === newPassword ? null : settings('password.different')),
    },
  });
  const intent = useIntent(
    async (apollo, input: ChangePasswordInput) =>
      (await apollo.mutate({ mutation: ChooseOwnPasswordDocument, variables: { input } })).data?.changePassword,
    { onDone: () => void session.check(), onRefused: (refusal) => form.setErrors(fieldProblems(refusal)) },
  );
  const submit = form.onSubmit(({ currentPassword, newPassword }) => intent.send(() => ({ currentPassword, newPassword })));
  return (
    <Center mih="100vh" p="md" component="main">
      <Stack w="100%" maw={380} gap="lg">
        <Stack gap="xs" align="center" ta="center">
          <Mark size={40} />
          <Title order={1} size="h3">
            {t('oneTime.title')}
          </Title>
          <Text size="sm" c="dimmed">
            {t('oneTime.text')}
          </Text>
        </Stack>
        <Paper withBorder p="lg">
          <IntentForm intent={intent} onSubmit={submit} submitLabel={t('oneTime.submit')}>
            {typed === null ? (
              <PasswordInput label={t('oneTime.current')} autoComplete="current-password" {...form.getInputProps('currentPassword')} />
            ) : null}
            <PasswordInput
              label={settings('password.new')}
              description={settings('password.hint')}
              autoComplete="new-password"
              autoFocus
              {...form.getInputProps('newPassword')}
            />
            <PasswordInput label={settings('password.repeat')} autoComplete="new-password" {...form.getInputProps('repeated')} />
          </IntentForm>
        </Paper>
        <Button variant="subtle" size="xs" onClick={signOut}>
          {t('oneTime.signOut')}
        </Button>
      </Stack>
    </Center>
  );
}
