/** The form of the tenant's policy. */

import { useQuery } from '@apollo/client/react';
import { Box, Select, SimpleGrid, Switch } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { useIntent } from '../../data/use-intent.ts';
import { graphql } from '../../gql/gql.ts';
import type { PolicyFieldsFragment, SetTenantPolicyInput } from '../../gql/graphql.ts';
import { amountOf, CreditsInput } from '../../ui/credits-input.tsx';
import { Failure } from '../../ui/failure.tsx';
import { fieldProblems } from '../../ui/field-problems.ts';
import { IntentForm } from '../../ui/intent-form.tsx';
import { notifyDone } from '../../ui/notify.ts';
import { FormSkeleton } from '../../ui/skeletons.tsx';
import { useActionDisabledReason } from '../../ui/use-disabled-reason.ts';
import { useChecks } from './rules.ts';
import { Section } from './section.tsx';

const PolicyDocument = graphql(`
  query Policy {
    viewer {
      policy { ...PolicyFields }
    }
  }
`);

graphql(`
  fragment PolicyFields on TenantPolicy {
    trialMaxHours
    trialQuota
    reclaimAllowed
    purchaseSource
    refundPolicy
    minimumTransfer
    undoMinutes
    minimumPurchase
    minimumInitialCredits
    lockMode
    trialsForNewContactsOnly
    timeZone
  }
`);

const SetTenantPolicyDocument = graphql(`
  mutation SetTenantPolicy($input: SetTenantPolicyInput!) {
    setTenantPolicy(input: $input) {
      ... on SetTenantPolicyPayload { policy { ...PolicyFields } }
      ...Refusal
    }
  }
`);

const SOURCES = ['PLATFORM', 'PARENT'] as const;
const LOCK_MODES = ['FULL', 'SPENDING'] as const;
const REFUNDS = ['NONE', 'UNUSED_PERIODS'] as const;
const MOST_HOURS = 24;
const MOST_TRIALS = 25;
const MOST_UNDO_MINUTES = 60;
const ZONES = Intl.supportedValuesOf('timeZone');

/** The settings that the root panel's owner makes for the whole tenant. */
export function Policy() {
  const { data, error, refetch } = useQuery(PolicyDocument, { fetchPolicy: 'network-only' });
  if (error && !data) return <Failure onRetry={() => refetch().catch(() => {})} />;
  const policy = data?.viewer.policy;
  return policy ? <PolicyForm policy={policy} /> : <FormSkeleton fields={6} />;
}

function PolicyForm({ policy }: { policy: PolicyFieldsFragment }) {
  const { t } = useTranslation('settings');
  const { t: common } = useTranslation();
  const disabledReason = useActionDisabledReason()(false);
  const { within } = useChecks();
  const { trialMaxHours, trialQuota, minimumTransfer, undoMinutes, minimumPurchase, minimumInitialCredits } = policy;
  const { lockMode, trialsForNewContactsOnly, reclaimAllowed, purchaseSource, refundPolicy, timeZone } = policy;
  const numbers: Record<
    'trialMaxHours' | 'trialQuota' | 'minimumTransfer' | 'undoMinutes' | 'minimumPurchase' | 'minimumInitialCredits',
    number | string
  > = {
    trialMaxHours,
    trialQuota,
    minimumTransfer,
    undoMinutes,
    minimumPurchase,
    minimumInitialCredits,
  };
  const form = useForm({
    initialValues: { lockMode, trialsForNewContactsOnly, reclaimAllowed, purchaseSource, refundPolicy, timeZone, ...numbers },
    validate: {
      trialMaxHours: within(1, MOST_HOURS),
      trialQuota: within(0, MOST_TRIALS),
      minimumTransfer: (value) => (amountOf(value) === null ? t('required') : null),
      undoMinutes: within(0, MOST_UNDO_MINUTES),
      minimumPurchase: (value) => (amountOf(value) === null ? t('required') : null),
      minimumInitialCredits: (value) => (amountOf(value) === null ? t('required') : null),
    },
  });
  const intent = useIntent(
    async (apollo, input: SetTenantPolicyInput) =>
      (await apollo.mutate({ mutation: SetTenantPolicyDocument, variables: { input }, refetchQueries: [PolicyDocument] })).data
        ?.setTenantPolicy,
    {
      onDone: () => notifyDone(t('saved')),
      onRefused: (refusal) => form.setErrors(fieldProblems(refusal)),
    },
  );
  const submit = form.onSubmit((values) =>
    intent.send(() => ({
      ...values,
      trialMaxHours: Number(values.trialMaxHours),
      trialQuota: Number(values.trialQuota),
      minimumTransfer: Number(values.minimumTransfer),
      undoMinutes: Number(values.undoMinutes),
      minimumPurchase: Number(values.minimumPurchase),
      minimumInitialCredits: Number(values.minimumInitialCredits),
    })),
  );
  return (
    <Box maw={760}>
      <Section title={t('tabs.policy')} text={t('policy.text')}>
        <IntentForm intent={intent} onSubmit={submit} submitLabel={common('actions.save')} disabledReason={disabledReason}>
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <Select
              label={t('policy.source')}
              allowDeselect={false}
              data={SOURCES.map((value) => ({ value, label: t(`policy.sources.${value}`) }))}
              {...form.getInputProps('purchaseSource')}
            />
            <Select
              label={t('policy.refund')}
              allowDeselect={false}
              data={REFUNDS.map((value) => ({ value, label: t(`policy.refunds.${value}`) }))}
              {...form.getInputProps('refundPolicy')}
            />
            <CreditsInput label={t('policy.trialHours')} {...form.getInputProps('trialMaxHours')} />
            <CreditsInput label={t('policy.trialQuota')} {...form.getInputProps('trialQuota')} />
            <CreditsInput label={t('policy.minimumTransfer')} {...form.getInputProps('minimumTransfer')} />
            <CreditsInput label={t('policy.undoMinutes')} {...form.getInputProps('undoMinutes')} />
            <CreditsInput label={t('policy.minimumPurchase')} {...form.getInputProps('minimumPurchase')} />
            <CreditsInput label={t('policy.minimumInitialCredits')} {...form.getInputProps('minimumInitialCredits')} />
            <Select
              label={t('policy.lockMode')}
              allowDeselect={false}
              data={LOCK_MODES.map((value) => ({ value, label: t(`policy.lockModes.${value}`) }))}
              {...form.getInputProps('lockMode')}
            />
            <Select
              label={t('policy.timeZone')}
              searchable
              allowDeselect={false}
              data={ZONES.includes(timeZone) ? ZONES : [timeZone, ...ZONES]}
              {...form.getInputProps('timeZone')}
            />
          </SimpleGrid>
          <Switch label={t('policy.trialsForNewContactsOnly')} {...form.getInputProps('trialsForNewContactsOnly', { type: 'checkbox' })} />
          <Switch label={t('policy.reclaim')} {...form.getInputProps('reclaimAllowed', { type: 'checkbox' })} />
        </IntentForm>
      </Section>
    </Box>
  );
}
