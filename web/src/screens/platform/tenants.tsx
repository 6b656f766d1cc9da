/** The list of tenants. */

import { useQuery } from '@apollo/client/react';
import { Anchor, Button, Group, Stack, Table, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconBuilding, IconCoins, IconPlus, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { askAgain } from '../../data/ask-again.ts';
import { useOnReconnect } from '../../data/live-context.ts';
import type { TenantRowFragment } from '../../gql/graphql.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Failure } from '../../ui/failure.tsx';
import { MoreButton } from '../../ui/more-button.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { ListSkeleton } from '../../ui/skeletons.tsx';
import { StatusBadges } from '../../ui/status-badges.tsx';
import { TenantsDocument } from './documents.ts';
import { CreateTenantWindow, IssueWindow } from './tenant-windows.tsx';

const PAGE = 25;
const TYPING_MS = 300;

/** The root panels of all tenants. */
export function Tenants() {
  const { t } = useTranslation('settings');
  const [doing, setDoing] = useState<'create' | TenantRowFragment | null>(null);
  const [typed, setTyped] = useState('');
  const [search] = useDebouncedValue(typed.trim(), TYPING_MS);
  const { data, previousData, error, observable, fetchMore } = useQuery(TenantsDocument, {
    variables: { first: PAGE, search: search || null },
    fetchPolicy: 'cache-and-network',
  });
  const again = () => askAgain(observable);
  useOnReconnect(again);
  const tenants = (data ?? previousData)?.tenants;
  const more = data?.tenants?.pageInfo;
  return (
    <Stack gap="md">
      <Group>
        <TextInput
          flex="1 1 220px"
          maw={420}
          aria-label={t('platform.search')}
          placeholder={t('platform.search')}
          leftSection={<IconSearch size={16} aria-hidden />}
          value={typed}
          onChange={({ currentTarget }) => setTyped(currentTarget.value)}
        />
        <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setDoing('create')}>
          {t('platform.create')}
        </Button>
      </Group>
      {error && !data ? <Failure onRetry={again} /> : null}
      {!tenants && !error ? <ListSkeleton /> : null}
      {tenants?.edges.length === 0 ? <EmptyState icon={IconBuilding} title={t('platform.none')} /> : null}
      {tenants && tenants.edges.length > 0 ? (
        <Sheet>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('platform.name')}</Table.Th>
              <Table.Th ta="right">{t('platform.balance')}</Table.Th>
              <Table.Th ta="right" visibleFrom="sm">
                {t('platform.resellers')}
              </Table.Th>
              <Table.Th ta="right" visibleFrom="sm">
                {t('platform.customers')}
              </Table.Th>
              <Table.Th ta="right">{t('platform.actions')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {tenants.edges.map(({ node }) => (
              <Row key={node.id} tenant={node} onIssue={() => setDoing(node)} />
            ))}
          </Table.Tbody>
        </Sheet>
      ) : null}
      {more?.hasNextPage ? <MoreButton onMore={() => fetchMore({ variables: { after: more.endCursor } }).catch(() => {})} /> : null}
      {doing === 'create' ? <CreateTenantWindow onClose={() => setDoing(null)} /> : null}
      {doing !== null && doing !== 'create' ? <IssueWindow tenant={doing} onClose={() => setDoing(null)} /> : null}
    </Stack>
  );
}

function Row({ tenant: { id, name, status, account, branch }, onIssue }: { tenant: TenantRowFragment; onIssue: () => void }) {
  const { t } = useTranslation('settings');
  const format = useFormat();
  return (
    <Table.Tr>
      <Table.Td>
        <Anchor component={Link} to={`/resellers/${encodeURIComponent(id)}`} size="sm" fw={600} className="typed">
          {name}
        </Anchor>
        <Group gap={4}>
          <StatusBadges status={status} account={account} />
        </Group>
      </Table.Td>
      <Table.Td ta="right" className="numbers">
        {format.number(account.balance)}
      </Table.Td>
      <Table.Td ta="right" className="numbers" visibleFrom="sm">
        {branch ? format.number(branch.resellers) : '—'}
      </Table.Td>
      <Table.Td ta="right" className="numbers" visibleFrom="sm">
        {branch ? format.number(branch.activeCustomers) : '—'}
      </Table.Td>
      <Table.Td ta="right">
        <Button
          size="compact-sm"
          variant="light"
          leftSection={<IconCoins size={14} aria-hidden />}
          aria-label={t('platform.issueTo', { name })}
          onClick={onIssue}
        >
          {t('platform.issue')}
        </Button>
      </Table.Td>
    </Table.Tr>
  );
}
