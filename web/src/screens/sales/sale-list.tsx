/** The list of sales. */

import { useQuery } from '@apollo/client/react';
import { Alert, Badge, Button, CloseButton, Group, Select, Stack, Switch, Table, Text, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconInfoCircle, IconReceiptOff, IconSearch } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { askAgain } from '../../data/ask-again.ts';
import { useMay, useOnConnect, usePurchaseChanges } from '../../data/live-context.ts';
import { WaitingSalesDocument } from '../../data/waiting-sales.ts';
import type { SaleRowFragment } from '../../gql/graphql.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { isSoundOn, playAlert, setSound } from '../../ui/alert-sound.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Failure } from '../../ui/failure.tsx';
import { MoreButton } from '../../ui/more-button.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { ListSkeleton } from '../../ui/skeletons.tsx';
import { PURCHASE_STATUSES, PurchaseBadge } from '../buy/purchase-facts.tsx';
import { SalesDocument, SourceDocument } from './documents.ts';
import { ChargeBackWindow, ConfirmWindow } from './sale-windows.tsx';

const PAGE = 20;
const TYPING_MS = 300;

/** The viewer's sales. */
export function SaleList() {
  const { t } = useTranslation('buying');
  const may = useMay();
  const [params, setParams] = useSearchParams();
  const [doing, setDoing] = useState<{ kind: 'confirm' | 'chargeBack'; sale: SaleRowFragment } | null>(null);
  const search = params.get('q') ?? '';
  const status = PURCHASE_STATUSES.find((each) => each === params.get('status')) ?? null;
  const { data, error, observable, fetchMore } = useQuery(SalesDocument, {
    variables: { first: PAGE, status, search: search || null },
    fetchPolicy: 'cache-and-network',
  });
  const sales = data?.viewer.sales;
  const again = () => askAgain(observable);
  useOnConnect(again);
  usePurchaseChanges(({ id }) => {
    if (!sales?.edges.some(({ node }) => node.id === id)) again();
  });
  const { data: source } = useQuery(SourceDocument, { skip: may.platform });
  const reported = useReportedRows(search === '' && (status === null || status === 'PENDING'));
  const rows = [...reported, ...(sales?.edges ?? []).map(({ node }) => node).filter(({ id }) => reported.every((one) => one.id !== id))];
  const more = sales?.pageInfo;
  const filter = (changes: Readonly<Record<string, string>>) => {
    const next = { ...(search ? { q: search } : {}), ...(status ? { status } : {}), ...changes };
    setParams(Object.fromEntries(Object.entries(next).filter(([, value]) => value !== '')), { replace: true });
  };

  return (
    <Stack gap="md">
      {source?.viewer.policy?.purchaseSource === 'PLATFORM' ? (
        <Alert icon={<IconInfoCircle aria-hidden />}>{t('sales.fromPlatform')}</Alert>
      ) : null}
      <Group gap="sm" role="search">
        <SearchField search={search} onSearch={(q) => filter({ q })} />
        <Select
          maw={260}
          aria-label={t('sales.filter')}
          value={status ?? ''}
          allowDeselect={false}
          data={[
            { value: '', label: `${t('sales.filter')}: ${t('sales.all')}` },
            ...PURCHASE_STATUSES.map((value) => ({ value, label: t(`status.${value}`) })),
          ]}
          onChange={(value) => filter({ status: value ?? '' })}
        />
        <SoundSwitch />
      </Group>
      {error && !data ? <Failure onRetry={again} /> : null}
      {!data && !error ? <ListSkeleton /> : null}
      {sales && rows.length === 0 && search !== '' ? <EmptyState icon={IconReceiptOff} title={t('sales.nothingFound')} /> : null}
      {sales && rows.length === 0 && search === '' ? (
        <EmptyState icon={IconReceiptOff} title={t('sales.none')}>
          {may.platform ? t('sales.nonePlatform') : t('sales.noneText')}
        </EmptyState>
      ) : null}
      {sales && rows.length > 0 ? (
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
            {rows.map((sale) => (
              <Row
                key={sale.id}
                sale={sale}
                onConfirm={() => setDoing({ kind: 'confirm', sale })}
                onChargeBack={() => setDoing({ kind: 'chargeBack', sale })}
              />
            ))}
          </Table.Tbody>
        </Sheet>
      ) : null}
      {more?.hasNextPage ? (
        <Group>
          <MoreButton onMore={() => fetchMore({ variables: { after: more.endCursor } }).catch(() => {})} />
        </Group>
      ) : null}
      {doing?.kind === 'confirm' ? <ConfirmWindow sale={doing.sale} onClose={() => setDoing(null)} /> : null}
      {doing?.kind === 'chargeBack' ? <ChargeBackWindow sale={doing.sale} onClose={() => setDoing(null)} /> : null}
    </Stack>
  );
}

/** Unconfirmed sales that the buyer has reported as paid, oldest report first. */
function useReportedRows(isShown: boolean): readonly SaleRowFragment[] {
  const { data } = useQuery(WaitingSalesDocument, { fetchPolicy: 'cache-first', skip: !isShown });
  if (!isShown) return [];
  const rows = (data?.viewer.sales?.edges ?? []).map(({ node }) => node);
  const reported = rows.filter(({ reportedAt, status }) => status === 'PENDING' && reportedAt !== null);
  return reported.sort((one, other) => (one.reportedAt ?? '').localeCompare(other.reportedAt ?? ''));
}

function SearchField({ search, onSearch }: { search: string; onSearch: (text: string) => void }) {
  const { t } = useTranslation('buying');
  const [text, setText] = useState(search);
  const later = useDebouncedCallback((typed: string) => onSearch(typed.trim()), TYPING_MS);
  // When the address changes in another way, for example by Back, the field follows.
  useEffect(() => setText((typed) => (typed.trim() === search ? typed : search)), [search]);
  const type = (typed: string) => {
    setText(typed);
    later(typed);
  };
  return (
    <TextInput
      flex="1 1 200px"
      maw={{ sm: 320 }}
      aria-label={t('sales.search')}
      placeholder={t('sales.search')}
      leftSection={<IconSearch size={16} aria-hidden />}
      rightSection={text ? <CloseButton size="sm" aria-label={t('sales.clear')} onClick={() => type('')} /> : null}
      value={text}
      maxLength={100}
      onChange={({ currentTarget }) => type(currentTarget.value)}
    />
  );
}

/** Turning the sound on plays it at once, because browsers allow sound only after the person has used the page. */
function SoundSwitch() {
  const { t } = useTranslation('buying');
  const [isOn, setIsOn] = useState(isSoundOn);
  return (
    <Switch
      label={t('sales.sound')}
      checked={isOn}
      onChange={({ currentTarget: { checked } }) => {
        setSound(checked);
        setIsOn(checked);
        playAlert();
      }}
    />
  );
}

function Row({ sale, onConfirm, onChargeBack }: { sale: SaleRowFragment; onConfirm: () => void; onChargeBack: () => void }) {
  const { t } = useTranslation('buying');
  const format = useFormat();
  const { buyer, number, quantity, totalMinor, currency, createdAt, status, reference } = sale;
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
          {t('purchases.number', { number })} · {format.dayAndTime(createdAt)}
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
          <Report sale={sale} />
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

/** The buyer's payment report for an unconfirmed sale. */
function Report({ sale: { reportNote, reportedAt, status } }: { sale: SaleRowFragment }) {
  const { t } = useTranslation('buying');
  const format = useFormat();
  if (status !== 'PENDING' || reportedAt === null) return null;
  return (
    <div data-testid="reported">
      <Badge color="orange" variant="filled" miw="max-content" styles={{ label: { color: 'var(--mantine-color-black)' } }}>
        {t('sales.reported')}
      </Badge>
      <Text size="xs" c="dimmed">
        {t('sales.reportedAt', { at: format.dayAndTime(reportedAt) })}
      </Text>
      {reportNote === null ? null : (
        <Text size="xs" className="typed" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
          {reportNote}
        </Text>
      )}
    </div>
  );
}

/** Facts that the status does not show: a partial refund, and who must settle it. */
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
