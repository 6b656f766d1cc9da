/** Shows an operation's cost and the balance after it. */

import { Alert, Group, Paper, Skeleton, Stack, Text } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { QuoteState } from '../data/use-quote.ts';
import { useFormat } from '../i18n/use-format.ts';
import { useRefusalText } from './use-refusal-text.ts';

/** Shows an operation's cost and the balance after it before it is sent, with a warning if it would lock the panel. */
export function QuoteBox({ quote, refusal, isLoading }: QuoteState) {
  const { t } = useTranslation();
  const format = useFormat();
  const refusalText = useRefusalText();
  if (!quote && !refusal && !isLoading) return null;
  return (
    <Stack gap="xs" aria-live="polite" data-quote={quote ? 'ready' : 'asking'}>
      {refusal ? (
        <Alert color="red">{refusalText(refusal)}</Alert>
      ) : (
        <Paper withBorder p="sm" className="quiet">
          <Row label={t('quote.cost')}>{quote && t('balance.credits', { count: quote.cost, amount: format.number(quote.cost) })}</Row>
          <Row label={t('quote.balanceAfter')}>
            {quote && (
              <Text span inherit c={quote.affordable ? undefined : 'red'}>
                {format.number(quote.balanceAfter)}
              </Text>
            )}
          </Row>
          {quote?.expiresAt ? <Row label={t('quote.expiresAt')}>{format.dayAndTime(quote.expiresAt)}</Row> : null}
          {typeof quote?.totalMinor === 'number' ? (
            <Row label={t('quote.price')}>{format.money(quote.totalMinor, quote.currency ?? 'BRL')}</Row>
          ) : null}
        </Paper>
      )}
      {quote && !quote.affordable ? <Alert color="red">{t('quote.notAffordable')}</Alert> : null}
      {quote?.affordable && quote.willLock ? (
        <Alert color="orange" icon={<IconLock aria-hidden />}>
          {t('quote.willLock')}
        </Alert>
      ) : null}
    </Stack>
  );
}

function Row({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Group justify="space-between" gap="sm" py={2}>
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      <Text size="sm" fw={600} component="div" className="numbers">
        {children ?? <Skeleton w={60} h={12} my={4} />}
      </Text>
    </Group>
  );
}
