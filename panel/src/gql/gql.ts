/* eslint-disable */
import * as types from './graphql.ts';
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';

/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "\n  fragment AccountState on Account {\n    id\n    version\n    balance\n    locked\n    lockedSince\n    lowBalance\n    reserveThreshold\n    debt\n  }\n": typeof types.AccountStateFragmentDoc,
    "\n  fragment EntryRow on Entry {\n    id\n    version\n    delta\n    balanceAfter\n    createdAt\n    transfer {\n      id\n      kind\n      memo\n      counterparty\n      actor\n      from { id reseller { id name } }\n      to { id reseller { id name } }\n      customer { id name }\n    }\n  }\n": typeof types.EntryRowFragmentDoc,
    "\n  fragment SignedIn on Viewer {\n    role\n    user { id email role totpEnabled }\n    reseller {\n      id\n      name\n      status\n      statusReason\n      depth\n      account { ...AccountState }\n    }\n  }\n": typeof types.SignedInFragmentDoc,
    "\n  query Viewer {\n    viewer { ...SignedIn }\n  }\n": typeof types.ViewerDocument,
    "\n  subscription OwnBalance($after: Version) {\n    balanceChanged(after: $after) {\n      version\n      delta\n      at\n      account { ...AccountState reseller { id status statusReason } }\n      entry { ...EntryRow }\n    }\n  }\n": typeof types.OwnBalanceDocument,
    "\n  fragment Refusal on Error {\n    code\n    message\n    ... on InvalidInputError { fields { path message } }\n    ... on BelowMinimumError { minimum }\n    ... on InsufficientCreditsError { required balance }\n    ... on RateLimitedError { retryAfterSeconds }\n    ... on PanelLockedError { account { ...AccountState } }\n  }\n": typeof types.RefusalFragmentDoc,
    "\n  query Quote($input: QuoteInput!) {\n    quote(input: $input) {\n      ... on Quote { cost balanceAfter affordable willLock expiresAt totalMinor currency }\n      ...Refusal\n    }\n  }\n": typeof types.QuoteDocument,
    "\n  mutation SignIn($input: SignInInput!) {\n    signIn(input: $input) {\n      ... on SignInPayload { expiresAt viewer { ...SignedIn } }\n      ...Refusal\n    }\n  }\n": typeof types.SignInDocument,
    "\n  mutation SignOut {\n    signOut { ok }\n  }\n": typeof types.SignOutDocument,
    "\n  mutation EndOtherSessions {\n    revokeOtherSessions { endedSessions }\n  }\n": typeof types.EndOtherSessionsDocument,
};
const documents: Documents = {
    "\n  fragment AccountState on Account {\n    id\n    version\n    balance\n    locked\n    lockedSince\n    lowBalance\n    reserveThreshold\n    debt\n  }\n": types.AccountStateFragmentDoc,
    "\n  fragment EntryRow on Entry {\n    id\n    version\n    delta\n    balanceAfter\n    createdAt\n    transfer {\n      id\n      kind\n      memo\n      counterparty\n      actor\n      from { id reseller { id name } }\n      to { id reseller { id name } }\n      customer { id name }\n    }\n  }\n": types.EntryRowFragmentDoc,
    "\n  fragment SignedIn on Viewer {\n    role\n    user { id email role totpEnabled }\n    reseller {\n      id\n      name\n      status\n      statusReason\n      depth\n      account { ...AccountState }\n    }\n  }\n": types.SignedInFragmentDoc,
    "\n  query Viewer {\n    viewer { ...SignedIn }\n  }\n": types.ViewerDocument,
    "\n  subscription OwnBalance($after: Version) {\n    balanceChanged(after: $after) {\n      version\n      delta\n      at\n      account { ...AccountState reseller { id status statusReason } }\n      entry { ...EntryRow }\n    }\n  }\n": types.OwnBalanceDocument,
    "\n  fragment Refusal on Error {\n    code\n    message\n    ... on InvalidInputError { fields { path message } }\n    ... on BelowMinimumError { minimum }\n    ... on InsufficientCreditsError { required balance }\n    ... on RateLimitedError { retryAfterSeconds }\n    ... on PanelLockedError { account { ...AccountState } }\n  }\n": types.RefusalFragmentDoc,
    "\n  query Quote($input: QuoteInput!) {\n    quote(input: $input) {\n      ... on Quote { cost balanceAfter affordable willLock expiresAt totalMinor currency }\n      ...Refusal\n    }\n  }\n": types.QuoteDocument,
    "\n  mutation SignIn($input: SignInInput!) {\n    signIn(input: $input) {\n      ... on SignInPayload { expiresAt viewer { ...SignedIn } }\n      ...Refusal\n    }\n  }\n": types.SignInDocument,
    "\n  mutation SignOut {\n    signOut { ok }\n  }\n": types.SignOutDocument,
    "\n  mutation EndOtherSessions {\n    revokeOtherSessions { endedSessions }\n  }\n": types.EndOtherSessionsDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 *
 *
 * @example
 * ```ts
 * const query = graphql(`query GetUser($id: ID!) { user(id: $id) { name } }`);
 * ```
 *
 * The query argument is unknown!
 * Please regenerate the types.
 */
export function graphql(source: string): unknown;

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment AccountState on Account {\n    id\n    version\n    balance\n    locked\n    lockedSince\n    lowBalance\n    reserveThreshold\n    debt\n  }\n"): (typeof documents)["\n  fragment AccountState on Account {\n    id\n    version\n    balance\n    locked\n    lockedSince\n    lowBalance\n    reserveThreshold\n    debt\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment EntryRow on Entry {\n    id\n    version\n    delta\n    balanceAfter\n    createdAt\n    transfer {\n      id\n      kind\n      memo\n      counterparty\n      actor\n      from { id reseller { id name } }\n      to { id reseller { id name } }\n      customer { id name }\n    }\n  }\n"): (typeof documents)["\n  fragment EntryRow on Entry {\n    id\n    version\n    delta\n    balanceAfter\n    createdAt\n    transfer {\n      id\n      kind\n      memo\n      counterparty\n      actor\n      from { id reseller { id name } }\n      to { id reseller { id name } }\n      customer { id name }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment SignedIn on Viewer {\n    role\n    user { id email role totpEnabled }\n    reseller {\n      id\n      name\n      status\n      statusReason\n      depth\n      account { ...AccountState }\n    }\n  }\n"): (typeof documents)["\n  fragment SignedIn on Viewer {\n    role\n    user { id email role totpEnabled }\n    reseller {\n      id\n      name\n      status\n      statusReason\n      depth\n      account { ...AccountState }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Viewer {\n    viewer { ...SignedIn }\n  }\n"): (typeof documents)["\n  query Viewer {\n    viewer { ...SignedIn }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription OwnBalance($after: Version) {\n    balanceChanged(after: $after) {\n      version\n      delta\n      at\n      account { ...AccountState reseller { id status statusReason } }\n      entry { ...EntryRow }\n    }\n  }\n"): (typeof documents)["\n  subscription OwnBalance($after: Version) {\n    balanceChanged(after: $after) {\n      version\n      delta\n      at\n      account { ...AccountState reseller { id status statusReason } }\n      entry { ...EntryRow }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Refusal on Error {\n    code\n    message\n    ... on InvalidInputError { fields { path message } }\n    ... on BelowMinimumError { minimum }\n    ... on InsufficientCreditsError { required balance }\n    ... on RateLimitedError { retryAfterSeconds }\n    ... on PanelLockedError { account { ...AccountState } }\n  }\n"): (typeof documents)["\n  fragment Refusal on Error {\n    code\n    message\n    ... on InvalidInputError { fields { path message } }\n    ... on BelowMinimumError { minimum }\n    ... on InsufficientCreditsError { required balance }\n    ... on RateLimitedError { retryAfterSeconds }\n    ... on PanelLockedError { account { ...AccountState } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Quote($input: QuoteInput!) {\n    quote(input: $input) {\n      ... on Quote { cost balanceAfter affordable willLock expiresAt totalMinor currency }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  query Quote($input: QuoteInput!) {\n    quote(input: $input) {\n      ... on Quote { cost balanceAfter affordable willLock expiresAt totalMinor currency }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SignIn($input: SignInInput!) {\n    signIn(input: $input) {\n      ... on SignInPayload { expiresAt viewer { ...SignedIn } }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation SignIn($input: SignInInput!) {\n    signIn(input: $input) {\n      ... on SignInPayload { expiresAt viewer { ...SignedIn } }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SignOut {\n    signOut { ok }\n  }\n"): (typeof documents)["\n  mutation SignOut {\n    signOut { ok }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation EndOtherSessions {\n    revokeOtherSessions { endedSessions }\n  }\n"): (typeof documents)["\n  mutation EndOtherSessions {\n    revokeOtherSessions { endedSessions }\n  }\n"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;