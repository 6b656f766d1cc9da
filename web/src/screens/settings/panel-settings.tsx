/** The settings of one panel. */

import { Stack, Switch, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { useViewer } from '../../data/live-context.ts';
import { useIntent } from '../../data/use-intent.ts';
import type { SignedInFragment, UpdateResellerInput } from '../../gql/graphql.ts';
import { amountOf, CreditsInput } from '../../ui/credits-input.tsx';
import { fieldProblems } from '../../ui/field-problems.ts';
import { IntentForm } from '../../ui/intent-form.tsx';
import { notifyDone } from '../../ui/notify.ts';
import { useActionDisabledReason } from '../../ui/use-disabled-reason.ts';
import { DataTransfer } from './data-transfer.tsx';
import { UpdateOwnPanelDocument } from './documents.ts';
import { OwnLimits } from './own-limits.tsx';
import { useChecks } from './rules.ts';
import { Section } from './section.tsx';

/** The panel's name, its reserve threshold, and whether the reserve is kept. */
export function PanelSettings() {
  const { reseller } = useViewer();
  return reseller ? <PanelForm panel={reseller} /> : null;
}

function PanelForm({ panel: { id, name, account } }: { panel: NonNullable<SignedInFragment['reseller']> }) {
  const { t } = useTranslation('settings');
  const { t: common } = useTranslation();
  const disabledReason = useActionDisabledReason()(false);
  const { filled } = useChecks();
  const { keepReserve } = account;
  const initialValues: { name: string; reserveThreshold: number | string; keepReserve: boolean } = {
    name,
    reserveThreshold: account.reserveThreshold,
    keepReserve,
  };
  const form = useForm({
    initialValues,
    validate: { name: filled, reserveThreshold: (value) => (amountOf(value, 0) === null ? t('required') : null) },
  });
  const intent = useIntent(
    async (apollo, input: UpdateResellerInput) =>
      (await apollo.mutate({ mutation: UpdateOwnPanelDocument, variables: { input } })).data?.updateReseller,
    {
      onDone: () => notifyDone(t('saved')),
      onRefused: (refusal) => form.setErrors(fieldProblems(refusal)),
    },
  );
  const submit = form.onSubmit((values) =>
    intent.send(() => ({
      resellerId: id,
      name: values.name.trim(),
      reserveThreshold: Number(values.reserveThreshold),
      keepReserve: values.keepReserve,
    })),
  );
  return (
    <Stack maw={560} gap="md">
      <Section title={t('panel.title')}>
        <IntentForm intent={intent} onSubmit={submit} submitLabel={common('actions.save')} disabledReason={disabledReason}>
          <TextInput label={t('panel.name')} maxLength={100} {...form.getInputProps('name')} />
          <CreditsInput
            label={t('panel.threshold')}
            description={t('panel.thresholdHint')}
            min={0}
            {...form.getInputProps('reserveThreshold')}
          />
          <Switch
            label={t('panel.keepReserve')}
            description={t('panel.keepReserveHint')}
            {...form.getInputProps('keepReserve', { type: 'checkbox' })}
          />
        </IntentForm>
      </Section>
      <OwnLimits />
      <DataTransfer />
    </Stack>
  );
}
