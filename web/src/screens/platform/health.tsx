/** Shows whether the ledger is consistent. */

import { useQuery } from '@apollo/client/react';
import { Alert, Button, Group, List, SimpleGrid, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconShieldCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { askAgain } from '../../data/ask-again.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { Failure } from '../../ui/failure.tsx';
import { Figure } from '../../ui/figure.tsx';
import { ListSkeleton } from '../../ui/skeletons.tsx';
import { LedgerHealthDocument } from './documents.ts';

const SUMS = ['issued', 'held', 'consumed', 'withdrawn', 'entries'] as const;

/** Shows whether all issued credits are accounted for. */
export function Health() {
  const { t } = useTranslation('settings');
  const format = useFormat();
  const { data, loading, error, observable } = useQuery(LedgerHealthDocument, {
    fetchPolicy: 'network-only',
    notifyOnNetworkStatusChange: true,
  });
  const again = () => askAgain(observable);
  if (error && !data) return <Failure onRetry={again} />;
  const health = data?.ledgerHealth;
  if (!health) return <ListSkeleton rows={6} />;
  return (
    <Stack gap="md">
      <Alert
        color={health.ok ? 'teal' : 'red'}
        title={t(health.ok ? 'platform.health.ok' : 'platform.health.broken')}
        icon={health.ok ? <IconShieldCheck aria-hidden /> : <IconAlertTriangle aria-hidden />}
      >
        {health.problems.length > 0 ? (
          <List size="sm">
            {health.problems.map((problem) => (
              <List.Item key={problem}>{problem}</List.Item>
            ))}
          </List>
        ) : (
          t('platform.health.equation')
        )}
      </Alert>
      <SimpleGrid cols={{ base: 2, sm: 3, lg: 5 }}>
        {SUMS.map((sum) => (
          <Figure key={sum} label={t(`platform.health.${sum}`)} value={format.number(health[sum])} />
        ))}
      </SimpleGrid>
      <Group gap="sm">
        <Button variant="default" loading={loading} onClick={again}>
          {t('platform.health.again')}
        </Button>
        <Text size="sm" c="dimmed">
          {t('platform.health.checked', { at: format.dayAndTime(health.checkedAt) })}
        </Text>
      </Group>
    </Stack>
  );
}
