/** Recognizes refusals among a mutation's results. */

import { graphql } from '../gql/gql.ts';

/** To be spread into every mutation's result: what any refusal says. A lock brings the account that shows it. */
graphql(`
  fragment Refusal on Error {
    code
    message
    ... on InvalidInputError { fields { path message } }
    ... on BelowMinimumError { minimum }
    ... on InsufficientCreditsError { required balance }
    ... on WouldUseReserveError { reserve left: balanceAfter }
    ... on LimitReachedError { limit allowed used }
    ... on RateLimitedError { retryAfterSeconds }
    ... on PanelLockedError { account { ...AccountState } }
  }
`);

/** What a refusal of any type may carry. */
export interface Refusal {
  readonly __typename: string;
  readonly code: string;
  readonly message: string;
  readonly fields?: readonly { readonly path: string; readonly message: string }[];
  readonly minimum?: number;
  readonly required?: number;
  readonly balance?: number;
  readonly reserve?: number;
  /** The balance that would be left of the reserve. */
  readonly left?: number;
  readonly limit?: string;
  readonly allowed?: number;
  readonly used?: number;
  readonly retryAfterSeconds?: number;
}

interface Named {
  readonly __typename: string;
}

export type PayloadOf<Result extends Named> = Exclude<Result, { readonly code: string }>;

/** Whether a mutation answered why it was not done. */
export function isRefusal(result: Named): result is Refusal {
  return result.__typename.endsWith('Error') && 'code' in result;
}

/** Whether a mutation answered what was done. */
export function isPayload<Result extends Named>(result: Result): result is PayloadOf<Result> {
  return !isRefusal(result);
}
