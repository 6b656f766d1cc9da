/** A panel's statement, with filters and export. */

import '@mantine/dates/styles.layer.css';
import 'dayjs/locale/pt-br';
import 'mantine-datatable/styles.layer.css';
import { useQuery } from '@apollo/client/react';
import { Button, Group, MultiSelect, Paper, Stack, Text, Title, Tooltip } from '@mantine/core';
import { DatePickerInput } from '@mantine/dates';
import { IconDownload, IconFilterOff, IconReceipt } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useOnReconnect } from '../../data/live-context.ts';
import { useIsClosed } from '../../data/use-lock.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { Failure } from '../../ui/failure.tsx';
import { MoreButton } from '../../ui/more-button.tsx';
import { StatementDocument } from './documents.ts';
import { EntriesTable } from './entries-table.tsx';
import { asVariables, csvAddress, type Filters, KINDS, useFilters } from './use-filters.ts';

const PAGE = 50;

/** Every change of a panel's balance, newest first. New changes appear at the top as they happen. */
export function Statement({ resellerId, title }: { resellerId: string; title: string }) {
  const { t } = useTranslation('statement');
  const filters = useFilters();
  const format = useFormat();
  // A panel closed by the lock may read its statement but not export it.
  const isClosed = useIsClosed();
  const { data, loading, error, refetch, fetchMore } = useQuery(StatementDocument, {
    variables: { id: resellerId, first: PAGE, ...asVariables(filters, format.timeZone) },
    fetchPolicy: 'cache-and-network',
  });
  useOnReconnect(() => {
    if (error) refetch().catch(() => {});
  });
  const list = data?.reseller?.account.statement;
  const after = list?.pageInfo.endCursor;
  return (
    <Paper withBorder p="md">
      <Stack gap="sm">
        <Group justify="space-between" gap="sm">
          <Title order={2} size="h4">
            {title}
          </Title>
          {isClosed ? null : (
            <Tooltip label={t('csvHint')}>
              <Button
                component="a"
                href={csvAddress(resellerId, filters, format)}
                download
                size="xs"
                variant="default"
                leftSection={<IconDownload size={14} aria-hidden />}
              >
                {t('csv')}
              </Button>
            </Tooltip>
          )}
        </Group>
        <FilterBar filters={filters} />
        {error && !list ? (
          <Failure onRetry={() => refetch().catch(() => {})} />
        ) : (
          <EntriesTable
            entries={list?.edges.map(({ node }) => node) ?? null}
            isLoading={loading}
            empty={
              <Stack align="center" gap={4} py="lg">
                <IconReceipt size={26} aria-hidden />
                <Text fw={600}>{filters.areSet ? t('emptyFiltered') : t('empty')}</Text>
                {filters.areSet ? null : (
                  <Text size="sm" c="dimmed">
                    {t('emptyText')}
                  </Text>
                )}
              </Stack>
            }
          />
        )}
        {list?.pageInfo.hasNextPage ? (
          <MoreButton isLoading={loading} onMore={() => fetchMore({ variables: { after } }).catch(() => {})} />
        ) : null}
      </Stack>
    </Paper>
  );
}

function FilterBar({ filters }: { filters: Filters }) {
  const { t, i18n } = useTranslation(['statement', 'common']);
  return (
    <Group gap="xs" align="flex-end">
      <MultiSelect
        label={t('filter.kinds')}
        placeholder={filters.kinds.length > 0 ? undefined : t('filter.allKinds')}
        data={KINDS.map((kind) => ({ value: kind, label: t(`common:kinds.${kind}`) }))}
        value={[...filters.kinds]}
        onChange={filters.setKinds}
        clearable
        size="xs"
        w={{ base: '100%', sm: 260 }}
      />
      <DatePickerInput
        type="range"
        label={t('filter.period')}
        placeholder={t('filter.anyTime')}
        locale={i18n.language === 'pt-BR' ? 'pt-br' : 'en'}
        valueFormat={i18n.language === 'pt-BR' ? 'DD/MM/YYYY' : 'MMM D, YYYY'}
        value={filters.period}
        onChange={filters.setPeriod}
        allowSingleDateInRange
        clearable
        size="xs"
        w={{ base: '100%', sm: 240 }}
      />
      {filters.areSet ? (
        <Button size="xs" variant="subtle" leftSection={<IconFilterOff size={14} aria-hidden />} onClick={filters.clear}>
          {t('filter.clear')}
        </Button>
      ) : null}
    </Group>
  );
}
