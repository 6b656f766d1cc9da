/** The input for a number of 30-day periods. */

import { Button, Group, NumberInput, Stack } from '@mantine/core';
import type { GetInputPropsReturnType } from '@mantine/form';
import { useTranslation } from 'react-i18next';

export const MAX_PERIODS = 36;
const USUAL = [1, 3, 6, 12];

/** How many periods of 30 days: the usual numbers a tap away. */
export function PeriodsInput({ field, onPick }: { field: GetInputPropsReturnType; onPick: (periods: number) => void }) {
  const { t } = useTranslation('customers');
  return (
    <Stack gap={6}>
      <WholeNumberInput label={t('fields.periods')} max={MAX_PERIODS} field={field} />
      <Group gap={6}>
        {USUAL.map((periods) => (
          <Button
            key={periods}
            size="compact-sm"
            variant={field.value === periods ? 'filled' : 'default'}
            aria-pressed={field.value === periods}
            aria-label={t('periods', { count: periods })}
            onClick={() => onPick(periods)}
          >
            {periods}
          </Button>
        ))}
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
