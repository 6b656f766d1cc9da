/** The entry of the browser's history that stands for an open dialog: the same address once more, which the router never sees. */

import type { Location } from 'react-router';

const MARK = 'revendaDialog';

/** Each open dialog's listener to a step in the history. */
export const markedDialogs = new Set<() => void>();

export const isMarked = (): boolean => history.state?.[MARK] === true;

export function mark(): void {
  // The router's own state goes with it: for the router it is the same place.
  if (!isMarked()) history.pushState({ ...history.state, [MARK]: true }, '');
}

/** Of a dialog that is gone: Forward, or Back from elsewhere, leads through it. */
export function passOver(): void {
  if (markedDialogs.size === 0 && isMarked()) history.back();
}

/**
 * Keeps from the router every step that leads where it is already. Such a step would cancel the navigation on its way: the
 * dialog of the last credit closes while the panel is led to the buy page, or its link has just been followed. Called before
 * the router is made.
 */
export function hideDialogSteps(routersLocation: () => Location): void {
  window.addEventListener('popstate', (event) => {
    const { key, pathname, search, hash } = routersLocation();
    if (key === (history.state?.key ?? 'default') && location.href === `${location.origin}${pathname}${search}${hash}`) {
      event.stopImmediatePropagation();
    }
    for (const listener of [...markedDialogs]) listener();
    passOver();
  });
}
