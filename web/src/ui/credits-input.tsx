/** The input for an amount of credits. */

import { NumberInput, type NumberInputProps } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** A field for a whole number of credits, with the language's thousands separator. */
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

/** The field's value as an amount; null if it is empty or not a whole number of at least `least`. */
export function amountOf(value: string | number, least = 1): number | null {
  const amount = typeof value === 'number' ? value : Number.NaN;
  return Number.isSafeInteger(amount) && amount >= least ? amount : null;
}
