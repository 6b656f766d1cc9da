/** The context that a dialog shares with the form inside it. */

import { createContext } from 'react';

export interface DialogContext {
  readonly title: string;
  /** Records whether closing would lose typed text. */
  setTyped(isTyped: boolean): void;
}

/** null: the form is on a page, not in a dialog. */
export const DialogContext = createContext<DialogContext | null>(null);
