/** The screen of a panel's customers. */

import { useQuery, useSubscription } from '@apollo/client/react';
import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconFileSpreadsheet, IconGift, IconUserPlus, IconUsers } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { askAgain } from '../../data/ask-again.ts';
import { type ExportReader, exportForm } from '../../data/export-form.ts';
import { useMay, useOnceBegun, useOnReconnect } from '../../data/live-context.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { ActionButton } from '../../ui/action-button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Failure } from '../../ui/failure.tsx';
import { notifyProblem } from '../../ui/notify.ts';
import { Page } from '../../ui/page.tsx';
import { useAddressRequest } from '../../ui/use-address-request.ts';
import { useIsPhone } from '../../ui/use-phone.ts';
import { CustomerChangesDocument } from './access-documents.ts';
import { Chips } from './chips.tsx';
import { CustomerCards } from './customer-cards.tsx';
import { CustomerTable } from './customer-table.tsx';
import { CustomerWindow, type OpenAction } from './customer-window.tsx';
import { CustomersDocument } from './documents.ts';
import { FilterBar } from './filter-bar.tsx';
import { Paging } from './paging.tsx';
import { SelectionBar } from './selection-bar.tsx';
import { type Filters, useFilters } from './use-filters.ts';
import { useSelection } from './use-selection.ts';

/** On a phone the buttons fit into one row. */
const NARROW = { px: { base: 8, xs: 'md' }, fz: { base: 13, xs: 'sm' } };

export function CustomersScreen() {
  const { t } = useTranslation('customers');
  const { t: common } = useTranslation();
  const may = useMay();
  const filters = useFilters();
  const format = useFormat();
  const isPhone = useIsPhone();
  const [doing, setDoing] = useState<OpenAction | null>(null);
  const { data, previousData, loading, error, observable } = useQuery(CustomersDocument, {
    variables: filters.variables,
    fetchPolicy: 'cache-and-network',
  });
  useAddressRequest('new', () => {
    if (may.customers) setDoing({ kind: 'new' });
  });
  useAddressRequest('trial', () => {
    if (may.customers) setDoing({ kind: 'trial' });
  });
  // The pushed rows and service states go into the cache.
  useSubscription(CustomerChangesDocument, { ignoreResults: true });
  const again = () => askAgain(observable);
  // Not at the first connection, which follows the list's own request at once.
  useOnReconnect(again);
  useOnceBegun(again);
  const page = (data ?? previousData)?.viewer.reseller?.customers;
  const customers = page?.edges.map(({ node }) => node) ?? [];
  const selection = useSelection(customers);
  const { selected, select } = selection;
  const isEmpty = page !== undefined && customers.length === 0 && !loading;
  const selectAll = () => {
    selection.selectAll(filters.variables).catch(() => notifyProblem(common('failure.unreachable')));
  };
  const list = {
    customers,
    isLoading: loading && !data,
    selection: may.customers ? selection : null,
    onDo: may.customers ? setDoing : null,
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
      <Chips filters={filters} />
      {selected.length > 0 ? (
        <SelectionBar
          selection={selection}
          total={page?.totalCount ?? 0}
          isWholePage={customers.every(({ id }) => selected.some((each) => each.id === id))}
          onAll={selectAll}
          onRenew={() => setDoing({ kind: 'renewMany', customers: selected })}
        />
      ) : null}
      {error ? <Failure onRetry={again} /> : null}
      {isEmpty ? (
        <Nobody filters={filters} onNew={may.customers ? () => setDoing({ kind: 'new' }) : null} />
      ) : page || !error ? (
        isPhone ? (
          <CustomerCards {...list} total={page?.totalCount ?? 0} onAll={selectAll} />
        ) : (
          <CustomerTable {...list} />
        )
      ) : null}
      {page && !isEmpty ? <Paging filters={filters} total={page.totalCount ?? 0} pageInfo={page.pageInfo} /> : null}
      {doing ? <CustomerWindow doing={doing} onRenewed={() => select([])} onClose={() => setDoing(null)} /> : null}
    </Page>
  );
}

function NewButtons({ onDo }: { onDo: (doing: OpenAction) => void }) {
  const { t } = useTranslation('customers');
  return (
    <>
      <ActionButton {...NARROW} variant="default" leftSection={<IconGift size={16} aria-hidden />} onClick={() => onDo({ kind: 'trial' })}>
        {t('actions.trial')}
      </ActionButton>
      <ActionButton {...NARROW} leftSection={<IconUserPlus size={16} aria-hidden />} onClick={() => onDo({ kind: 'new' })}>
        {t('actions.new')}
      </ActionButton>
    </>
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
      action={onNew ? <ActionButton onClick={onNew}>{t('actions.new')}</ActionButton> : null}
    >
      {t('empty.text')}
    </EmptyState>
  );
}

/** The address of the same customers as a CSV file; the session cookie authorizes the download. */
function exportOf({ variables: { search, status, paidTerm, expiringFrom, expiringBefore } }: Filters, reader: ExportReader): string {
  const wanted = Object.entries({ search, status, paidTerm: paidTerm ? 'true' : null, expiringFrom, expiringBefore }).flatMap(
    ([name, value]) => (value ? [[name, value]] : []),
  );
  return `/export/customers.csv?${new URLSearchParams([...wanted, ...Object.entries(exportForm(reader))])}`;
}
