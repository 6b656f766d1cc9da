/** The time zone that days are told in. */

import { useQuery } from '@apollo/client/react';
import { createContext, use } from 'react';
import { useOwnAccount } from './live-context.ts';
import { RulesDocument } from './lock-mode.ts';
import { useIsClosed } from './use-lock.ts';

/** Null where nobody is signed in. */
export const TimeZoneContext = createContext<string | null>(null);

/** The tenant's; the browser's for the platform, and while nothing better is known. */
export function useTimeZone(): string {
  return use(TimeZoneContext) ?? browsersZone();
}

/** For the shell, which asks for everything below it. A panel that the lock closes may not ask. */
export function useAskedTimeZone(): string {
  const isClosed = useIsClosed();
  const mayAsk = useOwnAccount() !== null && !isClosed;
  const { data } = useQuery(RulesDocument, { fetchPolicy: mayAsk ? 'cache-first' : 'cache-only' });
  return data?.viewer.policy?.timeZone ?? browsersZone();
}

function browsersZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}
