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
    "\n  query Consumption($id: ID!, $from: DateTime!, $to: DateTime!, $by: ReportInterval!, $branch: Boolean!) {\n    reseller(id: $id) {\n      id\n      report(from: $from, to: $to, by: $by, branch: $branch) {\n        timeZone\n        intervals { start end sums { activation renewal screens } }\n        total { activation renewal screens refunded newCustomers renewedCustomers }\n      }\n    }\n  }\n": typeof types.ConsumptionDocument,
    "\n  fragment AccountState on Account {\n    id\n    version\n    balance\n    locked\n    lockedSince\n    lowBalance\n    reserveThreshold\n    debt\n  }\n": typeof types.AccountStateFragmentDoc,
    "\n  fragment EntryRow on Entry {\n    id\n    version\n    delta\n    balanceAfter\n    createdAt\n    transfer {\n      id\n      kind\n      memo\n      counterparty\n      actor\n      from { id reseller { id name } }\n      to { id reseller { id name } }\n    }\n  }\n": typeof types.EntryRowFragmentDoc,
    "\n  fragment SignedIn on Viewer {\n    role\n    user { id email role }\n    reseller {\n      id\n      name\n      status\n      statusReason\n      depth\n      account { ...AccountState }\n    }\n  }\n": typeof types.SignedInFragmentDoc,
    "\n  query Viewer {\n    viewer { ...SignedIn }\n  }\n": typeof types.ViewerDocument,
    "\n  subscription AccountChanges($resellerId: ID, $after: Version) {\n    balanceChanged(resellerId: $resellerId, after: $after) {\n      version\n      delta\n      at\n      account { ...AccountState reseller { id status statusReason } }\n      entry { ...EntryRow }\n    }\n  }\n": typeof types.AccountChangesDocument,
    "\n  fragment Refusal on Error {\n    code\n    message\n    ... on InvalidInputError { fields { path message } }\n    ... on BelowMinimumError { minimum }\n    ... on InsufficientCreditsError { required balance }\n    ... on RateLimitedError { retryAfterSeconds }\n    ... on PanelLockedError { account { ...AccountState } }\n  }\n": typeof types.RefusalFragmentDoc,
    "\n  query Quote($input: QuoteInput!) {\n    quote(input: $input) {\n      ... on Quote { cost balanceAfter affordable willLock expiresAt totalMinor currency }\n      ...Refusal\n    }\n  }\n": typeof types.QuoteDocument,
    "\n  fragment CustomerRow on Customer {\n    id\n    name\n    contact\n    notes\n    status\n    screens\n    nextScreens\n    expiresAt\n    creditsSpent\n    createdAt\n  }\n": typeof types.CustomerRowFragmentDoc,
    "\n  query Customers(\n    $first: Int\n    $after: String\n    $last: Int\n    $before: String\n    $search: String\n    $status: CustomerStatus\n    $expiringBefore: DateTime\n  ) {\n    viewer {\n      reseller {\n        id\n        customers(\n          first: $first\n          after: $after\n          last: $last\n          before: $before\n          search: $search\n          status: $status\n          expiringBefore: $expiringBefore\n        ) {\n          totalCount\n          edges { cursor node { ...CustomerRow } }\n          pageInfo { hasNextPage hasPreviousPage startCursor endCursor }\n        }\n      }\n    }\n  }\n": typeof types.CustomersDocument,
    "\n  query Customer($id: ID!, $first: Int!, $after: String) {\n    customer(id: $id) {\n      ...CustomerRow\n      history(first: $first, after: $after) {\n        edges { cursor node { id kind amount createdAt memo actor } }\n        pageInfo { hasNextPage endCursor }\n      }\n    }\n  }\n": typeof types.CustomerDocument,
    "\n  query CustomerPolicy {\n    viewer {\n      policy { trialMaxHours trialQuota refundPolicy }\n    }\n  }\n": typeof types.CustomerPolicyDocument,
    "\n  mutation ActivateCustomer($input: ActivateCustomerInput!) {\n    activateCustomer(input: $input) {\n      ... on ActivateCustomerPayload { customer { ...CustomerRow } account { ...AccountState } transfer { id amount } replayed }\n      ...Refusal\n    }\n  }\n": typeof types.ActivateCustomerDocument,
    "\n  mutation RenewCustomer($input: RenewCustomerInput!) {\n    renewCustomer(input: $input) {\n      ... on RenewCustomerPayload { customer { ...CustomerRow } account { ...AccountState } transfer { id amount } replayed }\n      ...Refusal\n    }\n  }\n": typeof types.RenewCustomerDocument,
    "\n  mutation RenewCustomers($input: RenewCustomersInput!) {\n    renewCustomers(input: $input) {\n      ... on RenewCustomersPayload {\n        account { ...AccountState }\n        results {\n          ... on RenewCustomerPayload { customer { ...CustomerRow } replayed }\n          ...Refusal\n        }\n      }\n      ...Refusal\n    }\n  }\n": typeof types.RenewCustomersDocument,
    "\n  mutation AddScreens($input: AddScreensInput!) {\n    addScreens(input: $input) {\n      ... on AddScreensPayload { customer { ...CustomerRow } account { ...AccountState } transfer { id amount } replayed }\n      ...Refusal\n    }\n  }\n": typeof types.AddScreensDocument,
    "\n  mutation SetNextScreens($input: SetNextScreensInput!) {\n    setNextScreens(input: $input) {\n      ... on SetNextScreensPayload { customer { ...CustomerRow } }\n      ...Refusal\n    }\n  }\n": typeof types.SetNextScreensDocument,
    "\n  mutation StartTrial($input: StartTrialInput!) {\n    startTrial(input: $input) {\n      ... on StartTrialPayload { customer { ...CustomerRow } replayed }\n      ...Refusal\n    }\n  }\n": typeof types.StartTrialDocument,
    "\n  mutation UpdateCustomer($input: UpdateCustomerInput!) {\n    updateCustomer(input: $input) {\n      ... on UpdateCustomerPayload { customer { ...CustomerRow } }\n      ...Refusal\n    }\n  }\n": typeof types.UpdateCustomerDocument,
    "\n  mutation CancelCustomer($input: CancelCustomerInput!) {\n    cancelCustomer(input: $input) {\n      ... on CancelCustomerPayload { customer { ...CustomerRow } account { ...AccountState } transfer { id amount } replayed }\n      ...Refusal\n    }\n  }\n": typeof types.CancelCustomerDocument,
    "\n  query Latest($id: ID!) {\n    reseller(id: $id) {\n      id\n      account {\n        id\n        statement(first: 8) {\n          edges { cursor node { ...EntryRow } }\n          pageInfo { hasNextPage endCursor }\n        }\n      }\n    }\n  }\n": typeof types.LatestDocument,
    "\n  query Figures($id: ID!, $from: DateTime!, $to: DateTime!) {\n    reseller(id: $id) {\n      id\n      branch { activeCustomers }\n      customers(first: 1, status: ACTIVE) { totalCount }\n      report(from: $from, to: $to, by: MONTH) {\n        total { activation renewal screens newCustomers renewedCustomers }\n        expiring(days: 7) { customers }\n      }\n    }\n  }\n": typeof types.FiguresDocument,
    "\n  fragment ResellerRow on Reseller {\n    id\n    name\n    status\n    statusReason\n    depth\n    createdAt\n    account { ...AccountState }\n  }\n": typeof types.ResellerRowFragmentDoc,
    "\n  query Children($id: ID!, $after: String) {\n    reseller(id: $id) {\n      id\n      children(first: 50, after: $after) {\n        totalCount\n        pageInfo { hasNextPage endCursor }\n        edges { cursor node { ...ResellerRow branch { resellers } } }\n      }\n    }\n  }\n": typeof types.ChildrenDocument,
    "\n  query FoundResellers($id: ID!, $search: String!, $after: String) {\n    reseller(id: $id) {\n      id\n      descendants(first: 50, after: $after, search: $search) {\n        pageInfo { hasNextPage endCursor }\n        edges { cursor node { ...ResellerRow parent { id name } } }\n      }\n    }\n  }\n": typeof types.FoundResellersDocument,
    "\n  query TenantRoots($after: String, $search: String) {\n    tenants(first: 50, after: $after, search: $search) {\n      pageInfo { hasNextPage endCursor }\n      edges { cursor node { ...ResellerRow branch { resellers } } }\n    }\n  }\n": typeof types.TenantRootsDocument,
    "\n  subscription BranchChanges($resellerId: ID) {\n    branchChanged(resellerId: $resellerId) {\n      version\n      account { ...AccountState reseller { id name status statusReason parent { id } } }\n    }\n  }\n": typeof types.BranchChangesDocument,
    "\n  query ResellerPage($id: ID!) {\n    reseller(id: $id) {\n      ...ResellerRow\n      parent { id name }\n      branch { resellers lockedResellers creditsHeld creditsConsumed activeCustomers }\n    }\n  }\n": typeof types.ResellerPageDocument,
    "\n  mutation CreateReseller($input: CreateResellerInput!) {\n    createReseller(input: $input) {\n      ... on CreateResellerPayload {\n        reseller { ...ResellerRow branch { resellers } }\n        from { ...AccountState }\n        transfer { id amount }\n      }\n      ...Refusal\n    }\n  }\n": typeof types.CreateResellerDocument,
    "\n  mutation Transfer($input: TransferCreditsInput!) {\n    transferCredits(input: $input) {\n      ... on TransferCreditsPayload { transfer { id amount } from { ...AccountState } to { ...AccountState } }\n      ...Refusal\n    }\n  }\n": typeof types.TransferDocument,
    "\n  mutation Reclaim($input: ReclaimCreditsInput!) {\n    reclaimCredits(input: $input) {\n      ... on ReclaimCreditsPayload { transfer { id amount } from { ...AccountState } to { ...AccountState } }\n      ...Refusal\n    }\n  }\n": typeof types.ReclaimDocument,
    "\n  mutation Suspend($input: SuspendResellerInput!) {\n    suspendReseller(input: $input) {\n      ... on SuspendResellerPayload { reseller { ...ResellerRow } }\n      ...Refusal\n    }\n  }\n": typeof types.SuspendDocument,
    "\n  mutation Resume($input: ResumeResellerInput!) {\n    resumeReseller(input: $input) {\n      ... on ResumeResellerPayload { reseller { ...ResellerRow } }\n      ...Refusal\n    }\n  }\n": typeof types.ResumeDocument,
    "\n  mutation Move($input: MoveResellerInput!) {\n    moveReseller(input: $input) {\n      ... on MoveResellerPayload { reseller { ...ResellerRow parent { id name } } }\n      ...Refusal\n    }\n  }\n": typeof types.MoveDocument,
    "\n  mutation Close($input: CloseResellerInput!) {\n    closeReseller(input: $input) {\n      ... on CloseResellerPayload { reseller { ...ResellerRow } to { ...AccountState } transfer { id amount } }\n      ...Refusal\n    }\n  }\n": typeof types.CloseDocument,
    "\n  mutation RenameReseller($input: UpdateResellerInput!) {\n    updateReseller(input: $input) {\n      ... on UpdateResellerPayload { reseller { ...ResellerRow } }\n      ...Refusal\n    }\n  }\n": typeof types.RenameResellerDocument,
    "\n  query ReclaimPolicy {\n    viewer { policy { reclaimAllowed minimumTransfer } }\n  }\n": typeof types.ReclaimPolicyDocument,
    "\n  mutation SignIn($input: SignInInput!) {\n    signIn(input: $input) {\n      ... on SignInPayload { expiresAt viewer { ...SignedIn } }\n      ...Refusal\n    }\n  }\n": typeof types.SignInDocument,
    "\n  query Statement($id: ID!, $first: Int!, $after: String, $kinds: [TransferKind!], $from: DateTime, $to: DateTime) {\n    reseller(id: $id) {\n      id\n      account {\n        id\n        statement(first: $first, after: $after, kinds: $kinds, from: $from, to: $to) {\n          pageInfo { hasNextPage endCursor }\n          edges { cursor node { ...EntryRow } }\n        }\n      }\n    }\n  }\n": typeof types.StatementDocument,
    "\n  mutation SignOut {\n    signOut { ok }\n  }\n": typeof types.SignOutDocument,
    "\n  mutation EndOtherSessions {\n    revokeOtherSessions { endedSessions }\n  }\n": typeof types.EndOtherSessionsDocument,
};
const documents: Documents = {
    "\n  query Consumption($id: ID!, $from: DateTime!, $to: DateTime!, $by: ReportInterval!, $branch: Boolean!) {\n    reseller(id: $id) {\n      id\n      report(from: $from, to: $to, by: $by, branch: $branch) {\n        timeZone\n        intervals { start end sums { activation renewal screens } }\n        total { activation renewal screens refunded newCustomers renewedCustomers }\n      }\n    }\n  }\n": types.ConsumptionDocument,
    "\n  fragment AccountState on Account {\n    id\n    version\n    balance\n    locked\n    lockedSince\n    lowBalance\n    reserveThreshold\n    debt\n  }\n": types.AccountStateFragmentDoc,
    "\n  fragment EntryRow on Entry {\n    id\n    version\n    delta\n    balanceAfter\n    createdAt\n    transfer {\n      id\n      kind\n      memo\n      counterparty\n      actor\n      from { id reseller { id name } }\n      to { id reseller { id name } }\n    }\n  }\n": types.EntryRowFragmentDoc,
    "\n  fragment SignedIn on Viewer {\n    role\n    user { id email role }\n    reseller {\n      id\n      name\n      status\n      statusReason\n      depth\n      account { ...AccountState }\n    }\n  }\n": types.SignedInFragmentDoc,
    "\n  query Viewer {\n    viewer { ...SignedIn }\n  }\n": types.ViewerDocument,
    "\n  subscription AccountChanges($resellerId: ID, $after: Version) {\n    balanceChanged(resellerId: $resellerId, after: $after) {\n      version\n      delta\n      at\n      account { ...AccountState reseller { id status statusReason } }\n      entry { ...EntryRow }\n    }\n  }\n": types.AccountChangesDocument,
    "\n  fragment Refusal on Error {\n    code\n    message\n    ... on InvalidInputError { fields { path message } }\n    ... on BelowMinimumError { minimum }\n    ... on InsufficientCreditsError { required balance }\n    ... on RateLimitedError { retryAfterSeconds }\n    ... on PanelLockedError { account { ...AccountState } }\n  }\n": types.RefusalFragmentDoc,
    "\n  query Quote($input: QuoteInput!) {\n    quote(input: $input) {\n      ... on Quote { cost balanceAfter affordable willLock expiresAt totalMinor currency }\n      ...Refusal\n    }\n  }\n": types.QuoteDocument,
    "\n  fragment CustomerRow on Customer {\n    id\n    name\n    contact\n    notes\n    status\n    screens\n    nextScreens\n    expiresAt\n    creditsSpent\n    createdAt\n  }\n": types.CustomerRowFragmentDoc,
    "\n  query Customers(\n    $first: Int\n    $after: String\n    $last: Int\n    $before: String\n    $search: String\n    $status: CustomerStatus\n    $expiringBefore: DateTime\n  ) {\n    viewer {\n      reseller {\n        id\n        customers(\n          first: $first\n          after: $after\n          last: $last\n          before: $before\n          search: $search\n          status: $status\n          expiringBefore: $expiringBefore\n        ) {\n          totalCount\n          edges { cursor node { ...CustomerRow } }\n          pageInfo { hasNextPage hasPreviousPage startCursor endCursor }\n        }\n      }\n    }\n  }\n": types.CustomersDocument,
    "\n  query Customer($id: ID!, $first: Int!, $after: String) {\n    customer(id: $id) {\n      ...CustomerRow\n      history(first: $first, after: $after) {\n        edges { cursor node { id kind amount createdAt memo actor } }\n        pageInfo { hasNextPage endCursor }\n      }\n    }\n  }\n": types.CustomerDocument,
    "\n  query CustomerPolicy {\n    viewer {\n      policy { trialMaxHours trialQuota refundPolicy }\n    }\n  }\n": types.CustomerPolicyDocument,
    "\n  mutation ActivateCustomer($input: ActivateCustomerInput!) {\n    activateCustomer(input: $input) {\n      ... on ActivateCustomerPayload { customer { ...CustomerRow } account { ...AccountState } transfer { id amount } replayed }\n      ...Refusal\n    }\n  }\n": types.ActivateCustomerDocument,
    "\n  mutation RenewCustomer($input: RenewCustomerInput!) {\n    renewCustomer(input: $input) {\n      ... on RenewCustomerPayload { customer { ...CustomerRow } account { ...AccountState } transfer { id amount } replayed }\n      ...Refusal\n    }\n  }\n": types.RenewCustomerDocument,
    "\n  mutation RenewCustomers($input: RenewCustomersInput!) {\n    renewCustomers(input: $input) {\n      ... on RenewCustomersPayload {\n        account { ...AccountState }\n        results {\n          ... on RenewCustomerPayload { customer { ...CustomerRow } replayed }\n          ...Refusal\n        }\n      }\n      ...Refusal\n    }\n  }\n": types.RenewCustomersDocument,
    "\n  mutation AddScreens($input: AddScreensInput!) {\n    addScreens(input: $input) {\n      ... on AddScreensPayload { customer { ...CustomerRow } account { ...AccountState } transfer { id amount } replayed }\n      ...Refusal\n    }\n  }\n": types.AddScreensDocument,
    "\n  mutation SetNextScreens($input: SetNextScreensInput!) {\n    setNextScreens(input: $input) {\n      ... on SetNextScreensPayload { customer { ...CustomerRow } }\n      ...Refusal\n    }\n  }\n": types.SetNextScreensDocument,
    "\n  mutation StartTrial($input: StartTrialInput!) {\n    startTrial(input: $input) {\n      ... on StartTrialPayload { customer { ...CustomerRow } replayed }\n      ...Refusal\n    }\n  }\n": types.StartTrialDocument,
    "\n  mutation UpdateCustomer($input: UpdateCustomerInput!) {\n    updateCustomer(input: $input) {\n      ... on UpdateCustomerPayload { customer { ...CustomerRow } }\n      ...Refusal\n    }\n  }\n": types.UpdateCustomerDocument,
    "\n  mutation CancelCustomer($input: CancelCustomerInput!) {\n    cancelCustomer(input: $input) {\n      ... on CancelCustomerPayload { customer { ...CustomerRow } account { ...AccountState } transfer { id amount } replayed }\n      ...Refusal\n    }\n  }\n": types.CancelCustomerDocument,
    "\n  query Latest($id: ID!) {\n    reseller(id: $id) {\n      id\n      account {\n        id\n        statement(first: 8) {\n          edges { cursor node { ...EntryRow } }\n          pageInfo { hasNextPage endCursor }\n        }\n      }\n    }\n  }\n": types.LatestDocument,
    "\n  query Figures($id: ID!, $from: DateTime!, $to: DateTime!) {\n    reseller(id: $id) {\n      id\n      branch { activeCustomers }\n      customers(first: 1, status: ACTIVE) { totalCount }\n      report(from: $from, to: $to, by: MONTH) {\n        total { activation renewal screens newCustomers renewedCustomers }\n        expiring(days: 7) { customers }\n      }\n    }\n  }\n": types.FiguresDocument,
    "\n  fragment ResellerRow on Reseller {\n    id\n    name\n    status\n    statusReason\n    depth\n    createdAt\n    account { ...AccountState }\n  }\n": types.ResellerRowFragmentDoc,
    "\n  query Children($id: ID!, $after: String) {\n    reseller(id: $id) {\n      id\n      children(first: 50, after: $after) {\n        totalCount\n        pageInfo { hasNextPage endCursor }\n        edges { cursor node { ...ResellerRow branch { resellers } } }\n      }\n    }\n  }\n": types.ChildrenDocument,
    "\n  query FoundResellers($id: ID!, $search: String!, $after: String) {\n    reseller(id: $id) {\n      id\n      descendants(first: 50, after: $after, search: $search) {\n        pageInfo { hasNextPage endCursor }\n        edges { cursor node { ...ResellerRow parent { id name } } }\n      }\n    }\n  }\n": types.FoundResellersDocument,
    "\n  query TenantRoots($after: String, $search: String) {\n    tenants(first: 50, after: $after, search: $search) {\n      pageInfo { hasNextPage endCursor }\n      edges { cursor node { ...ResellerRow branch { resellers } } }\n    }\n  }\n": types.TenantRootsDocument,
    "\n  subscription BranchChanges($resellerId: ID) {\n    branchChanged(resellerId: $resellerId) {\n      version\n      account { ...AccountState reseller { id name status statusReason parent { id } } }\n    }\n  }\n": types.BranchChangesDocument,
    "\n  query ResellerPage($id: ID!) {\n    reseller(id: $id) {\n      ...ResellerRow\n      parent { id name }\n      branch { resellers lockedResellers creditsHeld creditsConsumed activeCustomers }\n    }\n  }\n": types.ResellerPageDocument,
    "\n  mutation CreateReseller($input: CreateResellerInput!) {\n    createReseller(input: $input) {\n      ... on CreateResellerPayload {\n        reseller { ...ResellerRow branch { resellers } }\n        from { ...AccountState }\n        transfer { id amount }\n      }\n      ...Refusal\n    }\n  }\n": types.CreateResellerDocument,
    "\n  mutation Transfer($input: TransferCreditsInput!) {\n    transferCredits(input: $input) {\n      ... on TransferCreditsPayload { transfer { id amount } from { ...AccountState } to { ...AccountState } }\n      ...Refusal\n    }\n  }\n": types.TransferDocument,
    "\n  mutation Reclaim($input: ReclaimCreditsInput!) {\n    reclaimCredits(input: $input) {\n      ... on ReclaimCreditsPayload { transfer { id amount } from { ...AccountState } to { ...AccountState } }\n      ...Refusal\n    }\n  }\n": types.ReclaimDocument,
    "\n  mutation Suspend($input: SuspendResellerInput!) {\n    suspendReseller(input: $input) {\n      ... on SuspendResellerPayload { reseller { ...ResellerRow } }\n      ...Refusal\n    }\n  }\n": types.SuspendDocument,
    "\n  mutation Resume($input: ResumeResellerInput!) {\n    resumeReseller(input: $input) {\n      ... on ResumeResellerPayload { reseller { ...ResellerRow } }\n      ...Refusal\n    }\n  }\n": types.ResumeDocument,
    "\n  mutation Move($input: MoveResellerInput!) {\n    moveReseller(input: $input) {\n      ... on MoveResellerPayload { reseller { ...ResellerRow parent { id name } } }\n      ...Refusal\n    }\n  }\n": types.MoveDocument,
    "\n  mutation Close($input: CloseResellerInput!) {\n    closeReseller(input: $input) {\n      ... on CloseResellerPayload { reseller { ...ResellerRow } to { ...AccountState } transfer { id amount } }\n      ...Refusal\n    }\n  }\n": types.CloseDocument,
    "\n  mutation RenameReseller($input: UpdateResellerInput!) {\n    updateReseller(input: $input) {\n      ... on UpdateResellerPayload { reseller { ...ResellerRow } }\n      ...Refusal\n    }\n  }\n": types.RenameResellerDocument,
    "\n  query ReclaimPolicy {\n    viewer { policy { reclaimAllowed minimumTransfer } }\n  }\n": types.ReclaimPolicyDocument,
    "\n  mutation SignIn($input: SignInInput!) {\n    signIn(input: $input) {\n      ... on SignInPayload { expiresAt viewer { ...SignedIn } }\n      ...Refusal\n    }\n  }\n": types.SignInDocument,
    "\n  query Statement($id: ID!, $first: Int!, $after: String, $kinds: [TransferKind!], $from: DateTime, $to: DateTime) {\n    reseller(id: $id) {\n      id\n      account {\n        id\n        statement(first: $first, after: $after, kinds: $kinds, from: $from, to: $to) {\n          pageInfo { hasNextPage endCursor }\n          edges { cursor node { ...EntryRow } }\n        }\n      }\n    }\n  }\n": types.StatementDocument,
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
export function graphql(source: "\n  query Consumption($id: ID!, $from: DateTime!, $to: DateTime!, $by: ReportInterval!, $branch: Boolean!) {\n    reseller(id: $id) {\n      id\n      report(from: $from, to: $to, by: $by, branch: $branch) {\n        timeZone\n        intervals { start end sums { activation renewal screens } }\n        total { activation renewal screens refunded newCustomers renewedCustomers }\n      }\n    }\n  }\n"): (typeof documents)["\n  query Consumption($id: ID!, $from: DateTime!, $to: DateTime!, $by: ReportInterval!, $branch: Boolean!) {\n    reseller(id: $id) {\n      id\n      report(from: $from, to: $to, by: $by, branch: $branch) {\n        timeZone\n        intervals { start end sums { activation renewal screens } }\n        total { activation renewal screens refunded newCustomers renewedCustomers }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment AccountState on Account {\n    id\n    version\n    balance\n    locked\n    lockedSince\n    lowBalance\n    reserveThreshold\n    debt\n  }\n"): (typeof documents)["\n  fragment AccountState on Account {\n    id\n    version\n    balance\n    locked\n    lockedSince\n    lowBalance\n    reserveThreshold\n    debt\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment EntryRow on Entry {\n    id\n    version\n    delta\n    balanceAfter\n    createdAt\n    transfer {\n      id\n      kind\n      memo\n      counterparty\n      actor\n      from { id reseller { id name } }\n      to { id reseller { id name } }\n    }\n  }\n"): (typeof documents)["\n  fragment EntryRow on Entry {\n    id\n    version\n    delta\n    balanceAfter\n    createdAt\n    transfer {\n      id\n      kind\n      memo\n      counterparty\n      actor\n      from { id reseller { id name } }\n      to { id reseller { id name } }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment SignedIn on Viewer {\n    role\n    user { id email role }\n    reseller {\n      id\n      name\n      status\n      statusReason\n      depth\n      account { ...AccountState }\n    }\n  }\n"): (typeof documents)["\n  fragment SignedIn on Viewer {\n    role\n    user { id email role }\n    reseller {\n      id\n      name\n      status\n      statusReason\n      depth\n      account { ...AccountState }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Viewer {\n    viewer { ...SignedIn }\n  }\n"): (typeof documents)["\n  query Viewer {\n    viewer { ...SignedIn }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription AccountChanges($resellerId: ID, $after: Version) {\n    balanceChanged(resellerId: $resellerId, after: $after) {\n      version\n      delta\n      at\n      account { ...AccountState reseller { id status statusReason } }\n      entry { ...EntryRow }\n    }\n  }\n"): (typeof documents)["\n  subscription AccountChanges($resellerId: ID, $after: Version) {\n    balanceChanged(resellerId: $resellerId, after: $after) {\n      version\n      delta\n      at\n      account { ...AccountState reseller { id status statusReason } }\n      entry { ...EntryRow }\n    }\n  }\n"];
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
export function graphql(source: "\n  fragment CustomerRow on Customer {\n    id\n    name\n    contact\n    notes\n    status\n    screens\n    nextScreens\n    expiresAt\n    creditsSpent\n    createdAt\n  }\n"): (typeof documents)["\n  fragment CustomerRow on Customer {\n    id\n    name\n    contact\n    notes\n    status\n    screens\n    nextScreens\n    expiresAt\n    creditsSpent\n    createdAt\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Customers(\n    $first: Int\n    $after: String\n    $last: Int\n    $before: String\n    $search: String\n    $status: CustomerStatus\n    $expiringBefore: DateTime\n  ) {\n    viewer {\n      reseller {\n        id\n        customers(\n          first: $first\n          after: $after\n          last: $last\n          before: $before\n          search: $search\n          status: $status\n          expiringBefore: $expiringBefore\n        ) {\n          totalCount\n          edges { cursor node { ...CustomerRow } }\n          pageInfo { hasNextPage hasPreviousPage startCursor endCursor }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query Customers(\n    $first: Int\n    $after: String\n    $last: Int\n    $before: String\n    $search: String\n    $status: CustomerStatus\n    $expiringBefore: DateTime\n  ) {\n    viewer {\n      reseller {\n        id\n        customers(\n          first: $first\n          after: $after\n          last: $last\n          before: $before\n          search: $search\n          status: $status\n          expiringBefore: $expiringBefore\n        ) {\n          totalCount\n          edges { cursor node { ...CustomerRow } }\n          pageInfo { hasNextPage hasPreviousPage startCursor endCursor }\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Customer($id: ID!, $first: Int!, $after: String) {\n    customer(id: $id) {\n      ...CustomerRow\n      history(first: $first, after: $after) {\n        edges { cursor node { id kind amount createdAt memo actor } }\n        pageInfo { hasNextPage endCursor }\n      }\n    }\n  }\n"): (typeof documents)["\n  query Customer($id: ID!, $first: Int!, $after: String) {\n    customer(id: $id) {\n      ...CustomerRow\n      history(first: $first, after: $after) {\n        edges { cursor node { id kind amount createdAt memo actor } }\n        pageInfo { hasNextPage endCursor }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query CustomerPolicy {\n    viewer {\n      policy { trialMaxHours trialQuota refundPolicy }\n    }\n  }\n"): (typeof documents)["\n  query CustomerPolicy {\n    viewer {\n      policy { trialMaxHours trialQuota refundPolicy }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ActivateCustomer($input: ActivateCustomerInput!) {\n    activateCustomer(input: $input) {\n      ... on ActivateCustomerPayload { customer { ...CustomerRow } account { ...AccountState } transfer { id amount } replayed }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation ActivateCustomer($input: ActivateCustomerInput!) {\n    activateCustomer(input: $input) {\n      ... on ActivateCustomerPayload { customer { ...CustomerRow } account { ...AccountState } transfer { id amount } replayed }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RenewCustomer($input: RenewCustomerInput!) {\n    renewCustomer(input: $input) {\n      ... on RenewCustomerPayload { customer { ...CustomerRow } account { ...AccountState } transfer { id amount } replayed }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation RenewCustomer($input: RenewCustomerInput!) {\n    renewCustomer(input: $input) {\n      ... on RenewCustomerPayload { customer { ...CustomerRow } account { ...AccountState } transfer { id amount } replayed }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RenewCustomers($input: RenewCustomersInput!) {\n    renewCustomers(input: $input) {\n      ... on RenewCustomersPayload {\n        account { ...AccountState }\n        results {\n          ... on RenewCustomerPayload { customer { ...CustomerRow } replayed }\n          ...Refusal\n        }\n      }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation RenewCustomers($input: RenewCustomersInput!) {\n    renewCustomers(input: $input) {\n      ... on RenewCustomersPayload {\n        account { ...AccountState }\n        results {\n          ... on RenewCustomerPayload { customer { ...CustomerRow } replayed }\n          ...Refusal\n        }\n      }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation AddScreens($input: AddScreensInput!) {\n    addScreens(input: $input) {\n      ... on AddScreensPayload { customer { ...CustomerRow } account { ...AccountState } transfer { id amount } replayed }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation AddScreens($input: AddScreensInput!) {\n    addScreens(input: $input) {\n      ... on AddScreensPayload { customer { ...CustomerRow } account { ...AccountState } transfer { id amount } replayed }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SetNextScreens($input: SetNextScreensInput!) {\n    setNextScreens(input: $input) {\n      ... on SetNextScreensPayload { customer { ...CustomerRow } }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation SetNextScreens($input: SetNextScreensInput!) {\n    setNextScreens(input: $input) {\n      ... on SetNextScreensPayload { customer { ...CustomerRow } }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StartTrial($input: StartTrialInput!) {\n    startTrial(input: $input) {\n      ... on StartTrialPayload { customer { ...CustomerRow } replayed }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation StartTrial($input: StartTrialInput!) {\n    startTrial(input: $input) {\n      ... on StartTrialPayload { customer { ...CustomerRow } replayed }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpdateCustomer($input: UpdateCustomerInput!) {\n    updateCustomer(input: $input) {\n      ... on UpdateCustomerPayload { customer { ...CustomerRow } }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation UpdateCustomer($input: UpdateCustomerInput!) {\n    updateCustomer(input: $input) {\n      ... on UpdateCustomerPayload { customer { ...CustomerRow } }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CancelCustomer($input: CancelCustomerInput!) {\n    cancelCustomer(input: $input) {\n      ... on CancelCustomerPayload { customer { ...CustomerRow } account { ...AccountState } transfer { id amount } replayed }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation CancelCustomer($input: CancelCustomerInput!) {\n    cancelCustomer(input: $input) {\n      ... on CancelCustomerPayload { customer { ...CustomerRow } account { ...AccountState } transfer { id amount } replayed }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Latest($id: ID!) {\n    reseller(id: $id) {\n      id\n      account {\n        id\n        statement(first: 8) {\n          edges { cursor node { ...EntryRow } }\n          pageInfo { hasNextPage endCursor }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query Latest($id: ID!) {\n    reseller(id: $id) {\n      id\n      account {\n        id\n        statement(first: 8) {\n          edges { cursor node { ...EntryRow } }\n          pageInfo { hasNextPage endCursor }\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Figures($id: ID!, $from: DateTime!, $to: DateTime!) {\n    reseller(id: $id) {\n      id\n      branch { activeCustomers }\n      customers(first: 1, status: ACTIVE) { totalCount }\n      report(from: $from, to: $to, by: MONTH) {\n        total { activation renewal screens newCustomers renewedCustomers }\n        expiring(days: 7) { customers }\n      }\n    }\n  }\n"): (typeof documents)["\n  query Figures($id: ID!, $from: DateTime!, $to: DateTime!) {\n    reseller(id: $id) {\n      id\n      branch { activeCustomers }\n      customers(first: 1, status: ACTIVE) { totalCount }\n      report(from: $from, to: $to, by: MONTH) {\n        total { activation renewal screens newCustomers renewedCustomers }\n        expiring(days: 7) { customers }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ResellerRow on Reseller {\n    id\n    name\n    status\n    statusReason\n    depth\n    createdAt\n    account { ...AccountState }\n  }\n"): (typeof documents)["\n  fragment ResellerRow on Reseller {\n    id\n    name\n    status\n    statusReason\n    depth\n    createdAt\n    account { ...AccountState }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Children($id: ID!, $after: String) {\n    reseller(id: $id) {\n      id\n      children(first: 50, after: $after) {\n        totalCount\n        pageInfo { hasNextPage endCursor }\n        edges { cursor node { ...ResellerRow branch { resellers } } }\n      }\n    }\n  }\n"): (typeof documents)["\n  query Children($id: ID!, $after: String) {\n    reseller(id: $id) {\n      id\n      children(first: 50, after: $after) {\n        totalCount\n        pageInfo { hasNextPage endCursor }\n        edges { cursor node { ...ResellerRow branch { resellers } } }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query FoundResellers($id: ID!, $search: String!, $after: String) {\n    reseller(id: $id) {\n      id\n      descendants(first: 50, after: $after, search: $search) {\n        pageInfo { hasNextPage endCursor }\n        edges { cursor node { ...ResellerRow parent { id name } } }\n      }\n    }\n  }\n"): (typeof documents)["\n  query FoundResellers($id: ID!, $search: String!, $after: String) {\n    reseller(id: $id) {\n      id\n      descendants(first: 50, after: $after, search: $search) {\n        pageInfo { hasNextPage endCursor }\n        edges { cursor node { ...ResellerRow parent { id name } } }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query TenantRoots($after: String, $search: String) {\n    tenants(first: 50, after: $after, search: $search) {\n      pageInfo { hasNextPage endCursor }\n      edges { cursor node { ...ResellerRow branch { resellers } } }\n    }\n  }\n"): (typeof documents)["\n  query TenantRoots($after: String, $search: String) {\n    tenants(first: 50, after: $after, search: $search) {\n      pageInfo { hasNextPage endCursor }\n      edges { cursor node { ...ResellerRow branch { resellers } } }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription BranchChanges($resellerId: ID) {\n    branchChanged(resellerId: $resellerId) {\n      version\n      account { ...AccountState reseller { id name status statusReason parent { id } } }\n    }\n  }\n"): (typeof documents)["\n  subscription BranchChanges($resellerId: ID) {\n    branchChanged(resellerId: $resellerId) {\n      version\n      account { ...AccountState reseller { id name status statusReason parent { id } } }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ResellerPage($id: ID!) {\n    reseller(id: $id) {\n      ...ResellerRow\n      parent { id name }\n      branch { resellers lockedResellers creditsHeld creditsConsumed activeCustomers }\n    }\n  }\n"): (typeof documents)["\n  query ResellerPage($id: ID!) {\n    reseller(id: $id) {\n      ...ResellerRow\n      parent { id name }\n      branch { resellers lockedResellers creditsHeld creditsConsumed activeCustomers }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateReseller($input: CreateResellerInput!) {\n    createReseller(input: $input) {\n      ... on CreateResellerPayload {\n        reseller { ...ResellerRow branch { resellers } }\n        from { ...AccountState }\n        transfer { id amount }\n      }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation CreateReseller($input: CreateResellerInput!) {\n    createReseller(input: $input) {\n      ... on CreateResellerPayload {\n        reseller { ...ResellerRow branch { resellers } }\n        from { ...AccountState }\n        transfer { id amount }\n      }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Transfer($input: TransferCreditsInput!) {\n    transferCredits(input: $input) {\n      ... on TransferCreditsPayload { transfer { id amount } from { ...AccountState } to { ...AccountState } }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation Transfer($input: TransferCreditsInput!) {\n    transferCredits(input: $input) {\n      ... on TransferCreditsPayload { transfer { id amount } from { ...AccountState } to { ...AccountState } }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Reclaim($input: ReclaimCreditsInput!) {\n    reclaimCredits(input: $input) {\n      ... on ReclaimCreditsPayload { transfer { id amount } from { ...AccountState } to { ...AccountState } }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation Reclaim($input: ReclaimCreditsInput!) {\n    reclaimCredits(input: $input) {\n      ... on ReclaimCreditsPayload { transfer { id amount } from { ...AccountState } to { ...AccountState } }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Suspend($input: SuspendResellerInput!) {\n    suspendReseller(input: $input) {\n      ... on SuspendResellerPayload { reseller { ...ResellerRow } }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation Suspend($input: SuspendResellerInput!) {\n    suspendReseller(input: $input) {\n      ... on SuspendResellerPayload { reseller { ...ResellerRow } }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Resume($input: ResumeResellerInput!) {\n    resumeReseller(input: $input) {\n      ... on ResumeResellerPayload { reseller { ...ResellerRow } }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation Resume($input: ResumeResellerInput!) {\n    resumeReseller(input: $input) {\n      ... on ResumeResellerPayload { reseller { ...ResellerRow } }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Move($input: MoveResellerInput!) {\n    moveReseller(input: $input) {\n      ... on MoveResellerPayload { reseller { ...ResellerRow parent { id name } } }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation Move($input: MoveResellerInput!) {\n    moveReseller(input: $input) {\n      ... on MoveResellerPayload { reseller { ...ResellerRow parent { id name } } }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Close($input: CloseResellerInput!) {\n    closeReseller(input: $input) {\n      ... on CloseResellerPayload { reseller { ...ResellerRow } to { ...AccountState } transfer { id amount } }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation Close($input: CloseResellerInput!) {\n    closeReseller(input: $input) {\n      ... on CloseResellerPayload { reseller { ...ResellerRow } to { ...AccountState } transfer { id amount } }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RenameReseller($input: UpdateResellerInput!) {\n    updateReseller(input: $input) {\n      ... on UpdateResellerPayload { reseller { ...ResellerRow } }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation RenameReseller($input: UpdateResellerInput!) {\n    updateReseller(input: $input) {\n      ... on UpdateResellerPayload { reseller { ...ResellerRow } }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ReclaimPolicy {\n    viewer { policy { reclaimAllowed minimumTransfer } }\n  }\n"): (typeof documents)["\n  query ReclaimPolicy {\n    viewer { policy { reclaimAllowed minimumTransfer } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SignIn($input: SignInInput!) {\n    signIn(input: $input) {\n      ... on SignInPayload { expiresAt viewer { ...SignedIn } }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation SignIn($input: SignInInput!) {\n    signIn(input: $input) {\n      ... on SignInPayload { expiresAt viewer { ...SignedIn } }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Statement($id: ID!, $first: Int!, $after: String, $kinds: [TransferKind!], $from: DateTime, $to: DateTime) {\n    reseller(id: $id) {\n      id\n      account {\n        id\n        statement(first: $first, after: $after, kinds: $kinds, from: $from, to: $to) {\n          pageInfo { hasNextPage endCursor }\n          edges { cursor node { ...EntryRow } }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query Statement($id: ID!, $first: Int!, $after: String, $kinds: [TransferKind!], $from: DateTime, $to: DateTime) {\n    reseller(id: $id) {\n      id\n      account {\n        id\n        statement(first: $first, after: $after, kinds: $kinds, from: $from, to: $to) {\n          pageInfo { hasNextPage endCursor }\n          edges { cursor node { ...EntryRow } }\n        }\n      }\n    }\n  }\n"];
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