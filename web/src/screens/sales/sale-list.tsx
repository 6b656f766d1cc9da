/** The list of sales. */

import { useQuery } from '@apollo/client/react';
import { Alert, Button, Group, Select, Skeleton, Stack, Table, Text } from '@mantine/core';
import { useDocumentVisibility } from '@mantine/hooks';
import { IconInfoCircle, IconReceiptOff } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { useMay, useReturn } from '../../data/live-context.ts';
import type { SaleRowFragment } from '../../gql/graphql.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { PURCHASE_STATUSES, PurchaseBadge } from '../buy/purchase-facts.tsx';
import { SalesDocument, SourceDocument } from './documents.ts';
import { ChargeBackWindow, ConfirmWindow } from './sale-windows.tsx';

const PAGE = 20;
/** Nothing tells a seller that somebody has ordered. */
const LOOK_EVERY_MS = 20_000;

/** What others bought of the viewer. */
export function SaleList() {
  const { t } = useTranslation('buying');
  const { t: common } = useTranslation();
  const may = useMay();
  const [params, setParams] = useSearchParams();
  const [doing, setDoing] = useState<{ kind: 'confirm' | 'chargeBack'; sale: SaleRowFragment } | null>(null);
  const status = PURCHASE_STATUSES.find((each) => each === params.get('status')) ?? null;
  const isSeen = useDocumentVisibility() === 'visible';
  const { data, error, refetch, fetchMore } = useQuery(SalesDocument, {
    variables: { first: PAGE, status },
    fetchPolicy: 'cache-and-network',
  });
  const again = () => {
    refetch().catch(() => {});
  };
  useReturn(again);
  useEffect(() => {
    if (!isSeen) return;
    const looking = setInterval(() => refetch().catch(() => {}), LOOK_EVERY_MS);
    return () => clearInterval(looking);
  }, [isSeen, refetch]);
  const { data: source } = useQuery(SourceDocument, { skip: may.platform });
  const sales = data?.viewer.sales;
  const more = sales?.pageInfo;

  return (
    <Stack gap="md">
      {source?.viewer.policy?.purchaseSource === 'PLATFORM' ? (
        <Alert icon={<IconInfoCircle aria-hidden />}>{t('sales.fromPlatform')}</Alert>
      ) : null}
      <Select
        maw={260}
        aria-label={t('sales.filter')}
        value={status ?? ''}
        allowDeselect={false}
        data={[
          { value: '', label: `${t('sales.filter')}: ${t('sales.all')}` },
          ...PURCHASE_STATUSES.map((value) => ({ value, label: t(`status.${value}`) })),
        ]}
        onChange={(value) => setParams(value ? { status: value } : {}, { replace: true })}
      />
      {error && !data ? <Failure onRetry={again} /> : null}
      {!data && !error ? <Skeleton h={140} /> : null}
      {sales && sales.edges.length === 0 ? (
        <EmptyState icon={IconReceiptOff} title={t('sales.none')}>
          {may.platform ? t('sales.nonePlatform') : t('sales.noneText')}
        </EmptyState>
      ) : null}
      {sales && sales.edges.length > 0 ? (
        <Sheet>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('sales.buyer')}</Table.Th>
              <Table.Th ta="right" visibleFrom="sm">
                {t('purchases.quantity')}
              </Table.Th>
              <Table.Th visibleFrom="sm" ta="right">
                {t('purchases.total')}
              </Table.Th>
              <Table.Th visibleFrom="md">{t('sales.reference')}</Table.Th>
              <Table.Th>{t('purchases.status')}</Table.Th>
              <Table.Th visibleFrom="sm" ta="right">
                {t('purchases.actions')}
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {sales.edges.map(({ node }) => (
              <Row
                key={node.id}
                sale={node}
                onConfirm={() => setDoing({ kind: 'confirm', sale: node })}
                onChargeBack={() => setDoing({ kind: 'chargeBack', sale: node })}
              />
            ))}
          </Table.Tbody>
        </Sheet>
      ) : null}
      {more?.hasNextPage ? (
        <Group>
          <Button variant="subtle" onClick={() => fetchMore({ variables: { after: more.endCursor } }).catch(() => {})}>
            {common('actions.more')}
          </Button>
        </Group>
      ) : null}
      {doing?.kind === 'confirm' ? <ConfirmWindow sale={doing.sale} onClose={() => setDoing(null)} /> : null}
      {doing?.kind === 'chargeBack' ? <ChargeBackWindow sale={doing.sale} onClose={() => setDoing(null)} /> : null}
    </Stack>
  );
}

function Row({ sale, onConfirm, onChargeBack }: { sale: SaleRowFragment; onConfirm: () => void; onChargeBack: () => void }) {
  const { t } = useTranslation('buying');
  const format = useFormat();
  const { buyer, quantity, totalMinor, currency, createdAt, status, reference } = sale;
  const action = <Action status={status} onConfirm={onConfirm} onChargeBack={onChargeBack} />;
  return (
    <Table.Tr data-purchase={status}>
      <Table.Td>
        <Text size="sm" fw={600} className="typed">
          {buyer?.name ?? t('sales.buyerLeft')}
        </Text>
        <Text size="sm" className="numbers" hiddenFrom="sm">
          {t('purchases.amount', { count: quantity, amount: format.number(quantity) })} · {format.money(totalMinor, currency)}
        </Text>
        <Text size="xs" c="dimmed">
          {format.dayAndTime(createdAt)}
        </Text>
      </Table.Td>
      <Table.Td ta="right" className="numbers" visibleFrom="sm">
        {format.number(quantity)}
      </Table.Td>
      <Table.Td visibleFrom="sm" ta="right" className="numbers">
        {format.money(totalMinor, currency)}
      </Table.Td>
      <Table.Td visibleFrom="md" style={{ overflowWrap: 'anywhere' }}>
        {reference ?? '—'}
      </Table.Td>
      <Table.Td>
        <Stack gap={4} align="flex-start">
          <PurchaseBadge status={status} />
          <MoneyFacts sale={sale} />
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

/** What is not said by the status: a part that went back, and who must settle it. */
function MoneyFacts({ sale }: { sale: SaleRowFragment }) {
  const { t } = useTranslation('buying');
  const format = useFormat();
  const { chargedBack, currency, quantity, returnedMinor, sellerCanDeliver, status, totalMinor } = sale;
  const facts = [
    returnedMinor > 0 && returnedMinor < totalMinor
      ? t('sales.moneyBack', { amount: format.money(returnedMinor, currency), total: format.money(totalMinor, currency) })
      : null,
    chargedBack > 0 && chargedBack < quantity ? t('sales.partBack', { amount: format.number(chargedBack) }) : null,
    status === 'PAID_UNFUNDED' && !sellerCanDeliver ? t('sales.settledAbove') : null,
  ].filter((fact) => fact !== null);
  return facts.map((fact) => (
    <Text key={fact} size="xs" c="dimmed">
      {fact}
    </Text>
  ));
}

interface ActionProps {
  readonly status: SaleRowFragment['status'];
  readonly onConfirm: () => void;
  readonly onChargeBack: () => void;
}

function Action({ status, onConfirm, onChargeBack }: ActionProps) {
  const { t } = useTranslation('buying');
  const may = useMay();
  if (!may.credits && !may.platform) return null;
  if (status === 'PENDING' || status === 'PAID_UNFUNDED') {
    return (
      <Group gap={4} justify="flex-end">
        <Button size="compact-sm" onClick={onConfirm}>
          {t('sales.confirmShort')}
        </Button>
        {status === 'PAID_UNFUNDED' ? (
          <Button size="compact-sm" variant="subtle" color="red" onClick={onChargeBack}>
            {t('sales.refuse')}
          </Button>
        ) : null}
      </Group>
    );
  }
  if (status !== 'PAID') return null;
  return (
    <Button size="compact-sm" variant="subtle" color="red" onClick={onChargeBack}>
      {t('sales.chargeBack')}
    </Button>
  );
}
