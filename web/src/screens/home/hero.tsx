/** The balance at the top of the start page: the amount, how long it lasts, and the last credits received. */

import { useQuery } from '@apollo/client/react';
import { Paper, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { AccountStateFragment } from '../../gql/graphql.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { useEntryTexts } from '../../ui/entry-list.tsx';
import { LatestDocument } from './documents.ts';
import classes from './hero.module.css';

/** Older receipts are shown only in the statement. */
const NEWS_MS = 7 * 86_400_000;

interface Props {
  readonly panelId: string;
  readonly account: AccountStateFragment;
  /** The average credits for one renewal in the last 30 days; null while loading. */
  readonly perRenewal: number | null;
}

export function Hero({ panelId, account, perRenewal }: Props) {
  const { t } = useTranslation('home');
  const format = useFormat();
  const state = account.locked ? 'locked' : account.lowBalance ? 'low' : 'ok';
  const renewals = perRenewal === null ? null : Math.floor(account.balance / Math.max(1, perRenewal));
  return (
    <Paper component="section" withBorder p="md" className={classes.hero} data-state={state} aria-label={t('balance')}>
      <Text size="sm" c="dimmed">
        {t('balance')}
      </Text>
      <div className={`${classes.balance} numbers`}>{format.number(account.balance)}</div>
      <Text size="sm" mih="1.55em">
        {renewals === null ? null : t('renewals', { count: renewals, amount: format.number(renewals) })}
      </Text>
      <Text size="xs" c="dimmed">
        {state === 'ok' ? t('reserve', { count: account.reserveThreshold, amount: format.number(account.reserveThreshold) }) : t('low')}
      </Text>
      <Received panelId={panelId} />
    </Paper>
  );
}

/** The sender of the last credits. The live balance adds new entries here, and screen readers read them aloud. */
function Received({ panelId }: { panelId: string }) {
  const format = useFormat();
  const words = useEntryTexts();
  const { data } = useQuery(LatestDocument, { variables: { id: panelId }, fetchPolicy: 'cache-first' });
  const entry = data?.reseller?.account.statement.edges.map(({ node }) => node).find(({ delta }) => delta > 0);
  const isNews = entry !== undefined && Date.now() - Date.parse(entry.createdAt) < NEWS_MS;
  return (
    <div role="status">
      {isNews ? (
        <Text key={entry.id} size="sm" className={`${classes.received} typed`} mt={6}>
          <span className="numbers gain">{format.delta(entry.delta)}</span>{' '}
          {[words.kind(entry), words.counterparty(entry), format.daysFromNow(entry.createdAt)].filter(Boolean).join(' · ')}
        </Text>
      ) : null}
    </div>
  );
}
