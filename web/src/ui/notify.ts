/** Shows notifications. */

import { notifications } from '@mantine/notifications';
import { i18n } from '../i18n/i18n.ts';

/** Something was done. */
export function notifyDone(message: string): void {
  show(message, 'brand');
}

/** Something that the person must know of, and did not ask for. */
export function notifyProblem(message: string): void {
  show(message, 'red', 8_000);
}

function show(message: string, color: string, autoClose?: number): void {
  notifications.show({ message, color, withBorder: true, autoClose, closeButtonProps: { 'aria-label': i18n.t('common:actions.close') } });
}
