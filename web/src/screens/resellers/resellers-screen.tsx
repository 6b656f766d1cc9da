/** The screen of the resellers below the viewer. */

import { useQuery } from '@apollo/client/react';
import { Button, CloseButton, Paper, Skeleton, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconPlus, IconSearch, IconUsersGroup } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Navigate, useSearchParams } from 'react-router';
import { useMay, useViewer } from '../../data/live-context.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Failure } from '../../ui/failure.tsx';
import { IntentModal } from '../../ui/intent-modal.tsx';
import { Page } from '../../ui/page.tsx';
import { ActionWindow, type PanelAction } from './actions/action-window.tsx';
import { CreateForm } from './actions/create-form.tsx';
import { FoundResellersDocument } from './documents.ts';
import { ChildRows, MoreRow, PanelRow, PanelTable, WideRow } from './tree.tsx';
import { useBranchChanges } from './use-branch-changes.ts';

const TYPING_MS = 250;

/** The tree below the viewer's own panel, live. The platform has none: all it has is the trees' roots. */
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
  const isCreating = params.has('new') && may.credits;
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
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => set('new', '1')}>
      {t('new')}
    </Button>
  ) : null;
  useBranchChanges();

  return (
    <Page title={t('title')} actions={create}>
      <TextInput
        aria-label={t('search')}
        placeholder={t('search')}
        leftSection={<IconSearch size={16} aria-hidden />}
        rightSection={typed ? <CloseButton size="sm" aria-label={t('clearSearch')} onClick={() => set('search', null)} /> : null}
        value={typed}
        onChange={(event) => set('search', event.currentTarget.value)}
        maw={420}
      />
      <Paper withBorder p="xs">
        <PanelTable>
          {search ? (
            <FoundRows id={ownId} search={search} onAct={setAction} />
          ) : (
            <ChildRows
              parentId={ownId}
              onAct={setAction}
              whenEmpty={
                <EmptyState icon={IconUsersGroup} title={t('empty')} action={create}>
                  {t('emptyText')}
                </EmptyState>
              }
            />
          )}
        </PanelTable>
      </Paper>
      {isCreating ? (
        <IntentModal title={t('heading.create')} onClose={() => set('new', null)}>
          <CreateForm parentId={ownId} onClose={() => set('new', null)} />
        </IntentModal>
      ) : null}
      {action ? <ActionWindow action={action} onClose={() => setAction(null)} /> : null}
    </Page>
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
  if (!found) return <WideRow>{error ? <Failure onRetry={() => refetch().catch(() => {})} /> : <Skeleton h={20} />}</WideRow>;
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
      {found.edges.map(({ node }) => (
        <PanelRow key={node.id} panel={node} note={node.parent ? t('page.below', { name: node.parent.name }) : undefined} onAct={onAct} />
      ))}
      {hasNextPage ? <MoreRow onMore={() => fetchMore({ variables: { after: endCursor } }).catch(() => {})} /> : null}
    </>
  );
}
