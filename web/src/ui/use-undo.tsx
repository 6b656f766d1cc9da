/** A hook that undoes a spend, and its button. */

import { Button, type ButtonProps } from '@mantine/core';
import { type ReactNode, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useLive } from '../data/live-context.ts';
import { UndoSpendingDocument } from '../data/undoing.ts';
import { useIntent } from '../data/use-intent.ts';
import type { UndoSpendingInput } from '../gql/graphql.ts';
import { useFormat } from '../i18n/use-format.ts';
import { notifyDone, notifyProblem } from './notify.ts';
import { useRefusalText } from './use-refusal-text.ts';

/** Refusal codes whose text for an undo is more specific than the general one. */
const SPECIFIC_CODES = ['INVALID_STATE', 'LIMIT_REACHED', 'NOT_FOUND'] as const;

export interface Undo {
  readonly isSending: boolean;
  undo(transferId: string): void;
}

/**
 * Undoes a spend with one click, once: the credits return, and the customer is as before (R45). Call this hook in a parent of
 * the button that stays mounted when the button disappears, because the stream may announce the undo before the response
 * arrives. `what`: a description of the spend.
 */
export function useUndo(what: string): Undo {
  const { t } = useTranslation();
  const format = useFormat();
  const refusalText = useRefusalText();
  const { apollo } = useLive();
  const undoing = useRef(what);
  const refetchAll = () => {
    apollo.refetchQueries({ include: 'active' }).catch(() => {});
  };
  const { isSending, send } = useIntent(
    async (client, input: UndoSpendingInput) =>
      (await client.mutate({ mutation: UndoSpendingDocument, variables: { input } })).data?.undoSpending,
    {
      title: t('undo.title', { what: undoing.current }),
      onDone: ({ transfer: { amount } }) => {
        notifyDone(t('undo.done', { count: amount, amount: format.number(amount) }));
        refetchAll();
      },
      onRefused: (refusal) => {
        const code = SPECIFIC_CODES.find((each) => each === refusal.code);
        notifyProblem(code ? t(`undo.${code}`) : refusalText(refusal));
        refetchAll();
      },
    },
  );
  return {
    isSending,
    undo(transferId) {
      undoing.current = what;
      send((idempotencyKey) => ({ transferId, idempotencyKey }));
    },
  };
}

interface Props extends ButtonProps {
  readonly undo: Undo;
  readonly transferId: string;
  /** Shown next to the button's label. */
  readonly rightSection: ReactNode;
}

export function UndoButton({ undo: { isSending, undo }, transferId, ...props }: Props) {
  const { t } = useTranslation();
  return (
    <Button size="compact-sm" {...props} loading={isSending} onClick={() => undo(transferId)}>
      {t('undo.undo')}
    </Button>
  );
}
