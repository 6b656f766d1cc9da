/** The first rows of a file, as the server interpreted them. */

import { Stack, Table, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ImportQuery } from '../../gql/graphql.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { Sheet } from '../../ui/sheet.tsx';

type Row = Extract<NonNullable<ImportQuery['node']>, { __typename: 'Import' }>['sample'][number];

export function SampleTable({ rows }: { rows: readonly Row[] }) {
  const { t } = useTranslation('imports');
  const format = useFormat();
  return (
    <Stack gap="sm">
      <Title order={2} size="h4">
        {t('sample.title')}
      </Title>
      <Text size="sm" c="dimmed">
        {t('sample.text')}
      </Text>
      <Sheet miw={960} data-testid="import-sample" scrolledAs={t('sample.title')}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th ta="right">{t('sample.line')}</Table.Th>
            <Table.Th>{t('sample.kind')}</Table.Th>
            <Table.Th>{t('sample.name')}</Table.Th>
            <Table.Th>{t('sample.login')}</Table.Th>
            <Table.Th>{t('sample.parent')}</Table.Th>
            <Table.Th ta="right">{t('sample.credits')}</Table.Th>
            <Table.Th ta="right">{t('sample.screens')}</Table.Th>
            <Table.Th>{t('sample.expiresAt')}</Table.Th>
            <Table.Th>{t('sample.contact')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={row.line} c={row.known ? 'dimmed' : undefined}>
              <Table.Td ta="right" className="numbers">
                {row.line}
              </Table.Td>
              <Table.Td>{t(row.isReseller ? 'sample.reseller' : 'sample.customer')}</Table.Td>
              <Table.Td className="typed">{row.name}</Table.Td>
              <Table.Td className="typed">{row.email ?? row.login ?? '—'}</Table.Td>
              <Table.Td className="typed">{row.parent ?? t('sample.root')}</Table.Td>
              <Table.Td ta="right" className="numbers">
                {row.credits === null ? '—' : format.number(row.credits)}
              </Table.Td>
              <Table.Td ta="right" className="numbers">
                {row.screens ?? '—'}
              </Table.Td>
              <Table.Td>{row.expiresAt ? format.dayAndTime(row.expiresAt) : '—'}</Table.Td>
              <Table.Td className="typed">{row.contact ?? '—'}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Sheet>
    </Stack>
  );
}
