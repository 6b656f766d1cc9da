/** A hook that reacts once to a parameter of the address. */

import { useEffect, useRef } from 'react';
import { useSearchParams } from 'react-router';

/**
 * Calls back when the address has this parameter, for example `?new=1`. Removes the parameter first, so that neither a reload
 * nor Back triggers it again.
 */
export function useAddressRequest(name: string, onRequest: () => void): void {
  const [params, setParams] = useSearchParams();
  const isAsked = params.has(name);
  const isWanted = useRef(false);
  const latest = useRef({ onRequest, setParams });
  useEffect(() => {
    latest.current = { onRequest, setParams };
  });
  useEffect(() => {
    if (isAsked) {
      isWanted.current = true;
      latest.current.setParams(
        (now) => {
          now.delete(name);
          return now;
        },
        { replace: true },
      );
    } else if (isWanted.current) {
      isWanted.current = false;
      latest.current.onRequest();
    }
  }, [isAsked, name]);
}
