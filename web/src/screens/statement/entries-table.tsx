/** A table of statement entries. */

import { Badge, Text } from '@mantine/core';
import { DataTable } from 'mantine-datatable';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay, useViewer } from '../../data/live-context.ts';
import type { StatementQuery, TransferKind } from '../../gql/graphql.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { useEntryTexts } from '../../ui/entry-list.tsx';
import { ListSkeleton } from '../../ui/skeletons.tsx';
import { UndoButton, useUndo } from '../../ui/use-undo.tsx';

const WIDE = '(min-width: 48em)';

type Entry = NonNullable<StatementQuery['reseller']>['account']['statement']['edges'][number]['node'];

/** The kinds of entries that can be undone. */
const SPENDS: readonly TransferKind[] = ['ACTIVATION', 'RENEWAL', 'SCREENS'];

interface Props {
  /** null while loading. */
  readonly entries: readonly Entry[] | null;
  readonly isLoading: boolean;
  readonly empty: ReactNode;
}

/** Statement entries as a table. On a phone, the columns that do not fit are shown below the kind. */
export function EntriesTable({ entries, isLoading, empty }: Props) {
  const { t } = useTranslation('statement');
  const format = useFormat();
  const words = useEntryTexts();
  if (isLoading && !entries) return <ListSkeleton rows={8} />;
  return (
    <DataTable
      records={entries ? [...entries] : []}
      minHeight={entries?.length ? undefined : 160}
      // The library keeps this element in the page and hides it only visually.
      emptyState={entries?.length === 0 ? empty : <span />}
      horizontalSpacing="xs"
      verticalSpacing={6}
      withRowBorders
      highlightOnHover
      noHeader={entries?.length === 0}
      columns={[
        {
          accessor: 'createdAt',
          title: t('column.when'),
          noWrap: true,
          visibleMediaQuery: WIDE,
          render: ({ createdAt }) => (
            <Text size="sm" className="numbers">
              {format.dayAndTime(createdAt)}
            </Text>
          ),
        },
        {
          accessor: 'transfer.kind',
          title: t('column.kind'),
          render: (entry) => (
            <>
              <Text size="sm" fw={500}>
                {words.kind(entry)}
              </Text>
              {[words.counterparty(entry), entry.transfer.memo, format.dayAndTime(entry.createdAt)].filter(Boolean).map((fact) => (
                <Text key={fact} size="xs" c="dimmed" hiddenFrom="sm" className="typed">
                  {fact}
                </Text>
              ))}
              {SPENDS.includes(entry.transfer.kind) ? <Undoing entry={entry} /> : null}
            </>
          ),
        },
        { accessor: 'with', title: t('column.who'), visibleMediaQuery: WIDE, cellsClassName: 'typed', render: words.counterparty },
        {
          accessor: 'transfer.memo',
          title: t('column.note'),
          visibleMediaQuery: WIDE,
          render: ({ transfer: { memo, actor } }) => (
            <>
              {memo ? (
                <Text size="sm" className="typed">
                  {memo}
                </Text>
              ) : null}
              {actor ? (
                <Text size="xs" c="dimmed" className="typed">
                  {t('by', { actor })}
                </Text>
              ) : null}
            </>
          ),
        },
        {
          accessor: 'delta',
          title: t('column.delta'),
          textAlign: 'right',
          render: ({ delta, transfer }) => (
            <Text size="sm" fw={600} className={delta > 0 ? 'numbers gain' : 'numbers'} td={transfer.undoneBy ? 'line-through' : undefined}>
              {format.delta(delta)}
            </Text>
          ),
        },
        {
          accessor: 'balanceAfter',
          title: t('column.balance'),
          textAlign: 'right',
          render: ({ balanceAfter }) => (
            <Text size="sm" className="numbers">
              {format.number(balanceAfter)}
            </Text>
          ),
        },
      ]}
    />
  );
}

/** Shows that a spend was undone, or the undo button while an undo is possible and the viewer may spend. */
function Undoing({ entry }: { entry: Entry }) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useEntryTexts();
  const may = useMay();
  const { support } = useViewer();
  const { id, undoableUntil, undoneBy } = entry.transfer;
  const undo = useUndo([words.kind(entry), words.counterparty(entry)].filter(Boolean).join(' · '));
  if (undoneBy) {
    return (
      <Badge color="gray" variant="light" size="sm">
        {t('undo.undone')}
      </Badge>
    );
  }
  if (undoableUntil === null || !may.customers || support) return null;
  return (
    <UndoButton
      undo={undo}
      transferId={id}
      variant="default"
      rightSection={
        <Text span size="xs" c="dimmed" className="numbers">
          {t('undo.until', { time: format.time(undoableUntil) })}
        </Text>
      }
    />
  );
}
