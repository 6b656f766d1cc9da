/** The screen of the resellers below the viewer. */

import { useQuery } from '@apollo/client/react';
import { Checkbox, CloseButton, Group, Paper, Select, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconPlus, IconSearch, IconUsersGroup } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Navigate, useSearchParams } from 'react-router';
import { useMay, useViewer } from '../../data/live-context.ts';
import type { ResellerOrder } from '../../gql/graphql.ts';
import { ActionButton } from '../../ui/action-button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Failure } from '../../ui/failure.tsx';
import { IntentModal } from '../../ui/intent-modal.tsx';
import { Page } from '../../ui/page.tsx';
import { useAddressRequest } from '../../ui/use-address-request.ts';
import { ActionWindow, type PanelAction } from './actions/action-window.tsx';
import { CreateForm } from './actions/create-form.tsx';
import { FoundResellersDocument, type ListOfPanels } from './documents.ts';
import { Balance, ChildRows, MoreRow, Paced, PanelRow, PanelTree, pagesOf, RowSkeletons, WideRow } from './tree.tsx';
import { useBranchChanges } from './use-branch-changes.ts';

const TYPING_MS = 250;
const ORDERS: readonly ResellerOrder[] = ['NEWEST', 'OLDEST', 'NAME', 'BALANCE'];

/** The live tree below the viewer's own panel. The platform has no panel; it sees the list of tenants instead. */
export function ResellersScreen() {
  const own = useViewer().reseller;
  return own ? <Resellers ownId={own.id} /> : <Navigate to="/platform" replace />;
}

function Resellers({ ownId }: { ownId: string }) {
  const { t } = useTranslation('resellers');
  const may = useMay();
  const [params, setParams] = useSearchParams();
  const [action, setAction] = useState<PanelAction | null>(null);
  const typed = params.get('search') ?? '';
  const [search] = useDebouncedValue(typed.trim(), TYPING_MS);
  const [isCreating, setCreating] = useState(false);
  useAddressRequest('new', () => setCreating(may.credits));
  const set = (name: string, value: string | null) =>
    setParams(
      (now) => {
        if (value === null || value === '') now.delete(name);
        else now.set(name, value);
        return now;
      },
      { replace: true },
    );
  const create = may.credits ? (
    <ActionButton leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setCreating(true)}>
      {t('new')}
    </ActionButton>
  ) : null;
  const list: ListOfPanels = {
    order: ORDERS.find((each) => each === params.get('order')) ?? 'NEWEST',
    locked: params.has('locked') ? true : null,
  };
  useBranchChanges(list);

  return (
    <Page title={t('title')} actions={create}>
      <Group gap="sm" role="search">
        <TextInput
          aria-label={t('search')}
          placeholder={t('search')}
          leftSection={<IconSearch size={16} aria-hidden />}
          rightSection={typed ? <CloseButton size="sm" aria-label={t('clearSearch')} onClick={() => set('search', null)} /> : null}
          value={typed}
          onChange={(event) => set('search', event.currentTarget.value)}
          flex="1 1 240px"
          maw={{ sm: 420 }}
        />
        <Select
          flex="1 1 160px"
          maw={{ sm: 220 }}
          aria-label={t('order.label')}
          value={list.order}
          allowDeselect={false}
          disabled={search !== ''}
          data={ORDERS.map((value) => ({ value, label: t(`order.${value}`) }))}
          onChange={(order) => set('order', order)}
        />
        <Checkbox
          label={t('order.locked')}
          checked={list.locked === true}
          disabled={search !== ''}
          onChange={({ currentTarget }) => set('locked', currentTarget.checked ? '1' : null)}
        />
      </Group>
      <Paper withBorder p="xs">
        <PanelTree label={t('title')} top={search ? undefined : <OwnPanel />}>
          {search ? (
            <FoundRows id={ownId} search={search} onAct={setAction} />
          ) : (
            <ChildRows
              parentId={ownId}
              list={list}
              onAct={setAction}
              whenEmpty={
                list.locked ? (
                  <EmptyState icon={IconUsersGroup} title={t('order.noneLocked')} />
                ) : (
                  <EmptyState icon={IconUsersGroup} title={t('empty')} action={create}>
                    {t('emptyText')}
                  </EmptyState>
                )
              }
            />
          )}
        </PanelTree>
      </Paper>
      {isCreating ? (
        <IntentModal title={t('heading.create')} onClose={() => setCreating(false)}>
          <CreateForm parentId={ownId} onClose={() => setCreating(false)} />
        </IntentModal>
      ) : null}
      {action ? <ActionWindow action={action} onClose={() => setAction(null)} /> : null}
    </Page>
  );
}

/** The top of the tree: the viewer's own panel. */
function OwnPanel() {
  const { t } = useTranslation('resellers');
  const { reseller } = useViewer();
  if (!reseller) return null;
  return (
    <>
      <Text size="sm" fw={650} flex={1} className="typed">
        {reseller.name}{' '}
        <Text span size="xs" c="dimmed">
          {t('you')}
        </Text>
      </Text>
      <Balance account={reseller.account} />
    </>
  );
}

interface FoundProps {
  readonly id: string;
  readonly search: string;
  readonly onAct: (action: PanelAction) => void;
}

function FoundRows({ id, search, onAct }: FoundProps) {
  const { t } = useTranslation('resellers');
  const { data, error, refetch, fetchMore } = useQuery(FoundResellersDocument, { variables: { id, search } });
  const found = data?.reseller?.descendants;
  if (!found) return error ? <WideRow>{<Failure onRetry={() => refetch().catch(() => {})} />}</WideRow> : <RowSkeletons />;
  if (found.edges.length === 0) {
    return (
      <WideRow>
        <EmptyState icon={IconSearch} title={t('nothingFound')}>
          {t('nothingFoundText')}
        </EmptyState>
      </WideRow>
    );
  }
  const { hasNextPage, endCursor } = found.pageInfo;
  return (
    <>
      {pagesOf(found.edges.map(({ node }) => node)).map((page) => (
        <Paced key={page[0]?.id} panels={page}>
          {(panel, spent) => (
            <PanelRow
              key={panel.id}
              panel={panel}
              spent={spent}
              note={panel.parent ? t('page.under', { name: panel.parent.name }) : undefined}
              onAct={onAct}
            />
          )}
        </Paced>
      ))}
      {hasNextPage ? <MoreRow onMore={() => fetchMore({ variables: { after: endCursor } }).catch(() => {})} /> : null}
    </>
  );
}
