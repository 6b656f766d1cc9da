/** The table of customers, for larger screens. */

import { Anchor, Box, Group, Stack, Text, VisuallyHidden } from '@mantine/core';
import { DataTable } from 'mantine-datatable';
import 'mantine-datatable/styles.layer.css';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { CustomerRowFragment } from '../../gql/graphql.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { CopyText } from '../../ui/copy-button.tsx';
import { ListSkeleton } from '../../ui/skeletons.tsx';
import { CustomerActions, RenewButton } from './customer-actions.tsx';
import { CustomerBadge, Expiry, pageOf, Screens } from './customer-facts.tsx';
import type { OpenAction } from './customer-window.tsx';
import { ListedService } from './service-badge.tsx';
import { WhatsAppIcon } from './whatsapp-button.tsx';

interface Props {
  readonly customers: readonly CustomerRowFragment[];
  readonly isLoading: boolean;
  /** null: the viewer may not use bulk actions. */
  readonly selection: { readonly selected: CustomerRowFragment[]; readonly select: (selected: CustomerRowFragment[]) => void } | null;
  readonly onDo: ((doing: OpenAction) => void) | null;
}

const WIDER = '(min-width: 62em)';
const WIDEST = '(min-width: 75em)';
const HUGE = '(min-width: 88em)';

/** One page of customers as a table. */
export function CustomerTable({ customers, isLoading, selection, onDo }: Props) {
  const { t } = useTranslation('customers');
  const format = useFormat();
  const selecting = selection
    ? {
        selectedRecords: selection.selected,
        onSelectedRecordsChange: selection.select,
        getRecordSelectionCheckboxProps: ({ name }: CustomerRowFragment) => ({ 'aria-label': t('select', { name }) }),
        allRecordsSelectionCheckboxProps: { 'aria-label': t('selectAll') },
      }
    : {};
  if (isLoading && customers.length === 0) return <ListSkeleton rows={8} />;
  return (
    <DataTable<CustomerRowFragment>
      withTableBorder
      borderRadius="md"
      verticalSpacing="xs"
      highlightOnHover
      minHeight={customers.length === 0 ? 180 : 0}
      fetching={isLoading}
      // The library's own empty text stays in the page, hidden only visually, so screen readers would read it after a full table.
      emptyState={<span />}
      records={[...customers]}
      {...selecting}
      columns={[
        {
          accessor: 'name',
          title: t('columns.name'),
          render: (customer) => (
            <Box maw={{ base: 170, lg: 210, xl: 320 }}>
              <Anchor component={Link} to={pageOf(customer.id)} fw={600} size="sm" truncate display="block">
                {customer.name}
              </Anchor>
              <Box hiddenFrom="md">
                <Contact customer={customer} />
              </Box>
            </Box>
          ),
        },
        {
          accessor: 'contact',
          title: t('columns.contact'),
          visibleMediaQuery: WIDER,
          render: (customer) => <Contact customer={customer} />,
        },
        {
          accessor: 'status',
          title: t('columns.status'),
          render: ({ id, status }) => (
            <Stack gap={4} align="flex-start">
              <CustomerBadge status={status} />
              <ListedService id={id} />
            </Stack>
          ),
        },
        {
          accessor: 'expiresAt',
          title: t('columns.expires'),
          render: (customer) => <Expiry customer={customer} />,
        },
        {
          accessor: 'screens',
          title: t('columns.screens'),
          textAlign: 'right',
          visibleMediaQuery: WIDEST,
          render: (customer) => <Screens customer={customer} />,
        },
        {
          accessor: 'creditsSpent',
          title: t('columns.spent'),
          textAlign: 'right',
          cellsClassName: 'numbers',
          visibleMediaQuery: HUGE,
          render: ({ creditsSpent }) => format.number(creditsSpent),
        },
        {
          accessor: 'actions',
          title: <VisuallyHidden>{t('columns.actions')}</VisuallyHidden>,
          textAlign: 'right',
          hidden: onDo === null,
          width: 128,
          render: (customer) => (
            <Group justify="flex-end" wrap="nowrap" gap={4}>
              <WhatsAppIcon customer={customer} />
              {onDo ? <RenewButton customer={customer} onDo={onDo} /> : null}
              {onDo ? <CustomerActions customer={customer} onDo={onDo} /> : null}
            </Group>
          ),
        },
      ]}
    />
  );
}

function Contact({ customer: { contact } }: { customer: CustomerRowFragment }) {
  const { t } = useTranslation('customers');
  return (
    <Text size="sm" c="dimmed" component="div" truncate maw={{ base: 170, lg: 200, xl: 280 }}>
      {contact ? <CopyText text={contact} label={t('copyContact')} /> : '—'}
    </Text>
  );
}
