/** The form that sets a child's limits. */

import { useQuery } from '@apollo/client/react';
import { NumberInput, Switch, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { useIntent } from '../../../data/use-intent.ts';
import type { LimitFieldsFragment, SetResellerLimitsInput } from '../../../gql/graphql.ts';
import { Failure } from '../../../ui/failure.tsx';
import { fieldProblems } from '../../../ui/field-problems.ts';
import { IntentForm } from '../../../ui/intent-form.tsx';
import { notifyDone } from '../../../ui/notify.ts';
import { FormSkeleton } from '../../../ui/skeletons.tsx';
import { LimitsDocument, type Panel, SetLimitsDocument } from '../documents.ts';

const FIELDS = ['maxResellers', 'maxCustomers', 'maxTrialsPerDay', 'maxScreensPerCustomer'] as const;
const MOST = 2_147_483_647;

interface Props {
  readonly panel: Panel;
  readonly onClose: () => void;
}

/** The limits of a direct child together with its branch. */
export function LimitsForm({ panel, onClose }: Props) {
  const { data, error, refetch } = useQuery(LimitsDocument, { variables: { id: panel.id }, fetchPolicy: 'network-only' });
  if (error && !data) return <Failure onRetry={() => refetch().catch(() => {})} />;
  return data ? <Fields panel={panel} onClose={onClose} limits={data.reseller?.limits ?? null} /> : <FormSkeleton fields={5} />;
}

function Fields({ panel, onClose, limits }: Props & { readonly limits: LimitFieldsFragment | null }) {
  const { t } = useTranslation('resellers');
  const form = useForm<{ mayCreateResellers: boolean } & Record<(typeof FIELDS)[number], number | string>>({
    initialValues: {
      mayCreateResellers: limits?.mayCreateResellers ?? true,
      maxResellers: limits?.maxResellers ?? '',
      maxCustomers: limits?.maxCustomers ?? '',
      maxTrialsPerDay: limits?.maxTrialsPerDay ?? '',
      maxScreensPerCustomer: limits?.maxScreensPerCustomer ?? '',
    },
  });
  const intent = useIntent(
    async (apollo, input: SetResellerLimitsInput) =>
      (await apollo.mutate({ mutation: SetLimitsDocument, variables: { input } })).data?.setResellerLimits,
    {
      onDone: () => {
        notifyDone(t('done.limits', { name: panel.name }));
        onClose();
      },
      onRefused: (refusal) => form.setErrors(fieldProblems(refusal)),
    },
  );
  const submit = form.onSubmit(({ mayCreateResellers, ...most }) =>
    intent.send(() => ({
      resellerId: panel.id,
      mayCreateResellers,
      maxResellers: limitOf(most.maxResellers),
      maxCustomers: limitOf(most.maxCustomers),
      maxTrialsPerDay: limitOf(most.maxTrialsPerDay),
      maxScreensPerCustomer: limitOf(most.maxScreensPerCustomer),
    })),
  );
  return (
    <IntentForm intent={intent} onSubmit={submit} onCancel={onClose} submitLabel={t('submit.limits')}>
      <Text size="sm">{t('text.limits', { name: panel.name })}</Text>
      <Switch label={t('limit.mayCreateResellers')} {...form.getInputProps('mayCreateResellers', { type: 'checkbox' })} />
      {FIELDS.map((field) => (
        <NumberInput
          key={field}
          label={t(`limit.${field}`)}
          placeholder={t('limit.none')}
          min={field === 'maxScreensPerCustomer' ? 1 : 0}
          max={MOST}
          allowDecimal={false}
          {...form.getInputProps(field)}
        />
      ))}
    </IntentForm>
  );
}

/** An empty field means no limit. */
function limitOf(typed: number | string): number | null {
  return typed === '' ? null : Number(typed);
}
