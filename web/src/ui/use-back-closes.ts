/** Lets the browser's Back close an open dialog instead of leaving the page. */

import { useEffect, useRef } from 'react';

/** Marks the entry of the browser's history that stands for an open dialog: the same address once more. */
const MARK = 'revendaDialog';

let open = 0;

const isMarked = () => history.state?.[MARK] === true;

function mark(): void {
  // The router's own state goes with it: for the router it is the same place.
  if (!isMarked()) history.pushState({ ...history.state, [MARK]: true }, '');
}

/** Of a dialog that is gone: Forward, or Back from elsewhere, leads through it. */
function passOver(): void {
  if (open === 0 && isMarked()) history.back();
}

window.addEventListener('popstate', passOver);

/** `onBack` may close the dialog or not; as long as it stands, the next Back is its own again. */
export function useBackCloses(onBack: () => void): void {
  const latest = useRef(onBack);
  useEffect(() => {
    latest.current = onBack;
  });
  useEffect(() => {
    let isThere = true;
    open += 1;
    mark();
    const onPop = () => {
      if (isMarked()) return;
      latest.current();
      setTimeout(() => {
        if (isThere) mark();
      });
    };
    window.addEventListener('popstate', onPop);
    return () => {
      isThere = false;
      open -= 1;
      window.removeEventListener('popstate', onPop);
      // Another dialog may take its place at once, or another page.
      setTimeout(passOver);
    };
  }, []);
}
