/** Changes between one's own session and a support session, whose cookie all tabs share. */

/** What tells the other tabs: the value means nothing. */
const CHANGED = 'revenda-support-changed';

/** This browser is somebody else from now on: every tab begins again, with nothing of what it showed. */
export function begunElsewhere(): void {
  localStorage.setItem(CHANGED, crypto.randomUUID());
  startAgain();
}

/** For a tab that is told by another. */
export function watchSupport(): void {
  window.addEventListener('storage', ({ key }) => {
    if (key === CHANGED) startAgain();
  });
}

export function startAgain(): void {
  location.assign('/');
}
