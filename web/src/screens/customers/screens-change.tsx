/** Describes a pending change of screens: the number until a date, and the number after it. */

import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { CustomerRowFragment } from '../../gql/graphql.ts';
import { useFormat } from '../../i18n/use-format.ts';

type Span = CustomerRowFragment['spans'][number];

/** For example "3 screens until 12 Mar, then 1"; null if no change is pending. `spans`: the paid spans, in order. */
export function useScreensChange(): (spans: readonly Span[] | null | undefined, nextScreens: number) => string | null {
  const { t } = useTranslation('customers');
  const format = useFormat();
  return (spans, nextScreens) => {
    const paid = spans ?? [];
    const before = paid.slice(0, paid.findLastIndex(({ screens }) => screens !== nextScreens) + 1);
    if (before.length === 0) return null;
    const parts = before.map(({ endsAt, screens }, index) =>
      t(index === 0 ? 'screensChange.first' : 'screensChange.later', { count: screens, until: format.day(endsAt) }),
    );
    return [...parts, t('screensChange.last', { count: nextScreens })].join(', ');
  };
}

/** The same text as a separate line. */
export function ScreensChange({ spans, nextScreens }: { spans: readonly Span[] | null | undefined; nextScreens: number }) {
  const text = useScreensChange()(spans, nextScreens);
  return text === null ? null : (
    <Text size="sm" className="numbers" aria-live="polite">
      {text}
    </Text>
  );
}

/** The largest number of screens: now, in a later paid span, or at the next renewal. */
export function mostScreens({ nextScreens, screens, spans }: CustomerRowFragment): number {
  return Math.max(screens, nextScreens, ...spans.map((span) => span.screens));
}
