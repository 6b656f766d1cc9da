/** Shows notifications. */

import { notifications } from '@mantine/notifications';
import type { Settled } from '../data/unsettled.ts';
import { i18n } from '../i18n/i18n.ts';
import { refusalText } from './use-refusal-text.ts';

/** Confirms a completed action. */
export function notifyDone(message: string): void {
  show(message, 'brand');
}

/** Reports a problem, for longer than a confirmation. */
export function notifyProblem(message: string): void {
  show(message, 'red', 8_000);
}

/** Reports the outcome of a command whose dialog is closed. */
export function notifySettled(title: string, { refusal }: Settled): void {
  if (refusal) notifyProblem(i18n.t('common:unsettled.refused', { title, why: refusalText(i18n.getFixedT(null, 'errors'), refusal) }));
  else notifyDone(i18n.t('common:unsettled.done', { title }));
}

function show(message: string, color: string, autoClose?: number): void {
  notifications.show({ message, color, withBorder: true, autoClose, closeButtonProps: { 'aria-label': i18n.t('common:actions.close') } });
}
