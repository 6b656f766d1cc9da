/** The choice of a customer's plan from the panel's plans. */

import { useQuery } from '@apollo/client/react';
import { Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { CustomerPlanDocument } from './plan-documents.ts';

interface Props {
  readonly customerId: string;
  /** undefined: unchanged. */
  readonly planId: string | null | undefined;
  readonly onChange: (planId: string | null) => void;
}

/** Renders nothing if the panel has no plans. */
export function PlanSelect({ customerId, planId, onChange }: Props) {
  const { t } = useTranslation('customers');
  const { data } = useQuery(CustomerPlanDocument, { variables: { id: customerId }, fetchPolicy: 'cache-and-network' });
  const plans = data?.viewer.reseller?.plans ?? [];
  if (plans.length === 0) return null;
  return (
    <Select
      label={t('fields.plan')}
      data={plans.map(({ id, name }) => ({ value: id, label: name }))}
      value={planId === undefined ? (data?.customer?.plan?.id ?? null) : planId}
      onChange={onChange}
      placeholder={t('fields.noPlan')}
      clearable
      clearButtonProps={{ 'aria-label': t('fields.clearPlan') }}
    />
  );
}
