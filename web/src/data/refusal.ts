/** Recognizes refusals among a mutation's results. */

import { graphql } from '../gql/gql.ts';

/** Spread this into every mutation's result. A refusal because of a lock also brings the account, so that the screen shows the lock. */
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

/** The fields that a refusal may have, whatever its type. */
export interface Refusal {
  readonly __typename: string;
  readonly code: string;
  readonly message: string;
  readonly fields?: readonly { readonly path: string; readonly message: string }[];
  readonly minimum?: number;
  readonly required?: number;
  readonly balance?: number;
  readonly reserve?: number;
  /** The balance after the operation, which is below the reserve. */
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

/** Whether the mutation returned a refusal. */
export function isRefusal(result: Named): result is Refusal {
  return result.__typename.endsWith('Error') && 'code' in result;
}

/** Whether the mutation succeeded. */
export function isPayload<Result extends Named>(result: Result): result is PayloadOf<Result> {
  return !isRefusal(result);
}
