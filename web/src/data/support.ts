/** Switches all tabs between the person's own session and a support session, because they share one cookie. */

/** The storage key that notifies the other tabs; its value has no meaning. */
const CHANGED = 'revenda-support-changed';

/** Call this when the browser's session has changed. Every tab reloads from the start page. */
export function sessionChanged(): void {
  localStorage.setItem(CHANGED, crypto.randomUUID());
  reloadAtStart();
}

/** Reloads this tab when another tab changes the session. */
export function watchSupport(): void {
  window.addEventListener('storage', ({ key }) => {
    if (key === CHANGED) reloadAtStart();
  });
}

export function reloadAtStart(): void {
  location.assign('/');
}
