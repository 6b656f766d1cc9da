/** The list of the panel's customer payments. */

import { useQuery, useSubscription } from '@apollo/client/react';
import { Anchor, Badge, Button, Group, Select, Stack, Table, Text } from '@mantine/core';
import { IconDownload, IconReceiptOff } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { askAgain } from '../../data/ask-again.ts';
import { exportForm } from '../../data/export-form.ts';
import { useMay, useOnConnect } from '../../data/live-context.ts';
import type { CustomerPaymentRowFragment, CustomerPaymentStatus } from '../../gql/graphql.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Failure } from '../../ui/failure.tsx';
import { MoreButton } from '../../ui/more-button.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { ListSkeleton } from '../../ui/skeletons.tsx';
import { CustomerPaymentChangesDocument, CustomerPaymentsDocument } from './customer-payment-documents.ts';
import { ConfirmPaymentWindow } from './customer-payment-window.tsx';

const PAGE = 20;

const COLORS = {
  PENDING: 'yellow',
  PAID: 'teal',
  PAID_UNFUNDED: 'orange',
  APPLIED: 'teal',
  EXPIRED: 'gray',
  REFUNDED: 'red',
} as const;

/** Without PAID, which is only a transitional status. */
const STATUSES: readonly CustomerPaymentStatus[] = ['PENDING', 'PAID_UNFUNDED', 'APPLIED', 'EXPIRED', 'REFUNDED'];

/** Payments that customers made through their links, to confirm when the money has arrived. */
export function CustomerPaymentList() {
  const { t } = useTranslation('buying');
  const format = useFormat();
  const [params, setParams] = useSearchParams();
  const [confirming, setConfirming] = useState<CustomerPaymentRowFragment | null>(null);
  const status = STATUSES.find((each) => each === params.get('status')) ?? null;
  const { data, error, observable, fetchMore } = useQuery(CustomerPaymentsDocument, {
    variables: { first: PAGE, status },
    fetchPolicy: 'cache-and-network',
  });
  const payments = data?.viewer.customerPayments;
  const rows = (payments?.edges ?? []).map(({ node }) => node);
  const again = () => askAgain(observable);
  useOnConnect(again);
  // The cache updates a row that is already shown. A new row, or a changed status, changes the list.
  useSubscription(CustomerPaymentChangesDocument, {
    onData: ({ data: { data: pushed } }) => {
      const changed = pushed?.customerPaymentChanged;
      if (changed && (status !== null || rows.every(({ id }) => id !== changed.id))) again();
    },
  });
  const more = payments?.pageInfo;
  return (
    <Stack gap="md">
      <Group gap="sm">
        <Select
          maw={280}
          aria-label={t('sales.filter')}
          value={status ?? ''}
          allowDeselect={false}
          data={[
            { value: '', label: `${t('sales.filter')}: ${t('sales.all')}` },
            ...STATUSES.map((value) => ({ value, label: t(`customerPayments.status.${value}`) })),
          ]}
          onChange={(value) => setParams(value ? { status: value } : {}, { replace: true })}
        />
        {rows.length > 0 ? (
          <Button
            component="a"
            href={`/export/customer-payments.csv?${new URLSearchParams({ status: status ?? '', ...exportForm(format) })}`}
            download
            variant="default"
            leftSection={<IconDownload size={14} aria-hidden />}
          >
            {t('customerPayments.download')}
          </Button>
        ) : null}
      </Group>
      {error && !data ? <Failure onRetry={again} /> : null}
      {!data && !error ? <ListSkeleton /> : null}
      {payments && rows.length === 0 ? (
        <EmptyState icon={IconReceiptOff} title={t('customerPayments.none')}>
          {t('customerPayments.noneText')}
        </EmptyState>
      ) : null}
      {rows.length > 0 ? (
        <Sheet>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('customerPayments.customer')}</Table.Th>
              <Table.Th visibleFrom="sm">{t('customerPayments.plan')}</Table.Th>
              <Table.Th visibleFrom="sm" ta="right">
                {t('purchases.total')}
              </Table.Th>
              <Table.Th visibleFrom="md">{t('customerPayments.from')}</Table.Th>
              <Table.Th>{t('purchases.status')}</Table.Th>
              <Table.Th visibleFrom="sm" ta="right">
                {t('purchases.actions')}
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((payment) => (
              <Row key={payment.id} payment={payment} onConfirm={() => setConfirming(payment)} />
            ))}
          </Table.Tbody>
        </Sheet>
      ) : null}
      {more?.hasNextPage ? (
        <Group>
          <MoreButton onMore={() => fetchMore({ variables: { after: more.endCursor } }).catch(() => {})} />
        </Group>
      ) : null}
      {confirming ? <ConfirmPaymentWindow payment={confirming} onClose={() => setConfirming(null)} /> : null}
    </Stack>
  );
}

function Row({ payment, onConfirm }: { payment: CustomerPaymentRowFragment; onConfirm: () => void }) {
  const { t } = useTranslation('buying');
  const format = useFormat();
  const { createdAt, currency, customer, periods, planName, priceMinor, provider, reference, returnedMinor, screens, status } = payment;
  const may = useMay();
  const isOpen = (status === 'PENDING' || status === 'EXPIRED') && (may.customers || may.credits);
  const action = isOpen ? (
    <Button size="compact-sm" variant={status === 'PENDING' ? 'filled' : 'default'} onClick={onConfirm}>
      {t('sales.confirmShort')}
    </Button>
  ) : null;
  const from = provider && t(`customerPayments.providers.${provider}`);
  const isPart = returnedMinor > 0 && returnedMinor < priceMinor;
  const what = t('customerPayments.what', { days: format.number(periods * 30), count: screens, screens: format.number(screens) });
  return (
    <Table.Tr data-customer-payment={status}>
      <Table.Td>
        <Anchor component={Link} to={`/customers/${customer.id}`} size="sm" fw={600} className="typed">
          {customer.name}
        </Anchor>
        <Text size="sm" className="numbers" hiddenFrom="sm">
          {planName} · {format.money(priceMinor, currency)}
        </Text>
        <Text size="xs" c="dimmed">
          {format.dayAndTime(createdAt)}
        </Text>
      </Table.Td>
      <Table.Td visibleFrom="sm">
        <Text size="sm" className="typed">
          {planName}
        </Text>
        <Text size="xs" c="dimmed">
          {what}
        </Text>
      </Table.Td>
      <Table.Td visibleFrom="sm" ta="right" className="numbers">
        {format.money(priceMinor, currency)}
      </Table.Td>
      <Table.Td visibleFrom="md" style={{ overflowWrap: 'anywhere' }}>
        {from ?? '—'}
        {reference === null ? null : (
          <Text size="xs" c="dimmed">
            {reference}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <Stack gap={4} align="flex-start">
          <PaymentBadge status={status} />
          {from === null ? null : (
            <Text size="xs" c="dimmed" hiddenFrom="md">
              {from}
            </Text>
          )}
          {isPart ? (
            <Text size="xs">
              {t('sales.moneyBack', { amount: format.money(returnedMinor, currency), total: format.money(priceMinor, currency) })}
            </Text>
          ) : null}
          <Text component="div" hiddenFrom="sm">
            {action}
          </Text>
        </Stack>
      </Table.Td>
      <Table.Td visibleFrom="sm" ta="right">
        {action}
      </Table.Td>
    </Table.Tr>
  );
}

function PaymentBadge({ status }: { status: CustomerPaymentStatus }) {
  const { t } = useTranslation('buying');
  return (
    <Badge color={COLORS[status]} variant="light" miw="max-content">
      {t(`customerPayments.status.${status}`)}
    </Badge>
  );
}
