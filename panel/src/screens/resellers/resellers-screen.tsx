import { useQuery } from '@apollo/client/react';
import { Button, CloseButton, Paper, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconPlus, IconSearch, IconUsersGroup } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { useMay, useViewer } from '../../live/live-context.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { IntentModal } from '../../ui/intent-modal.tsx';
import { Page } from '../../ui/page.tsx';
import { ActionWindow, type PanelAction } from './actions/action-window.tsx';
import { CreateForm } from './actions/create-form.tsx';
import { FoundResellersDocument, TenantRootsDocument } from './documents.ts';
import { ChildRows, PanelRow, PanelTable, WideRow } from './tree.tsx';
import { useBranchChanges } from './use-branch-changes.ts';

const TYPING_MS = 250;

/** The tree below the viewer's own panel, live; for the platform all tenants. */
export function ResellersScreen() {
  const { t } = useTranslation('resellers');
  const { reseller: own } = useViewer();
  const may = useMay();
  const [params, setParams] = useSearchParams();
  const [action, setAction] = useState<PanelAction | null>(null);
  const typed = params.get('search') ?? '';
  const [search] = useDebouncedValue(typed.trim(), TYPING_MS);
  const isCreating = params.has('new') && own !== null && may.credits;
  const set = (name: string, value: string | null) =>
    setParams(
      (now) => {
        if (value === null || value === '') now.delete(name);
        else now.set(name, value);
        return now;
      },
      { replace: true },
    );
  const create =
    own && may.credits ? (
      <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => set('new', '1')}>
        {t('new')}
      </Button>
    ) : null;

  return (
    <Page title={own ? t('title') : t('tenants')} actions={create}>
      {own ? <Live /> : null}
      <TextInput
        aria-label={t('search')}
        placeholder={t('search')}
        leftSection={<IconSearch size={16} aria-hidden />}
        rightSection={typed ? <CloseButton size="sm" onClick={() => set('search', null)} /> : null}
        value={typed}
        onChange={(event) => set('search', event.currentTarget.value)}
        maw={420}
      />
      <Paper withBorder p="xs">
        <PanelTable>
          {own === null ? <TenantRows search={search} onAct={setAction} /> : null}
          {own && search ? <FoundRows id={own.id} search={search} onAct={setAction} /> : null}
          {own && !search ? (
            <ChildRows
              parentId={own.id}
              onAct={setAction}
              whenEmpty={
                <EmptyState icon={IconUsersGroup} title={t('empty')} action={create}>
                  {t('emptyText')}
                </EmptyState>
              }
            />
          ) : null}
        </PanelTable>
      </Paper>
      {isCreating ? (
        <IntentModal title={t('heading.create')} onClose={() => set('new', null)}>
          <CreateForm parentId={own.id} onClose={() => set('new', null)} />
        </IntentModal>
      ) : null}
      {action ? <ActionWindow action={action} onClose={() => setAction(null)} /> : null}
    </Page>
  );
}

function Live() {
  useBranchChanges();
  return null;
}

interface RowsProps {
  readonly search: string;
  readonly onAct: (action: PanelAction) => void;
}

function FoundRows({ id, search, onAct }: RowsProps & { id: string }) {
  const { t } = useTranslation('resellers');
  const { data } = useQuery(FoundResellersDocument, { variables: { id, search } });
  const found = data?.reseller?.descendants?.edges;
  if (found?.length === 0) {
    return (
      <WideRow>
        <EmptyState icon={IconSearch} title={t('nothingFound')}>
          {t('nothingFoundText')}
        </EmptyState>
      </WideRow>
    );
  }
  return found?.map(({ node }) => (
    <PanelRow key={node.id} panel={node} note={node.parent ? t('page.below', { name: node.parent.name }) : undefined} onAct={onAct} />
  ));
}

function TenantRows({ search, onAct }: RowsProps) {
  const { data } = useQuery(TenantRootsDocument, { variables: { search: search || null } });
  return data?.tenants?.edges.map(({ node }) => (
    <PanelRow key={node.id} panel={node} below={(node.branch?.resellers ?? 1) - 1} onAct={onAct} />
  ));
}
