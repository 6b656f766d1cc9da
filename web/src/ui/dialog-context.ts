/** What a form and the dialog around it tell each other. */

import { createContext } from 'react';

export interface DialogContext {
  readonly title: string;
  /** Whether something was typed that closing would lose. */
  setTyped(isTyped: boolean): void;
}

/** null: the form stands on a page. */
export const DialogContext = createContext<DialogContext | null>(null);
