/** The form that moves a branch. */

import { useApolloClient, useQuery } from '@apollo/client/react';
import { Alert, Select, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useDebouncedValue } from '@mantine/hooks';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useViewer } from '../../../data/live-context.ts';
import { isRefusal, type Refusal } from '../../../data/refusal.ts';
import { useIntent } from '../../../data/use-intent.ts';
import type { MoveResellerInput } from '../../../gql/graphql.ts';
import { fieldProblems } from '../../../ui/field-problems.ts';
import { IntentForm } from '../../../ui/intent-form.tsx';
import { notifyDone } from '../../../ui/notify.ts';
import { useRefusalText } from '../../../ui/use-refusal-text.ts';
import { ChildrenDocument, FoundResellersDocument, MoveDocument, type Panel } from '../documents.ts';

const TYPING_MS = 250;

/** Moves a branch to another parent within the viewer's branch. */
export function MoveForm({ panel, onClose }: { panel: Panel; onClose: () => void }) {
  const { t } = useTranslation('resellers');
  const form = useForm({
    initialValues: { newParentId: '' },
    validate: { newParentId: (id) => (id === '' ? t('problem.choose') : null) },
  });
  const intent = useIntent(
    async (apollo, input: MoveResellerInput) =>
      // Both lists of children change, and only the server knows the old parent.
      (await apollo.mutate({ mutation: MoveDocument, variables: { input }, refetchQueries: [ChildrenDocument] })).data?.moveReseller,
    {
      onDone: () => {
        notifyDone(t('done.move', { name: panel.name }));
        onClose();
      },
      onRefused: (refusal) => form.setErrors(fieldProblems(refusal)),
    },
  );
  const submit = form.onSubmit(({ newParentId }) => intent.send(() => ({ resellerId: panel.id, newParentId, dryRun: false })));
  return (
    <IntentForm intent={intent} onSubmit={submit} onCancel={onClose} submitLabel={t('submit.move')}>
      <Text size="sm">{t('text.move')}</Text>
      <PanelSelect except={panel.id} {...form.getInputProps('newParentId')} />
      <Canceled resellerId={panel.id} newParentId={form.values.newParentId} />
    </IntentForm>
  );
}

/** A dry run of the move on the server: shows its side effects, or the limit that it would exceed. */
function Canceled({ resellerId, newParentId }: { resellerId: string; newParentId: string }) {
  const { t } = useTranslation('resellers');
  const apollo = useApolloClient();
  const refusalText = useRefusalText();
  const [count, setCount] = useState(0);
  const [limit, setLimit] = useState<Refusal | null>(null);
  useEffect(() => {
    setCount(0);
    setLimit(null);
    if (newParentId === '') return;
    let isCurrent = true;
    apollo
      .mutate({ mutation: MoveDocument, variables: { input: { resellerId, newParentId, dryRun: true } }, fetchPolicy: 'no-cache' })
      .then(({ data }) => {
        const result = data?.moveReseller;
        if (!isCurrent || !result) return;
        if (result.__typename === 'MoveResellerPayload') setCount(result.canceledPurchases);
        else if (isRefusal(result) && result.code === 'LIMIT_REACHED') setLimit(result);
      })
      .catch(() => {});
    return () => {
      isCurrent = false;
    };
  }, [apollo, resellerId, newParentId]);
  if (limit) return <Alert color="red">{refusalText(limit)}</Alert>;
  return count === 0 ? null : <Alert color="orange">{t('text.moveCancels', { count })}</Alert>;
}

interface SelectProps {
  readonly except: string;
  readonly value?: string;
  readonly error?: string;
  readonly onChange?: (id: string | null) => void;
}

/** Offers the viewer's own panel, and panels below it whose names contain the typed text. */
function PanelSelect({ except, ...input }: SelectProps) {
  const { t } = useTranslation('resellers');
  const own = useViewer().reseller;
  const [typed, setTyped] = useState('');
  const [search] = useDebouncedValue(typed, TYPING_MS);
  const { data } = useQuery(FoundResellersDocument, { variables: { id: own?.id ?? '', search }, skip: !own });
  const found = data?.reseller?.descendants?.edges.map(({ node }) => node) ?? [];
  const choices = [...(own ? [own] : []), ...found.filter(({ id, status }) => id !== except && status !== 'CLOSED')];
  return (
    <Select
      label={t('form.newParent')}
      placeholder={t('form.newParentHint')}
      searchable
      data={choices.map(({ id, name }) => ({ value: id, label: name }))}
      nothingFoundMessage={t('form.nobody')}
      onSearchChange={setTyped}
      data-autofocus
      {...input}
    />
  );
}
