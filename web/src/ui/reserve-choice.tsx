/** Asks whether an operation may spend the panel's reserve (R57). */

import { Alert, Checkbox, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useOwnAccount } from '../data/live-context.ts';
import type { Refusal } from '../data/refusal.ts';
import { useFormat } from '../i18n/use-format.ts';

interface Reserve {
  /** The reserve and what would be left of it, if the operation would spend from it; otherwise null. */
  readonly question: { readonly reserve: number; readonly left: number } | null;
  /** The operation would spend from the reserve, and the person has not agreed yet. */
  readonly isBlocked: boolean;
  /** The value for the mutation's input. */
  readonly useReserve: boolean;
  choose(isChosen: boolean): void;
}

/** Follows the quote, or the refusal if the balance fell after the quote. */
export function useReserve(
  quote: { readonly wouldUseReserve: boolean; readonly balanceAfter: number } | null,
  refusal: Refusal | null = null,
): Reserve {
  const kept = useOwnAccount()?.reserveThreshold ?? 0;
  const [isChosen, choose] = useState(false);
  const refused = refusal?.code === 'WOULD_USE_RESERVE' ? { reserve: refusal.reserve ?? kept, left: refusal.left ?? 0 } : null;
  const question = quote?.wouldUseReserve ? { reserve: kept, left: quote.balanceAfter } : refused;
  return { question, choose, isBlocked: question !== null && !isChosen, useReserve: question !== null && isChosen };
}

/** Renders nothing unless the operation would spend from the reserve. */
export function ReserveChoice({ reserve: { question, choose, useReserve } }: { reserve: Reserve }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (question === null) return null;
  return (
    <Alert color="orange" title={t('reserve.title')}>
      <Text size="sm" mb="xs">
        {t('reserve.text', { reserve: format.number(question.reserve), left: format.number(question.left) })}
      </Text>
      <Checkbox label={t('reserve.use')} checked={useReserve} onChange={(event) => choose(event.currentTarget.checked)} />
    </Alert>
  );
}
