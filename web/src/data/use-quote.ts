/** A hook that keeps a quote up to date with its input and with the balance. */

import { skipToken, useQuery } from '@apollo/client/react';
import { useDebouncedValue } from '@mantine/hooks';
import { graphql } from '../gql/gql.ts';
import type { QuoteInput, QuoteQuery } from '../gql/graphql.ts';
import { useOwnAccount } from './live-context.ts';
import { isRefusal, type Refusal } from './refusal.ts';
import { useChange } from './use-change.ts';

const TYPING_MS = 200;

const QuoteDocument = graphql(`
  query Quote($input: QuoteInput!) {
    quote(input: $input) {
      ... on Quote {
        cost
        balanceAfter
        affordable
        wouldUseReserve
        willLock
        expiresAt
        screens
        screensChangeAt
        spans { screens endsAt }
        sameContact { id name status expiresAt }
        totalMinor
        currency
      }
      ...Refusal
    }
  }
`);

type Quote = Extract<QuoteQuery['quote'], { readonly __typename: 'Quote' }>;

export interface QuoteState {
  /** The quote for the current input; null while it is loading and if the server refuses it. */
  readonly quote: Quote | null;
  readonly refusal: Refusal | null;
  readonly isLoading: boolean;
}

/** An operation's cost and the balance after it, fetched again when the balance changes. `input` null: nothing is fetched. */
export function useQuote(input: QuoteInput | null): QuoteState {
  const version = useOwnAccount()?.version ?? 0;
  const wanted = input && JSON.stringify(input);
  const [asked] = useDebouncedValue(wanted, TYPING_MS);
  const isSettled = input !== null && asked === wanted;
  const { data, loading, refetch } = useQuery(QuoteDocument, isSettled ? { variables: { input }, fetchPolicy: 'no-cache' } : skipToken);
  useChange(version, () => {
    if (isSettled) refetch().catch(() => {});
  });
  const answer = isSettled && !loading ? data?.quote : undefined;
  if (!answer) return { quote: null, refusal: null, isLoading: isSettled ? loading : wanted !== null };
  if (isRefusal(answer)) return { quote: null, refusal: answer, isLoading: false };
  return { quote: answer.__typename === 'Quote' ? answer : null, refusal: null, isLoading: false };
}
