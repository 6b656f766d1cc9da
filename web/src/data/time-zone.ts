/** The time zone of the dates on the screen. */

import { useQuery } from '@apollo/client/react';
import { createContext, use } from 'react';
import { useOwnAccount } from './live-context.ts';
import { RulesDocument } from './lock-mode.ts';
import { useIsClosed } from './use-lock.ts';

/** null while nobody is signed in. */
export const TimeZoneContext = createContext<string | null>(null);

/** The tenant's time zone; the browser's for the platform and while the tenant's is unknown. */
export function useTimeZone(): string {
  return use(TimeZoneContext) ?? browsersZone();
}

/** For the shell, which queries it for all components inside. A panel closed by the lock may not query it. */
export function useTimeZoneQuery(): string {
  const isClosed = useIsClosed();
  const mayAsk = useOwnAccount() !== null && !isClosed;
  const { data } = useQuery(RulesDocument, { fetchPolicy: mayAsk ? 'cache-first' : 'cache-only' });
  return data?.viewer.policy?.timeZone ?? browsersZone();
}

let browserZone: string | undefined;

/** Looked up once: components need it at each rendering, and a look-up creates a formatter. */
function browsersZone(): string {
  browserZone ??= Intl.DateTimeFormat().resolvedOptions().timeZone;
  return browserZone;
}
