/** The form that sends an endpoint the customer events after a version again. */

import { Button, NumberInput, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { useIntent } from '../../data/use-intent.ts';
import type { ReplayEventsInput } from '../../gql/graphql.ts';
import { fieldProblems } from '../../ui/field-problems.ts';
import { notifyDone, notifyProblem } from '../../ui/notify.ts';
import { useRefusalText } from '../../ui/use-refusal-text.ts';
import { ReplayEventsDocument } from './webhook-documents.ts';

/** A repeated request replays the same events again; receivers ignore duplicates. */
export function ReplayForm({ endpointId, onDone }: { endpointId: string; onDone: () => void }) {
  const { t } = useTranslation('settings');
  const refusalText = useRefusalText();
  const form = useForm<{ afterVersion: number | string }>({ initialValues: { afterVersion: '' } });
  const intent = useIntent(
    async (apollo, input: ReplayEventsInput) =>
      (await apollo.mutate({ mutation: ReplayEventsDocument, variables: { input } })).data?.replayEvents,
    {
      title: t('webhooks.replayAbove'),
      onDone: () => {
        notifyDone(t('webhooks.replayed'));
        form.reset();
        onDone();
      },
      onRefused: (refusal) => {
        const problems = fieldProblems(refusal);
        form.setErrors(problems);
        if (Object.keys(problems).length === 0) notifyProblem(refusalText(refusal));
      },
    },
  );
  const { afterVersion } = form.values;
  return (
    <form onSubmit={form.onSubmit(() => intent.send(() => ({ endpointId, afterVersion: Number(afterVersion) })))} noValidate>
      <Stack align="flex-start" gap="xs">
        <NumberInput
          w="100%"
          label={t('webhooks.afterVersion')}
          description={t('webhooks.afterVersionHint')}
          min={0}
          allowDecimal={false}
          allowNegative={false}
          hideControls
          {...form.getInputProps('afterVersion')}
        />
        <Button type="submit" variant="default" disabled={afterVersion === ''} loading={intent.isSending}>
          {t('webhooks.replayAbove')}
        </Button>
      </Stack>
    </form>
  );
}
