/** The row of a dialog's buttons, always visible however long the dialog is. */

import { type ReactNode, use } from 'react';
import classes from './dialog.module.css';
import { DialogContext } from './dialog-context.ts';

/** In a dialog: at its lower edge, above the keyboard. On a page: below the form's fields. The last button is the main one. */
export function DialogFooter({ children }: { children: ReactNode }) {
  const isInDialog = use(DialogContext) !== null;
  return (
    <div className={classes.footer} data-sticky={isInDialog || undefined}>
      {children}
    </div>
  );
}
