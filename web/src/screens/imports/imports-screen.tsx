/** The screen of imports: the upload form and the list of earlier imports. */

import { useQuery, useSubscription } from '@apollo/client/react';
import { Anchor, Badge, Group, Skeleton, Stack, Table, Text } from '@mantine/core';
import { IconTableImport } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link, Navigate } from 'react-router';
import { askAgain } from '../../data/ask-again.ts';
import { useMay, useOnConnect, useViewer } from '../../data/live-context.ts';
import type { ImportFactsFragment, ImportStatus } from '../../gql/graphql.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Failure } from '../../ui/failure.tsx';
import { MoreButton } from '../../ui/more-button.tsx';
import { Page } from '../../ui/page.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { ImportChangesDocument, ImportsDocument } from './documents.ts';
import { UploadForm } from './upload-form.tsx';

const PAGE = 20;

const COLORS: Readonly<Record<ImportStatus, string>> = {
  READING: 'blue',
  PREVIEWED: 'orange',
  COMMITTING: 'blue',
  COMMITTED: 'green',
  FAILED: 'red',
};

/** For owners of a root panel, who upload files, and for the platform, which commits imports (R55). */
export function ImportsScreen() {
  const { t } = useTranslation('imports');
  const { owner, platform } = useMay();
  const isRoot = useViewer().reseller?.depth === 0;
  if (!platform && !(owner && isRoot)) return <Navigate to="/" replace />;
  return (
    <Page title={t('title')}>
      <Stack gap="lg">
        <UploadForm />
        <Earlier />
      </Stack>
    </Page>
  );
}

/** The imports of this tenant, or of all tenants for the platform; live. */
function Earlier() {
  const { t } = useTranslation('imports');
  const { data, error, observable, fetchMore } = useQuery(ImportsDocument, {
    variables: { first: PAGE },
    fetchPolicy: 'cache-and-network',
  });
  const again = () => askAgain(observable);
  useOnConnect(again);
  const imports = data?.viewer.imports;
  useSubscription(ImportChangesDocument, {
    // The pushed data goes into the cache, which the list reads. A new import is in no list yet.
    onData: ({ data: { data: pushed } }) => {
      if (pushed && !imports?.edges.some(({ node }) => node.id === pushed.importChanged.id)) again();
    },
  });
  if (error && !data) return <Failure onRetry={again} />;
  if (!imports) return <Skeleton h={140} />;
  if (imports.edges.length === 0) {
    return (
      <EmptyState icon={IconTableImport} title={t('none')}>
        {t('noneText')}
      </EmptyState>
    );
  }
  return (
    <Stack gap="sm">
      <Sheet>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('list.file')}</Table.Th>
            <Table.Th visibleFrom="sm">{t('list.panel')}</Table.Th>
            <Table.Th ta="right">{t('list.rows')}</Table.Th>
            <Table.Th visibleFrom="sm">{t('list.at')}</Table.Th>
            <Table.Th>{t('list.status')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {imports.edges.map(({ node }) => (
            <Row key={node.id} one={node} />
          ))}
        </Table.Tbody>
      </Sheet>
      {imports.pageInfo.hasNextPage ? (
        <Group>
          <MoreButton onMore={() => fetchMore({ variables: { after: imports.pageInfo.endCursor } }).catch(() => {})} />
        </Group>
      ) : null}
    </Stack>
  );
}

function Row({ one: { id, createdAt, fileName, reseller, rows, source, status } }: { one: ImportFactsFragment }) {
  const { t } = useTranslation('imports');
  const format = useFormat();
  return (
    <Table.Tr>
      <Table.Td>
        <Anchor component={Link} to={`/imports/${encodeURIComponent(id)}`} size="sm" fw={600} className="typed">
          {fileName ?? t('list.unnamed')}
        </Anchor>
        <Text size="xs" c="dimmed">
          {source}
        </Text>
      </Table.Td>
      <Table.Td visibleFrom="sm" className="typed">
        {reseller.name}
      </Table.Td>
      <Table.Td ta="right" className="numbers">
        {format.number(rows)}
      </Table.Td>
      <Table.Td visibleFrom="sm">{format.dayAndTime(createdAt)}</Table.Td>
      <Table.Td>
        <ImportBadge status={status} />
      </Table.Td>
    </Table.Tr>
  );
}

export function ImportBadge({ status }: { status: ImportStatus }) {
  const { t } = useTranslation('imports');
  return (
    <Badge color={COLORS[status]} variant="light" miw="max-content">
      {t(`status.${status}`)}
    </Badge>
  );
}
