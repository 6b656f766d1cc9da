/** The input for a number of 30-day periods. */

import { Button, Group, NumberInput, Stack } from '@mantine/core';
import type { GetInputPropsReturnType } from '@mantine/form';
import { useTranslation } from 'react-i18next';

export const MAX_PERIODS = 36;
const DAYS_EACH = 30;
const USUAL = { monthly: 1, quarterly: 3, halfYearly: 6, yearly: 12 } as const;
const TERMS = ['monthly', 'quarterly', 'halfYearly', 'yearly'] as const;

/** The number of 30-day periods, also shown in days (R2), with buttons for the usual numbers. */
export function PeriodsInput({ field, onPick }: { field: GetInputPropsReturnType; onPick: (periods: number) => void }) {
  const { t } = useTranslation('customers');
  const isValid = typeof field.value === 'number' && field.value > 0;
  return (
    <Stack gap={6}>
      <WholeNumberInput
        label={t('fields.periods')}
        description={isValid ? t('periods', { count: field.value, days: DAYS_EACH * field.value }) : undefined}
        max={MAX_PERIODS}
        field={field}
      />
      <Group gap={6}>
        {TERMS.map((term) => {
          const periods = USUAL[term];
          return (
            <Button
              key={term}
              size="compact-sm"
              variant={field.value === periods ? 'filled' : 'default'}
              aria-pressed={field.value === periods}
              onClick={() => onPick(periods)}
            >
              {t(`terms.${term}`)}
            </Button>
          );
        })}
      </Group>
    </Stack>
  );
}

interface WholeNumberProps {
  readonly label: string;
  readonly description?: string;
  readonly min?: number;
  readonly max: number;
  readonly field: GetInputPropsReturnType;
  readonly autoFocus?: boolean;
}

export function WholeNumberInput({ label, description, min = 1, max, field, autoFocus }: WholeNumberProps) {
  return (
    <NumberInput
      label={label}
      description={description}
      min={min}
      max={max}
      allowDecimal={false}
      allowNegative={false}
      clampBehavior="none"
      inputMode="numeric"
      className="numbers"
      data-autofocus={autoFocus ? true : undefined}
      {...field}
    />
  );
}
