/** The dialog that resets a user's access and shows the one-time password once. */

import { Button, Code, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useIntent } from '../../data/use-intent.ts';
import type { ResetUserAccessInput } from '../../gql/graphql.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { DialogFooter } from '../../ui/dialog-footer.tsx';
import { IntentForm } from '../../ui/intent-form.tsx';
import { IntentModal } from '../../ui/intent-modal.tsx';
import { ResetUserAccessDocument } from './documents.ts';

interface Props {
  readonly user: { readonly id: string; readonly email: string };
  readonly onClose: () => void;
}

/** Creates a one-time password for a user, with a prepared message to send. */
export function ResetWindow({ user: { id: userId, email }, onClose }: Props) {
  const { t } = useTranslation('access');
  const [password, setPassword] = useState<string | null>(null);
  const intent = useIntent(
    async (apollo, input: ResetUserAccessInput) =>
      (await apollo.mutate({ mutation: ResetUserAccessDocument, variables: { input } })).data?.resetUserAccess,
    { isShownOnce: true, onDone: ({ oneTimePassword }) => setPassword(oneTimePassword) },
  );
  if (password !== null) return <PasswordWindow email={email} password={password} onClose={onClose} />;
  return (
    <IntentModal title={t('reset.of', { email })} onClose={onClose}>
      <IntentForm
        intent={intent}
        onSubmit={(event) => {
          event.preventDefault();
          intent.send(() => ({ userId }));
        }}
        onCancel={onClose}
        submitLabel={t('reset.action')}
        color="red"
      >
        <Text size="sm">{t('reset.text', { email })}</Text>
      </IntentForm>
    </IntentModal>
  );
}

function PasswordWindow({ email, password, onClose }: { email: string; password: string; onClose: () => void }) {
  const { t } = useTranslation('access');
  const { t: common } = useTranslation();
  const message = t('reset.message', { product: common('product'), address: location.origin, email, password });
  return (
    <IntentModal title={t('reset.doneTitle', { email })} onClose={onClose}>
      <Stack gap="md">
        <Text size="sm">{t('reset.once')}</Text>
        <Code block fz="md" ta="center" data-testid="one-time-password">
          {password}
        </Code>
        <Code block style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }} data-testid="access-message">
          {message}
        </Code>
        <Group gap="xs">
          <CopyButton text={message} label={t('reset.copyMessage')} />
          <CopyButton text={password} label={t('reset.copyPassword')} />
        </Group>
        <DialogFooter>
          <Button onClick={onClose}>{t('reset.done')}</Button>
        </DialogFooter>
      </Stack>
    </IntentModal>
  );
}
