/** A file's problems, line by line, to read or download. */

import type { ApolloClient } from '@apollo/client';
import { useApolloClient, useQuery } from '@apollo/client/react';
import { Button, Group, Skeleton, Stack, Table, Title } from '@mantine/core';
import { IconFileSpreadsheet } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/use-format.ts';
import { Failure } from '../../ui/failure.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { ImportProblemsDocument } from './documents.ts';
import { downloadCsv, nameOf } from './download-csv.ts';
import { useProblemText } from './use-problem-text.ts';

const SHOWN = 20;
const PAGE = 100;

/** Renders nothing if the file has no problems. */
export function ProblemList({ id, name }: { id: string; name: string | null }) {
  const { t } = useTranslation('imports');
  const format = useFormat();
  const apollo = useApolloClient();
  const problemText = useProblemText();
  const [isCollecting, setIsCollecting] = useState(false);
  const { data, error, refetch } = useQuery(ImportProblemsDocument, { variables: { id, first: SHOWN }, fetchPolicy: 'network-only' });
  if (error && !data) return <Failure onRetry={() => refetch().catch(() => {})} />;
  const found = data?.node?.__typename === 'Import' ? data.node.problems : null;
  if (!found) return <Skeleton h={100} />;
  if (found.edges.length === 0) return null;

  async function collect(): Promise<void> {
    setIsCollecting(true);
    try {
      const rows: string[][] = [[t('problems.line'), t('problems.column'), t('problems.what')]];
      for (let after: string | null = null, hasMore = true; hasMore; ) {
        const problems = await pageOf(apollo, id, after);
        for (const { node } of problems?.edges ?? []) rows.push([String(node.line), node.column ?? '', problemText(node.message)]);
        hasMore = problems?.pageInfo.hasNextPage === true;
        after = problems?.pageInfo.endCursor ?? null;
      }
      downloadCsv(nameOf(t('problems.file'), name), rows);
    } finally {
      setIsCollecting(false);
    }
  }

  return (
    <Stack gap="sm">
      <Title order={2} size="h4">
        {t('problems.title')}
      </Title>
      <Sheet data-testid="import-problems" scrolledAs={t('problems.title')}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th ta="right">{t('problems.line')}</Table.Th>
            <Table.Th miw={110}>{t('problems.column')}</Table.Th>
            <Table.Th>{t('problems.what')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {found.edges.map(({ cursor, node: { column, line, message } }) => (
            <Table.Tr key={cursor}>
              <Table.Td ta="right" className="numbers">
                {line === 0 ? t('problems.wholeFile') : format.number(line)}
              </Table.Td>
              <Table.Td className="typed">{column ?? '—'}</Table.Td>
              <Table.Td>{problemText(message)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Sheet>
      <Group>
        <Button
          variant="light"
          loading={isCollecting}
          leftSection={<IconFileSpreadsheet size={16} aria-hidden />}
          onClick={() => void collect().catch(() => {})}
        >
          {t(found.pageInfo.hasNextPage ? 'problems.downloadAll' : 'problems.download')}
        </Button>
      </Group>
    </Stack>
  );
}

async function pageOf(apollo: ApolloClient, id: string, after: string | null) {
  const { data } = await apollo.query({ query: ImportProblemsDocument, variables: { id, first: PAGE, after }, fetchPolicy: 'no-cache' });
  return data?.node?.__typename === 'Import' ? data.node.problems : null;
}
