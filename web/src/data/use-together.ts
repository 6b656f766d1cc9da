/** Asks anew after what is told, once for all that is told meanwhile. */

import { useCallback, useEffect, useRef } from 'react';

/** What goes wrong does so for many at once. */
const TOGETHER_MS = 1_000;

/** What is given is called a moment after the result is, however often that is. */
export function useTogether(ask: () => void): () => void {
  const latest = useRef(ask);
  useEffect(() => {
    latest.current = ask;
  });
  const due = useRef<number | undefined>(undefined);
  useEffect(
    () => () => {
      window.clearTimeout(due.current);
      due.current = undefined;
    },
    [],
  );
  return useCallback(() => {
    due.current ??= window.setTimeout(() => {
      due.current = undefined;
      latest.current();
    }, TOGETHER_MS);
  }, []);
}
