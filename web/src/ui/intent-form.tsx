/** The form around one intent: submit, progress, refusal. */

import { Alert, Button, Fieldset, Stack, Text } from '@mantine/core';
import { type ReactNode, type SubmitEvent, use, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { IntentState } from '../data/use-intent.ts';
import { DialogContext } from './dialog-context.ts';
import { DialogFooter } from './dialog-footer.tsx';
import { useRefusalText } from './use-refusal-text.ts';

interface Props {
  readonly intent: IntentState;
  readonly onSubmit: (event: SubmitEvent<HTMLFormElement>) => void;
  readonly submitLabel: string;
  /** Whom it is about, where the dialog's title does not name them: among commands without an answer it is told from others. */
  readonly about?: string;
  readonly onCancel?: () => void;
  /** Where "cancel" is what the form does, what leaves it is called otherwise. */
  readonly cancelLabel?: string;
  /** Why it cannot be sent now, if it cannot. */
  readonly isBlocked?: boolean;
  /** Why the panel may not do it now: the form can be read, and not filled in. null: it may. */
  readonly whyOff?: string | null;
  readonly color?: string;
  readonly children?: ReactNode;
}

/**
 * A form that does one thing once. While nobody knows whether it was done the values cannot be changed, only the same
 * be asked again: another value would be another intent.
 */
export function IntentForm({
  intent,
  onSubmit,
  submitLabel,
  about = '',
  onCancel,
  cancelLabel,
  isBlocked = false,
  whyOff = null,
  color,
  children,
}: Props) {
  const { t } = useTranslation();
  const refusalText = useRefusalText();
  const { isSending, isUncertain, refusal, showAs } = intent;
  const dialog = use(DialogContext);
  const title = dialog?.title ?? submitLabel;
  useEffect(() => showAs(about.trim() ? `${title}: ${about.trim()}` : title));
  // What was sent is not lost by closing: it stays among the unsettled commands.
  useEffect(() => {
    if (isSending) dialog?.setTyped(false);
  }, [isSending, dialog]);
  return (
    <form onSubmit={onSubmit} onInput={() => dialog?.setTyped(true)} noValidate>
      <Stack gap="md">
        <Fieldset variant="unstyled" m={0} p={0} disabled={isSending || isUncertain || whyOff !== null}>
          <Stack gap="sm">{children}</Stack>
        </Fieldset>
        {whyOff === null ? null : <Alert color="gray">{whyOff}</Alert>}
        {refusal ? (
          <Alert color="red" role="alert">
            {refusalText(refusal)}
          </Alert>
        ) : null}
        {isUncertain ? (
          <Alert color="orange" role="alert">
            <Text size="sm">{t('intent.uncertain')}</Text>
            <Text size="sm">{t('intent.againHint')}</Text>
          </Alert>
        ) : null}
        <DialogFooter>
          {onCancel ? (
            <Button variant="default" onClick={onCancel} disabled={isSending}>
              {cancelLabel ?? t('actions.cancel')}
            </Button>
          ) : null}
          {isUncertain ? (
            <Button onClick={() => intent.again()}>{t('intent.again')}</Button>
          ) : (
            <Button type="submit" loading={isSending} disabled={isBlocked || whyOff !== null} color={color}>
              {submitLabel}
            </Button>
          )}
        </DialogFooter>
      </Stack>
    </form>
  );
}
