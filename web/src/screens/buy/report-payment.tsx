/** The button and form with which a buyer reports a payment. */

import { Button, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../data/live-context.ts';
import { useIntent } from '../../data/use-intent.ts';
import type { PurchaseRowFragment, ReportPaymentInput } from '../../gql/graphql.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { fieldProblems } from '../../ui/field-problems.ts';
import { IntentForm } from '../../ui/intent-form.tsx';
import { ReportPaymentDocument } from './documents.ts';

const MAX_NOTE = 200;

export function ReportPayment({ purchase: { id, reportedAt } }: { purchase: PurchaseRowFragment }) {
  const { t } = useTranslation('buying');
  const format = useFormat();
  const may = useMay();
  const [isWriting, setIsWriting] = useState(false);
  const form = useForm({ initialValues: { note: '' } });
  const intent = useIntent(
    async (apollo, input: ReportPaymentInput) =>
      (await apollo.mutate({ mutation: ReportPaymentDocument, variables: { input } })).data?.reportPayment,
    { onDone: () => setIsWriting(false), onRefused: (refusal) => form.setErrors(fieldProblems(refusal)) },
  );
  if (reportedAt !== null) {
    return (
      <Text size="sm" ta="center" role="status">
        <IconCheck size={16} aria-hidden style={{ verticalAlign: 'text-bottom' }} />{' '}
        {t('report.done', { at: format.dayAndTime(reportedAt) })}
      </Text>
    );
  }
  if (!may.credits) return null;
  if (!isWriting) {
    return (
      <Button variant="default" onClick={() => setIsWriting(true)}>
        {t('report.open')}
      </Button>
    );
  }
  const submit = form.onSubmit(({ note }) => intent.send(() => ({ purchaseId: id, note: note.trim() || null })));
  return (
    <Stack gap="xs">
      <IntentForm intent={intent} onSubmit={submit} submitLabel={t('report.submit')} onCancel={() => setIsWriting(false)}>
        <TextInput
          label={t('report.note')}
          description={t('report.noteHint')}
          maxLength={MAX_NOTE}
          data-autofocus
          {...form.getInputProps('note')}
        />
      </IntentForm>
    </Stack>
  );
}
