/** The editor of a seller's price list. */

import { useQuery } from '@apollo/client/react';
import { ActionIcon, Button, Card, Group, Stack, Table, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useIntent } from '../../data/use-intent.ts';
import type { PriceListQuery, SetCreditPackagesInput } from '../../gql/graphql.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { CreditsInput } from '../../ui/credits-input.tsx';
import { Failure } from '../../ui/failure.tsx';
import { fieldProblems } from '../../ui/field-problems.ts';
import { IntentForm } from '../../ui/intent-form.tsx';
import { notifyDone } from '../../ui/notify.ts';
import { PriceInput } from '../../ui/price-input.tsx';
import { FormSkeleton } from '../../ui/skeletons.tsx';
import { PriceListDocument, SetCreditPackagesDocument } from './documents.ts';
import { minorOf, problemsOf, type Row, unitOf } from './price-rules.ts';

const MOST_PACKAGES = 50;
const CURRENCY = /^[A-Z]{3}$/;

/** The viewer's price list. */
export function PriceList() {
  const { data, error, refetch } = useQuery(PriceListDocument, { fetchPolicy: 'network-only' });
  if (error && !data) return <Failure onRetry={() => refetch().catch(() => {})} />;
  if (!data) return <FormSkeleton />;
  return <Editor packages={data.viewer.priceList ?? []} />;
}

type Packages = NonNullable<PriceListQuery['viewer']['priceList']>;

function Editor({ packages }: { packages: Packages }) {
  const { t } = useTranslation('buying');
  const { t: common } = useTranslation();
  const rows: Row[] = packages.map(({ quantity, unitPriceMinor }) => ({ quantity, unitPrice: unitOf(unitPriceMinor) }));
  const form = useForm({
    initialValues: { currency: packages[0]?.currency ?? 'BRL', packages: rows.length > 0 ? rows : [{ quantity: 10, unitPrice: '' }] },
    validate: (values) => ({
      ...(CURRENCY.test(values.currency) ? {} : { currency: t('prices.problem.currency') }),
      ...Object.fromEntries(Object.entries(problemsOf(values.packages)).map(([field, problem]) => [field, t(`prices.problem.${problem}`)])),
    }),
    validateInputOnBlur: true,
  });
  const intent = useIntent(
    async (apollo, input: SetCreditPackagesInput) =>
      (await apollo.mutate({ mutation: SetCreditPackagesDocument, variables: { input } })).data?.setCreditPackages,
    {
      onDone: () => notifyDone(t('prices.saved')),
      onRefused: (refusal) =>
        form.setErrors(
          Object.fromEntries(
            Object.entries(fieldProblems(refusal)).map(([path, message]) => [path.replace(/unitPriceMinor$/, 'unitPrice'), message]),
          ),
        ),
    },
  );
  const submit = form.onSubmit((values) =>
    intent.send(() => ({
      currency: values.currency,
      packages: values.packages.map((row) => ({ quantity: Number(row.quantity), unitPriceMinor: minorOf(row.unitPrice) })),
    })),
  );
  return (
    <Stack gap="md" maw={760}>
      <Text size="sm" c="dimmed">
        {t('prices.intro')}
      </Text>
      <Card withBorder>
        <IntentForm intent={intent} onSubmit={submit} submitLabel={common('actions.save')}>
          <TextInput
            label={t('prices.currency')}
            maw={120}
            maxLength={3}
            {...form.getInputProps('currency')}
            onChange={({ currentTarget }) => form.setFieldValue('currency', currentTarget.value.toUpperCase())}
          />
          <Table verticalSpacing={6} horizontalSpacing={6} layout="fixed">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('prices.quantity')}</Table.Th>
                <Table.Th>{t('prices.unit')}</Table.Th>
                <Table.Th ta="right" visibleFrom="xs">
                  {t('prices.total')}
                </Table.Th>
                <Table.Th w={48} aria-hidden />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {form.values.packages.map((row, index) => (
                <PackageRow
                  // A row has no id, and a key from its values would remount it while somebody types.
                  // biome-ignore lint/suspicious/noArrayIndexKey: see above
                  key={index}
                  row={row}
                  currency={form.values.currency}
                  quantity={form.getInputProps(`packages.${index}.quantity`)}
                  unitPrice={form.getInputProps(`packages.${index}.unitPrice`)}
                  onRemove={index === 0 ? null : () => form.removeListItem('packages', index)}
                />
              ))}
            </Table.Tbody>
          </Table>
          <Group>
            <Button
              variant="default"
              size="xs"
              leftSection={<IconPlus size={14} aria-hidden />}
              disabled={form.values.packages.length >= MOST_PACKAGES}
              onClick={() => form.insertListItem('packages', { quantity: '', unitPrice: '' })}
            >
              {t('prices.add')}
            </Button>
          </Group>
        </IntentForm>
      </Card>
    </Stack>
  );
}

type Field = ReturnType<ReturnType<typeof useForm>['getInputProps']>;

interface PackageRowProps {
  readonly row: Row;
  readonly currency: string;
  readonly quantity: Field;
  readonly unitPrice: Field;
  /** null for the first row, which every list must have. */
  readonly onRemove: (() => void) | null;
}

function PackageRow({ row, currency, quantity, unitPrice, onRemove }: PackageRowProps) {
  const { t } = useTranslation('buying');
  const format = useFormat();
  const total = minorOf(row.unitPrice) * Number(row.quantity);
  return (
    <Table.Tr style={{ verticalAlign: 'top' }}>
      <Table.Td>
        <CreditsInput aria-label={t('prices.quantity')} hideControls {...quantity} />
      </Table.Td>
      <Table.Td>
        <PriceInput aria-label={t('prices.unit')} {...unitPrice} />
      </Table.Td>
      <Table.Td ta="right" className="numbers" visibleFrom="xs" pt={14}>
        {total > 0 && CURRENCY.test(currency) ? format.money(total, currency) : '—'}
      </Table.Td>
      <Table.Td>
        {onRemove ? (
          <ActionIcon variant="subtle" color="red" size="lg" aria-label={t('prices.remove', { quantity: row.quantity })} onClick={onRemove}>
            <IconTrash size={16} aria-hidden />
          </ActionIcon>
        ) : null}
      </Table.Td>
    </Table.Tr>
  );
}
