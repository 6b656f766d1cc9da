/** The fields of one plan. */

import { ActionIcon, Card, Group, NumberInput, SimpleGrid, TextInput } from '@mantine/core';
import type { useForm } from '@mantine/form';
import { IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { PriceInput } from '../../ui/price-input.tsx';
import { MAX_PERIODS, MAX_SCREENS } from './plan-values.ts';

interface Props {
  readonly name: string;
  /** The position in the list, from 1. */
  readonly place: number;
  readonly fieldOf: (field: 'name' | 'periods' | 'screens' | 'price') => ReturnType<ReturnType<typeof useForm>['getInputProps']>;
  readonly onRemove: () => void;
}

export function PlanRow({ name, place, fieldOf, onRemove }: Props) {
  const { t } = useTranslation('settings');
  const called = name.trim() || t('plans.numbered', { place });
  return (
    <Card withBorder padding="sm" component="fieldset" aria-label={called}>
      <Group align="flex-start" wrap="nowrap" gap="xs">
        <TextInput flex={1} label={t('plans.name')} maxLength={100} {...fieldOf('name')} />
        <ActionIcon variant="subtle" color="red" size="lg" mt={26} aria-label={t('plans.remove', { name: called })} onClick={onRemove}>
          <IconTrash size={16} aria-hidden />
        </ActionIcon>
      </Group>
      <SimpleGrid cols={{ base: 2, xs: 3 }} mt="xs">
        <NumberInput
          label={t('plans.periods')}
          min={1}
          max={MAX_PERIODS}
          allowDecimal={false}
          inputMode="numeric"
          {...fieldOf('periods')}
        />
        <NumberInput
          label={t('plans.screens')}
          min={1}
          max={MAX_SCREENS}
          allowDecimal={false}
          inputMode="numeric"
          {...fieldOf('screens')}
        />
        <PriceInput label={t('plans.price')} {...fieldOf('price')} />
      </SimpleGrid>
    </Card>
  );
}
