/** A hook that combines many calls within a second into one. */

import { useCallback, useEffect, useRef } from 'react';

/** Failures often arrive for many rows at once. */
const THROTTLE_MS = 1_000;

/** Returns a function that calls `callback` after a second, once for all its calls in that time. */
export function useThrottled(callback: () => void): () => void {
  const latest = useRef(callback);
  useEffect(() => {
    latest.current = callback;
  });
  const timer = useRef<number | undefined>(undefined);
  useEffect(
    () => () => {
      window.clearTimeout(timer.current);
      timer.current = undefined;
    },
    [],
  );
  return useCallback(() => {
    timer.current ??= window.setTimeout(() => {
      timer.current = undefined;
      latest.current();
    }, THROTTLE_MS);
  }, []);
}
