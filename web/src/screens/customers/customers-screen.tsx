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
import { type ExportReader, exportForm } from '../../data/export-form.ts';
import { useMay, useReturn } from '../../data/live-context.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Failure } from '../../ui/failure.tsx';
import { notifyProblem } from '../../ui/notify.ts';
import { Page } from '../../ui/page.tsx';
import { SpendButton } from '../../ui/spend-button.tsx';
import { useAddressRequest } from '../../ui/use-address-request.ts';
import { CustomerTable } from './customer-table.tsx';
import { CustomerWindow, type Doing } from './customer-window.tsx';
import { CustomersDocument } from './documents.ts';
import { FilterBar } from './filter-bar.tsx';
import { type Filters, PAGE_SIZES, useFilters } from './use-filters.ts';
import { MOST_SELECTED, type Selection, useSelection } from './use-selection.ts';

/** On a phone the buttons stand in one row. */
const NARROW = { px: { base: 8, xs: 'md' }, fz: { base: 13, xs: 'sm' } };

export function CustomersScreen() {
  const { t } = useTranslation('customers');
  const { t: common } = useTranslation();
  const may = useMay();
  const filters = useFilters();
  const format = useFormat();
  const [doing, setDoing] = useState<Doing | null>(null);
  const { data, previousData, loading, error, refetch } = useQuery(CustomersDocument, {
    variables: filters.variables,
    fetchPolicy: 'cache-and-network',
  });
  useAddressRequest('new', () => {
    if (may.customers) setDoing({ kind: 'new' });
  });
  useReturn(() => refetch().catch(() => {}));
  const page = (data ?? previousData)?.viewer.reseller?.customers;
  const customers = page?.edges.map(({ node }) => node) ?? [];
  const selection = useSelection(customers);
  const { selected, select } = selection;
  const isEmpty = page !== undefined && customers.length === 0 && !loading;
  const close = () => {
    if (doing?.kind === 'renewMany') select([]);
    setDoing(null);
  };

  return (
    <Page
      title={t('title')}
      actions={
        <>
          <Tooltip label={t('actions.export')}>
            <ActionIcon
              component="a"
              href={exportOf(filters, format)}
              download
              variant="default"
              size={36}
              aria-label={t('actions.export')}
            >
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
          selection={selection}
          total={page?.totalCount ?? 0}
          isWholePage={customers.every(({ id }) => selected.some((each) => each.id === id))}
          onAll={() => selection.selectAll(filters.variables).catch(() => notifyProblem(common('failure.unreachable')))}
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
          selection={may.customers ? selection : null}
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
      <SpendButton {...NARROW} variant="default" leftSection={<IconGift size={16} aria-hidden />} onClick={() => onDo({ kind: 'trial' })}>
        {t('actions.trial')}
      </SpendButton>
      <SpendButton {...NARROW} leftSection={<IconUserPlus size={16} aria-hidden />} onClick={() => onDo({ kind: 'new' })}>
        {t('actions.new')}
      </SpendButton>
    </>
  );
}

interface SelectionBarProps {
  readonly selection: Selection;
  /** How many the filters list. */
  readonly total: number;
  readonly isWholePage: boolean;
  readonly onAll: () => void;
  readonly onRenew: () => void;
}

/** Stays in sight, below the header, however long the list is. */
function SelectionBar({ selection, total, isWholePage, onAll, onRenew }: SelectionBarProps) {
  const { t } = useTranslation('customers');
  const format = useFormat();
  const { selected, select, isSelecting } = selection;
  const most = Math.min(total, MOST_SELECTED);
  return (
    <Paper withBorder p="xs" className="quiet" shadow="sm" style={{ position: 'sticky', top: 64, zIndex: 10 }}>
      <Group gap="sm">
        <Text size="sm" fw={600} flex={1} miw={110} role="status">
          {t('selected', { count: selected.length, amount: format.number(selected.length) })}
        </Text>
        {isWholePage && most > selected.length ? (
          <Button size="xs" variant="subtle" loading={isSelecting} onClick={onAll}>
            {t('selectMatching', { amount: format.number(most) })}
          </Button>
        ) : null}
        <Button size="xs" variant="subtle" onClick={() => select([])}>
          {t('clearSelection')}
        </Button>
        <SpendButton size="xs" leftSection={<IconRefresh size={14} aria-hidden />} onClick={onRenew}>
          {t('renewSelected')}
        </SpendButton>
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
    <EmptyState
      icon={IconUsers}
      title={t('empty.title')}
      action={onNew ? <SpendButton onClick={onNew}>{t('actions.new')}</SpendButton> : null}
    >
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
function exportOf({ variables: { search, status, expiringFrom, expiringBefore } }: Filters, reader: ExportReader): string {
  const wanted = Object.entries({ search, status, expiringFrom, expiringBefore }).flatMap(([name, value]) =>
    value ? [[name, value]] : [],
  );
  return `/export/customers.csv?${new URLSearchParams([...wanted, ...Object.entries(exportForm(reader))])}`;
}
