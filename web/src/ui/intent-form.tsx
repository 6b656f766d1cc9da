/** The form for one intent: submit button, progress, refusal. */

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
  /** The person or panel concerned, if the dialog's title does not name them. It distinguishes the command in the unsettled list. */
  readonly about?: string;
  readonly onCancel?: () => void;
  /** The label of the button that leaves the form. Needed where the form itself cancels something. */
  readonly cancelLabel?: string;
  /** Whether the form cannot be sent now. */
  readonly isBlocked?: boolean;
  /** Why the panel may not do this now; null if it may. With a reason the form can be read but not filled in. */
  readonly disabledReason?: string | null;
  readonly color?: string;
  readonly children?: ReactNode;
}

/**
 * A form that executes one intent once. While the outcome is unknown the values cannot be changed, because another value would
 * be another intent. The person can only send the same values again.
 */
export function IntentForm({
  intent,
  onSubmit,
  submitLabel,
  about = '',
  onCancel,
  cancelLabel,
  isBlocked = false,
  disabledReason = null,
  color,
  children,
}: Props) {
  const { t } = useTranslation();
  const refusalText = useRefusalText();
  const { isSending, isUncertain, refusal, showAs } = intent;
  const dialog = use(DialogContext);
  const title = dialog?.title ?? submitLabel;
  useEffect(() => showAs(about.trim() ? `${title}: ${about.trim()}` : title));
  // Closing does not lose a sent form: its command stays in the unsettled list.
  useEffect(() => {
    if (isSending) dialog?.setTyped(false);
  }, [isSending, dialog]);
  return (
    <form onSubmit={onSubmit} onInput={() => dialog?.setTyped(true)} noValidate>
      <Stack gap="md">
        <Fieldset variant="unstyled" m={0} p={0} disabled={isSending || isUncertain || disabledReason !== null}>
          <Stack gap="sm">{children}</Stack>
        </Fieldset>
        {disabledReason === null ? null : <Alert color="gray">{disabledReason}</Alert>}
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
            <Button type="submit" loading={isSending} disabled={isBlocked || disabledReason !== null} color={color}>
              {submitLabel}
            </Button>
          )}
        </DialogFooter>
      </Stack>
    </form>
  );
}
