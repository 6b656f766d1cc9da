/** Hooks that return whether a locked panel is closed or may still read, as the tenant's owner chose (R57). */

import { useQuery } from '@apollo/client/react';
import { useSyncExternalStore } from 'react';
import { useLive, useOwnAccount } from './live-context.ts';
import { RulesDocument } from './lock-mode.ts';

/** `unknown`: the panel was locked when the application was opened, and its lock mode is not known yet. */
export type Lock = 'open' | 'reading' | 'closed' | 'unknown';

export function useLock(): Lock {
  const isLocked = useOwnAccount()?.locked ?? false;
  const { lock } = useLive();
  const asked = useSyncExternalStore(lock.watch, lock.reads);
  const { data } = useQuery(RulesDocument, { fetchPolicy: 'cache-only' });
  if (!isLocked) return 'open';
  const known = data?.viewer.policy?.lockMode;
  const reads = asked ?? (known === undefined ? null : known === 'SPENDING');
  if (reads === null) return 'unknown';
  return reads ? 'reading' : 'closed';
}

/** Whether the panel may read only what R8 lists. */
export function useIsClosed(): boolean {
  const lock = useLock();
  return lock === 'closed' || lock === 'unknown';
}
