/** The input for an amount of credits. */

import { NumberInput, type NumberInputProps } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** A whole number of credits, grouped as the language does it. */
export function CreditsInput(props: NumberInputProps) {
  const { i18n } = useTranslation();
  const isPortuguese = i18n.language === 'pt-BR';
  return (
    <NumberInput
      allowDecimal={false}
      allowNegative={false}
      clampBehavior="none"
      thousandSeparator={isPortuguese ? '.' : ','}
      decimalSeparator={isPortuguese ? ',' : '.'}
      max={Number.MAX_SAFE_INTEGER}
      inputMode="numeric"
      className="numbers"
      {...props}
    />
  );
}

/** What such an input holds, as an amount; null when it is empty or no whole number from `least` up. */
export function amountOf(value: string | number, least = 1): number | null {
  const amount = typeof value === 'number' ? value : Number.NaN;
  return Number.isSafeInteger(amount) && amount >= least ? amount : null;
}
