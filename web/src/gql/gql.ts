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
    "\n  query Consumption($id: ID!, $from: DateTime!, $to: DateTime!, $by: ReportInterval!) {\n    reseller(id: $id) {\n      id\n      report(from: $from, to: $to, by: $by) {\n        timeZone\n        intervals { start end sums { activation renewal screens } }\n        total { activation renewal screens receivedMinor creditCostMinor }\n        currency boughtCredits boughtMinor\n      }\n    }\n  }\n": typeof types.ConsumptionDocument,
    "\n  fragment AccountState on Account {\n    id\n    version\n    balance\n    locked\n    lockedSince\n    lowBalance\n    reserveThreshold\n    debt\n  }\n": typeof types.AccountStateFragmentDoc,
    "\n  fragment EntryRow on Entry {\n    id\n    version\n    delta\n    balanceAfter\n    createdAt\n    counterparty\n    transfer {\n      id\n      kind\n      memo\n      actor\n      from { id reseller { id name } }\n      to { id reseller { id name } }\n      customer { id name }\n    }\n  }\n": typeof types.EntryRowFragmentDoc,
    "\n  fragment SignedIn on Viewer {\n    role\n    user { id email role }\n    support { reason expiresAt }\n    reseller {\n      id\n      name\n      status\n      statusReason\n      depth\n      account { ...AccountState keepReserve }\n    }\n  }\n": typeof types.SignedInFragmentDoc,
    "\n  query Viewer {\n    viewer { ...SignedIn }\n  }\n": typeof types.ViewerDocument,
    "\n  subscription AccountChanges($resellerId: ID, $after: Version) {\n    balanceChanged(resellerId: $resellerId, after: $after) {\n      version\n      delta\n      at\n      account { ...AccountState reseller { id status statusReason } }\n      entry { ...EntryRow }\n    }\n  }\n": typeof types.AccountChangesDocument,
    "\n  subscription PurchaseChanges {\n    purchaseChanged { id number status settledAt reference reportedAt reportNote }\n  }\n": typeof types.PurchaseChangesDocument,
    "\n  mutation SignOut {\n    signOut { ok }\n  }\n": typeof types.SignOutDocument,
    "\n  query Rules {\n    viewer { policy { timeZone lockMode } }\n  }\n": typeof types.RulesDocument,
    "\n  fragment Refusal on Error {\n    code\n    message\n    ... on InvalidInputError { fields { path message } }\n    ... on BelowMinimumError { minimum }\n    ... on InsufficientCreditsError { required balance }\n    ... on WouldUseReserveError { reserve left: balanceAfter }\n    ... on LimitReachedError { limit allowed used }\n    ... on RateLimitedError { retryAfterSeconds }\n    ... on PanelLockedError { account { ...AccountState } }\n  }\n": typeof types.RefusalFragmentDoc,
    "\n  fragment Undoing on Transfer {\n    id\n    undoableUntil\n    undoneBy { id }\n  }\n": typeof types.UndoingFragmentDoc,
    "\n  query OwnSpends($id: ID!) {\n    reseller(id: $id) {\n      id\n      account {\n        id\n        statement(first: 20, kinds: [ACTIVATION, RENEWAL, SCREENS, UNDO]) {\n          edges { cursor node { ...EntryRow transfer { ...Undoing } } }\n          pageInfo { hasNextPage endCursor }\n        }\n      }\n    }\n  }\n": typeof types.OwnSpendsDocument,
    "\n  mutation UndoSpending($input: UndoSpendingInput!) {\n    undoSpending(input: $input) {\n      ... on UndoSpendingPayload { account { ...AccountState } transfer { id amount } replayed }\n      ...Refusal\n    }\n  }\n": typeof types.UndoSpendingDocument,
    "\n  query Quote($input: QuoteInput!) {\n    quote(input: $input) {\n      ... on Quote {\n        cost\n        balanceAfter\n        affordable\n        wouldUseReserve\n        willLock\n        expiresAt\n        screens\n        screensChangeAt\n        spans { screens endsAt }\n        sameContact { id name status expiresAt }\n        totalMinor\n        currency\n      }\n      ...Refusal\n    }\n  }\n": typeof types.QuoteDocument,
    "\n  query WaitingSales {\n    viewer {\n      sales(first: 100, status: PENDING, search: \"\") {\n        edges { cursor node { ...SaleRow } }\n        pageInfo { hasNextPage endCursor }\n      }\n    }\n  }\n": typeof types.WaitingSalesDocument,
    "\n  mutation ResetUserAccess($input: ResetUserAccessInput!) {\n    resetUserAccess(input: $input) {\n      ... on ResetUserAccessPayload { user { id email mustChangePassword totpEnabled } oneTimePassword }\n      ...Refusal\n    }\n  }\n": typeof types.ResetUserAccessDocument,
    "\n  query Owners($id: ID!) {\n    reseller(id: $id) {\n      id\n      owners { id email disabled mustChangePassword lastSignInAt }\n    }\n  }\n": typeof types.OwnersDocument,
    "\n  mutation OpenSupportSession($input: OpenSupportSessionInput!) {\n    openSupportSession(input: $input) {\n      ... on OpenSupportSessionPayload { expiresAt }\n      ...Refusal\n    }\n  }\n": typeof types.OpenSupportSessionDocument,
    "\n  subscription SupportSessions {\n    supportSessionsChanged { openedBy reason expiresAt }\n  }\n": typeof types.SupportSessionsDocument,
    "\n  mutation ChooseOwnPassword($input: ChangePasswordInput!) {\n    changePassword(input: $input) {\n      ... on ChangePasswordPayload { endedSessions }\n      ...Refusal\n    }\n  }\n": typeof types.ChooseOwnPasswordDocument,
    "\n  fragment PurchaseRow on Purchase {\n    id\n    number\n    quantity\n    totalMinor\n    currency\n    status\n    provider\n    createdAt\n    expiresAt\n    settledAt\n    paymentInstructions\n    reference\n    reportedAt\n    reportNote\n  }\n": typeof types.PurchaseRowFragmentDoc,
    "\n  fragment SellerCardFields on SellerCard {\n    name\n    whatsapp\n    pixKey\n    instructions\n  }\n": typeof types.SellerCardFieldsFragmentDoc,
    "\n  query Buy {\n    creditPackages { id quantity unitPriceMinor totalMinor currency }\n    paymentMethods\n    viewer { seller { ...SellerCardFields } }\n  }\n": typeof types.BuyDocument,
    "\n  query OwnPurchases($first: Int!, $after: String) {\n    viewer {\n      reseller {\n        id\n        purchases(first: $first, after: $after) {\n          totalCount\n          edges { cursor node { ...PurchaseRow } }\n          pageInfo { hasNextPage endCursor }\n        }\n      }\n    }\n  }\n": typeof types.OwnPurchasesDocument,
    "\n  mutation BuyCredits($input: BuyCreditsInput!) {\n    buyCredits(input: $input) {\n      ... on BuyCreditsPayload { purchase { ...PurchaseRow } replayed }\n      ...Refusal\n    }\n  }\n": typeof types.BuyCreditsDocument,
    "\n  mutation ReportPayment($input: ReportPaymentInput!) {\n    reportPayment(input: $input) {\n      ... on ReportPaymentPayload { purchase { ...PurchaseRow } }\n      ...Refusal\n    }\n  }\n": typeof types.ReportPaymentDocument,
    "\n  mutation CancelPurchase($input: CancelPurchaseInput!) {\n    cancelPurchase(input: $input) {\n      ... on CancelPurchasePayload { purchase { ...PurchaseRow } }\n      ...Refusal\n    }\n  }\n": typeof types.CancelPurchaseDocument,
    "\n  fragment CustomerAccess on Customer {\n    id\n    access { login secret updatedAt }\n  }\n": typeof types.CustomerAccessFragmentDoc,
    "\n  query CustomerAccess($id: ID!) {\n    customer(id: $id) { ...CustomerAccess }\n  }\n": typeof types.CustomerAccessDocument,
    "\n  fragment CustomerService on Customer {\n    id\n    service { status reason at }\n  }\n": typeof types.CustomerServiceFragmentDoc,
    "\n  query CustomerService($id: ID!) {\n    customer(id: $id) { ...CustomerService }\n  }\n": typeof types.CustomerServiceDocument,
    "\n  subscription CustomerChanges {\n    customerChanged {\n      version\n      event\n      customer { ...CustomerRow ...CustomerService }\n    }\n  }\n": typeof types.CustomerChangesDocument,
    "\n  subscription ServiceEvents {\n    customerChanged { version event }\n  }\n": typeof types.ServiceEventsDocument,
    "\n  mutation RetryService($input: RetryServiceInput!) {\n    retryService(input: $input) {\n      ... on RetryServicePayload { customer { ...CustomerService } }\n      ...Refusal\n    }\n  }\n": typeof types.RetryServiceDocument,
    "\n  mutation ResetAccess($input: ResetAccessInput!) {\n    resetAccess(input: $input) {\n      ... on ResetAccessPayload { customer { ...CustomerAccess } }\n      ...Refusal\n    }\n  }\n": typeof types.ResetAccessDocument,
    "\n  fragment CustomerRow on Customer {\n    id\n    name\n    contact\n    notes\n    status\n    screens\n    nextScreens\n    screensChangeAt\n    spans { screens endsAt }\n    expiresAt\n    creditsSpent\n    createdAt\n    muted\n  }\n": typeof types.CustomerRowFragmentDoc,
    "\n  query Customers(\n    $first: Int\n    $after: String\n    $last: Int\n    $before: String\n    $search: String\n    $status: CustomerStatus\n    $serviceFailed: Boolean\n    $paidTerm: Boolean\n    $expiringFrom: DateTime\n    $expiringBefore: DateTime\n    $order: CustomerOrder!\n  ) {\n    viewer {\n      reseller {\n        id\n        customers(\n          first: $first\n          after: $after\n          last: $last\n          before: $before\n          search: $search\n          status: $status\n          serviceFailed: $serviceFailed\n          paidTerm: $paidTerm\n          expiringFrom: $expiringFrom\n          expiringBefore: $expiringBefore\n          order: $order\n        ) {\n          totalCount\n          edges { cursor node { ...CustomerRow ...CustomerService } }\n          pageInfo { hasNextPage hasPreviousPage startCursor endCursor }\n        }\n      }\n    }\n  }\n": typeof types.CustomersDocument,
    "\n  fragment QuickCounts on Reseller {\n    id\n    yesterday: customers(first: 1, paidTerm: true, expiringFrom: $yesterday, expiringBefore: $today) { totalCount }\n    today: customers(first: 1, paidTerm: true, expiringFrom: $today, expiringBefore: $tomorrow) { totalCount }\n    tomorrow: customers(first: 1, paidTerm: true, expiringFrom: $tomorrow, expiringBefore: $in2) { totalCount }\n    in2: customers(first: 1, paidTerm: true, expiringFrom: $in2, expiringBefore: $in3) { totalCount }\n    in3: customers(first: 1, paidTerm: true, expiringFrom: $in3, expiringBefore: $in4) { totalCount }\n    soon: customers(first: 1, status: ACTIVE, expiringBefore: $soon) { totalCount }\n    over: customers(first: 1, status: EXPIRED) { totalCount }\n    trials: customers(first: 1, status: TRIAL) { totalCount }\n  }\n": typeof types.QuickCountsFragmentDoc,
    "\n  query CustomerCounts($yesterday: DateTime!, $today: DateTime!, $tomorrow: DateTime!, $in2: DateTime!, $in3: DateTime!, $in4: DateTime!, $soon: DateTime!) {\n    viewer { reseller { ...QuickCounts } }\n  }\n": typeof types.CustomerCountsDocument,
    "\n  query FailedServices {\n    viewer { reseller { id failed: customers(first: 1, serviceFailed: true) { totalCount } } }\n  }\n": typeof types.FailedServicesDocument,
    "\n  query Customer($id: ID!, $first: Int!, $after: String) {\n    customer(id: $id) {\n      ...CustomerRow\n      history(first: $first, after: $after) {\n        edges { cursor node { id kind amount createdAt memo actor } }\n        pageInfo { hasNextPage endCursor }\n      }\n    }\n  }\n": typeof types.CustomerDocument,
    "\n  query CustomerPolicy {\n    viewer {\n      policy { trialMaxHours trialQuota refundPolicy }\n    }\n  }\n": typeof types.CustomerPolicyDocument,
    "\n  mutation ActivateCustomer($input: ActivateCustomerInput!) {\n    activateCustomer(input: $input) {\n      ... on ActivateCustomerPayload { customer { ...CustomerRow } account { ...AccountState } transfer { id amount } replayed }\n      ...Refusal\n    }\n  }\n": typeof types.ActivateCustomerDocument,
    "\n  mutation RenewCustomer($input: RenewCustomerInput!) {\n    renewCustomer(input: $input) {\n      ... on RenewCustomerPayload { customer { ...CustomerRow } account { ...AccountState } transfer { id amount } replayed }\n      ...Refusal\n    }\n  }\n": typeof types.RenewCustomerDocument,
    "\n  mutation RenewCustomers($input: RenewCustomersInput!) {\n    renewCustomers(input: $input) {\n      ... on RenewCustomersPayload {\n        account { ...AccountState }\n        results {\n          ... on RenewCustomerPayload { customer { ...CustomerRow } replayed }\n          ...Refusal\n        }\n      }\n      ...Refusal\n    }\n  }\n": typeof types.RenewCustomersDocument,
    "\n  mutation AddScreens($input: AddScreensInput!) {\n    addScreens(input: $input) {\n      ... on AddScreensPayload { customer { ...CustomerRow } account { ...AccountState } transfer { id amount } replayed }\n      ...Refusal\n    }\n  }\n": typeof types.AddScreensDocument,
    "\n  mutation SetNextScreens($input: SetNextScreensInput!) {\n    setNextScreens(input: $input) {\n      ... on SetNextScreensPayload { customer { ...CustomerRow } }\n      ...Refusal\n    }\n  }\n": typeof types.SetNextScreensDocument,
    "\n  mutation StartTrial($input: StartTrialInput!) {\n    startTrial(input: $input) {\n      ... on StartTrialPayload { customer { ...CustomerRow } replayed }\n      ...Refusal\n    }\n  }\n": typeof types.StartTrialDocument,
    "\n  mutation UpdateCustomer($input: UpdateCustomerInput!) {\n    updateCustomer(input: $input) {\n      ... on UpdateCustomerPayload { customer { ...CustomerRow plan { id } } }\n      ...Refusal\n    }\n  }\n": typeof types.UpdateCustomerDocument,
    "\n  mutation CancelCustomer($input: CancelCustomerInput!) {\n    cancelCustomer(input: $input) {\n      ... on CancelCustomerPayload { customer { ...CustomerRow } account { ...AccountState } transfer { id amount } replayed }\n      ...Refusal\n    }\n  }\n": typeof types.CancelCustomerDocument,
    "\n  query CustomerPlan($id: ID!) {\n    viewer { reseller { id plans { id name } } }\n    customer(id: $id) { id plan { id } }\n  }\n": typeof types.CustomerPlanDocument,
    "\n  query RenewalLink($id: ID!) {\n    customer(id: $id) { id renewalLink }\n  }\n": typeof types.RenewalLinkDocument,
    "\n  mutation ResetRenewalLink($input: ResetRenewalLinkInput!) {\n    resetRenewalLink(input: $input) {\n      ... on ResetRenewalLinkPayload { customer { id renewalLink } }\n      ...Refusal\n    }\n  }\n": typeof types.ResetRenewalLinkDocument,
    "\n  query Latest($id: ID!) {\n    reseller(id: $id) {\n      id\n      account {\n        id\n        statement(first: 8) {\n          edges { cursor node { ...EntryRow } }\n          pageInfo { hasNextPage endCursor }\n        }\n      }\n    }\n  }\n": typeof types.LatestDocument,
    "\n  query Figures($id: ID!, $from: DateTime!, $to: DateTime!, $yesterday: DateTime!, $today: DateTime!, $tomorrow: DateTime!, $in2: DateTime!, $in3: DateTime!, $in4: DateTime!, $soon: DateTime!) {\n    reseller(id: $id) {\n      id\n      branch { activeCustomers }\n      customers(first: 1, status: ACTIVE) { totalCount }\n      ...QuickCounts\n      report(from: $from, to: $to, by: MONTH) {\n        total { activation renewal screens newCustomers renewedCustomers receivedMinor creditCostMinor }\n        currency expectedMinor\n      }\n    }\n  }\n": typeof types.FiguresDocument,
    "\n  query MessagesWaiting {\n    viewer { messagesWaiting }\n  }\n": typeof types.MessagesWaitingDocument,
    "\n  query ChildrenAtHome($id: ID!, $from: DateTime!, $to: DateTime!) {\n    reseller(id: $id) {\n      id\n      children(first: 20, order: BALANCE) {\n        edges {\n          node {\n            id\n            name\n            status\n            account { ...AccountState }\n            report(from: $from, to: $to, by: MONTH) { total { ...SpentSums } }\n          }\n        }\n        pageInfo { hasNextPage }\n      }\n    }\n  }\n": typeof types.ChildrenAtHomeDocument,
    "\n  fragment ImportTotalsFields on ImportTotals {\n    resellers\n    credits\n    customers\n    activeCustomers\n    trialCustomers\n    canceledCustomers\n    expiredCustomers\n    screens\n    screenDays\n  }\n": typeof types.ImportTotalsFieldsFragmentDoc,
    "\n  fragment ImportFacts on Import {\n    id\n    version\n    status\n    source\n    fileName\n    hash\n    rows\n    validRows\n    knownRows\n    progress\n    totals { ...ImportTotalsFields }\n    proof { ...ImportTotalsFields }\n    mode\n    createdAt\n    committedAt\n    committedBy\n    separator\n    encoding\n    timeZone\n    rootName\n    columns { heading field }\n    reseller { id name }\n  }\n": typeof types.ImportFactsFragmentDoc,
    "\n  query Imports($first: Int!, $after: String) {\n    viewer {\n      imports(first: $first, after: $after) {\n        edges { cursor node { ...ImportFacts } }\n        pageInfo { hasNextPage endCursor }\n      }\n    }\n  }\n": typeof types.ImportsDocument,
    "\n  query Import($id: ID!) {\n    node(id: $id) {\n      ... on Import {\n        ...ImportFacts\n        ownersWithoutPassword\n        sample {\n          line isReseller externalId name login email parent credits screens expiresAt contact known\n        }\n      }\n    }\n  }\n": typeof types.ImportDocument,
    "\n  query ImportProblems($id: ID!, $first: Int!, $after: String) {\n    node(id: $id) {\n      ... on Import {\n        id\n        problems(first: $first, after: $after) {\n          edges { cursor node { line column message } }\n          pageInfo { hasNextPage endCursor }\n        }\n      }\n    }\n  }\n": typeof types.ImportProblemsDocument,
    "\n  subscription ImportChanges {\n    importChanged { ...ImportFacts }\n  }\n": typeof types.ImportChangesDocument,
    "\n  mutation PreviewImport($input: PreviewImportInput!) {\n    previewImport(input: $input) {\n      ... on PreviewImportPayload { import { ...ImportFacts } }\n      ...Refusal\n    }\n  }\n": typeof types.PreviewImportDocument,
    "\n  mutation CommitImport($input: CommitImportInput!) {\n    commitImport(input: $input) {\n      ... on CommitImportPayload { import { ...ImportFacts } }\n      ...Refusal\n    }\n  }\n": typeof types.CommitImportDocument,
    "\n  mutation CreateImportInvitations($input: CreateImportInvitationsInput!) {\n    createImportInvitations(input: $input) {\n      ... on CreateImportInvitationsPayload {\n        invitations { resellerId resellerName email token expiresAt }\n        hasMore\n      }\n      ...Refusal\n    }\n  }\n": typeof types.CreateImportInvitationsDocument,
    "\n  mutation DiscardImport($input: DiscardImportInput!) {\n    discardImport(input: $input) {\n      ... on DiscardImportPayload { importId }\n      ...Refusal\n    }\n  }\n": typeof types.DiscardImportDocument,
    "\n  query ImportTenants($first: Int!, $search: String) {\n    tenants(first: $first, search: $search) {\n      edges { node { id name } }\n    }\n  }\n": typeof types.ImportTenantsDocument,
    "\n  fragment MessageRow on QueuedMessage {\n    id\n    text\n    whatsappUrl\n    dueAt\n    sentAt\n    customer { id name contact }\n  }\n": typeof types.MessageRowFragmentDoc,
    "\n  query Messages($first: Int!) {\n    viewer {\n      messagesWaiting\n      messageQueue(first: $first) { ...MessageRow }\n    }\n  }\n": typeof types.MessagesDocument,
    "\n  mutation MarkMessageSent($input: MarkMessageSentInput!) {\n    markMessageSent(input: $input) {\n      ... on MarkMessageSentPayload { marked: message { ...MessageRow } }\n      ...Refusal\n    }\n  }\n": typeof types.MarkMessageSentDocument,
    "\n  fragment TenantRow on Reseller {\n    id\n    name\n    status\n    account { ...AccountState }\n    branch { resellers activeCustomers creditsHeld }\n  }\n": typeof types.TenantRowFragmentDoc,
    "\n  query Tenants($first: Int!, $after: String, $search: String) {\n    tenants(first: $first, after: $after, search: $search) {\n      edges { cursor node { ...TenantRow } }\n      pageInfo { hasNextPage endCursor }\n    }\n  }\n": typeof types.TenantsDocument,
    "\n  mutation CreateTenant($input: CreateTenantInput!) {\n    createTenant(input: $input) {\n      ... on CreateTenantPayload { reseller { ...TenantRow } replayed }\n      ...Refusal\n    }\n  }\n": typeof types.CreateTenantDocument,
    "\n  mutation IssueCredits($input: IssueCreditsInput!) {\n    issueCredits(input: $input) {\n      ... on IssueCreditsPayload { transfer { id amount } to { ...AccountState } replayed }\n      ...Refusal\n    }\n  }\n": typeof types.IssueCreditsDocument,
    "\n  query LedgerHealth {\n    ledgerHealth { ok issued held consumed withdrawn entries problems checkedAt }\n  }\n": typeof types.LedgerHealthDocument,
    "\n  query PriceList {\n    viewer {\n      priceList { id quantity unitPriceMinor totalMinor currency }\n    }\n  }\n": typeof types.PriceListDocument,
    "\n  mutation SetCreditPackages($input: SetCreditPackagesInput!) {\n    setCreditPackages(input: $input) {\n      ... on SetCreditPackagesPayload { packages { id quantity unitPriceMinor totalMinor currency } }\n      ...Refusal\n    }\n  }\n": typeof types.SetCreditPackagesDocument,
    "\n  fragment ResellerRow on Reseller {\n    id\n    name\n    status\n    statusReason\n    depth\n    createdAt\n    account { ...AccountState }\n  }\n": typeof types.ResellerRowFragmentDoc,
    "\n  query Children($id: ID!, $after: String, $order: ResellerOrder!, $locked: Boolean) {\n    reseller(id: $id) {\n      id\n      children(first: 50, after: $after, order: $order, locked: $locked) {\n        totalCount\n        pageInfo { hasNextPage endCursor }\n        edges { cursor node { ...ResellerRow branch { resellers } } }\n      }\n    }\n  }\n": typeof types.ChildrenDocument,
    "\n  query FoundResellers($id: ID!, $search: String!, $after: String) {\n    reseller(id: $id) {\n      id\n      descendants(first: 50, after: $after, search: $search) {\n        pageInfo { hasNextPage endCursor }\n        edges { cursor node { ...ResellerRow parent { id name } } }\n      }\n    }\n  }\n": typeof types.FoundResellersDocument,
    "\n  subscription BranchChanges($resellerId: ID) {\n    branchChanged(resellerId: $resellerId) {\n      version\n      account { ...AccountState reseller { id name status statusReason parent { id } } }\n    }\n  }\n": typeof types.BranchChangesDocument,
    "\n  query ResellerPage($id: ID!) {\n    reseller(id: $id) {\n      ...ResellerRow\n      parent { id name }\n      branch { resellers lockedResellers creditsHeld creditsConsumed activeCustomers }\n    }\n  }\n": typeof types.ResellerPageDocument,
    "\n  mutation CreateReseller($input: CreateResellerInput!) {\n    createReseller(input: $input) {\n      ... on CreateResellerPayload {\n        reseller { ...ResellerRow branch { resellers } }\n        from { ...AccountState }\n        transfer { id amount }\n      }\n      ...Refusal\n    }\n  }\n": typeof types.CreateResellerDocument,
    "\n  mutation Transfer($input: TransferCreditsInput!) {\n    transferCredits(input: $input) {\n      ... on TransferCreditsPayload { transfer { id amount } from { ...AccountState } to { ...AccountState } }\n      ...Refusal\n    }\n  }\n": typeof types.TransferDocument,
    "\n  mutation Reclaim($input: ReclaimCreditsInput!) {\n    reclaimCredits(input: $input) {\n      ... on ReclaimCreditsPayload { transfer { id amount } from { ...AccountState } to { ...AccountState } }\n      ...Refusal\n    }\n  }\n": typeof types.ReclaimDocument,
    "\n  mutation Suspend($input: SuspendResellerInput!) {\n    suspendReseller(input: $input) {\n      ... on SuspendResellerPayload { reseller { ...ResellerRow } }\n      ...Refusal\n    }\n  }\n": typeof types.SuspendDocument,
    "\n  mutation Resume($input: ResumeResellerInput!) {\n    resumeReseller(input: $input) {\n      ... on ResumeResellerPayload { reseller { ...ResellerRow } }\n      ...Refusal\n    }\n  }\n": typeof types.ResumeDocument,
    "\n  mutation Move($input: MoveResellerInput!) {\n    moveReseller(input: $input) {\n      ... on MoveResellerPayload { canceledPurchases reseller { ...ResellerRow parent { id name } } }\n      ...Refusal\n    }\n  }\n": typeof types.MoveDocument,
    "\n  mutation Close($input: CloseResellerInput!) {\n    closeReseller(input: $input) {\n      ... on CloseResellerPayload { reseller { ...ResellerRow } to { ...AccountState } transfer { id amount } }\n      ...Refusal\n    }\n  }\n": typeof types.CloseDocument,
    "\n  fragment LimitFields on ResellerLimits {\n    mayCreateResellers\n    maxResellers\n    maxCustomers\n    maxTrialsPerDay\n    maxScreensPerCustomer\n  }\n": typeof types.LimitFieldsFragmentDoc,
    "\n  query Limits($id: ID!) {\n    reseller(id: $id) { id limits { ...LimitFields } }\n  }\n": typeof types.LimitsDocument,
    "\n  mutation SetLimits($input: SetResellerLimitsInput!) {\n    setResellerLimits(input: $input) {\n      ... on SetResellerLimitsPayload { reseller { id limits { ...LimitFields } } }\n      ...Refusal\n    }\n  }\n": typeof types.SetLimitsDocument,
    "\n  mutation RenameReseller($input: UpdateResellerInput!) {\n    updateReseller(input: $input) {\n      ... on UpdateResellerPayload { reseller { ...ResellerRow } }\n      ...Refusal\n    }\n  }\n": typeof types.RenameResellerDocument,
    "\n  query ReclaimPolicy {\n    viewer { policy { reclaimAllowed minimumTransfer minimumInitialCredits } }\n  }\n": typeof types.ReclaimPolicyDocument,
    "\n  fragment SpentSums on ReportSums {\n    activation\n    renewal\n    screens\n    undone\n    creditsPassedOn\n  }\n": typeof types.SpentSumsFragmentDoc,
    "\n  query Paces($ids: [ID!]!, $from: DateTime!, $to: DateTime!) {\n    nodes(ids: $ids) {\n      ... on Reseller { id report(from: $from, to: $to, by: MONTH) { total { ...SpentSums } } }\n    }\n  }\n": typeof types.PacesDocument,
    "\n  fragment CustomerPaymentRow on CustomerPayment {\n    id\n    status\n    planName\n    priceMinor\n    currency\n    periods\n    screens\n    createdAt\n    paidAt\n    provider\n    reference\n    returnedMinor\n    customer { id name }\n  }\n": typeof types.CustomerPaymentRowFragmentDoc,
    "\n  query CustomerPayments($first: Int!, $after: String, $status: CustomerPaymentStatus, $customerId: ID) {\n    viewer {\n      customerPayments(first: $first, after: $after, status: $status, customerId: $customerId) {\n        totalCount\n        edges { cursor node { ...CustomerPaymentRow } }\n        pageInfo { hasNextPage endCursor }\n      }\n    }\n  }\n": typeof types.CustomerPaymentsDocument,
    "\n  subscription CustomerPaymentChanges {\n    customerPaymentChanged { ...CustomerPaymentRow }\n  }\n": typeof types.CustomerPaymentChangesDocument,
    "\n  mutation ConfirmCustomerPayment($input: ConfirmCustomerPaymentInput!) {\n    confirmCustomerPayment(input: $input) {\n      ... on ConfirmCustomerPaymentPayload { payment { ...CustomerPaymentRow } account { ...AccountState } replayed }\n      ...Refusal\n    }\n  }\n": typeof types.ConfirmCustomerPaymentDocument,
    "\n  query Sales($first: Int!, $after: String, $status: PurchaseStatus, $search: String) {\n    viewer {\n      sales(first: $first, after: $after, status: $status, search: $search) {\n        totalCount\n        edges { cursor node { ...SaleRow } }\n        pageInfo { hasNextPage endCursor }\n      }\n    }\n  }\n": typeof types.SalesDocument,
    "\n  fragment SaleRow on Purchase {\n    ...PurchaseRow\n    buyer { id name }\n    sellerCanDeliver\n    returnedMinor\n    chargedBack\n  }\n": typeof types.SaleRowFragmentDoc,
    "\n  query PurchaseSource {\n    viewer {\n      policy { purchaseSource }\n    }\n  }\n": typeof types.PurchaseSourceDocument,
    "\n  mutation ConfirmPurchase($input: ConfirmPurchaseInput!) {\n    confirmPurchase(input: $input) {\n      ... on ConfirmPurchasePayload { purchase { ...SaleRow } buyerAccount: account { ...AccountState } transfer { id amount } replayed }\n      ...Refusal\n    }\n  }\n": typeof types.ConfirmPurchaseDocument,
    "\n  mutation ChargeBackPurchase($input: ChargeBackPurchaseInput!) {\n    chargeBackPurchase(input: $input) {\n      ... on ChargeBackPurchasePayload { purchase { ...SaleRow } buyerAccount: account { ...AccountState } transfer { id amount } replayed }\n      ...Refusal\n    }\n  }\n": typeof types.ChargeBackPurchaseDocument,
    "\n  query OwnCard {\n    viewer {\n      sellerCard { ...SellerCardFields }\n    }\n  }\n": typeof types.OwnCardDocument,
    "\n  mutation SetSellerCard($input: SetSellerCardInput!) {\n    setSellerCard(input: $input) {\n      ... on SetSellerCardPayload { sellerCard { ...SellerCardFields } }\n      ...Refusal\n    }\n  }\n": typeof types.SetSellerCardDocument,
    "\n  query PaymentProviders {\n    viewer {\n      paymentProviders { ...ProviderSettings }\n    }\n  }\n": typeof types.PaymentProvidersDocument,
    "\n  fragment ProviderSettings on PaymentProviderSettings {\n    provider\n    enabled\n    webhookPath\n    pixKey\n    merchantName\n    merchantCity\n    updatedAt\n  }\n": typeof types.ProviderSettingsFragmentDoc,
    "\n  mutation SetPaymentProvider($input: SetPaymentProviderInput!) {\n    setPaymentProvider(input: $input) {\n      ... on SetPaymentProviderPayload { settings { ...ProviderSettings } }\n      ...Refusal\n    }\n  }\n": typeof types.SetPaymentProviderDocument,
    "\n  query Search(\n    $text: String!\n    $number: String!\n    $bought: Int\n    $byText: Boolean!\n    $platform: Boolean!\n    $sold: Boolean!\n    $buys: Boolean!\n  ) {\n    tenants(first: 5, search: $text) @include(if: $platform) {\n      edges { node { id name } }\n    }\n    viewer {\n      panel: reseller @include(if: $byText) {\n        id\n        customers(first: 6, search: $text) { edges { node { id name contact status expiresAt } } }\n        descendants(first: 5, search: $text) { edges { node { id name account { id balance } parent { id name } } } }\n      }\n      buyer: reseller @include(if: $buys) {\n        id\n        purchases(first: 1, number: $bought) { edges { node { id number quantity status } } }\n      }\n      sales(first: 3, search: $number) @include(if: $sold) {\n        edges { node { id number quantity status buyer { id name } } }\n      }\n    }\n  }\n": typeof types.SearchDocument,
    "\n  query Security {\n    viewer {\n      user { id email totpEnabled }\n      sessions { id createdAt expiresAt current userAgent address }\n    }\n  }\n": typeof types.SecurityDocument,
    "\n  mutation ChangePassword($input: ChangePasswordInput!) {\n    changePassword(input: $input) {\n      ... on ChangePasswordPayload { user { id } endedSessions }\n      ...Refusal\n    }\n  }\n": typeof types.ChangePasswordDocument,
    "\n  mutation ChangeEmail($input: ChangeEmailInput!) {\n    changeEmail(input: $input) {\n      ... on ChangeEmailPayload { user { id email } }\n      ...Refusal\n    }\n  }\n": typeof types.ChangeEmailDocument,
    "\n  mutation RevokeSession($input: RevokeSessionInput!) {\n    revokeSession(input: $input) {\n      ... on RevokeSessionPayload { sessionId }\n      ...Refusal\n    }\n  }\n": typeof types.RevokeSessionDocument,
    "\n  mutation RevokeOtherSessions {\n    revokeOtherSessions { endedSessions }\n  }\n": typeof types.RevokeOtherSessionsDocument,
    "\n  mutation StartTotp($input: StartTotpInput!) {\n    startTotp(input: $input) {\n      ... on StartTotpPayload { secret otpauthUri }\n      ...Refusal\n    }\n  }\n": typeof types.StartTotpDocument,
    "\n  mutation ConfirmTotp($input: ConfirmTotpInput!) {\n    confirmTotp(input: $input) {\n      ... on ConfirmTotpPayload { user { id totpEnabled } recoveryCodes }\n      ...Refusal\n    }\n  }\n": typeof types.ConfirmTotpDocument,
    "\n  mutation DisableTotp($input: DisableTotpInput!) {\n    disableTotp(input: $input) {\n      ... on DisableTotpPayload { user { id totpEnabled } }\n      ...Refusal\n    }\n  }\n": typeof types.DisableTotpDocument,
    "\n  mutation RegenerateRecoveryCodes($input: RegenerateRecoveryCodesInput!) {\n    regenerateRecoveryCodes(input: $input) {\n      ... on RegenerateRecoveryCodesPayload { recoveryCodes }\n      ...Refusal\n    }\n  }\n": typeof types.RegenerateRecoveryCodesDocument,
    "\n  query Team($first: Int!, $after: String) {\n    viewer {\n      team(first: $first, after: $after) {\n        edges { cursor node { ...Member } }\n        pageInfo { hasNextPage endCursor }\n      }\n    }\n  }\n": typeof types.TeamDocument,
    "\n  fragment Member on User {\n    id\n    email\n    role\n    disabled\n    totpEnabled\n    createdAt\n  }\n": typeof types.MemberFragmentDoc,
    "\n  mutation InviteUser($input: InviteUserInput!) {\n    inviteUser(input: $input) {\n      ... on InviteUserPayload { user { ...Member } }\n      ...Refusal\n    }\n  }\n": typeof types.InviteUserDocument,
    "\n  mutation UpdateUser($input: UpdateUserInput!) {\n    updateUser(input: $input) {\n      ... on UpdateUserPayload { user { ...Member } }\n      ...Refusal\n    }\n  }\n": typeof types.UpdateUserDocument,
    "\n  fragment Key on ApiKey {\n    id\n    name\n    prefix\n    scope\n    createdAt\n    expiresAt\n    lastUsedAt\n    revokedAt\n  }\n": typeof types.KeyFragmentDoc,
    "\n  query ApiKeys($first: Int!, $after: String) {\n    viewer {\n      apiKeys(first: $first, after: $after) {\n        edges { cursor node { ...Key } }\n        pageInfo { hasNextPage endCursor }\n      }\n    }\n  }\n": typeof types.ApiKeysDocument,
    "\n  mutation CreateApiKey($input: CreateApiKeyInput!) {\n    createApiKey(input: $input) {\n      ... on CreateApiKeyPayload { apiKey { ...Key } secret }\n      ...Refusal\n    }\n  }\n": typeof types.CreateApiKeyDocument,
    "\n  mutation RevokeApiKey($input: RevokeApiKeyInput!) {\n    revokeApiKey(input: $input) {\n      ... on RevokeApiKeyPayload { apiKey { ...Key } }\n      ...Refusal\n    }\n  }\n": typeof types.RevokeApiKeyDocument,
    "\n  mutation UpdateOwnPanel($input: UpdateResellerInput!) {\n    updateReseller(input: $input) {\n      ... on UpdateResellerPayload { reseller { id name account { ...AccountState keepReserve } } }\n      ...Refusal\n    }\n  }\n": typeof types.UpdateOwnPanelDocument,
    "\n  query OwnLimits {\n    viewer { reseller { id limits { ...LimitFields } } }\n  }\n": typeof types.OwnLimitsDocument,
    "\n  query AuditLog($resellerId: ID, $first: Int!, $after: String) {\n    auditLog(resellerId: $resellerId, first: $first, after: $after) {\n      edges {\n        cursor\n        node { id at action actor address subject reseller { id name } changes { field before after } }\n      }\n      pageInfo { hasNextPage endCursor }\n    }\n  }\n": typeof types.AuditLogDocument,
    "\n  fragment PlanFields on Plan {\n    id\n    name\n    periods\n    screens\n    priceMinor\n    currency\n  }\n": typeof types.PlanFieldsFragmentDoc,
    "\n  query Plans {\n    viewer {\n      reseller {\n        id\n        plans { ...PlanFields }\n        suggestedPlans { name periods screens priceMinor currency }\n      }\n    }\n  }\n": typeof types.PlansDocument,
    "\n  mutation SetPlans($input: SetPlansInput!) {\n    setPlans(input: $input) {\n      ... on SetPlansPayload { plans { ...PlanFields } }\n      ...Refusal\n    }\n  }\n": typeof types.SetPlansDocument,
    "\n  query Policy {\n    viewer {\n      policy { ...PolicyFields }\n    }\n  }\n": typeof types.PolicyDocument,
    "\n  fragment PolicyFields on TenantPolicy {\n    trialMaxHours\n    trialQuota\n    reclaimAllowed\n    purchaseSource\n    refundPolicy\n    minimumTransfer\n    undoMinutes\n    minimumPurchase\n    minimumInitialCredits\n    lockMode\n    trialsForNewContactsOnly\n    timeZone\n  }\n": typeof types.PolicyFieldsFragmentDoc,
    "\n  mutation SetTenantPolicy($input: SetTenantPolicyInput!) {\n    setTenantPolicy(input: $input) {\n      ... on SetTenantPolicyPayload { policy { ...PolicyFields } }\n      ...Refusal\n    }\n  }\n": typeof types.SetTenantPolicyDocument,
    "\n  fragment ReminderRuleFields on ReminderRule {\n    daysFromEnd\n    trialHours\n    hour\n    channel\n    template\n  }\n": typeof types.ReminderRuleFieldsFragmentDoc,
    "\n  query Reminders {\n    viewer {\n      reminderRules { ...ReminderRuleFields }\n      reminderChannels { channel problem }\n      reminderFields { name example }\n    }\n  }\n": typeof types.RemindersDocument,
    "\n  mutation SetReminderRules($input: SetReminderRulesInput!) {\n    setReminderRules(input: $input) {\n      ... on SetReminderRulesPayload { reminderRules { ...ReminderRuleFields } }\n      ...Refusal\n    }\n  }\n": typeof types.SetReminderRulesDocument,
    "\n  fragment Endpoint on WebhookEndpoint {\n    id\n    url\n    scope\n    events\n    enabled\n    disabledReason\n    createdAt\n    dead: deliveries(first: 1, status: DEAD) { edges { node { id } } }\n  }\n": typeof types.EndpointFragmentDoc,
    "\n  query WebhookEndpoints {\n    viewer { webhookEndpoints { ...Endpoint } }\n  }\n": typeof types.WebhookEndpointsDocument,
    "\n  subscription WebhookEndpointChanged {\n    webhookEndpointChanged { id }\n  }\n": typeof types.WebhookEndpointChangedDocument,
    "\n  query Deliveries($id: ID!, $first: Int!, $after: String, $status: DeliveryStatus) {\n    node(id: $id) {\n      ... on WebhookEndpoint {\n        id\n        deliveries(first: $first, after: $after, status: $status) {\n          edges { cursor node { id event version status attempts lastError nextAttemptAt createdAt } }\n          pageInfo { hasNextPage endCursor }\n        }\n      }\n    }\n  }\n": typeof types.DeliveriesDocument,
    "\n  mutation CreateWebhookEndpoint($input: CreateWebhookEndpointInput!) {\n    createWebhookEndpoint(input: $input) {\n      ... on CreateWebhookEndpointPayload { endpoint { ...Endpoint } secret }\n      ...Refusal\n    }\n  }\n": typeof types.CreateWebhookEndpointDocument,
    "\n  mutation UpdateWebhookEndpoint($input: UpdateWebhookEndpointInput!) {\n    updateWebhookEndpoint(input: $input) {\n      ... on UpdateWebhookEndpointPayload { endpoint { ...Endpoint } }\n      ...Refusal\n    }\n  }\n": typeof types.UpdateWebhookEndpointDocument,
    "\n  mutation RemoveWebhookEndpoint($input: RemoveWebhookEndpointInput!) {\n    removeWebhookEndpoint(input: $input) {\n      ... on RemoveWebhookEndpointPayload { endpointId }\n      ...Refusal\n    }\n  }\n": typeof types.RemoveWebhookEndpointDocument,
    "\n  mutation RotateWebhookSecret($input: RotateWebhookSecretInput!) {\n    rotateWebhookSecret(input: $input) {\n      ... on RotateWebhookSecretPayload { endpoint { ...Endpoint } secret }\n      ...Refusal\n    }\n  }\n": typeof types.RotateWebhookSecretDocument,
    "\n  mutation SendTestEvent($input: SendTestEventInput!) {\n    sendTestEvent(input: $input) {\n      ... on SendTestEventPayload { delivery { id } }\n      ...Refusal\n    }\n  }\n": typeof types.SendTestEventDocument,
    "\n  mutation ReplayEvents($input: ReplayEventsInput!) {\n    replayEvents(input: $input) {\n      ... on ReplayEventsPayload { endpoint { ...Endpoint } }\n      ...Refusal\n    }\n  }\n": typeof types.ReplayEventsDocument,
    "\n  mutation SignIn($input: SignInInput!) {\n    signIn(input: $input) {\n      ... on SignInPayload { expiresAt viewer { ...SignedIn } }\n      ...Refusal\n    }\n  }\n": typeof types.SignInDocument,
    "\n  query MailOffered {\n    passwordResetByMail\n  }\n": typeof types.MailOfferedDocument,
    "\n  mutation RequestPasswordReset($input: RequestPasswordResetInput!) {\n    requestPasswordReset(input: $input) { ok }\n  }\n": typeof types.RequestPasswordResetDocument,
    "\n  mutation ResetPassword($input: ResetPasswordInput!) {\n    resetPassword(input: $input) {\n      ... on ResetPasswordPayload { ok }\n      ...Refusal\n    }\n  }\n": typeof types.ResetPasswordDocument,
    "\n  query Statement($id: ID!, $first: Int!, $after: String, $kinds: [TransferKind!], $from: DateTime, $to: DateTime) {\n    reseller(id: $id) {\n      id\n      account {\n        id\n        statement(first: $first, after: $after, kinds: $kinds, from: $from, to: $to) {\n          pageInfo { hasNextPage endCursor }\n          edges { cursor node { ...EntryRow transfer { ...Undoing } } }\n        }\n      }\n    }\n  }\n": typeof types.StatementDocument,
    "\n  mutation EndOtherSessions {\n    revokeOtherSessions { endedSessions }\n  }\n": typeof types.EndOtherSessionsDocument,
};
const documents: Documents = {
    "\n  query Consumption($id: ID!, $from: DateTime!, $to: DateTime!, $by: ReportInterval!) {\n    reseller(id: $id) {\n      id\n      report(from: $from, to: $to, by: $by) {\n        timeZone\n        intervals { start end sums { activation renewal screens } }\n        total { activation renewal screens receivedMinor creditCostMinor }\n        currency boughtCredits boughtMinor\n      }\n    }\n  }\n": types.ConsumptionDocument,
    "\n  fragment AccountState on Account {\n    id\n    version\n    balance\n    locked\n    lockedSince\n    lowBalance\n    reserveThreshold\n    debt\n  }\n": types.AccountStateFragmentDoc,
    "\n  fragment EntryRow on Entry {\n    id\n    version\n    delta\n    balanceAfter\n    createdAt\n    counterparty\n    transfer {\n      id\n      kind\n      memo\n      actor\n      from { id reseller { id name } }\n      to { id reseller { id name } }\n      customer { id name }\n    }\n  }\n": types.EntryRowFragmentDoc,
    "\n  fragment SignedIn on Viewer {\n    role\n    user { id email role }\n    support { reason expiresAt }\n    reseller {\n      id\n      name\n      status\n      statusReason\n      depth\n      account { ...AccountState keepReserve }\n    }\n  }\n": types.SignedInFragmentDoc,
    "\n  query Viewer {\n    viewer { ...SignedIn }\n  }\n": types.ViewerDocument,
    "\n  subscription AccountChanges($resellerId: ID, $after: Version) {\n    balanceChanged(resellerId: $resellerId, after: $after) {\n      version\n      delta\n      at\n      account { ...AccountState reseller { id status statusReason } }\n      entry { ...EntryRow }\n    }\n  }\n": types.AccountChangesDocument,
    "\n  subscription PurchaseChanges {\n    purchaseChanged { id number status settledAt reference reportedAt reportNote }\n  }\n": types.PurchaseChangesDocument,
    "\n  mutation SignOut {\n    signOut { ok }\n  }\n": types.SignOutDocument,
    "\n  query Rules {\n    viewer { policy { timeZone lockMode } }\n  }\n": types.RulesDocument,
    "\n  fragment Refusal on Error {\n    code\n    message\n    ... on InvalidInputError { fields { path message } }\n    ... on BelowMinimumError { minimum }\n    ... on InsufficientCreditsError { required balance }\n    ... on WouldUseReserveError { reserve left: balanceAfter }\n    ... on LimitReachedError { limit allowed used }\n    ... on RateLimitedError { retryAfterSeconds }\n    ... on PanelLockedError { account { ...AccountState } }\n  }\n": types.RefusalFragmentDoc,
    "\n  fragment Undoing on Transfer {\n    id\n    undoableUntil\n    undoneBy { id }\n  }\n": types.UndoingFragmentDoc,
    "\n  query OwnSpends($id: ID!) {\n    reseller(id: $id) {\n      id\n      account {\n        id\n        statement(first: 20, kinds: [ACTIVATION, RENEWAL, SCREENS, UNDO]) {\n          edges { cursor node { ...EntryRow transfer { ...Undoing } } }\n          pageInfo { hasNextPage endCursor }\n        }\n      }\n    }\n  }\n": types.OwnSpendsDocument,
    "\n  mutation UndoSpending($input: UndoSpendingInput!) {\n    undoSpending(input: $input) {\n      ... on UndoSpendingPayload { account { ...AccountState } transfer { id amount } replayed }\n      ...Refusal\n    }\n  }\n": types.UndoSpendingDocument,
    "\n  query Quote($input: QuoteInput!) {\n    quote(input: $input) {\n      ... on Quote {\n        cost\n        balanceAfter\n        affordable\n        wouldUseReserve\n        willLock\n        expiresAt\n        screens\n        screensChangeAt\n        spans { screens endsAt }\n        sameContact { id name status expiresAt }\n        totalMinor\n        currency\n      }\n      ...Refusal\n    }\n  }\n": types.QuoteDocument,
    "\n  query WaitingSales {\n    viewer {\n      sales(first: 100, status: PENDING, search: \"\") {\n        edges { cursor node { ...SaleRow } }\n        pageInfo { hasNextPage endCursor }\n      }\n    }\n  }\n": types.WaitingSalesDocument,
    "\n  mutation ResetUserAccess($input: ResetUserAccessInput!) {\n    resetUserAccess(input: $input) {\n      ... on ResetUserAccessPayload { user { id email mustChangePassword totpEnabled } oneTimePassword }\n      ...Refusal\n    }\n  }\n": types.ResetUserAccessDocument,
    "\n  query Owners($id: ID!) {\n    reseller(id: $id) {\n      id\n      owners { id email disabled mustChangePassword lastSignInAt }\n    }\n  }\n": types.OwnersDocument,
    "\n  mutation OpenSupportSession($input: OpenSupportSessionInput!) {\n    openSupportSession(input: $input) {\n      ... on OpenSupportSessionPayload { expiresAt }\n      ...Refusal\n    }\n  }\n": types.OpenSupportSessionDocument,
    "\n  subscription SupportSessions {\n    supportSessionsChanged { openedBy reason expiresAt }\n  }\n": types.SupportSessionsDocument,
    "\n  mutation ChooseOwnPassword($input: ChangePasswordInput!) {\n    changePassword(input: $input) {\n      ... on ChangePasswordPayload { endedSessions }\n      ...Refusal\n    }\n  }\n": types.ChooseOwnPasswordDocument,
    "\n  fragment PurchaseRow on Purchase {\n    id\n    number\n    quantity\n    totalMinor\n    currency\n    status\n    provider\n    createdAt\n    expiresAt\n    settledAt\n    paymentInstructions\n    reference\n    reportedAt\n    reportNote\n  }\n": types.PurchaseRowFragmentDoc,
    "\n  fragment SellerCardFields on SellerCard {\n    name\n    whatsapp\n    pixKey\n    instructions\n  }\n": types.SellerCardFieldsFragmentDoc,
    "\n  query Buy {\n    creditPackages { id quantity unitPriceMinor totalMinor currency }\n    paymentMethods\n    viewer { seller { ...SellerCardFields } }\n  }\n": types.BuyDocument,
    "\n  query OwnPurchases($first: Int!, $after: String) {\n    viewer {\n      reseller {\n        id\n        purchases(first: $first, after: $after) {\n          totalCount\n          edges { cursor node { ...PurchaseRow } }\n          pageInfo { hasNextPage endCursor }\n        }\n      }\n    }\n  }\n": types.OwnPurchasesDocument,
    "\n  mutation BuyCredits($input: BuyCreditsInput!) {\n    buyCredits(input: $input) {\n      ... on BuyCreditsPayload { purchase { ...PurchaseRow } replayed }\n      ...Refusal\n    }\n  }\n": types.BuyCreditsDocument,
    "\n  mutation ReportPayment($input: ReportPaymentInput!) {\n    reportPayment(input: $input) {\n      ... on ReportPaymentPayload { purchase { ...PurchaseRow } }\n      ...Refusal\n    }\n  }\n": types.ReportPaymentDocument,
    "\n  mutation CancelPurchase($input: CancelPurchaseInput!) {\n    cancelPurchase(input: $input) {\n      ... on CancelPurchasePayload { purchase { ...PurchaseRow } }\n      ...Refusal\n    }\n  }\n": types.CancelPurchaseDocument,
    "\n  fragment CustomerAccess on Customer {\n    id\n    access { login secret updatedAt }\n  }\n": types.CustomerAccessFragmentDoc,
    "\n  query CustomerAccess($id: ID!) {\n    customer(id: $id) { ...CustomerAccess }\n  }\n": types.CustomerAccessDocument,
    "\n  fragment CustomerService on Customer {\n    id\n    service { status reason at }\n  }\n": types.CustomerServiceFragmentDoc,
    "\n  query CustomerService($id: ID!) {\n    customer(id: $id) { ...CustomerService }\n  }\n": types.CustomerServiceDocument,
    "\n  subscription CustomerChanges {\n    customerChanged {\n      version\n      event\n      customer { ...CustomerRow ...CustomerService }\n    }\n  }\n": types.CustomerChangesDocument,
    "\n  subscription ServiceEvents {\n    customerChanged { version event }\n  }\n": types.ServiceEventsDocument,
    "\n  mutation RetryService($input: RetryServiceInput!) {\n    retryService(input: $input) {\n      ... on RetryServicePayload { customer { ...CustomerService } }\n      ...Refusal\n    }\n  }\n": types.RetryServiceDocument,
    "\n  mutation ResetAccess($input: ResetAccessInput!) {\n    resetAccess(input: $input) {\n      ... on ResetAccessPayload { customer { ...CustomerAccess } }\n      ...Refusal\n    }\n  }\n": types.ResetAccessDocument,
    "\n  fragment CustomerRow on Customer {\n    id\n    name\n    contact\n    notes\n    status\n    screens\n    nextScreens\n    screensChangeAt\n    spans { screens endsAt }\n    expiresAt\n    creditsSpent\n    createdAt\n    muted\n  }\n": types.CustomerRowFragmentDoc,
    "\n  query Customers(\n    $first: Int\n    $after: String\n    $last: Int\n    $before: String\n    $search: String\n    $status: CustomerStatus\n    $serviceFailed: Boolean\n    $paidTerm: Boolean\n    $expiringFrom: DateTime\n    $expiringBefore: DateTime\n    $order: CustomerOrder!\n  ) {\n    viewer {\n      reseller {\n        id\n        customers(\n          first: $first\n          after: $after\n          last: $last\n          before: $before\n          search: $search\n          status: $status\n          serviceFailed: $serviceFailed\n          paidTerm: $paidTerm\n          expiringFrom: $expiringFrom\n          expiringBefore: $expiringBefore\n          order: $order\n        ) {\n          totalCount\n          edges { cursor node { ...CustomerRow ...CustomerService } }\n          pageInfo { hasNextPage hasPreviousPage startCursor endCursor }\n        }\n      }\n    }\n  }\n": types.CustomersDocument,
    "\n  fragment QuickCounts on Reseller {\n    id\n    yesterday: customers(first: 1, paidTerm: true, expiringFrom: $yesterday, expiringBefore: $today) { totalCount }\n    today: customers(first: 1, paidTerm: true, expiringFrom: $today, expiringBefore: $tomorrow) { totalCount }\n    tomorrow: customers(first: 1, paidTerm: true, expiringFrom: $tomorrow, expiringBefore: $in2) { totalCount }\n    in2: customers(first: 1, paidTerm: true, expiringFrom: $in2, expiringBefore: $in3) { totalCount }\n    in3: customers(first: 1, paidTerm: true, expiringFrom: $in3, expiringBefore: $in4) { totalCount }\n    soon: customers(first: 1, status: ACTIVE, expiringBefore: $soon) { totalCount }\n    over: customers(first: 1, status: EXPIRED) { totalCount }\n    trials: customers(first: 1, status: TRIAL) { totalCount }\n  }\n": types.QuickCountsFragmentDoc,
    "\n  query CustomerCounts($yesterday: DateTime!, $today: DateTime!, $tomorrow: DateTime!, $in2: DateTime!, $in3: DateTime!, $in4: DateTime!, $soon: DateTime!) {\n    viewer { reseller { ...QuickCounts } }\n  }\n": types.CustomerCountsDocument,
    "\n  query FailedServices {\n    viewer { reseller { id failed: customers(first: 1, serviceFailed: true) { totalCount } } }\n  }\n": types.FailedServicesDocument,
    "\n  query Customer($id: ID!, $first: Int!, $after: String) {\n    customer(id: $id) {\n      ...CustomerRow\n      history(first: $first, after: $after) {\n        edges { cursor node { id kind amount createdAt memo actor } }\n        pageInfo { hasNextPage endCursor }\n      }\n    }\n  }\n": types.CustomerDocument,
    "\n  query CustomerPolicy {\n    viewer {\n      policy { trialMaxHours trialQuota refundPolicy }\n    }\n  }\n": types.CustomerPolicyDocument,
    "\n  mutation ActivateCustomer($input: ActivateCustomerInput!) {\n    activateCustomer(input: $input) {\n      ... on ActivateCustomerPayload { customer { ...CustomerRow } account { ...AccountState } transfer { id amount } replayed }\n      ...Refusal\n    }\n  }\n": types.ActivateCustomerDocument,
    "\n  mutation RenewCustomer($input: RenewCustomerInput!) {\n    renewCustomer(input: $input) {\n      ... on RenewCustomerPayload { customer { ...CustomerRow } account { ...AccountState } transfer { id amount } replayed }\n      ...Refusal\n    }\n  }\n": types.RenewCustomerDocument,
    "\n  mutation RenewCustomers($input: RenewCustomersInput!) {\n    renewCustomers(input: $input) {\n      ... on RenewCustomersPayload {\n        account { ...AccountState }\n        results {\n          ... on RenewCustomerPayload { customer { ...CustomerRow } replayed }\n          ...Refusal\n        }\n      }\n      ...Refusal\n    }\n  }\n": types.RenewCustomersDocument,
    "\n  mutation AddScreens($input: AddScreensInput!) {\n    addScreens(input: $input) {\n      ... on AddScreensPayload { customer { ...CustomerRow } account { ...AccountState } transfer { id amount } replayed }\n      ...Refusal\n    }\n  }\n": types.AddScreensDocument,
    "\n  mutation SetNextScreens($input: SetNextScreensInput!) {\n    setNextScreens(input: $input) {\n      ... on SetNextScreensPayload { customer { ...CustomerRow } }\n      ...Refusal\n    }\n  }\n": types.SetNextScreensDocument,
    "\n  mutation StartTrial($input: StartTrialInput!) {\n    startTrial(input: $input) {\n      ... on StartTrialPayload { customer { ...CustomerRow } replayed }\n      ...Refusal\n    }\n  }\n": types.StartTrialDocument,
    "\n  mutation UpdateCustomer($input: UpdateCustomerInput!) {\n    updateCustomer(input: $input) {\n      ... on UpdateCustomerPayload { customer { ...CustomerRow plan { id } } }\n      ...Refusal\n    }\n  }\n": types.UpdateCustomerDocument,
    "\n  mutation CancelCustomer($input: CancelCustomerInput!) {\n    cancelCustomer(input: $input) {\n      ... on CancelCustomerPayload { customer { ...CustomerRow } account { ...AccountState } transfer { id amount } replayed }\n      ...Refusal\n    }\n  }\n": types.CancelCustomerDocument,
    "\n  query CustomerPlan($id: ID!) {\n    viewer { reseller { id plans { id name } } }\n    customer(id: $id) { id plan { id } }\n  }\n": types.CustomerPlanDocument,
    "\n  query RenewalLink($id: ID!) {\n    customer(id: $id) { id renewalLink }\n  }\n": types.RenewalLinkDocument,
    "\n  mutation ResetRenewalLink($input: ResetRenewalLinkInput!) {\n    resetRenewalLink(input: $input) {\n      ... on ResetRenewalLinkPayload { customer { id renewalLink } }\n      ...Refusal\n    }\n  }\n": types.ResetRenewalLinkDocument,
    "\n  query Latest($id: ID!) {\n    reseller(id: $id) {\n      id\n      account {\n        id\n        statement(first: 8) {\n          edges { cursor node { ...EntryRow } }\n          pageInfo { hasNextPage endCursor }\n        }\n      }\n    }\n  }\n": types.LatestDocument,
    "\n  query Figures($id: ID!, $from: DateTime!, $to: DateTime!, $yesterday: DateTime!, $today: DateTime!, $tomorrow: DateTime!, $in2: DateTime!, $in3: DateTime!, $in4: DateTime!, $soon: DateTime!) {\n    reseller(id: $id) {\n      id\n      branch { activeCustomers }\n      customers(first: 1, status: ACTIVE) { totalCount }\n      ...QuickCounts\n      report(from: $from, to: $to, by: MONTH) {\n        total { activation renewal screens newCustomers renewedCustomers receivedMinor creditCostMinor }\n        currency expectedMinor\n      }\n    }\n  }\n": types.FiguresDocument,
    "\n  query MessagesWaiting {\n    viewer { messagesWaiting }\n  }\n": types.MessagesWaitingDocument,
    "\n  query ChildrenAtHome($id: ID!, $from: DateTime!, $to: DateTime!) {\n    reseller(id: $id) {\n      id\n      children(first: 20, order: BALANCE) {\n        edges {\n          node {\n            id\n            name\n            status\n            account { ...AccountState }\n            report(from: $from, to: $to, by: MONTH) { total { ...SpentSums } }\n          }\n        }\n        pageInfo { hasNextPage }\n      }\n    }\n  }\n": types.ChildrenAtHomeDocument,
    "\n  fragment ImportTotalsFields on ImportTotals {\n    resellers\n    credits\n    customers\n    activeCustomers\n    trialCustomers\n    canceledCustomers\n    expiredCustomers\n    screens\n    screenDays\n  }\n": types.ImportTotalsFieldsFragmentDoc,
    "\n  fragment ImportFacts on Import {\n    id\n    version\n    status\n    source\n    fileName\n    hash\n    rows\n    validRows\n    knownRows\n    progress\n    totals { ...ImportTotalsFields }\n    proof { ...ImportTotalsFields }\n    mode\n    createdAt\n    committedAt\n    committedBy\n    separator\n    encoding\n    timeZone\n    rootName\n    columns { heading field }\n    reseller { id name }\n  }\n": types.ImportFactsFragmentDoc,
    "\n  query Imports($first: Int!, $after: String) {\n    viewer {\n      imports(first: $first, after: $after) {\n        edges { cursor node { ...ImportFacts } }\n        pageInfo { hasNextPage endCursor }\n      }\n    }\n  }\n": types.ImportsDocument,
    "\n  query Import($id: ID!) {\n    node(id: $id) {\n      ... on Import {\n        ...ImportFacts\n        ownersWithoutPassword\n        sample {\n          line isReseller externalId name login email parent credits screens expiresAt contact known\n        }\n      }\n    }\n  }\n": types.ImportDocument,
    "\n  query ImportProblems($id: ID!, $first: Int!, $after: String) {\n    node(id: $id) {\n      ... on Import {\n        id\n        problems(first: $first, after: $after) {\n          edges { cursor node { line column message } }\n          pageInfo { hasNextPage endCursor }\n        }\n      }\n    }\n  }\n": types.ImportProblemsDocument,
    "\n  subscription ImportChanges {\n    importChanged { ...ImportFacts }\n  }\n": types.ImportChangesDocument,
    "\n  mutation PreviewImport($input: PreviewImportInput!) {\n    previewImport(input: $input) {\n      ... on PreviewImportPayload { import { ...ImportFacts } }\n      ...Refusal\n    }\n  }\n": types.PreviewImportDocument,
    "\n  mutation CommitImport($input: CommitImportInput!) {\n    commitImport(input: $input) {\n      ... on CommitImportPayload { import { ...ImportFacts } }\n      ...Refusal\n    }\n  }\n": types.CommitImportDocument,
    "\n  mutation CreateImportInvitations($input: CreateImportInvitationsInput!) {\n    createImportInvitations(input: $input) {\n      ... on CreateImportInvitationsPayload {\n        invitations { resellerId resellerName email token expiresAt }\n        hasMore\n      }\n      ...Refusal\n    }\n  }\n": types.CreateImportInvitationsDocument,
    "\n  mutation DiscardImport($input: DiscardImportInput!) {\n    discardImport(input: $input) {\n      ... on DiscardImportPayload { importId }\n      ...Refusal\n    }\n  }\n": types.DiscardImportDocument,
    "\n  query ImportTenants($first: Int!, $search: String) {\n    tenants(first: $first, search: $search) {\n      edges { node { id name } }\n    }\n  }\n": types.ImportTenantsDocument,
    "\n  fragment MessageRow on QueuedMessage {\n    id\n    text\n    whatsappUrl\n    dueAt\n    sentAt\n    customer { id name contact }\n  }\n": types.MessageRowFragmentDoc,
    "\n  query Messages($first: Int!) {\n    viewer {\n      messagesWaiting\n      messageQueue(first: $first) { ...MessageRow }\n    }\n  }\n": types.MessagesDocument,
    "\n  mutation MarkMessageSent($input: MarkMessageSentInput!) {\n    markMessageSent(input: $input) {\n      ... on MarkMessageSentPayload { marked: message { ...MessageRow } }\n      ...Refusal\n    }\n  }\n": types.MarkMessageSentDocument,
    "\n  fragment TenantRow on Reseller {\n    id\n    name\n    status\n    account { ...AccountState }\n    branch { resellers activeCustomers creditsHeld }\n  }\n": types.TenantRowFragmentDoc,
    "\n  query Tenants($first: Int!, $after: String, $search: String) {\n    tenants(first: $first, after: $after, search: $search) {\n      edges { cursor node { ...TenantRow } }\n      pageInfo { hasNextPage endCursor }\n    }\n  }\n": types.TenantsDocument,
    "\n  mutation CreateTenant($input: CreateTenantInput!) {\n    createTenant(input: $input) {\n      ... on CreateTenantPayload { reseller { ...TenantRow } replayed }\n      ...Refusal\n    }\n  }\n": types.CreateTenantDocument,
    "\n  mutation IssueCredits($input: IssueCreditsInput!) {\n    issueCredits(input: $input) {\n      ... on IssueCreditsPayload { transfer { id amount } to { ...AccountState } replayed }\n      ...Refusal\n    }\n  }\n": types.IssueCreditsDocument,
    "\n  query LedgerHealth {\n    ledgerHealth { ok issued held consumed withdrawn entries problems checkedAt }\n  }\n": types.LedgerHealthDocument,
    "\n  query PriceList {\n    viewer {\n      priceList { id quantity unitPriceMinor totalMinor currency }\n    }\n  }\n": types.PriceListDocument,
    "\n  mutation SetCreditPackages($input: SetCreditPackagesInput!) {\n    setCreditPackages(input: $input) {\n      ... on SetCreditPackagesPayload { packages { id quantity unitPriceMinor totalMinor currency } }\n      ...Refusal\n    }\n  }\n": types.SetCreditPackagesDocument,
    "\n  fragment ResellerRow on Reseller {\n    id\n    name\n    status\n    statusReason\n    depth\n    createdAt\n    account { ...AccountState }\n  }\n": types.ResellerRowFragmentDoc,
    "\n  query Children($id: ID!, $after: String, $order: ResellerOrder!, $locked: Boolean) {\n    reseller(id: $id) {\n      id\n      children(first: 50, after: $after, order: $order, locked: $locked) {\n        totalCount\n        pageInfo { hasNextPage endCursor }\n        edges { cursor node { ...ResellerRow branch { resellers } } }\n      }\n    }\n  }\n": types.ChildrenDocument,
    "\n  query FoundResellers($id: ID!, $search: String!, $after: String) {\n    reseller(id: $id) {\n      id\n      descendants(first: 50, after: $after, search: $search) {\n        pageInfo { hasNextPage endCursor }\n        edges { cursor node { ...ResellerRow parent { id name } } }\n      }\n    }\n  }\n": types.FoundResellersDocument,
    "\n  subscription BranchChanges($resellerId: ID) {\n    branchChanged(resellerId: $resellerId) {\n      version\n      account { ...AccountState reseller { id name status statusReason parent { id } } }\n    }\n  }\n": types.BranchChangesDocument,
    "\n  query ResellerPage($id: ID!) {\n    reseller(id: $id) {\n      ...ResellerRow\n      parent { id name }\n      branch { resellers lockedResellers creditsHeld creditsConsumed activeCustomers }\n    }\n  }\n": types.ResellerPageDocument,
    "\n  mutation CreateReseller($input: CreateResellerInput!) {\n    createReseller(input: $input) {\n      ... on CreateResellerPayload {\n        reseller { ...ResellerRow branch { resellers } }\n        from { ...AccountState }\n        transfer { id amount }\n      }\n      ...Refusal\n    }\n  }\n": types.CreateResellerDocument,
    "\n  mutation Transfer($input: TransferCreditsInput!) {\n    transferCredits(input: $input) {\n      ... on TransferCreditsPayload { transfer { id amount } from { ...AccountState } to { ...AccountState } }\n      ...Refusal\n    }\n  }\n": types.TransferDocument,
    "\n  mutation Reclaim($input: ReclaimCreditsInput!) {\n    reclaimCredits(input: $input) {\n      ... on ReclaimCreditsPayload { transfer { id amount } from { ...AccountState } to { ...AccountState } }\n      ...Refusal\n    }\n  }\n": types.ReclaimDocument,
    "\n  mutation Suspend($input: SuspendResellerInput!) {\n    suspendReseller(input: $input) {\n      ... on SuspendResellerPayload { reseller { ...ResellerRow } }\n      ...Refusal\n    }\n  }\n": types.SuspendDocument,
    "\n  mutation Resume($input: ResumeResellerInput!) {\n    resumeReseller(input: $input) {\n      ... on ResumeResellerPayload { reseller { ...ResellerRow } }\n      ...Refusal\n    }\n  }\n": types.ResumeDocument,
    "\n  mutation Move($input: MoveResellerInput!) {\n    moveReseller(input: $input) {\n      ... on MoveResellerPayload { canceledPurchases reseller { ...ResellerRow parent { id name } } }\n      ...Refusal\n    }\n  }\n": types.MoveDocument,
    "\n  mutation Close($input: CloseResellerInput!) {\n    closeReseller(input: $input) {\n      ... on CloseResellerPayload { reseller { ...ResellerRow } to { ...AccountState } transfer { id amount } }\n      ...Refusal\n    }\n  }\n": types.CloseDocument,
    "\n  fragment LimitFields on ResellerLimits {\n    mayCreateResellers\n    maxResellers\n    maxCustomers\n    maxTrialsPerDay\n    maxScreensPerCustomer\n  }\n": types.LimitFieldsFragmentDoc,
    "\n  query Limits($id: ID!) {\n    reseller(id: $id) { id limits { ...LimitFields } }\n  }\n": types.LimitsDocument,
    "\n  mutation SetLimits($input: SetResellerLimitsInput!) {\n    setResellerLimits(input: $input) {\n      ... on SetResellerLimitsPayload { reseller { id limits { ...LimitFields } } }\n      ...Refusal\n    }\n  }\n": types.SetLimitsDocument,
    "\n  mutation RenameReseller($input: UpdateResellerInput!) {\n    updateReseller(input: $input) {\n      ... on UpdateResellerPayload { reseller { ...ResellerRow } }\n      ...Refusal\n    }\n  }\n": types.RenameResellerDocument,
    "\n  query ReclaimPolicy {\n    viewer { policy { reclaimAllowed minimumTransfer minimumInitialCredits } }\n  }\n": types.ReclaimPolicyDocument,
    "\n  fragment SpentSums on ReportSums {\n    activation\n    renewal\n    screens\n    undone\n    creditsPassedOn\n  }\n": types.SpentSumsFragmentDoc,
    "\n  query Paces($ids: [ID!]!, $from: DateTime!, $to: DateTime!) {\n    nodes(ids: $ids) {\n      ... on Reseller { id report(from: $from, to: $to, by: MONTH) { total { ...SpentSums } } }\n    }\n  }\n": types.PacesDocument,
    "\n  fragment CustomerPaymentRow on CustomerPayment {\n    id\n    status\n    planName\n    priceMinor\n    currency\n    periods\n    screens\n    createdAt\n    paidAt\n    provider\n    reference\n    returnedMinor\n    customer { id name }\n  }\n": types.CustomerPaymentRowFragmentDoc,
    "\n  query CustomerPayments($first: Int!, $after: String, $status: CustomerPaymentStatus, $customerId: ID) {\n    viewer {\n      customerPayments(first: $first, after: $after, status: $status, customerId: $customerId) {\n        totalCount\n        edges { cursor node { ...CustomerPaymentRow } }\n        pageInfo { hasNextPage endCursor }\n      }\n    }\n  }\n": types.CustomerPaymentsDocument,
    "\n  subscription CustomerPaymentChanges {\n    customerPaymentChanged { ...CustomerPaymentRow }\n  }\n": types.CustomerPaymentChangesDocument,
    "\n  mutation ConfirmCustomerPayment($input: ConfirmCustomerPaymentInput!) {\n    confirmCustomerPayment(input: $input) {\n      ... on ConfirmCustomerPaymentPayload { payment { ...CustomerPaymentRow } account { ...AccountState } replayed }\n      ...Refusal\n    }\n  }\n": types.ConfirmCustomerPaymentDocument,
    "\n  query Sales($first: Int!, $after: String, $status: PurchaseStatus, $search: String) {\n    viewer {\n      sales(first: $first, after: $after, status: $status, search: $search) {\n        totalCount\n        edges { cursor node { ...SaleRow } }\n        pageInfo { hasNextPage endCursor }\n      }\n    }\n  }\n": types.SalesDocument,
    "\n  fragment SaleRow on Purchase {\n    ...PurchaseRow\n    buyer { id name }\n    sellerCanDeliver\n    returnedMinor\n    chargedBack\n  }\n": types.SaleRowFragmentDoc,
    "\n  query PurchaseSource {\n    viewer {\n      policy { purchaseSource }\n    }\n  }\n": types.PurchaseSourceDocument,
    "\n  mutation ConfirmPurchase($input: ConfirmPurchaseInput!) {\n    confirmPurchase(input: $input) {\n      ... on ConfirmPurchasePayload { purchase { ...SaleRow } buyerAccount: account { ...AccountState } transfer { id amount } replayed }\n      ...Refusal\n    }\n  }\n": types.ConfirmPurchaseDocument,
    "\n  mutation ChargeBackPurchase($input: ChargeBackPurchaseInput!) {\n    chargeBackPurchase(input: $input) {\n      ... on ChargeBackPurchasePayload { purchase { ...SaleRow } buyerAccount: account { ...AccountState } transfer { id amount } replayed }\n      ...Refusal\n    }\n  }\n": types.ChargeBackPurchaseDocument,
    "\n  query OwnCard {\n    viewer {\n      sellerCard { ...SellerCardFields }\n    }\n  }\n": types.OwnCardDocument,
    "\n  mutation SetSellerCard($input: SetSellerCardInput!) {\n    setSellerCard(input: $input) {\n      ... on SetSellerCardPayload { sellerCard { ...SellerCardFields } }\n      ...Refusal\n    }\n  }\n": types.SetSellerCardDocument,
    "\n  query PaymentProviders {\n    viewer {\n      paymentProviders { ...ProviderSettings }\n    }\n  }\n": types.PaymentProvidersDocument,
    "\n  fragment ProviderSettings on PaymentProviderSettings {\n    provider\n    enabled\n    webhookPath\n    pixKey\n    merchantName\n    merchantCity\n    updatedAt\n  }\n": types.ProviderSettingsFragmentDoc,
    "\n  mutation SetPaymentProvider($input: SetPaymentProviderInput!) {\n    setPaymentProvider(input: $input) {\n      ... on SetPaymentProviderPayload { settings { ...ProviderSettings } }\n      ...Refusal\n    }\n  }\n": types.SetPaymentProviderDocument,
    "\n  query Search(\n    $text: String!\n    $number: String!\n    $bought: Int\n    $byText: Boolean!\n    $platform: Boolean!\n    $sold: Boolean!\n    $buys: Boolean!\n  ) {\n    tenants(first: 5, search: $text) @include(if: $platform) {\n      edges { node { id name } }\n    }\n    viewer {\n      panel: reseller @include(if: $byText) {\n        id\n        customers(first: 6, search: $text) { edges { node { id name contact status expiresAt } } }\n        descendants(first: 5, search: $text) { edges { node { id name account { id balance } parent { id name } } } }\n      }\n      buyer: reseller @include(if: $buys) {\n        id\n        purchases(first: 1, number: $bought) { edges { node { id number quantity status } } }\n      }\n      sales(first: 3, search: $number) @include(if: $sold) {\n        edges { node { id number quantity status buyer { id name } } }\n      }\n    }\n  }\n": types.SearchDocument,
    "\n  query Security {\n    viewer {\n      user { id email totpEnabled }\n      sessions { id createdAt expiresAt current userAgent address }\n    }\n  }\n": types.SecurityDocument,
    "\n  mutation ChangePassword($input: ChangePasswordInput!) {\n    changePassword(input: $input) {\n      ... on ChangePasswordPayload { user { id } endedSessions }\n      ...Refusal\n    }\n  }\n": types.ChangePasswordDocument,
    "\n  mutation ChangeEmail($input: ChangeEmailInput!) {\n    changeEmail(input: $input) {\n      ... on ChangeEmailPayload { user { id email } }\n      ...Refusal\n    }\n  }\n": types.ChangeEmailDocument,
    "\n  mutation RevokeSession($input: RevokeSessionInput!) {\n    revokeSession(input: $input) {\n      ... on RevokeSessionPayload { sessionId }\n      ...Refusal\n    }\n  }\n": types.RevokeSessionDocument,
    "\n  mutation RevokeOtherSessions {\n    revokeOtherSessions { endedSessions }\n  }\n": types.RevokeOtherSessionsDocument,
    "\n  mutation StartTotp($input: StartTotpInput!) {\n    startTotp(input: $input) {\n      ... on StartTotpPayload { secret otpauthUri }\n      ...Refusal\n    }\n  }\n": types.StartTotpDocument,
    "\n  mutation ConfirmTotp($input: ConfirmTotpInput!) {\n    confirmTotp(input: $input) {\n      ... on ConfirmTotpPayload { user { id totpEnabled } recoveryCodes }\n      ...Refusal\n    }\n  }\n": types.ConfirmTotpDocument,
    "\n  mutation DisableTotp($input: DisableTotpInput!) {\n    disableTotp(input: $input) {\n      ... on DisableTotpPayload { user { id totpEnabled } }\n      ...Refusal\n    }\n  }\n": types.DisableTotpDocument,
    "\n  mutation RegenerateRecoveryCodes($input: RegenerateRecoveryCodesInput!) {\n    regenerateRecoveryCodes(input: $input) {\n      ... on RegenerateRecoveryCodesPayload { recoveryCodes }\n      ...Refusal\n    }\n  }\n": types.RegenerateRecoveryCodesDocument,
    "\n  query Team($first: Int!, $after: String) {\n    viewer {\n      team(first: $first, after: $after) {\n        edges { cursor node { ...Member } }\n        pageInfo { hasNextPage endCursor }\n      }\n    }\n  }\n": types.TeamDocument,
    "\n  fragment Member on User {\n    id\n    email\n    role\n    disabled\n    totpEnabled\n    createdAt\n  }\n": types.MemberFragmentDoc,
    "\n  mutation InviteUser($input: InviteUserInput!) {\n    inviteUser(input: $input) {\n      ... on InviteUserPayload { user { ...Member } }\n      ...Refusal\n    }\n  }\n": types.InviteUserDocument,
    "\n  mutation UpdateUser($input: UpdateUserInput!) {\n    updateUser(input: $input) {\n      ... on UpdateUserPayload { user { ...Member } }\n      ...Refusal\n    }\n  }\n": types.UpdateUserDocument,
    "\n  fragment Key on ApiKey {\n    id\n    name\n    prefix\n    scope\n    createdAt\n    expiresAt\n    lastUsedAt\n    revokedAt\n  }\n": types.KeyFragmentDoc,
    "\n  query ApiKeys($first: Int!, $after: String) {\n    viewer {\n      apiKeys(first: $first, after: $after) {\n        edges { cursor node { ...Key } }\n        pageInfo { hasNextPage endCursor }\n      }\n    }\n  }\n": types.ApiKeysDocument,
    "\n  mutation CreateApiKey($input: CreateApiKeyInput!) {\n    createApiKey(input: $input) {\n      ... on CreateApiKeyPayload { apiKey { ...Key } secret }\n      ...Refusal\n    }\n  }\n": types.CreateApiKeyDocument,
    "\n  mutation RevokeApiKey($input: RevokeApiKeyInput!) {\n    revokeApiKey(input: $input) {\n      ... on RevokeApiKeyPayload { apiKey { ...Key } }\n      ...Refusal\n    }\n  }\n": types.RevokeApiKeyDocument,
    "\n  mutation UpdateOwnPanel($input: UpdateResellerInput!) {\n    updateReseller(input: $input) {\n      ... on UpdateResellerPayload { reseller { id name account { ...AccountState keepReserve } } }\n      ...Refusal\n    }\n  }\n": types.UpdateOwnPanelDocument,
    "\n  query OwnLimits {\n    viewer { reseller { id limits { ...LimitFields } } }\n  }\n": types.OwnLimitsDocument,
    "\n  query AuditLog($resellerId: ID, $first: Int!, $after: String) {\n    auditLog(resellerId: $resellerId, first: $first, after: $after) {\n      edges {\n        cursor\n        node { id at action actor address subject reseller { id name } changes { field before after } }\n      }\n      pageInfo { hasNextPage endCursor }\n    }\n  }\n": types.AuditLogDocument,
    "\n  fragment PlanFields on Plan {\n    id\n    name\n    periods\n    screens\n    priceMinor\n    currency\n  }\n": types.PlanFieldsFragmentDoc,
    "\n  query Plans {\n    viewer {\n      reseller {\n        id\n        plans { ...PlanFields }\n        suggestedPlans { name periods screens priceMinor currency }\n      }\n    }\n  }\n": types.PlansDocument,
    "\n  mutation SetPlans($input: SetPlansInput!) {\n    setPlans(input: $input) {\n      ... on SetPlansPayload { plans { ...PlanFields } }\n      ...Refusal\n    }\n  }\n": types.SetPlansDocument,
    "\n  query Policy {\n    viewer {\n      policy { ...PolicyFields }\n    }\n  }\n": types.PolicyDocument,
    "\n  fragment PolicyFields on TenantPolicy {\n    trialMaxHours\n    trialQuota\n    reclaimAllowed\n    purchaseSource\n    refundPolicy\n    minimumTransfer\n    undoMinutes\n    minimumPurchase\n    minimumInitialCredits\n    lockMode\n    trialsForNewContactsOnly\n    timeZone\n  }\n": types.PolicyFieldsFragmentDoc,
    "\n  mutation SetTenantPolicy($input: SetTenantPolicyInput!) {\n    setTenantPolicy(input: $input) {\n      ... on SetTenantPolicyPayload { policy { ...PolicyFields } }\n      ...Refusal\n    }\n  }\n": types.SetTenantPolicyDocument,
    "\n  fragment ReminderRuleFields on ReminderRule {\n    daysFromEnd\n    trialHours\n    hour\n    channel\n    template\n  }\n": types.ReminderRuleFieldsFragmentDoc,
    "\n  query Reminders {\n    viewer {\n      reminderRules { ...ReminderRuleFields }\n      reminderChannels { channel problem }\n      reminderFields { name example }\n    }\n  }\n": types.RemindersDocument,
    "\n  mutation SetReminderRules($input: SetReminderRulesInput!) {\n    setReminderRules(input: $input) {\n      ... on SetReminderRulesPayload { reminderRules { ...ReminderRuleFields } }\n      ...Refusal\n    }\n  }\n": types.SetReminderRulesDocument,
    "\n  fragment Endpoint on WebhookEndpoint {\n    id\n    url\n    scope\n    events\n    enabled\n    disabledReason\n    createdAt\n    dead: deliveries(first: 1, status: DEAD) { edges { node { id } } }\n  }\n": types.EndpointFragmentDoc,
    "\n  query WebhookEndpoints {\n    viewer { webhookEndpoints { ...Endpoint } }\n  }\n": types.WebhookEndpointsDocument,
    "\n  subscription WebhookEndpointChanged {\n    webhookEndpointChanged { id }\n  }\n": types.WebhookEndpointChangedDocument,
    "\n  query Deliveries($id: ID!, $first: Int!, $after: String, $status: DeliveryStatus) {\n    node(id: $id) {\n      ... on WebhookEndpoint {\n        id\n        deliveries(first: $first, after: $after, status: $status) {\n          edges { cursor node { id event version status attempts lastError nextAttemptAt createdAt } }\n          pageInfo { hasNextPage endCursor }\n        }\n      }\n    }\n  }\n": types.DeliveriesDocument,
    "\n  mutation CreateWebhookEndpoint($input: CreateWebhookEndpointInput!) {\n    createWebhookEndpoint(input: $input) {\n      ... on CreateWebhookEndpointPayload { endpoint { ...Endpoint } secret }\n      ...Refusal\n    }\n  }\n": types.CreateWebhookEndpointDocument,
    "\n  mutation UpdateWebhookEndpoint($input: UpdateWebhookEndpointInput!) {\n    updateWebhookEndpoint(input: $input) {\n      ... on UpdateWebhookEndpointPayload { endpoint { ...Endpoint } }\n      ...Refusal\n    }\n  }\n": types.UpdateWebhookEndpointDocument,
    "\n  mutation RemoveWebhookEndpoint($input: RemoveWebhookEndpointInput!) {\n    removeWebhookEndpoint(input: $input) {\n      ... on RemoveWebhookEndpointPayload { endpointId }\n      ...Refusal\n    }\n  }\n": types.RemoveWebhookEndpointDocument,
    "\n  mutation RotateWebhookSecret($input: RotateWebhookSecretInput!) {\n    rotateWebhookSecret(input: $input) {\n      ... on RotateWebhookSecretPayload { endpoint { ...Endpoint } secret }\n      ...Refusal\n    }\n  }\n": types.RotateWebhookSecretDocument,
    "\n  mutation SendTestEvent($input: SendTestEventInput!) {\n    sendTestEvent(input: $input) {\n      ... on SendTestEventPayload { delivery { id } }\n      ...Refusal\n    }\n  }\n": types.SendTestEventDocument,
    "\n  mutation ReplayEvents($input: ReplayEventsInput!) {\n    replayEvents(input: $input) {\n      ... on ReplayEventsPayload { endpoint { ...Endpoint } }\n      ...Refusal\n    }\n  }\n": types.ReplayEventsDocument,
    "\n  mutation SignIn($input: SignInInput!) {\n    signIn(input: $input) {\n      ... on SignInPayload { expiresAt viewer { ...SignedIn } }\n      ...Refusal\n    }\n  }\n": types.SignInDocument,
    "\n  query MailOffered {\n    passwordResetByMail\n  }\n": types.MailOfferedDocument,
    "\n  mutation RequestPasswordReset($input: RequestPasswordResetInput!) {\n    requestPasswordReset(input: $input) { ok }\n  }\n": types.RequestPasswordResetDocument,
    "\n  mutation ResetPassword($input: ResetPasswordInput!) {\n    resetPassword(input: $input) {\n      ... on ResetPasswordPayload { ok }\n      ...Refusal\n    }\n  }\n": types.ResetPasswordDocument,
    "\n  query Statement($id: ID!, $first: Int!, $after: String, $kinds: [TransferKind!], $from: DateTime, $to: DateTime) {\n    reseller(id: $id) {\n      id\n      account {\n        id\n        statement(first: $first, after: $after, kinds: $kinds, from: $from, to: $to) {\n          pageInfo { hasNextPage endCursor }\n          edges { cursor node { ...EntryRow transfer { ...Undoing } } }\n        }\n      }\n    }\n  }\n": types.StatementDocument,
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
export function graphql(source: "\n  query Consumption($id: ID!, $from: DateTime!, $to: DateTime!, $by: ReportInterval!) {\n    reseller(id: $id) {\n      id\n      report(from: $from, to: $to, by: $by) {\n        timeZone\n        intervals { start end sums { activation renewal screens } }\n        total { activation renewal screens receivedMinor creditCostMinor }\n        currency boughtCredits boughtMinor\n      }\n    }\n  }\n"): (typeof documents)["\n  query Consumption($id: ID!, $from: DateTime!, $to: DateTime!, $by: ReportInterval!) {\n    reseller(id: $id) {\n      id\n      report(from: $from, to: $to, by: $by) {\n        timeZone\n        intervals { start end sums { activation renewal screens } }\n        total { activation renewal screens receivedMinor creditCostMinor }\n        currency boughtCredits boughtMinor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment AccountState on Account {\n    id\n    version\n    balance\n    locked\n    lockedSince\n    lowBalance\n    reserveThreshold\n    debt\n  }\n"): (typeof documents)["\n  fragment AccountState on Account {\n    id\n    version\n    balance\n    locked\n    lockedSince\n    lowBalance\n    reserveThreshold\n    debt\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment EntryRow on Entry {\n    id\n    version\n    delta\n    balanceAfter\n    createdAt\n    counterparty\n    transfer {\n      id\n      kind\n      memo\n      actor\n      from { id reseller { id name } }\n      to { id reseller { id name } }\n      customer { id name }\n    }\n  }\n"): (typeof documents)["\n  fragment EntryRow on Entry {\n    id\n    version\n    delta\n    balanceAfter\n    createdAt\n    counterparty\n    transfer {\n      id\n      kind\n      memo\n      actor\n      from { id reseller { id name } }\n      to { id reseller { id name } }\n      customer { id name }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment SignedIn on Viewer {\n    role\n    user { id email role }\n    support { reason expiresAt }\n    reseller {\n      id\n      name\n      status\n      statusReason\n      depth\n      account { ...AccountState keepReserve }\n    }\n  }\n"): (typeof documents)["\n  fragment SignedIn on Viewer {\n    role\n    user { id email role }\n    support { reason expiresAt }\n    reseller {\n      id\n      name\n      status\n      statusReason\n      depth\n      account { ...AccountState keepReserve }\n    }\n  }\n"];
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
export function graphql(source: "\n  subscription PurchaseChanges {\n    purchaseChanged { id number status settledAt reference reportedAt reportNote }\n  }\n"): (typeof documents)["\n  subscription PurchaseChanges {\n    purchaseChanged { id number status settledAt reference reportedAt reportNote }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SignOut {\n    signOut { ok }\n  }\n"): (typeof documents)["\n  mutation SignOut {\n    signOut { ok }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Rules {\n    viewer { policy { timeZone lockMode } }\n  }\n"): (typeof documents)["\n  query Rules {\n    viewer { policy { timeZone lockMode } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Refusal on Error {\n    code\n    message\n    ... on InvalidInputError { fields { path message } }\n    ... on BelowMinimumError { minimum }\n    ... on InsufficientCreditsError { required balance }\n    ... on WouldUseReserveError { reserve left: balanceAfter }\n    ... on LimitReachedError { limit allowed used }\n    ... on RateLimitedError { retryAfterSeconds }\n    ... on PanelLockedError { account { ...AccountState } }\n  }\n"): (typeof documents)["\n  fragment Refusal on Error {\n    code\n    message\n    ... on InvalidInputError { fields { path message } }\n    ... on BelowMinimumError { minimum }\n    ... on InsufficientCreditsError { required balance }\n    ... on WouldUseReserveError { reserve left: balanceAfter }\n    ... on LimitReachedError { limit allowed used }\n    ... on RateLimitedError { retryAfterSeconds }\n    ... on PanelLockedError { account { ...AccountState } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Undoing on Transfer {\n    id\n    undoableUntil\n    undoneBy { id }\n  }\n"): (typeof documents)["\n  fragment Undoing on Transfer {\n    id\n    undoableUntil\n    undoneBy { id }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query OwnSpends($id: ID!) {\n    reseller(id: $id) {\n      id\n      account {\n        id\n        statement(first: 20, kinds: [ACTIVATION, RENEWAL, SCREENS, UNDO]) {\n          edges { cursor node { ...EntryRow transfer { ...Undoing } } }\n          pageInfo { hasNextPage endCursor }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query OwnSpends($id: ID!) {\n    reseller(id: $id) {\n      id\n      account {\n        id\n        statement(first: 20, kinds: [ACTIVATION, RENEWAL, SCREENS, UNDO]) {\n          edges { cursor node { ...EntryRow transfer { ...Undoing } } }\n          pageInfo { hasNextPage endCursor }\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UndoSpending($input: UndoSpendingInput!) {\n    undoSpending(input: $input) {\n      ... on UndoSpendingPayload { account { ...AccountState } transfer { id amount } replayed }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation UndoSpending($input: UndoSpendingInput!) {\n    undoSpending(input: $input) {\n      ... on UndoSpendingPayload { account { ...AccountState } transfer { id amount } replayed }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Quote($input: QuoteInput!) {\n    quote(input: $input) {\n      ... on Quote {\n        cost\n        balanceAfter\n        affordable\n        wouldUseReserve\n        willLock\n        expiresAt\n        screens\n        screensChangeAt\n        spans { screens endsAt }\n        sameContact { id name status expiresAt }\n        totalMinor\n        currency\n      }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  query Quote($input: QuoteInput!) {\n    quote(input: $input) {\n      ... on Quote {\n        cost\n        balanceAfter\n        affordable\n        wouldUseReserve\n        willLock\n        expiresAt\n        screens\n        screensChangeAt\n        spans { screens endsAt }\n        sameContact { id name status expiresAt }\n        totalMinor\n        currency\n      }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query WaitingSales {\n    viewer {\n      sales(first: 100, status: PENDING, search: \"\") {\n        edges { cursor node { ...SaleRow } }\n        pageInfo { hasNextPage endCursor }\n      }\n    }\n  }\n"): (typeof documents)["\n  query WaitingSales {\n    viewer {\n      sales(first: 100, status: PENDING, search: \"\") {\n        edges { cursor node { ...SaleRow } }\n        pageInfo { hasNextPage endCursor }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ResetUserAccess($input: ResetUserAccessInput!) {\n    resetUserAccess(input: $input) {\n      ... on ResetUserAccessPayload { user { id email mustChangePassword totpEnabled } oneTimePassword }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation ResetUserAccess($input: ResetUserAccessInput!) {\n    resetUserAccess(input: $input) {\n      ... on ResetUserAccessPayload { user { id email mustChangePassword totpEnabled } oneTimePassword }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Owners($id: ID!) {\n    reseller(id: $id) {\n      id\n      owners { id email disabled mustChangePassword lastSignInAt }\n    }\n  }\n"): (typeof documents)["\n  query Owners($id: ID!) {\n    reseller(id: $id) {\n      id\n      owners { id email disabled mustChangePassword lastSignInAt }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation OpenSupportSession($input: OpenSupportSessionInput!) {\n    openSupportSession(input: $input) {\n      ... on OpenSupportSessionPayload { expiresAt }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation OpenSupportSession($input: OpenSupportSessionInput!) {\n    openSupportSession(input: $input) {\n      ... on OpenSupportSessionPayload { expiresAt }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription SupportSessions {\n    supportSessionsChanged { openedBy reason expiresAt }\n  }\n"): (typeof documents)["\n  subscription SupportSessions {\n    supportSessionsChanged { openedBy reason expiresAt }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ChooseOwnPassword($input: ChangePasswordInput!) {\n    changePassword(input: $input) {\n      ... on ChangePasswordPayload { endedSessions }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation ChooseOwnPassword($input: ChangePasswordInput!) {\n    changePassword(input: $input) {\n      ... on ChangePasswordPayload { endedSessions }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment PurchaseRow on Purchase {\n    id\n    number\n    quantity\n    totalMinor\n    currency\n    status\n    provider\n    createdAt\n    expiresAt\n    settledAt\n    paymentInstructions\n    reference\n    reportedAt\n    reportNote\n  }\n"): (typeof documents)["\n  fragment PurchaseRow on Purchase {\n    id\n    number\n    quantity\n    totalMinor\n    currency\n    status\n    provider\n    createdAt\n    expiresAt\n    settledAt\n    paymentInstructions\n    reference\n    reportedAt\n    reportNote\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment SellerCardFields on SellerCard {\n    name\n    whatsapp\n    pixKey\n    instructions\n  }\n"): (typeof documents)["\n  fragment SellerCardFields on SellerCard {\n    name\n    whatsapp\n    pixKey\n    instructions\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Buy {\n    creditPackages { id quantity unitPriceMinor totalMinor currency }\n    paymentMethods\n    viewer { seller { ...SellerCardFields } }\n  }\n"): (typeof documents)["\n  query Buy {\n    creditPackages { id quantity unitPriceMinor totalMinor currency }\n    paymentMethods\n    viewer { seller { ...SellerCardFields } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query OwnPurchases($first: Int!, $after: String) {\n    viewer {\n      reseller {\n        id\n        purchases(first: $first, after: $after) {\n          totalCount\n          edges { cursor node { ...PurchaseRow } }\n          pageInfo { hasNextPage endCursor }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query OwnPurchases($first: Int!, $after: String) {\n    viewer {\n      reseller {\n        id\n        purchases(first: $first, after: $after) {\n          totalCount\n          edges { cursor node { ...PurchaseRow } }\n          pageInfo { hasNextPage endCursor }\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation BuyCredits($input: BuyCreditsInput!) {\n    buyCredits(input: $input) {\n      ... on BuyCreditsPayload { purchase { ...PurchaseRow } replayed }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation BuyCredits($input: BuyCreditsInput!) {\n    buyCredits(input: $input) {\n      ... on BuyCreditsPayload { purchase { ...PurchaseRow } replayed }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ReportPayment($input: ReportPaymentInput!) {\n    reportPayment(input: $input) {\n      ... on ReportPaymentPayload { purchase { ...PurchaseRow } }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation ReportPayment($input: ReportPaymentInput!) {\n    reportPayment(input: $input) {\n      ... on ReportPaymentPayload { purchase { ...PurchaseRow } }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CancelPurchase($input: CancelPurchaseInput!) {\n    cancelPurchase(input: $input) {\n      ... on CancelPurchasePayload { purchase { ...PurchaseRow } }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation CancelPurchase($input: CancelPurchaseInput!) {\n    cancelPurchase(input: $input) {\n      ... on CancelPurchasePayload { purchase { ...PurchaseRow } }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment CustomerAccess on Customer {\n    id\n    access { login secret updatedAt }\n  }\n"): (typeof documents)["\n  fragment CustomerAccess on Customer {\n    id\n    access { login secret updatedAt }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query CustomerAccess($id: ID!) {\n    customer(id: $id) { ...CustomerAccess }\n  }\n"): (typeof documents)["\n  query CustomerAccess($id: ID!) {\n    customer(id: $id) { ...CustomerAccess }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment CustomerService on Customer {\n    id\n    service { status reason at }\n  }\n"): (typeof documents)["\n  fragment CustomerService on Customer {\n    id\n    service { status reason at }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query CustomerService($id: ID!) {\n    customer(id: $id) { ...CustomerService }\n  }\n"): (typeof documents)["\n  query CustomerService($id: ID!) {\n    customer(id: $id) { ...CustomerService }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription CustomerChanges {\n    customerChanged {\n      version\n      event\n      customer { ...CustomerRow ...CustomerService }\n    }\n  }\n"): (typeof documents)["\n  subscription CustomerChanges {\n    customerChanged {\n      version\n      event\n      customer { ...CustomerRow ...CustomerService }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription ServiceEvents {\n    customerChanged { version event }\n  }\n"): (typeof documents)["\n  subscription ServiceEvents {\n    customerChanged { version event }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RetryService($input: RetryServiceInput!) {\n    retryService(input: $input) {\n      ... on RetryServicePayload { customer { ...CustomerService } }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation RetryService($input: RetryServiceInput!) {\n    retryService(input: $input) {\n      ... on RetryServicePayload { customer { ...CustomerService } }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ResetAccess($input: ResetAccessInput!) {\n    resetAccess(input: $input) {\n      ... on ResetAccessPayload { customer { ...CustomerAccess } }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation ResetAccess($input: ResetAccessInput!) {\n    resetAccess(input: $input) {\n      ... on ResetAccessPayload { customer { ...CustomerAccess } }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment CustomerRow on Customer {\n    id\n    name\n    contact\n    notes\n    status\n    screens\n    nextScreens\n    screensChangeAt\n    spans { screens endsAt }\n    expiresAt\n    creditsSpent\n    createdAt\n    muted\n  }\n"): (typeof documents)["\n  fragment CustomerRow on Customer {\n    id\n    name\n    contact\n    notes\n    status\n    screens\n    nextScreens\n    screensChangeAt\n    spans { screens endsAt }\n    expiresAt\n    creditsSpent\n    createdAt\n    muted\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Customers(\n    $first: Int\n    $after: String\n    $last: Int\n    $before: String\n    $search: String\n    $status: CustomerStatus\n    $serviceFailed: Boolean\n    $paidTerm: Boolean\n    $expiringFrom: DateTime\n    $expiringBefore: DateTime\n    $order: CustomerOrder!\n  ) {\n    viewer {\n      reseller {\n        id\n        customers(\n          first: $first\n          after: $after\n          last: $last\n          before: $before\n          search: $search\n          status: $status\n          serviceFailed: $serviceFailed\n          paidTerm: $paidTerm\n          expiringFrom: $expiringFrom\n          expiringBefore: $expiringBefore\n          order: $order\n        ) {\n          totalCount\n          edges { cursor node { ...CustomerRow ...CustomerService } }\n          pageInfo { hasNextPage hasPreviousPage startCursor endCursor }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query Customers(\n    $first: Int\n    $after: String\n    $last: Int\n    $before: String\n    $search: String\n    $status: CustomerStatus\n    $serviceFailed: Boolean\n    $paidTerm: Boolean\n    $expiringFrom: DateTime\n    $expiringBefore: DateTime\n    $order: CustomerOrder!\n  ) {\n    viewer {\n      reseller {\n        id\n        customers(\n          first: $first\n          after: $after\n          last: $last\n          before: $before\n          search: $search\n          status: $status\n          serviceFailed: $serviceFailed\n          paidTerm: $paidTerm\n          expiringFrom: $expiringFrom\n          expiringBefore: $expiringBefore\n          order: $order\n        ) {\n          totalCount\n          edges { cursor node { ...CustomerRow ...CustomerService } }\n          pageInfo { hasNextPage hasPreviousPage startCursor endCursor }\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment QuickCounts on Reseller {\n    id\n    yesterday: customers(first: 1, paidTerm: true, expiringFrom: $yesterday, expiringBefore: $today) { totalCount }\n    today: customers(first: 1, paidTerm: true, expiringFrom: $today, expiringBefore: $tomorrow) { totalCount }\n    tomorrow: customers(first: 1, paidTerm: true, expiringFrom: $tomorrow, expiringBefore: $in2) { totalCount }\n    in2: customers(first: 1, paidTerm: true, expiringFrom: $in2, expiringBefore: $in3) { totalCount }\n    in3: customers(first: 1, paidTerm: true, expiringFrom: $in3, expiringBefore: $in4) { totalCount }\n    soon: customers(first: 1, status: ACTIVE, expiringBefore: $soon) { totalCount }\n    over: customers(first: 1, status: EXPIRED) { totalCount }\n    trials: customers(first: 1, status: TRIAL) { totalCount }\n  }\n"): (typeof documents)["\n  fragment QuickCounts on Reseller {\n    id\n    yesterday: customers(first: 1, paidTerm: true, expiringFrom: $yesterday, expiringBefore: $today) { totalCount }\n    today: customers(first: 1, paidTerm: true, expiringFrom: $today, expiringBefore: $tomorrow) { totalCount }\n    tomorrow: customers(first: 1, paidTerm: true, expiringFrom: $tomorrow, expiringBefore: $in2) { totalCount }\n    in2: customers(first: 1, paidTerm: true, expiringFrom: $in2, expiringBefore: $in3) { totalCount }\n    in3: customers(first: 1, paidTerm: true, expiringFrom: $in3, expiringBefore: $in4) { totalCount }\n    soon: customers(first: 1, status: ACTIVE, expiringBefore: $soon) { totalCount }\n    over: customers(first: 1, status: EXPIRED) { totalCount }\n    trials: customers(first: 1, status: TRIAL) { totalCount }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query CustomerCounts($yesterday: DateTime!, $today: DateTime!, $tomorrow: DateTime!, $in2: DateTime!, $in3: DateTime!, $in4: DateTime!, $soon: DateTime!) {\n    viewer { reseller { ...QuickCounts } }\n  }\n"): (typeof documents)["\n  query CustomerCounts($yesterday: DateTime!, $today: DateTime!, $tomorrow: DateTime!, $in2: DateTime!, $in3: DateTime!, $in4: DateTime!, $soon: DateTime!) {\n    viewer { reseller { ...QuickCounts } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query FailedServices {\n    viewer { reseller { id failed: customers(first: 1, serviceFailed: true) { totalCount } } }\n  }\n"): (typeof documents)["\n  query FailedServices {\n    viewer { reseller { id failed: customers(first: 1, serviceFailed: true) { totalCount } } }\n  }\n"];
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
export function graphql(source: "\n  mutation UpdateCustomer($input: UpdateCustomerInput!) {\n    updateCustomer(input: $input) {\n      ... on UpdateCustomerPayload { customer { ...CustomerRow plan { id } } }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation UpdateCustomer($input: UpdateCustomerInput!) {\n    updateCustomer(input: $input) {\n      ... on UpdateCustomerPayload { customer { ...CustomerRow plan { id } } }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CancelCustomer($input: CancelCustomerInput!) {\n    cancelCustomer(input: $input) {\n      ... on CancelCustomerPayload { customer { ...CustomerRow } account { ...AccountState } transfer { id amount } replayed }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation CancelCustomer($input: CancelCustomerInput!) {\n    cancelCustomer(input: $input) {\n      ... on CancelCustomerPayload { customer { ...CustomerRow } account { ...AccountState } transfer { id amount } replayed }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query CustomerPlan($id: ID!) {\n    viewer { reseller { id plans { id name } } }\n    customer(id: $id) { id plan { id } }\n  }\n"): (typeof documents)["\n  query CustomerPlan($id: ID!) {\n    viewer { reseller { id plans { id name } } }\n    customer(id: $id) { id plan { id } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query RenewalLink($id: ID!) {\n    customer(id: $id) { id renewalLink }\n  }\n"): (typeof documents)["\n  query RenewalLink($id: ID!) {\n    customer(id: $id) { id renewalLink }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ResetRenewalLink($input: ResetRenewalLinkInput!) {\n    resetRenewalLink(input: $input) {\n      ... on ResetRenewalLinkPayload { customer { id renewalLink } }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation ResetRenewalLink($input: ResetRenewalLinkInput!) {\n    resetRenewalLink(input: $input) {\n      ... on ResetRenewalLinkPayload { customer { id renewalLink } }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Latest($id: ID!) {\n    reseller(id: $id) {\n      id\n      account {\n        id\n        statement(first: 8) {\n          edges { cursor node { ...EntryRow } }\n          pageInfo { hasNextPage endCursor }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query Latest($id: ID!) {\n    reseller(id: $id) {\n      id\n      account {\n        id\n        statement(first: 8) {\n          edges { cursor node { ...EntryRow } }\n          pageInfo { hasNextPage endCursor }\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Figures($id: ID!, $from: DateTime!, $to: DateTime!, $yesterday: DateTime!, $today: DateTime!, $tomorrow: DateTime!, $in2: DateTime!, $in3: DateTime!, $in4: DateTime!, $soon: DateTime!) {\n    reseller(id: $id) {\n      id\n      branch { activeCustomers }\n      customers(first: 1, status: ACTIVE) { totalCount }\n      ...QuickCounts\n      report(from: $from, to: $to, by: MONTH) {\n        total { activation renewal screens newCustomers renewedCustomers receivedMinor creditCostMinor }\n        currency expectedMinor\n      }\n    }\n  }\n"): (typeof documents)["\n  query Figures($id: ID!, $from: DateTime!, $to: DateTime!, $yesterday: DateTime!, $today: DateTime!, $tomorrow: DateTime!, $in2: DateTime!, $in3: DateTime!, $in4: DateTime!, $soon: DateTime!) {\n    reseller(id: $id) {\n      id\n      branch { activeCustomers }\n      customers(first: 1, status: ACTIVE) { totalCount }\n      ...QuickCounts\n      report(from: $from, to: $to, by: MONTH) {\n        total { activation renewal screens newCustomers renewedCustomers receivedMinor creditCostMinor }\n        currency expectedMinor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query MessagesWaiting {\n    viewer { messagesWaiting }\n  }\n"): (typeof documents)["\n  query MessagesWaiting {\n    viewer { messagesWaiting }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ChildrenAtHome($id: ID!, $from: DateTime!, $to: DateTime!) {\n    reseller(id: $id) {\n      id\n      children(first: 20, order: BALANCE) {\n        edges {\n          node {\n            id\n            name\n            status\n            account { ...AccountState }\n            report(from: $from, to: $to, by: MONTH) { total { ...SpentSums } }\n          }\n        }\n        pageInfo { hasNextPage }\n      }\n    }\n  }\n"): (typeof documents)["\n  query ChildrenAtHome($id: ID!, $from: DateTime!, $to: DateTime!) {\n    reseller(id: $id) {\n      id\n      children(first: 20, order: BALANCE) {\n        edges {\n          node {\n            id\n            name\n            status\n            account { ...AccountState }\n            report(from: $from, to: $to, by: MONTH) { total { ...SpentSums } }\n          }\n        }\n        pageInfo { hasNextPage }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ImportTotalsFields on ImportTotals {\n    resellers\n    credits\n    customers\n    activeCustomers\n    trialCustomers\n    canceledCustomers\n    expiredCustomers\n    screens\n    screenDays\n  }\n"): (typeof documents)["\n  fragment ImportTotalsFields on ImportTotals {\n    resellers\n    credits\n    customers\n    activeCustomers\n    trialCustomers\n    canceledCustomers\n    expiredCustomers\n    screens\n    screenDays\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ImportFacts on Import {\n    id\n    version\n    status\n    source\n    fileName\n    hash\n    rows\n    validRows\n    knownRows\n    progress\n    totals { ...ImportTotalsFields }\n    proof { ...ImportTotalsFields }\n    mode\n    createdAt\n    committedAt\n    committedBy\n    separator\n    encoding\n    timeZone\n    rootName\n    columns { heading field }\n    reseller { id name }\n  }\n"): (typeof documents)["\n  fragment ImportFacts on Import {\n    id\n    version\n    status\n    source\n    fileName\n    hash\n    rows\n    validRows\n    knownRows\n    progress\n    totals { ...ImportTotalsFields }\n    proof { ...ImportTotalsFields }\n    mode\n    createdAt\n    committedAt\n    committedBy\n    separator\n    encoding\n    timeZone\n    rootName\n    columns { heading field }\n    reseller { id name }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Imports($first: Int!, $after: String) {\n    viewer {\n      imports(first: $first, after: $after) {\n        edges { cursor node { ...ImportFacts } }\n        pageInfo { hasNextPage endCursor }\n      }\n    }\n  }\n"): (typeof documents)["\n  query Imports($first: Int!, $after: String) {\n    viewer {\n      imports(first: $first, after: $after) {\n        edges { cursor node { ...ImportFacts } }\n        pageInfo { hasNextPage endCursor }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Import($id: ID!) {\n    node(id: $id) {\n      ... on Import {\n        ...ImportFacts\n        ownersWithoutPassword\n        sample {\n          line isReseller externalId name login email parent credits screens expiresAt contact known\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query Import($id: ID!) {\n    node(id: $id) {\n      ... on Import {\n        ...ImportFacts\n        ownersWithoutPassword\n        sample {\n          line isReseller externalId name login email parent credits screens expiresAt contact known\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ImportProblems($id: ID!, $first: Int!, $after: String) {\n    node(id: $id) {\n      ... on Import {\n        id\n        problems(first: $first, after: $after) {\n          edges { cursor node { line column message } }\n          pageInfo { hasNextPage endCursor }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query ImportProblems($id: ID!, $first: Int!, $after: String) {\n    node(id: $id) {\n      ... on Import {\n        id\n        problems(first: $first, after: $after) {\n          edges { cursor node { line column message } }\n          pageInfo { hasNextPage endCursor }\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription ImportChanges {\n    importChanged { ...ImportFacts }\n  }\n"): (typeof documents)["\n  subscription ImportChanges {\n    importChanged { ...ImportFacts }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation PreviewImport($input: PreviewImportInput!) {\n    previewImport(input: $input) {\n      ... on PreviewImportPayload { import { ...ImportFacts } }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation PreviewImport($input: PreviewImportInput!) {\n    previewImport(input: $input) {\n      ... on PreviewImportPayload { import { ...ImportFacts } }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CommitImport($input: CommitImportInput!) {\n    commitImport(input: $input) {\n      ... on CommitImportPayload { import { ...ImportFacts } }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation CommitImport($input: CommitImportInput!) {\n    commitImport(input: $input) {\n      ... on CommitImportPayload { import { ...ImportFacts } }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateImportInvitations($input: CreateImportInvitationsInput!) {\n    createImportInvitations(input: $input) {\n      ... on CreateImportInvitationsPayload {\n        invitations { resellerId resellerName email token expiresAt }\n        hasMore\n      }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation CreateImportInvitations($input: CreateImportInvitationsInput!) {\n    createImportInvitations(input: $input) {\n      ... on CreateImportInvitationsPayload {\n        invitations { resellerId resellerName email token expiresAt }\n        hasMore\n      }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DiscardImport($input: DiscardImportInput!) {\n    discardImport(input: $input) {\n      ... on DiscardImportPayload { importId }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation DiscardImport($input: DiscardImportInput!) {\n    discardImport(input: $input) {\n      ... on DiscardImportPayload { importId }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ImportTenants($first: Int!, $search: String) {\n    tenants(first: $first, search: $search) {\n      edges { node { id name } }\n    }\n  }\n"): (typeof documents)["\n  query ImportTenants($first: Int!, $search: String) {\n    tenants(first: $first, search: $search) {\n      edges { node { id name } }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment MessageRow on QueuedMessage {\n    id\n    text\n    whatsappUrl\n    dueAt\n    sentAt\n    customer { id name contact }\n  }\n"): (typeof documents)["\n  fragment MessageRow on QueuedMessage {\n    id\n    text\n    whatsappUrl\n    dueAt\n    sentAt\n    customer { id name contact }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Messages($first: Int!) {\n    viewer {\n      messagesWaiting\n      messageQueue(first: $first) { ...MessageRow }\n    }\n  }\n"): (typeof documents)["\n  query Messages($first: Int!) {\n    viewer {\n      messagesWaiting\n      messageQueue(first: $first) { ...MessageRow }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation MarkMessageSent($input: MarkMessageSentInput!) {\n    markMessageSent(input: $input) {\n      ... on MarkMessageSentPayload { marked: message { ...MessageRow } }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation MarkMessageSent($input: MarkMessageSentInput!) {\n    markMessageSent(input: $input) {\n      ... on MarkMessageSentPayload { marked: message { ...MessageRow } }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment TenantRow on Reseller {\n    id\n    name\n    status\n    account { ...AccountState }\n    branch { resellers activeCustomers creditsHeld }\n  }\n"): (typeof documents)["\n  fragment TenantRow on Reseller {\n    id\n    name\n    status\n    account { ...AccountState }\n    branch { resellers activeCustomers creditsHeld }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Tenants($first: Int!, $after: String, $search: String) {\n    tenants(first: $first, after: $after, search: $search) {\n      edges { cursor node { ...TenantRow } }\n      pageInfo { hasNextPage endCursor }\n    }\n  }\n"): (typeof documents)["\n  query Tenants($first: Int!, $after: String, $search: String) {\n    tenants(first: $first, after: $after, search: $search) {\n      edges { cursor node { ...TenantRow } }\n      pageInfo { hasNextPage endCursor }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateTenant($input: CreateTenantInput!) {\n    createTenant(input: $input) {\n      ... on CreateTenantPayload { reseller { ...TenantRow } replayed }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation CreateTenant($input: CreateTenantInput!) {\n    createTenant(input: $input) {\n      ... on CreateTenantPayload { reseller { ...TenantRow } replayed }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation IssueCredits($input: IssueCreditsInput!) {\n    issueCredits(input: $input) {\n      ... on IssueCreditsPayload { transfer { id amount } to { ...AccountState } replayed }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation IssueCredits($input: IssueCreditsInput!) {\n    issueCredits(input: $input) {\n      ... on IssueCreditsPayload { transfer { id amount } to { ...AccountState } replayed }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query LedgerHealth {\n    ledgerHealth { ok issued held consumed withdrawn entries problems checkedAt }\n  }\n"): (typeof documents)["\n  query LedgerHealth {\n    ledgerHealth { ok issued held consumed withdrawn entries problems checkedAt }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query PriceList {\n    viewer {\n      priceList { id quantity unitPriceMinor totalMinor currency }\n    }\n  }\n"): (typeof documents)["\n  query PriceList {\n    viewer {\n      priceList { id quantity unitPriceMinor totalMinor currency }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SetCreditPackages($input: SetCreditPackagesInput!) {\n    setCreditPackages(input: $input) {\n      ... on SetCreditPackagesPayload { packages { id quantity unitPriceMinor totalMinor currency } }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation SetCreditPackages($input: SetCreditPackagesInput!) {\n    setCreditPackages(input: $input) {\n      ... on SetCreditPackagesPayload { packages { id quantity unitPriceMinor totalMinor currency } }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ResellerRow on Reseller {\n    id\n    name\n    status\n    statusReason\n    depth\n    createdAt\n    account { ...AccountState }\n  }\n"): (typeof documents)["\n  fragment ResellerRow on Reseller {\n    id\n    name\n    status\n    statusReason\n    depth\n    createdAt\n    account { ...AccountState }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Children($id: ID!, $after: String, $order: ResellerOrder!, $locked: Boolean) {\n    reseller(id: $id) {\n      id\n      children(first: 50, after: $after, order: $order, locked: $locked) {\n        totalCount\n        pageInfo { hasNextPage endCursor }\n        edges { cursor node { ...ResellerRow branch { resellers } } }\n      }\n    }\n  }\n"): (typeof documents)["\n  query Children($id: ID!, $after: String, $order: ResellerOrder!, $locked: Boolean) {\n    reseller(id: $id) {\n      id\n      children(first: 50, after: $after, order: $order, locked: $locked) {\n        totalCount\n        pageInfo { hasNextPage endCursor }\n        edges { cursor node { ...ResellerRow branch { resellers } } }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query FoundResellers($id: ID!, $search: String!, $after: String) {\n    reseller(id: $id) {\n      id\n      descendants(first: 50, after: $after, search: $search) {\n        pageInfo { hasNextPage endCursor }\n        edges { cursor node { ...ResellerRow parent { id name } } }\n      }\n    }\n  }\n"): (typeof documents)["\n  query FoundResellers($id: ID!, $search: String!, $after: String) {\n    reseller(id: $id) {\n      id\n      descendants(first: 50, after: $after, search: $search) {\n        pageInfo { hasNextPage endCursor }\n        edges { cursor node { ...ResellerRow parent { id name } } }\n      }\n    }\n  }\n"];
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
export function graphql(source: "\n  mutation Move($input: MoveResellerInput!) {\n    moveReseller(input: $input) {\n      ... on MoveResellerPayload { canceledPurchases reseller { ...ResellerRow parent { id name } } }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation Move($input: MoveResellerInput!) {\n    moveReseller(input: $input) {\n      ... on MoveResellerPayload { canceledPurchases reseller { ...ResellerRow parent { id name } } }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Close($input: CloseResellerInput!) {\n    closeReseller(input: $input) {\n      ... on CloseResellerPayload { reseller { ...ResellerRow } to { ...AccountState } transfer { id amount } }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation Close($input: CloseResellerInput!) {\n    closeReseller(input: $input) {\n      ... on CloseResellerPayload { reseller { ...ResellerRow } to { ...AccountState } transfer { id amount } }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment LimitFields on ResellerLimits {\n    mayCreateResellers\n    maxResellers\n    maxCustomers\n    maxTrialsPerDay\n    maxScreensPerCustomer\n  }\n"): (typeof documents)["\n  fragment LimitFields on ResellerLimits {\n    mayCreateResellers\n    maxResellers\n    maxCustomers\n    maxTrialsPerDay\n    maxScreensPerCustomer\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Limits($id: ID!) {\n    reseller(id: $id) { id limits { ...LimitFields } }\n  }\n"): (typeof documents)["\n  query Limits($id: ID!) {\n    reseller(id: $id) { id limits { ...LimitFields } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SetLimits($input: SetResellerLimitsInput!) {\n    setResellerLimits(input: $input) {\n      ... on SetResellerLimitsPayload { reseller { id limits { ...LimitFields } } }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation SetLimits($input: SetResellerLimitsInput!) {\n    setResellerLimits(input: $input) {\n      ... on SetResellerLimitsPayload { reseller { id limits { ...LimitFields } } }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RenameReseller($input: UpdateResellerInput!) {\n    updateReseller(input: $input) {\n      ... on UpdateResellerPayload { reseller { ...ResellerRow } }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation RenameReseller($input: UpdateResellerInput!) {\n    updateReseller(input: $input) {\n      ... on UpdateResellerPayload { reseller { ...ResellerRow } }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ReclaimPolicy {\n    viewer { policy { reclaimAllowed minimumTransfer minimumInitialCredits } }\n  }\n"): (typeof documents)["\n  query ReclaimPolicy {\n    viewer { policy { reclaimAllowed minimumTransfer minimumInitialCredits } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment SpentSums on ReportSums {\n    activation\n    renewal\n    screens\n    undone\n    creditsPassedOn\n  }\n"): (typeof documents)["\n  fragment SpentSums on ReportSums {\n    activation\n    renewal\n    screens\n    undone\n    creditsPassedOn\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Paces($ids: [ID!]!, $from: DateTime!, $to: DateTime!) {\n    nodes(ids: $ids) {\n      ... on Reseller { id report(from: $from, to: $to, by: MONTH) { total { ...SpentSums } } }\n    }\n  }\n"): (typeof documents)["\n  query Paces($ids: [ID!]!, $from: DateTime!, $to: DateTime!) {\n    nodes(ids: $ids) {\n      ... on Reseller { id report(from: $from, to: $to, by: MONTH) { total { ...SpentSums } } }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment CustomerPaymentRow on CustomerPayment {\n    id\n    status\n    planName\n    priceMinor\n    currency\n    periods\n    screens\n    createdAt\n    paidAt\n    provider\n    reference\n    returnedMinor\n    customer { id name }\n  }\n"): (typeof documents)["\n  fragment CustomerPaymentRow on CustomerPayment {\n    id\n    status\n    planName\n    priceMinor\n    currency\n    periods\n    screens\n    createdAt\n    paidAt\n    provider\n    reference\n    returnedMinor\n    customer { id name }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query CustomerPayments($first: Int!, $after: String, $status: CustomerPaymentStatus, $customerId: ID) {\n    viewer {\n      customerPayments(first: $first, after: $after, status: $status, customerId: $customerId) {\n        totalCount\n        edges { cursor node { ...CustomerPaymentRow } }\n        pageInfo { hasNextPage endCursor }\n      }\n    }\n  }\n"): (typeof documents)["\n  query CustomerPayments($first: Int!, $after: String, $status: CustomerPaymentStatus, $customerId: ID) {\n    viewer {\n      customerPayments(first: $first, after: $after, status: $status, customerId: $customerId) {\n        totalCount\n        edges { cursor node { ...CustomerPaymentRow } }\n        pageInfo { hasNextPage endCursor }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription CustomerPaymentChanges {\n    customerPaymentChanged { ...CustomerPaymentRow }\n  }\n"): (typeof documents)["\n  subscription CustomerPaymentChanges {\n    customerPaymentChanged { ...CustomerPaymentRow }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ConfirmCustomerPayment($input: ConfirmCustomerPaymentInput!) {\n    confirmCustomerPayment(input: $input) {\n      ... on ConfirmCustomerPaymentPayload { payment { ...CustomerPaymentRow } account { ...AccountState } replayed }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation ConfirmCustomerPayment($input: ConfirmCustomerPaymentInput!) {\n    confirmCustomerPayment(input: $input) {\n      ... on ConfirmCustomerPaymentPayload { payment { ...CustomerPaymentRow } account { ...AccountState } replayed }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Sales($first: Int!, $after: String, $status: PurchaseStatus, $search: String) {\n    viewer {\n      sales(first: $first, after: $after, status: $status, search: $search) {\n        totalCount\n        edges { cursor node { ...SaleRow } }\n        pageInfo { hasNextPage endCursor }\n      }\n    }\n  }\n"): (typeof documents)["\n  query Sales($first: Int!, $after: String, $status: PurchaseStatus, $search: String) {\n    viewer {\n      sales(first: $first, after: $after, status: $status, search: $search) {\n        totalCount\n        edges { cursor node { ...SaleRow } }\n        pageInfo { hasNextPage endCursor }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment SaleRow on Purchase {\n    ...PurchaseRow\n    buyer { id name }\n    sellerCanDeliver\n    returnedMinor\n    chargedBack\n  }\n"): (typeof documents)["\n  fragment SaleRow on Purchase {\n    ...PurchaseRow\n    buyer { id name }\n    sellerCanDeliver\n    returnedMinor\n    chargedBack\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query PurchaseSource {\n    viewer {\n      policy { purchaseSource }\n    }\n  }\n"): (typeof documents)["\n  query PurchaseSource {\n    viewer {\n      policy { purchaseSource }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ConfirmPurchase($input: ConfirmPurchaseInput!) {\n    confirmPurchase(input: $input) {\n      ... on ConfirmPurchasePayload { purchase { ...SaleRow } buyerAccount: account { ...AccountState } transfer { id amount } replayed }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation ConfirmPurchase($input: ConfirmPurchaseInput!) {\n    confirmPurchase(input: $input) {\n      ... on ConfirmPurchasePayload { purchase { ...SaleRow } buyerAccount: account { ...AccountState } transfer { id amount } replayed }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ChargeBackPurchase($input: ChargeBackPurchaseInput!) {\n    chargeBackPurchase(input: $input) {\n      ... on ChargeBackPurchasePayload { purchase { ...SaleRow } buyerAccount: account { ...AccountState } transfer { id amount } replayed }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation ChargeBackPurchase($input: ChargeBackPurchaseInput!) {\n    chargeBackPurchase(input: $input) {\n      ... on ChargeBackPurchasePayload { purchase { ...SaleRow } buyerAccount: account { ...AccountState } transfer { id amount } replayed }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query OwnCard {\n    viewer {\n      sellerCard { ...SellerCardFields }\n    }\n  }\n"): (typeof documents)["\n  query OwnCard {\n    viewer {\n      sellerCard { ...SellerCardFields }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SetSellerCard($input: SetSellerCardInput!) {\n    setSellerCard(input: $input) {\n      ... on SetSellerCardPayload { sellerCard { ...SellerCardFields } }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation SetSellerCard($input: SetSellerCardInput!) {\n    setSellerCard(input: $input) {\n      ... on SetSellerCardPayload { sellerCard { ...SellerCardFields } }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query PaymentProviders {\n    viewer {\n      paymentProviders { ...ProviderSettings }\n    }\n  }\n"): (typeof documents)["\n  query PaymentProviders {\n    viewer {\n      paymentProviders { ...ProviderSettings }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ProviderSettings on PaymentProviderSettings {\n    provider\n    enabled\n    webhookPath\n    pixKey\n    merchantName\n    merchantCity\n    updatedAt\n  }\n"): (typeof documents)["\n  fragment ProviderSettings on PaymentProviderSettings {\n    provider\n    enabled\n    webhookPath\n    pixKey\n    merchantName\n    merchantCity\n    updatedAt\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SetPaymentProvider($input: SetPaymentProviderInput!) {\n    setPaymentProvider(input: $input) {\n      ... on SetPaymentProviderPayload { settings { ...ProviderSettings } }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation SetPaymentProvider($input: SetPaymentProviderInput!) {\n    setPaymentProvider(input: $input) {\n      ... on SetPaymentProviderPayload { settings { ...ProviderSettings } }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Search(\n    $text: String!\n    $number: String!\n    $bought: Int\n    $byText: Boolean!\n    $platform: Boolean!\n    $sold: Boolean!\n    $buys: Boolean!\n  ) {\n    tenants(first: 5, search: $text) @include(if: $platform) {\n      edges { node { id name } }\n    }\n    viewer {\n      panel: reseller @include(if: $byText) {\n        id\n        customers(first: 6, search: $text) { edges { node { id name contact status expiresAt } } }\n        descendants(first: 5, search: $text) { edges { node { id name account { id balance } parent { id name } } } }\n      }\n      buyer: reseller @include(if: $buys) {\n        id\n        purchases(first: 1, number: $bought) { edges { node { id number quantity status } } }\n      }\n      sales(first: 3, search: $number) @include(if: $sold) {\n        edges { node { id number quantity status buyer { id name } } }\n      }\n    }\n  }\n"): (typeof documents)["\n  query Search(\n    $text: String!\n    $number: String!\n    $bought: Int\n    $byText: Boolean!\n    $platform: Boolean!\n    $sold: Boolean!\n    $buys: Boolean!\n  ) {\n    tenants(first: 5, search: $text) @include(if: $platform) {\n      edges { node { id name } }\n    }\n    viewer {\n      panel: reseller @include(if: $byText) {\n        id\n        customers(first: 6, search: $text) { edges { node { id name contact status expiresAt } } }\n        descendants(first: 5, search: $text) { edges { node { id name account { id balance } parent { id name } } } }\n      }\n      buyer: reseller @include(if: $buys) {\n        id\n        purchases(first: 1, number: $bought) { edges { node { id number quantity status } } }\n      }\n      sales(first: 3, search: $number) @include(if: $sold) {\n        edges { node { id number quantity status buyer { id name } } }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Security {\n    viewer {\n      user { id email totpEnabled }\n      sessions { id createdAt expiresAt current userAgent address }\n    }\n  }\n"): (typeof documents)["\n  query Security {\n    viewer {\n      user { id email totpEnabled }\n      sessions { id createdAt expiresAt current userAgent address }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ChangePassword($input: ChangePasswordInput!) {\n    changePassword(input: $input) {\n      ... on ChangePasswordPayload { user { id } endedSessions }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation ChangePassword($input: ChangePasswordInput!) {\n    changePassword(input: $input) {\n      ... on ChangePasswordPayload { user { id } endedSessions }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ChangeEmail($input: ChangeEmailInput!) {\n    changeEmail(input: $input) {\n      ... on ChangeEmailPayload { user { id email } }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation ChangeEmail($input: ChangeEmailInput!) {\n    changeEmail(input: $input) {\n      ... on ChangeEmailPayload { user { id email } }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RevokeSession($input: RevokeSessionInput!) {\n    revokeSession(input: $input) {\n      ... on RevokeSessionPayload { sessionId }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation RevokeSession($input: RevokeSessionInput!) {\n    revokeSession(input: $input) {\n      ... on RevokeSessionPayload { sessionId }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RevokeOtherSessions {\n    revokeOtherSessions { endedSessions }\n  }\n"): (typeof documents)["\n  mutation RevokeOtherSessions {\n    revokeOtherSessions { endedSessions }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StartTotp($input: StartTotpInput!) {\n    startTotp(input: $input) {\n      ... on StartTotpPayload { secret otpauthUri }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation StartTotp($input: StartTotpInput!) {\n    startTotp(input: $input) {\n      ... on StartTotpPayload { secret otpauthUri }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ConfirmTotp($input: ConfirmTotpInput!) {\n    confirmTotp(input: $input) {\n      ... on ConfirmTotpPayload { user { id totpEnabled } recoveryCodes }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation ConfirmTotp($input: ConfirmTotpInput!) {\n    confirmTotp(input: $input) {\n      ... on ConfirmTotpPayload { user { id totpEnabled } recoveryCodes }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DisableTotp($input: DisableTotpInput!) {\n    disableTotp(input: $input) {\n      ... on DisableTotpPayload { user { id totpEnabled } }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation DisableTotp($input: DisableTotpInput!) {\n    disableTotp(input: $input) {\n      ... on DisableTotpPayload { user { id totpEnabled } }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RegenerateRecoveryCodes($input: RegenerateRecoveryCodesInput!) {\n    regenerateRecoveryCodes(input: $input) {\n      ... on RegenerateRecoveryCodesPayload { recoveryCodes }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation RegenerateRecoveryCodes($input: RegenerateRecoveryCodesInput!) {\n    regenerateRecoveryCodes(input: $input) {\n      ... on RegenerateRecoveryCodesPayload { recoveryCodes }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Team($first: Int!, $after: String) {\n    viewer {\n      team(first: $first, after: $after) {\n        edges { cursor node { ...Member } }\n        pageInfo { hasNextPage endCursor }\n      }\n    }\n  }\n"): (typeof documents)["\n  query Team($first: Int!, $after: String) {\n    viewer {\n      team(first: $first, after: $after) {\n        edges { cursor node { ...Member } }\n        pageInfo { hasNextPage endCursor }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Member on User {\n    id\n    email\n    role\n    disabled\n    totpEnabled\n    createdAt\n  }\n"): (typeof documents)["\n  fragment Member on User {\n    id\n    email\n    role\n    disabled\n    totpEnabled\n    createdAt\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation InviteUser($input: InviteUserInput!) {\n    inviteUser(input: $input) {\n      ... on InviteUserPayload { user { ...Member } }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation InviteUser($input: InviteUserInput!) {\n    inviteUser(input: $input) {\n      ... on InviteUserPayload { user { ...Member } }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpdateUser($input: UpdateUserInput!) {\n    updateUser(input: $input) {\n      ... on UpdateUserPayload { user { ...Member } }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation UpdateUser($input: UpdateUserInput!) {\n    updateUser(input: $input) {\n      ... on UpdateUserPayload { user { ...Member } }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Key on ApiKey {\n    id\n    name\n    prefix\n    scope\n    createdAt\n    expiresAt\n    lastUsedAt\n    revokedAt\n  }\n"): (typeof documents)["\n  fragment Key on ApiKey {\n    id\n    name\n    prefix\n    scope\n    createdAt\n    expiresAt\n    lastUsedAt\n    revokedAt\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ApiKeys($first: Int!, $after: String) {\n    viewer {\n      apiKeys(first: $first, after: $after) {\n        edges { cursor node { ...Key } }\n        pageInfo { hasNextPage endCursor }\n      }\n    }\n  }\n"): (typeof documents)["\n  query ApiKeys($first: Int!, $after: String) {\n    viewer {\n      apiKeys(first: $first, after: $after) {\n        edges { cursor node { ...Key } }\n        pageInfo { hasNextPage endCursor }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateApiKey($input: CreateApiKeyInput!) {\n    createApiKey(input: $input) {\n      ... on CreateApiKeyPayload { apiKey { ...Key } secret }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation CreateApiKey($input: CreateApiKeyInput!) {\n    createApiKey(input: $input) {\n      ... on CreateApiKeyPayload { apiKey { ...Key } secret }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RevokeApiKey($input: RevokeApiKeyInput!) {\n    revokeApiKey(input: $input) {\n      ... on RevokeApiKeyPayload { apiKey { ...Key } }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation RevokeApiKey($input: RevokeApiKeyInput!) {\n    revokeApiKey(input: $input) {\n      ... on RevokeApiKeyPayload { apiKey { ...Key } }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpdateOwnPanel($input: UpdateResellerInput!) {\n    updateReseller(input: $input) {\n      ... on UpdateResellerPayload { reseller { id name account { ...AccountState keepReserve } } }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation UpdateOwnPanel($input: UpdateResellerInput!) {\n    updateReseller(input: $input) {\n      ... on UpdateResellerPayload { reseller { id name account { ...AccountState keepReserve } } }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query OwnLimits {\n    viewer { reseller { id limits { ...LimitFields } } }\n  }\n"): (typeof documents)["\n  query OwnLimits {\n    viewer { reseller { id limits { ...LimitFields } } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AuditLog($resellerId: ID, $first: Int!, $after: String) {\n    auditLog(resellerId: $resellerId, first: $first, after: $after) {\n      edges {\n        cursor\n        node { id at action actor address subject reseller { id name } changes { field before after } }\n      }\n      pageInfo { hasNextPage endCursor }\n    }\n  }\n"): (typeof documents)["\n  query AuditLog($resellerId: ID, $first: Int!, $after: String) {\n    auditLog(resellerId: $resellerId, first: $first, after: $after) {\n      edges {\n        cursor\n        node { id at action actor address subject reseller { id name } changes { field before after } }\n      }\n      pageInfo { hasNextPage endCursor }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment PlanFields on Plan {\n    id\n    name\n    periods\n    screens\n    priceMinor\n    currency\n  }\n"): (typeof documents)["\n  fragment PlanFields on Plan {\n    id\n    name\n    periods\n    screens\n    priceMinor\n    currency\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Plans {\n    viewer {\n      reseller {\n        id\n        plans { ...PlanFields }\n        suggestedPlans { name periods screens priceMinor currency }\n      }\n    }\n  }\n"): (typeof documents)["\n  query Plans {\n    viewer {\n      reseller {\n        id\n        plans { ...PlanFields }\n        suggestedPlans { name periods screens priceMinor currency }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SetPlans($input: SetPlansInput!) {\n    setPlans(input: $input) {\n      ... on SetPlansPayload { plans { ...PlanFields } }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation SetPlans($input: SetPlansInput!) {\n    setPlans(input: $input) {\n      ... on SetPlansPayload { plans { ...PlanFields } }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Policy {\n    viewer {\n      policy { ...PolicyFields }\n    }\n  }\n"): (typeof documents)["\n  query Policy {\n    viewer {\n      policy { ...PolicyFields }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment PolicyFields on TenantPolicy {\n    trialMaxHours\n    trialQuota\n    reclaimAllowed\n    purchaseSource\n    refundPolicy\n    minimumTransfer\n    undoMinutes\n    minimumPurchase\n    minimumInitialCredits\n    lockMode\n    trialsForNewContactsOnly\n    timeZone\n  }\n"): (typeof documents)["\n  fragment PolicyFields on TenantPolicy {\n    trialMaxHours\n    trialQuota\n    reclaimAllowed\n    purchaseSource\n    refundPolicy\n    minimumTransfer\n    undoMinutes\n    minimumPurchase\n    minimumInitialCredits\n    lockMode\n    trialsForNewContactsOnly\n    timeZone\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SetTenantPolicy($input: SetTenantPolicyInput!) {\n    setTenantPolicy(input: $input) {\n      ... on SetTenantPolicyPayload { policy { ...PolicyFields } }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation SetTenantPolicy($input: SetTenantPolicyInput!) {\n    setTenantPolicy(input: $input) {\n      ... on SetTenantPolicyPayload { policy { ...PolicyFields } }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ReminderRuleFields on ReminderRule {\n    daysFromEnd\n    trialHours\n    hour\n    channel\n    template\n  }\n"): (typeof documents)["\n  fragment ReminderRuleFields on ReminderRule {\n    daysFromEnd\n    trialHours\n    hour\n    channel\n    template\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Reminders {\n    viewer {\n      reminderRules { ...ReminderRuleFields }\n      reminderChannels { channel problem }\n      reminderFields { name example }\n    }\n  }\n"): (typeof documents)["\n  query Reminders {\n    viewer {\n      reminderRules { ...ReminderRuleFields }\n      reminderChannels { channel problem }\n      reminderFields { name example }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SetReminderRules($input: SetReminderRulesInput!) {\n    setReminderRules(input: $input) {\n      ... on SetReminderRulesPayload { reminderRules { ...ReminderRuleFields } }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation SetReminderRules($input: SetReminderRulesInput!) {\n    setReminderRules(input: $input) {\n      ... on SetReminderRulesPayload { reminderRules { ...ReminderRuleFields } }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Endpoint on WebhookEndpoint {\n    id\n    url\n    scope\n    events\n    enabled\n    disabledReason\n    createdAt\n    dead: deliveries(first: 1, status: DEAD) { edges { node { id } } }\n  }\n"): (typeof documents)["\n  fragment Endpoint on WebhookEndpoint {\n    id\n    url\n    scope\n    events\n    enabled\n    disabledReason\n    createdAt\n    dead: deliveries(first: 1, status: DEAD) { edges { node { id } } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query WebhookEndpoints {\n    viewer { webhookEndpoints { ...Endpoint } }\n  }\n"): (typeof documents)["\n  query WebhookEndpoints {\n    viewer { webhookEndpoints { ...Endpoint } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription WebhookEndpointChanged {\n    webhookEndpointChanged { id }\n  }\n"): (typeof documents)["\n  subscription WebhookEndpointChanged {\n    webhookEndpointChanged { id }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Deliveries($id: ID!, $first: Int!, $after: String, $status: DeliveryStatus) {\n    node(id: $id) {\n      ... on WebhookEndpoint {\n        id\n        deliveries(first: $first, after: $after, status: $status) {\n          edges { cursor node { id event version status attempts lastError nextAttemptAt createdAt } }\n          pageInfo { hasNextPage endCursor }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query Deliveries($id: ID!, $first: Int!, $after: String, $status: DeliveryStatus) {\n    node(id: $id) {\n      ... on WebhookEndpoint {\n        id\n        deliveries(first: $first, after: $after, status: $status) {\n          edges { cursor node { id event version status attempts lastError nextAttemptAt createdAt } }\n          pageInfo { hasNextPage endCursor }\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateWebhookEndpoint($input: CreateWebhookEndpointInput!) {\n    createWebhookEndpoint(input: $input) {\n      ... on CreateWebhookEndpointPayload { endpoint { ...Endpoint } secret }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation CreateWebhookEndpoint($input: CreateWebhookEndpointInput!) {\n    createWebhookEndpoint(input: $input) {\n      ... on CreateWebhookEndpointPayload { endpoint { ...Endpoint } secret }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpdateWebhookEndpoint($input: UpdateWebhookEndpointInput!) {\n    updateWebhookEndpoint(input: $input) {\n      ... on UpdateWebhookEndpointPayload { endpoint { ...Endpoint } }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation UpdateWebhookEndpoint($input: UpdateWebhookEndpointInput!) {\n    updateWebhookEndpoint(input: $input) {\n      ... on UpdateWebhookEndpointPayload { endpoint { ...Endpoint } }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RemoveWebhookEndpoint($input: RemoveWebhookEndpointInput!) {\n    removeWebhookEndpoint(input: $input) {\n      ... on RemoveWebhookEndpointPayload { endpointId }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation RemoveWebhookEndpoint($input: RemoveWebhookEndpointInput!) {\n    removeWebhookEndpoint(input: $input) {\n      ... on RemoveWebhookEndpointPayload { endpointId }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RotateWebhookSecret($input: RotateWebhookSecretInput!) {\n    rotateWebhookSecret(input: $input) {\n      ... on RotateWebhookSecretPayload { endpoint { ...Endpoint } secret }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation RotateWebhookSecret($input: RotateWebhookSecretInput!) {\n    rotateWebhookSecret(input: $input) {\n      ... on RotateWebhookSecretPayload { endpoint { ...Endpoint } secret }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SendTestEvent($input: SendTestEventInput!) {\n    sendTestEvent(input: $input) {\n      ... on SendTestEventPayload { delivery { id } }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation SendTestEvent($input: SendTestEventInput!) {\n    sendTestEvent(input: $input) {\n      ... on SendTestEventPayload { delivery { id } }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ReplayEvents($input: ReplayEventsInput!) {\n    replayEvents(input: $input) {\n      ... on ReplayEventsPayload { endpoint { ...Endpoint } }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation ReplayEvents($input: ReplayEventsInput!) {\n    replayEvents(input: $input) {\n      ... on ReplayEventsPayload { endpoint { ...Endpoint } }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SignIn($input: SignInInput!) {\n    signIn(input: $input) {\n      ... on SignInPayload { expiresAt viewer { ...SignedIn } }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation SignIn($input: SignInInput!) {\n    signIn(input: $input) {\n      ... on SignInPayload { expiresAt viewer { ...SignedIn } }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query MailOffered {\n    passwordResetByMail\n  }\n"): (typeof documents)["\n  query MailOffered {\n    passwordResetByMail\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RequestPasswordReset($input: RequestPasswordResetInput!) {\n    requestPasswordReset(input: $input) { ok }\n  }\n"): (typeof documents)["\n  mutation RequestPasswordReset($input: RequestPasswordResetInput!) {\n    requestPasswordReset(input: $input) { ok }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ResetPassword($input: ResetPasswordInput!) {\n    resetPassword(input: $input) {\n      ... on ResetPasswordPayload { ok }\n      ...Refusal\n    }\n  }\n"): (typeof documents)["\n  mutation ResetPassword($input: ResetPasswordInput!) {\n    resetPassword(input: $input) {\n      ... on ResetPasswordPayload { ok }\n      ...Refusal\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Statement($id: ID!, $first: Int!, $after: String, $kinds: [TransferKind!], $from: DateTime, $to: DateTime) {\n    reseller(id: $id) {\n      id\n      account {\n        id\n        statement(first: $first, after: $after, kinds: $kinds, from: $from, to: $to) {\n          pageInfo { hasNextPage endCursor }\n          edges { cursor node { ...EntryRow transfer { ...Undoing } } }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query Statement($id: ID!, $first: Int!, $after: String, $kinds: [TransferKind!], $from: DateTime, $to: DateTime) {\n    reseller(id: $id) {\n      id\n      account {\n        id\n        statement(first: $first, after: $after, kinds: $kinds, from: $from, to: $to) {\n          pageInfo { hasNextPage endCursor }\n          edges { cursor node { ...EntryRow transfer { ...Undoing } } }\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation EndOtherSessions {\n    revokeOtherSessions { endedSessions }\n  }\n"): (typeof documents)["\n  mutation EndOtherSessions {\n    revokeOtherSessions { endedSessions }\n  }\n"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;