/** A hook that calls back when a value has changed. */

import { useEffect, useRef } from 'react';

/** Calls back when the value changes, but not for the first value. */
export function useChange(value: unknown, onChange: () => void): void {
  const seen = useRef(value);
  const latest = useRef(onChange);
  useEffect(() => {
    latest.current = onChange;
  });
  useEffect(() => {
    if (Object.is(seen.current, value)) return;
    seen.current = value;
    latest.current();
  }, [value]);
}
