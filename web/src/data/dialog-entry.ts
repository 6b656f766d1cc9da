/** The entry of the browser's history that stands for an open dialog: the same address once more, which the router never sees. */

import type { RouterState } from 'react-router';

const MARK = 'revendaDialog';

/** Each open dialog's listener to a step in the history. */
export const markedDialogs = new Set<() => void>();

export const isMarked = (): boolean => history.state?.[MARK] !== undefined;

export function mark(): void {
  // The router's own state goes with it: for the router it is the same place.
  if (!isMarked()) history.pushState({ ...history.state, [MARK]: 'last' }, '');
}

let router: () => Pick<RouterState, 'location' | 'navigation'>;

/** The router's place when the step over an entry began, until that step is done. */
let steppedAt: string | undefined;

/**
 * Of a dialog that is gone: Forward, or Back from elsewhere, leads through it. Not while a page is on its way: the browser steps
 * later than it is told to, and would step away from that page if it came in between.
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

/** A page stands behind it from now on, or takes its place: whoever comes forward is led on to that page. */
function leaveBehind(): void {
  history.replaceState({ ...history.state, [MARK]: 'between' }, '');
}

/**
 * Keeps from the router every step that leads where it is already. Such a step would cancel the navigation on its way: the
 * dialog of the last credit closes while the panel is led to the buy page, or its link has just been followed. Called before
 * the router is made.
 */
export function hideDialogSteps(routersState: typeof router): void {
  router = routersState;
  window.addEventListener('popstate', (event) => {
    const { key, pathname, search, hash } = router().location;
    const isThere = key === keyHere() && location.href === `${location.origin}${pathname}${search}${hash}`;
    const isOvertaken = !isThere && steppedAt !== undefined && steppedAt !== key && steppedAt === keyHere();
    if (isThere || isOvertaken) event.stopImmediatePropagation();
    if (isOvertaken) {
      // A page was opened between the order to step and the step.
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

/** As the router names a place; the first has no name. */
function keyHere(): string {
  return history.state?.key ?? 'default';
}
