/** A hook that combines many calls within a second into one. */

import { useCallback, useEffect, useRef } from 'react';

/** Failures often arrive for many rows at once. */
const TOGETHER_MS = 1_000;

/** Returns a function that calls `ask` after a second, once for all its calls in that time. */
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
