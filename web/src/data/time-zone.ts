/** The time zone that days are told in. */

import { useQuery } from '@apollo/client/react';
import { graphql } from '../gql/gql.ts';
import { useOwnAccount } from './live-context.ts';

const TimeZoneDocument = graphql(`
  query TimeZone {
    viewer { policy { timeZone } }
  }
`);

/** The tenant's; the browser's for the platform, and while nothing better is known. A locked panel may not ask. */
export function useTimeZone(): string {
  const account = useOwnAccount();
  const mayAsk = account !== null && !account.locked;
  const { data } = useQuery(TimeZoneDocument, { fetchPolicy: mayAsk ? 'cache-first' : 'cache-only' });
  return data?.viewer.policy?.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
}
