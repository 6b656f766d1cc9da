/** The row of a dialog's buttons, in sight however long the dialog is. */

import { type ReactNode, use } from 'react';
import classes from './dialog.module.css';
import { DialogContext } from './dialog-context.ts';

/** At the lower edge of the dialog, above the keyboard; of a form on a page, below its fields. The last button is the one to press. */
export function DialogFooter({ children }: { children: ReactNode }) {
  const isInDialog = use(DialogContext) !== null;
  return (
    <div className={classes.footer} data-sticky={isInDialog || undefined}>
      {children}
    </div>
  );
}
