/** The panel's plans and prices for its customers. */

import { useQuery } from '@apollo/client/react';
import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useIntent } from '../../data/use-intent.ts';
import type { PlanFieldsFragment, PlansQuery, SetPlansInput } from '../../gql/graphql.ts';
import { Failure } from '../../ui/failure.tsx';
import { fieldProblems } from '../../ui/field-problems.ts';
import { IntentForm } from '../../ui/intent-form.tsx';
import { notifyDone } from '../../ui/notify.ts';
import { FormSkeleton } from '../../ui/skeletons.tsx';
import { useActionDisabledReason } from '../../ui/use-disabled-reason.ts';
import { PlansDocument, SetPlansDocument } from './plan-documents.ts';
import { PlanRow } from './plan-row.tsx';
import { emptyPlan, inputOf, type PlanValues, problemsOf, valuesOf } from './plan-values.ts';
import { Section } from './section.tsx';

const MOST_PLANS = 20;
const CURRENCY = /^[A-Z]{3}$/;

export function Plans() {
  const { data, error, refetch } = useQuery(PlansDocument, { fetchPolicy: 'network-only' });
  if (error && !data) return <Failure onRetry={() => refetch().catch(() => {})} />;
  if (!data) return <FormSkeleton />;
  const { plans, suggestedPlans } = data.viewer.reseller ?? {};
  return <Editor plans={plans ?? []} suggested={suggestedPlans ?? []} />;
}

type Suggested = NonNullable<NonNullable<PlansQuery['viewer']['reseller']>['suggestedPlans']>;

function Editor({ plans, suggested }: { plans: readonly PlanFieldsFragment[]; suggested: Suggested }) {
  const { t } = useTranslation('settings');
  const { t: common } = useTranslation();
  const disabledReason = useActionDisabledReason()(false);
  const form = useForm({
    initialValues: { currency: plans[0]?.currency ?? suggested[0]?.currency ?? 'BRL', plans: plans.map(valuesOf) },
    validate: (values) => ({
      ...(CURRENCY.test(values.currency) ? {} : { currency: t('plans.problem.currency') }),
      ...Object.fromEntries(Object.entries(problemsOf(values.plans)).map(([field, problem]) => [field, t(`plans.problem.${problem}`)])),
    }),
    validateInputOnBlur: true,
  });
  const intent = useIntent(
    async (apollo, input: SetPlansInput) => (await apollo.mutate({ mutation: SetPlansDocument, variables: { input } })).data?.setPlans,
    {
      onDone: ({ plans: saved }) => {
        // Takes over the new ids, so that saving again updates the same plans.
        form.setFieldValue('plans', saved.map(valuesOf));
        notifyDone(t('plans.saved'));
      },
      onRefused: (refusal) =>
        form.setErrors(
          Object.fromEntries(
            Object.entries(fieldProblems(refusal)).map(([path, message]) => [path.replace(/priceMinor$/, 'price'), message]),
          ),
        ),
    },
  );
  const submit = form.onSubmit(({ currency, plans: given }) => intent.send(() => ({ currency, plans: given.map(inputOf) })));
  const add = (plan: PlanValues) => form.insertListItem('plans', plan);
  return (
    <Section title={t('plans.title')} text={t('plans.text')}>
      <IntentForm intent={intent} onSubmit={submit} submitLabel={common('actions.save')} disabledReason={disabledReason}>
        {form.values.plans.length === 0 ? <Text size="sm">{t('plans.none')}</Text> : null}
        {form.values.plans.length === 0 && suggested.length > 0 ? (
          <Group>
            <Button variant="light" size="xs" onClick={() => suggested.map((one) => valuesOf({ ...one, id: null })).forEach(add)}>
              {t('plans.suggested', { count: suggested.length })}
            </Button>
          </Group>
        ) : null}
        <TextInput
          label={t('plans.currency')}
          maw={120}
          maxLength={3}
          {...form.getInputProps('currency')}
          onChange={({ currentTarget }) => form.setFieldValue('currency', currentTarget.value.toUpperCase())}
        />
        <Stack gap="md">
          {form.values.plans.map((plan, index) => (
            <PlanRow
              key={plan.key}
              name={plan.name}
              place={index + 1}
              fieldOf={(field) => form.getInputProps(`plans.${index}.${field}`)}
              onRemove={() => form.removeListItem('plans', index)}
            />
          ))}
        </Stack>
        <Group>
          <Button
            variant="default"
            size="xs"
            leftSection={<IconPlus size={14} aria-hidden />}
            disabled={form.values.plans.length >= MOST_PLANS}
            onClick={() => add(emptyPlan())}
          >
            {t('plans.add')}
          </Button>
        </Group>
      </IntentForm>
    </Section>
  );
}
