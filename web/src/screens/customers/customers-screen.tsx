/** The screen of a panel's customers. */

import { useQuery } from '@apollo/client/react';
import { ActionIcon, Button, Group, Paper, Select, Text, Tooltip } from '@mantine/core';
import {
  IconChevronLeft,
  IconChevronRight,
  IconFileSpreadsheet,
  IconGift,
  IconRefresh,
  IconUserPlus,
  IconUsers,
} from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay, useReturn } from '../../data/live-context.ts';
import type { CustomerRowFragment } from '../../gql/graphql.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Page } from '../../ui/page.tsx';
import { CustomerTable } from './customer-table.tsx';
import { CustomerWindow, type Doing } from './customer-window.tsx';
import { CustomersDocument } from './documents.ts';
import { FilterBar } from './filter-bar.tsx';
import { type Filters, PAGE_SIZES, useFilters } from './use-filters.ts';

/** On a phone the buttons stand in one row. */
const NARROW = { px: { base: 8, xs: 'md' }, fz: { base: 13, xs: 'sm' } };

export function CustomersScreen() {
  const { t } = useTranslation('customers');
  const may = useMay();
  const filters = useFilters();
  const [doing, setDoing] = useState<Doing | null>(null);
  const [selected, setSelected] = useState<CustomerRowFragment[]>([]);
  const { data, previousData, loading, error, refetch } = useQuery(CustomersDocument, {
    variables: filters.variables,
    fetchPolicy: 'cache-and-network',
  });
  useReturn(() => refetch().catch(() => {}));
  const page = (data ?? previousData)?.viewer.reseller?.customers;
  const customers = page?.edges.map(({ node }) => node) ?? [];
  const isEmpty = page !== undefined && customers.length === 0 && !loading;
  const close = () => {
    if (doing?.kind === 'renewMany') setSelected([]);
    setDoing(null);
  };

  return (
    <Page
      title={t('title')}
      actions={
        <>
          <Tooltip label={t('actions.export')}>
            <ActionIcon component="a" href={exportOf(filters)} download variant="default" size={36} aria-label={t('actions.export')}>
              <IconFileSpreadsheet size={18} aria-hidden />
            </ActionIcon>
          </Tooltip>
          {may.customers ? <NewButtons onDo={setDoing} /> : null}
        </>
      }
    >
      <FilterBar filters={filters} />
      {selected.length > 0 ? (
        <SelectionBar
          count={selected.length}
          onClear={() => setSelected([])}
          onRenew={() => setDoing({ kind: 'renewMany', customers: selected })}
        />
      ) : null}
      {error ? <Failure onRetry={() => refetch().catch(() => {})} /> : null}
      {isEmpty ? (
        <Nobody filters={filters} onNew={may.customers ? () => setDoing({ kind: 'new' }) : null} />
      ) : page || !error ? (
        <CustomerTable
          customers={customers}
          isLoading={loading && !data}
          selection={may.customers ? { selected, select: setSelected } : null}
          onDo={may.customers ? setDoing : null}
        />
      ) : null}
      {page && !isEmpty ? <Paging filters={filters} total={page.totalCount ?? 0} pageInfo={page.pageInfo} /> : null}
      {doing ? <CustomerWindow doing={doing} onClose={close} /> : null}
    </Page>
  );
}

function NewButtons({ onDo }: { onDo: (doing: Doing) => void }) {
  const { t } = useTranslation('customers');
  return (
    <>
      <Button {...NARROW} variant="default" leftSection={<IconGift size={16} aria-hidden />} onClick={() => onDo({ kind: 'trial' })}>
        {t('actions.trial')}
      </Button>
      <Button {...NARROW} leftSection={<IconUserPlus size={16} aria-hidden />} onClick={() => onDo({ kind: 'new' })}>
        {t('actions.new')}
      </Button>
    </>
  );
}

function SelectionBar({ count, onClear, onRenew }: { count: number; onClear: () => void; onRenew: () => void }) {
  const { t } = useTranslation('customers');
  return (
    <Paper withBorder p="xs" className="quiet">
      <Group gap="sm">
        <Text size="sm" fw={600} flex={1} role="status">
          {t('selected', { count })}
        </Text>
        <Button size="xs" variant="subtle" onClick={onClear}>
          {t('clearSelection')}
        </Button>
        <Button size="xs" leftSection={<IconRefresh size={14} aria-hidden />} onClick={onRenew}>
          {t('renewSelected')}
        </Button>
      </Group>
    </Paper>
  );
}

function Nobody({ filters, onNew }: { filters: Filters; onNew: (() => void) | null }) {
  const { t } = useTranslation('customers');
  if (filters.isFiltered) {
    return (
      <EmptyState
        icon={IconUsers}
        title={t('empty.filtered')}
        action={
          <Button variant="light" onClick={() => filters.set({ q: '', status: '', expiring: '' })}>
            {t('empty.clear')}
          </Button>
        }
      >
        {t('empty.filteredText')}
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={IconUsers} title={t('empty.title')} action={onNew ? <Button onClick={onNew}>{t('actions.new')}</Button> : null}>
      {t('empty.text')}
    </EmptyState>
  );
}

interface PagingProps {
  readonly filters: Filters;
  readonly total: number;
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor?: string | null;
    readonly endCursor?: string | null;
  };
}

function Paging({ filters, total, pageInfo: { hasNextPage, hasPreviousPage, startCursor, endCursor } }: PagingProps) {
  const { t } = useTranslation('customers');
  const format = useFormat();
  return (
    <Group justify="space-between" gap="sm">
      <Text size="sm" c="dimmed" className="numbers">
        {t('count', { count: total, amount: format.number(total) })}
      </Text>
      <Group gap="xs">
        <Select
          size="xs"
          w={72}
          aria-label={t('paging.size')}
          value={String(filters.size)}
          allowDeselect={false}
          data={PAGE_SIZES.map(String)}
          onChange={(size) => filters.set({ size: size ?? '' })}
        />
        <ActionIcon
          variant="default"
          size="lg"
          aria-label={t('paging.previous')}
          disabled={!hasPreviousPage || !startCursor}
          onClick={() => filters.turn('before', startCursor ?? '')}
        >
          <IconChevronLeft size={16} aria-hidden />
        </ActionIcon>
        <ActionIcon
          variant="default"
          size="lg"
          aria-label={t('paging.next')}
          disabled={!hasNextPage || !endCursor}
          onClick={() => filters.turn('after', endCursor ?? '')}
        >
          <IconChevronRight size={16} aria-hidden />
        </ActionIcon>
      </Group>
    </Group>
  );
}

/** The same customers as a file; the session's cookie opens it. */
function exportOf({ variables: { search, status, expiringBefore } }: Filters): string {
  const wanted = Object.entries({ search, status, expiringBefore }).flatMap(([name, value]) => (value ? [[name, value]] : []));
  const query = new URLSearchParams(wanted).toString();
  return `/export/customers.csv${query && `?${query}`}`;
}
