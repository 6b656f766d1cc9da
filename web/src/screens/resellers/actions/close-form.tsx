/** The form that closes a panel. */

import { Checkbox, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useIntent } from '../../../data/use-intent.ts';
import type { CloseResellerInput } from '../../../gql/graphql.ts';
import { useFormat } from '../../../i18n/use-format.ts';
import { IntentForm } from '../../../ui/intent-form.tsx';
import { notifyDone } from '../../../ui/notify.ts';
import { CloseDocument, type Panel } from '../documents.ts';

/** A panel is closed, never deleted, and cannot be opened again. The form therefore asks for a second confirmation. */
export function CloseForm({ panel, onClose }: { panel: Panel; onClose: () => void }) {
  const { t } = useTranslation('resellers');
  const format = useFormat();
  const [isSure, setSure] = useState(false);
  const intent = useIntent(
    async (apollo, input: CloseResellerInput) =>
      (await apollo.mutate({ mutation: CloseDocument, variables: { input } })).data?.closeReseller,
    {
      onDone: () => {
        notifyDone(t('done.close', { name: panel.name }));
        onClose();
      },
    },
  );
  return (
    <IntentForm
      intent={intent}
      onSubmit={(event) => {
        event.preventDefault();
        intent.send((idempotencyKey) => ({ resellerId: panel.id, idempotencyKey }));
      }}
      onCancel={onClose}
      submitLabel={t('submit.close')}
      isBlocked={!isSure}
      color="red"
    >
      <Text size="sm">{t('text.close', { amount: format.number(panel.account.balance) })}</Text>
      <Checkbox label={t('text.closeConfirm')} checked={isSure} onChange={(event) => setSure(event.currentTarget.checked)} />
    </IntentForm>
  );
}
