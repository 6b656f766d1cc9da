/** The latest statement entries on the start page. */

import { useQuery } from '@apollo/client/react';
import { Anchor, Group, Skeleton, Title } from '@mantine/core';
import { IconReceipt } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useOnReconnect } from '../../data/live-context.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { EntryList } from '../../ui/entry-list.tsx';
import { Failure } from '../../ui/failure.tsx';
import { LatestDocument } from './documents.ts';

const SHOWN = 8;

/** The newest entries; the live balance adds new ones at the top. */
export function Latest({ panelId }: { panelId: string }) {
  const { t } = useTranslation('home');
  const { data, error, refetch } = useQuery(LatestDocument, { variables: { id: panelId } });
  // After a reconnect the stream sends missed entries to a loaded list. A list that failed to load must be fetched.
  useOnReconnect(() => {
    if (error) refetch().catch(() => {});
  });
  const entries = data?.reseller?.account.statement.edges.slice(0, SHOWN).map(({ node }) => node);
  return (
    <>
      <Group justify="space-between">
        <Title order={2} size="h4">
          {t('latest')}
        </Title>
        <Anchor component={Link} to="/credits" size="sm">
          {t('all')}
        </Anchor>
      </Group>
      {error && !entries ? <Failure onRetry={() => refetch().catch(() => {})} /> : null}
      {!error && !entries ? <Skeleton h={SHOWN * 47} /> : null}
      {entries?.length === 0 ? (
        <EmptyState icon={IconReceipt} title={t('empty')}>
          {t('emptyText')}
        </EmptyState>
      ) : null}
      {entries && entries.length > 0 ? <EntryList entries={entries} /> : null}
    </>
  );
}
