/** The screen of one import: its progress, its preview and its result. */

import { useQuery, useSubscription } from '@apollo/client/react';
import { Alert, Button, Group, Progress, Skeleton, Stack, Stepper, Text } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import { askAgain } from '../../data/ask-again.ts';
import { useMay, useOnConnect } from '../../data/live-context.ts';
import { useChange } from '../../data/use-change.ts';
import { useIntent } from '../../data/use-intent.ts';
import type { DiscardImportInput, ImportFactsFragment } from '../../gql/graphql.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { NotFound } from '../../shell/not-found.tsx';
import { BackLink } from '../../ui/back-link.tsx';
import { Failure } from '../../ui/failure.tsx';
import { notifyProblem } from '../../ui/notify.ts';
import { Page } from '../../ui/page.tsx';
import { useRefusalText } from '../../ui/use-refusal-text.ts';
import { CommitForm } from './commit-form.tsx';
import { DiscardImportDocument, ImportChangesDocument, ImportDocument, ImportsDocument } from './documents.ts';
import { FirstPasswords } from './first-passwords.tsx';
import { ProblemList } from './problem-list.tsx';
import { ReadingForm } from './reading-form.tsx';
import { SampleTable } from './sample-table.tsx';
import { TotalsTable } from './totals-table.tsx';

/** Fits all steps side by side on a phone. */
const NARROW_STEPS = { stepBody: { marginInlineStart: 6 }, separator: { marginInline: 6 } };

/** The steps: uploaded, checked, committed. */
const STEP = { READING: 0, FAILED: 1, PREVIEWED: 1, COMMITTING: 2, COMMITTED: 3 } as const;

export function ImportScreen() {
  const { t } = useTranslation('imports');
  const { platform } = useMay();
  const { id = '' } = useParams();
  const { data, error, observable } = useQuery(ImportDocument, { variables: { id }, fetchPolicy: 'cache-and-network' });
  const again = () => askAgain(observable);
  useOnConnect(again);
  // The pushed data goes into the cache, which the query above reads.
  useSubscription(ImportChangesDocument);
  const found = data?.node?.__typename === 'Import' ? data.node : null;
  // The sample rows are not part of the pushed changes.
  useChange(found?.status, again);
  if (error && !data) return <Failure onRetry={again} />;
  if (!data) return <Skeleton h={300} />;
  if (found === null) return <NotFound />;
  const { fileName, reseller, source, status } = found;
  return (
    <Page title={fileName ?? t('list.unnamed')}>
      <Stack gap="lg">
        <BackLink to="/imports" label={t('title')} />
        <Text size="sm" c="dimmed" className="typed">
          {t('of', { source, panel: reseller.name })}
        </Text>
        <Stepper active={STEP[status]} size="xs" iconSize={28} wrap={false} allowNextStepsSelect={false} maw={640} styles={NARROW_STEPS}>
          <Stepper.Step label={t('steps.file')} loading={status === 'READING'} />
          <Stepper.Step label={t('steps.check')} color={status === 'FAILED' ? 'red' : undefined} />
          <Stepper.Step label={t('steps.write')} loading={status === 'COMMITTING'} />
        </Stepper>
        <Underway found={found} />
        {status === 'FAILED' ? (
          <Alert color="red" role="alert">
            {t('failed')}
          </Alert>
        ) : null}
        {status === 'PREVIEWED' ? <Waits found={found} /> : null}
        {status === 'READING' ? null : <TotalsTable found={found} />}
        {status === 'COMMITTED' && platform ? (
          <FirstPasswords id={found.id} fileName={fileName} waiting={found.ownersWithoutPassword} />
        ) : null}
        {status === 'PREVIEWED' && platform ? <CommitForm found={found} key={`commit ${found.hash}`} /> : null}
        {status === 'FAILED' || status === 'PREVIEWED' || status === 'COMMITTED' ? (
          <ProblemList id={found.id} name={fileName} key={`problems ${found.hash} ${status}`} />
        ) : null}
        {status === 'PREVIEWED' || status === 'FAILED' ? <ReadingForm found={found} key={`reading ${found.hash} ${status}`} /> : null}
        {found.sample.length > 0 && status !== 'COMMITTED' ? <SampleTable rows={found.sample} /> : null}
        {status === 'PREVIEWED' || status === 'FAILED' ? <Discard id={found.id} /> : null}
      </Stack>
    </Page>
  );
}

/** The progress of reading or committing, which continues without this page. */
function Underway({ found: { progress, rows, status } }: { found: ImportFactsFragment }) {
  const { t } = useTranslation('imports');
  const format = useFormat();
  if (status !== 'READING' && status !== 'COMMITTING') return null;
  return (
    <Stack gap={4} aria-live="polite" data-testid="import-progress">
      <Progress value={progress} size="lg" animated aria-label={t(`underway.${status}`)} />
      <Text size="sm" c="dimmed">
        {t(`underway.${status}`)} · {format.number(progress)} % · {t('rowsRead', { count: rows, amount: format.number(rows) })}
      </Text>
    </Stack>
  );
}

/** Says who has to do what next. */
function Waits({ found: { knownRows, rows, validRows } }: { found: ImportFactsFragment }) {
  const { t } = useTranslation('imports');
  const format = useFormat();
  const { platform } = useMay();
  const bad = rows - validRows;
  return (
    <Alert color={bad > 0 ? 'orange' : 'green'} data-testid="import-waits">
      <Text size="sm">
        {t('valid', { count: validRows, amount: format.number(validRows), rows: format.number(rows) })}
        {bad > 0 ? ` ${t('bad', { count: bad, amount: format.number(bad) })}` : ''}
        {knownRows > 0 ? ` ${t('known', { count: knownRows, amount: format.number(knownRows) })}` : ''}
      </Text>
      <Text size="sm">{t(platform ? 'waitsForYou' : 'waits')}</Text>
    </Alert>
  );
}

function Discard({ id }: { id: string }) {
  const { t } = useTranslation('imports');
  const navigate = useNavigate();
  const refusalText = useRefusalText();
  const intent = useIntent(
    async (apollo, input: DiscardImportInput) =>
      (await apollo.mutate({ mutation: DiscardImportDocument, variables: { input }, refetchQueries: [ImportsDocument] })).data
        ?.discardImport,
    { title: t('discard'), onDone: () => navigate('/imports'), onRefused: (refusal) => notifyProblem(refusalText(refusal)) },
  );
  return (
    <Group>
      <Button
        variant="subtle"
        color="red"
        leftSection={<IconTrash size={16} aria-hidden />}
        loading={intent.isSending}
        onClick={() => intent.send(() => ({ importId: id }))}
      >
        {t('discard')}
      </Button>
    </Group>
  );
}
