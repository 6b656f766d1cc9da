/** Adds an entry to the browser's history for an open dialog. It has the page's own address, and the router never sees it. */

import type { RouterState } from 'react-router';

const MARK = 'revendaDialog';

/** Each open dialog's listener for a step in the history. */
export const markedDialogs = new Set<() => void>();

export const isMarked = (): boolean => history.state?.[MARK] !== undefined;

export function mark(): void {
  // Keeps the router's own state, so that the router sees no change of location.
  if (!isMarked()) history.pushState({ ...history.state, [MARK]: 'last' }, '');
}

let router: () => Pick<RouterState, 'location' | 'navigation'>;

/** The router's location key when a step back over an entry began; undefined once that step is done. */
let steppedAt: string | undefined;

/**
 * Steps back over the entry of a closed dialog, which Forward, or Back from another page, would otherwise reach. Does not step
 * while a navigation is in progress: the browser steps asynchronously, and could leave the page that has just opened.
 */
export function passOver(): void {
  if (markedDialogs.size > 0 || !isMarked()) return;
  if (router().navigation.state === 'idle') stepBack();
  else leaveBehind();
}

function stepBack(): void {
  steppedAt = router().location.key;
  history.back();
}

/** Marks the entry as one before a page, so that Forward skips it and goes on to that page. */
function leaveBehind(): void {
  history.replaceState({ ...history.state, [MARK]: 'between' }, '');
}

/**
 * Hides from the router every step that leads to its current location. Such a step would cancel a navigation in progress. For
 * example, the dialog that spends the last credit closes while the panel is redirected to the buy page, or a link in a dialog
 * has just been followed. Call this before the router is created.
 */
export function hideDialogSteps(routersState: typeof router): void {
  router = routersState;
  window.addEventListener('popstate', (event) => {
    const { key, pathname, search, hash } = router().location;
    const isThere = key === keyHere() && location.href === `${location.origin}${pathname}${search}${hash}`;
    const isOvertaken = !isThere && steppedAt !== undefined && steppedAt !== key && steppedAt === keyHere();
    if (isThere || isOvertaken) event.stopImmediatePropagation();
    if (isOvertaken) {
      // A page opened between the call of history.back() and the step itself.
      if (isMarked()) leaveBehind();
      history.forward();
      return;
    }
    steppedAt = undefined;
    for (const listener of [...markedDialogs]) listener();
    const isBeforeAPage = isThere && markedDialogs.size === 0 && history.state?.[MARK] === 'between';
    if (isBeforeAPage) history.forward();
    else passOver();
  });
}

/** The router's key for the current history entry; the first entry has none. */
function keyHere(): string {
  return history.state?.key ?? 'default';
}
