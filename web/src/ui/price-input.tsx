/** A field for an amount of money in whole units, written as the chosen language writes it. */

import { NumberInput, type NumberInputProps } from '@mantine/core';
import { useTranslation } from 'react-i18next';

export function PriceInput(props: NumberInputProps) {
  const { i18n } = useTranslation();
  const isPortuguese = i18n.language === 'pt-BR';
  return (
    <NumberInput
      decimalScale={2}
      fixedDecimalScale
      allowNegative={false}
      hideControls
      decimalSeparator={isPortuguese ? ',' : '.'}
      thousandSeparator={isPortuguese ? '.' : ','}
      inputMode="decimal"
      className="numbers"
      {...props}
    />
  );
}
