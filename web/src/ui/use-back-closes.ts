/** Lets the browser's Back close an open dialog instead of leaving the page. */

import { useEffect, useRef } from 'react';
import { isMarked, mark, markedDialogs, passOver } from '../data/dialog-entry.ts';

/** `onBack` may close the dialog or keep it open. While the dialog is open, it also receives the next Back. */
export function useBackCloses(onBack: () => void): void {
  const latest = useRef(onBack);
  useEffect(() => {
    latest.current = onBack;
  });
  useEffect(() => {
    let isThere = true;
    const onStep = () => {
      if (isMarked()) return;
      latest.current();
      setTimeout(() => {
        if (isThere) mark();
      });
    };
    markedDialogs.add(onStep);
    mark();
    return () => {
      isThere = false;
      markedDialogs.delete(onStep);
      // Another dialog may take its place at once, or another page.
      setTimeout(passOver);
    };
  }, []);
}
