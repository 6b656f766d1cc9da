/** Offers to undo the newest spend: in a toast on any screen, or in a line above the screens of a locked panel. */

import { useQuery } from '@apollo/client/react';
import { ActionIcon, Alert, Anchor, Group, Paper, Text } from '@mantine/core';
import { IconArrowBackUp, IconX } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { askAgain } from '../data/ask-again.ts';
import { useOnReconnect, useViewer } from '../data/live-context.ts';
import { OwnSpendsDocument } from '../data/undoing.ts';
import { useChange } from '../data/use-change.ts';
import type { OwnSpendsQuery } from '../gql/graphql.ts';
import { useFormat } from '../i18n/use-format.ts';
import { Countdown } from '../ui/countdown.tsx';
import { useEntryTexts } from '../ui/entry-list.tsx';
import { type Undo, UndoButton, useUndo } from '../ui/use-undo.tsx';
import classes from './undo-offer.module.css';

/** How long the toast is shown. Afterwards the statement offers the undo, as long as it is possible. */
const SHOWN_MS = 30_000;
/** Spends by one person within this time count as one command for many customers. */
const TOGETHER_MS = 2_000;

type Spend = NonNullable<OwnSpendsQuery['reseller']>['account']['statement']['edges'][number]['node'];

/** For users who may spend, in their own panel. A toast after their own spend; in a locked panel a line while an undo is possible. */
export function UndoOffer({ panelId, isLocked }: { panelId: string; isLocked: boolean }) {
  const { user } = useViewer();
  const { data, observable } = useQuery(OwnSpendsDocument, { variables: { id: panelId }, fetchPolicy: 'cache-and-network' });
  const again = () => askAgain(observable);
  const entries = data?.reseller?.account.statement.edges.map(({ node }) => node);
  // The stream's new entry does not say whether it can be undone, so the query runs again.
  useChange(entries?.[0]?.id, again);
  useOnReconnect(again);
  const spends = entries?.filter(({ transfer }) => transfer.undoableUntil !== null) ?? [];
  const [shownId, dismiss] = useFreshId(entries, user.email);
  const spend = isLocked ? spends[0] : spends.find(({ id }) => id === shownId);
  const { what } = useWords();
  const undo = useUndo(spend ? what(spend) : '');
  if (!spend) return null;
  if (isLocked) return <LockedLine spend={spend} undo={undo} onEnd={again} />;
  const together = spends.filter(
    ({ createdAt, transfer: { actor } }) =>
      actor === spend.transfer.actor && Math.abs(Date.parse(spend.createdAt) - Date.parse(createdAt)) < TOGETHER_MS,
  );
  return <Toast spends={together} undo={undo} onEnd={again} onDismiss={dismiss} />;
}

/** The person's newest spend since the tab was opened, for `SHOWN_MS`, and a function that dismisses it. */
function useFreshId(entries: readonly Spend[] | undefined, email: string): [string | null, () => void] {
  const [freshId, setFreshId] = useState<string | null>(null);
  const newest = entries?.[0];
  const newestId = entries ? (newest?.id ?? '') : undefined;
  const isOwn = newest?.transfer.actor === email && newest.transfer.kind !== 'UNDO';
  const knownId = useRef(newestId);
  useEffect(() => {
    const known = knownId.current;
    knownId.current = newestId;
    if (known === undefined || known === newestId || !isOwn || !newestId) return;
    setFreshId(newestId);
    const timer = setTimeout(() => setFreshId((now) => (now === newestId ? null : now)), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [newestId, isOwn]);
  return [freshId, () => setFreshId(null)];
}

function useWords() {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useEntryTexts();
  const what = (spend: Spend) => [words.kind(spend), spend.transfer.customer?.name].filter(Boolean).join(' · ');
  const credits = (amount: number) => t('balance.credits', { count: amount, amount: format.number(amount) });
  const until = (at: string) => t('undo.until', { time: format.time(at) });
  return { t, what, credits, until };
}

interface OfferProps {
  readonly undo: Undo;
  readonly onEnd: () => void;
}

function LockedLine({ spend, undo, onEnd }: OfferProps & { spend: Spend }) {
  const { t, what, credits, until } = useWords();
  const { id, undoableUntil } = spend.transfer;
  return (
    <Alert color="blue" mb="md" icon={<IconArrowBackUp aria-hidden />} data-testid="undo">
      <Group justify="space-between" gap="sm">
        <Text size="sm" flex="1 1 200px" className="typed">
          {t('undo.mistake', { what: what(spend), credits: credits(-spend.delta) })} {until(undoableUntil ?? '')}
        </Text>
        <UndoButton undo={undo} transferId={id} variant="filled" rightSection={<Countdown until={undoableUntil ?? ''} onEnd={onEnd} />} />
      </Group>
    </Alert>
  );
}

function Toast({ spends, undo, onEnd, onDismiss }: OfferProps & { spends: readonly Spend[]; onDismiss: () => void }) {
  const { t, what, credits, until } = useWords();
  const [spend] = spends;
  if (!spend) return null;
  const { id, undoableUntil } = spend.transfer;
  const sum = spends.reduce((total, { delta }) => total - delta, 0);
  return (
    <Paper className={classes.toast} shadow="md" withBorder data-testid="undo">
      <div role="status" className={classes.text}>
        <Text size="sm" fw={600} className="typed" lineClamp={2}>
          {spends.length === 1 ? what(spend) : t('undo.many', { count: spends.length })}
        </Text>
        <Text size="xs" c="dimmed">
          {credits(sum)} · {until(undoableUntil ?? '')}
        </Text>
      </div>
      {spends.length === 1 ? (
        <UndoButton key={id} undo={undo} transferId={id} rightSection={<Countdown until={undoableUntil ?? ''} onEnd={onEnd} />} />
      ) : (
        <Anchor component={Link} to="/credits" size="sm" onClick={onDismiss}>
          {t('undo.inStatement')}
        </Anchor>
      )}
      <ActionIcon variant="subtle" color="gray" aria-label={t('actions.close')} onClick={onDismiss}>
        <IconX size={16} aria-hidden />
      </ActionIcon>
    </Paper>
  );
}
