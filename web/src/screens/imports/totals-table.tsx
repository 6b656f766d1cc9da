/** The totals of the file next to the totals in the database after the commit: the proof (R55). */

import { Alert, Button, Group, Stack, Table, Text, Title } from '@mantine/core';
import { IconCircleCheck, IconFileSpreadsheet } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { exportForm } from '../../data/export-form.ts';
import { useTimeZone } from '../../data/time-zone.ts';
import type { ImportFactsFragment, ImportTotalsFieldsFragment } from '../../gql/graphql.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { Sheet } from '../../ui/sheet.tsx';

const SUMS = [
  ...(['resellers', 'credits', 'customers', 'activeCustomers', 'trialCustomers'] as const),
  ...(['canceledCustomers', 'expiredCustomers', 'screens', 'screenDays'] as const),
] satisfies readonly (keyof ImportTotalsFieldsFragment)[];

export function TotalsTable({ found }: { found: ImportFactsFragment }) {
  const { t, i18n } = useTranslation('imports');
  const reader = { language: i18n.language, timeZone: useTimeZone() };
  const format = useFormat();
  const { committedAt, committedBy, proof, totals } = found;
  const rows = SUMS.map((sum) => ({ sum, before: totals[sum], after: proof?.[sum] ?? null }));
  const isEqual = proof !== null && rows.every(({ after, before }) => after === before);
  return (
    <Stack gap="sm" maw={640}>
      <Title order={2} size="h4">
        {proof ? t('proof.title') : t('sums.title')}
      </Title>
      {proof ? (
        <Alert color={isEqual ? 'green' : 'red'} icon={<IconCircleCheck aria-hidden />} data-testid="import-proof">
          {isEqual ? t('proof.equal') : t('proof.unequal')}
          {committedAt && committedBy ? (
            <Text size="sm">{t('proof.by', { who: committedBy, at: format.dayAndTime(committedAt) })}</Text>
          ) : null}
        </Alert>
      ) : null}
      <Sheet>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('proof.what')}</Table.Th>
            <Table.Th ta="right">{t('proof.before')}</Table.Th>
            {proof ? <Table.Th ta="right">{t('proof.after')}</Table.Th> : null}
            {proof ? <Table.Th ta="right">{t('proof.difference')}</Table.Th> : null}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(({ after, before, sum }) => (
            <Table.Tr key={sum}>
              <Table.Td>{t(`sums.${sum}`)}</Table.Td>
              <Table.Td ta="right" className="numbers">
                {format.number(before)}
              </Table.Td>
              {after === null ? null : (
                <>
                  <Table.Td ta="right" className="numbers">
                    {format.number(after)}
                  </Table.Td>
                  <Table.Td ta="right" className="numbers" c={after === before ? undefined : 'red'}>
                    {format.number(after - before)}
                  </Table.Td>
                </>
              )}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Sheet>
      {proof ? (
        <Group>
          <Button
            component="a"
            href={`/export/import-proof.csv?${new URLSearchParams({ import: found.id, ...exportForm(reader) })}`}
            download
            variant="light"
            leftSection={<IconFileSpreadsheet size={16} aria-hidden />}
          >
            {t('proof.download')}
          </Button>
        </Group>
      ) : null}
    </Stack>
  );
}
