import { notifications } from '@mantine/notifications';

/** Something was done. */
export function notifyDone(message: string): void {
  notifications.show({ message, color: 'brand', withBorder: true });
}

/** Something that the person must know of, and did not ask for. */
export function notifyProblem(message: string): void {
  notifications.show({ message, color: 'red', withBorder: true, autoClose: 8_000 });
}
