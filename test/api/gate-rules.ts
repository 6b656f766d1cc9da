/**
 * Who may reach what, field by field, according to the rules of the business (R8, R11, R18, the table of roles). It
 * is written by hand, not derived: a field without a line here fails the gate's test until somebody decides.
 */

import { POLICY_FIELDS } from '../../src/kernel/policy.ts';
import { MUTATION_CALLS, MUTATION_ID_CALLS, MUTATIONS, PAYLOADS } from './gate-mutations.ts';
import { type CallParts, EVERYONE, MONEY, type ObjectRule, OWNERS, PANEL_USERS, type RootRule } from './gate-viewers.ts';

/** Null if the call is not refused. */
export function answerToSignedOut(rule: RootRule | undefined): string | null {
  if (rule?.public === undefined) return 'UNAUTHENTICATED';
  return rule.public === true ? null : rule.public;
}

export const ROOT_FIELDS: Readonly<Record<string, RootRule>> = {
  'Query.viewer': { allowed: EVERYONE, locked: 'open' },
  'Query.node': { allowed: EVERYONE, locked: 'own' },
  'Query.nodes': { allowed: EVERYONE, locked: 'own' },
  'Query.reseller': { allowed: EVERYONE, locked: 'own' },
  'Query.tenants': { allowed: ['PLATFORM'], locked: 'FORBIDDEN' },
  'Query.ledgerHealth': { allowed: ['PLATFORM', 'ROOT_OWNER'], locked: 'PANEL_LOCKED' },
  'Query.auditLog': { allowed: ['PLATFORM', ...OWNERS], locked: 'PANEL_LOCKED' },
  'Query.customer': { allowed: EVERYONE, locked: 'PANEL_LOCKED' },
  'Query.quote': { allowed: [...MONEY, 'OPERATOR'], locked: 'PANEL_LOCKED' },
  'Query.creditPackages': { allowed: EVERYONE, locked: 'open' },
  'Query.paymentMethods': { allowed: EVERYONE, locked: 'open' },
  'Query.passwordResetByMail': { allowed: EVERYONE, locked: 'open', public: true },

  'Subscription.importChanged': { allowed: ['PLATFORM', 'ROOT_OWNER'], locked: 'PANEL_LOCKED' },
  'Subscription.balanceChanged': { allowed: EVERYONE, locked: 'own' },
  'Subscription.lockChanged': { allowed: EVERYONE, locked: 'own' },
  'Subscription.purchaseChanged': { allowed: EVERYONE, locked: 'open' },
  'Subscription.supportSessionsChanged': { allowed: EVERYONE, locked: 'open' },
  'Subscription.customerPaymentChanged': { allowed: PANEL_USERS, locked: 'PANEL_LOCKED' },
  'Subscription.customerChanged': { allowed: PANEL_USERS, locked: 'PANEL_LOCKED' },
  'Subscription.webhookEndpointChanged': { allowed: OWNERS, locked: 'PANEL_LOCKED' },
  // Only for a key of the scope SERVICE: see api-keys.test.ts.
  'Subscription.accessChanged': { allowed: [], locked: 'FORBIDDEN' },
  'Subscription.branchChanged': { allowed: EVERYONE, locked: 'PANEL_LOCKED' },
  ...MUTATIONS,
};

export const OBJECT_FIELDS: Readonly<Record<string, ObjectRule>> = {
  Viewer: {
    open: 'user reseller role sessions seller support supportSessions',
    closed: 'policy priceList sales customerPayments sellerCard reminderRules reminderChannels reminderFields messageQueue messagesWaiting',
    owners: 'team apiKeys webhookEndpoints',
    sellers: 'paymentProviders imports',
  },
  SupportSession: { open: 'reseller openedBy reason expiresAt' },
  SellerCard: { open: 'name whatsapp pixKey instructions' },
  User: { open: 'id email role createdAt disabled totpEnabled mustChangePassword lastSignInAt' },
  Reseller: {
    open: 'id name status statusReason depth createdAt parent account purchases',
    closed: 'children descendants branch customers report limits plans suggestedPlans',
    sellers: 'owners',
  },
  Account: { open: 'id reseller balance version locked lockedSince lowBalance reserveThreshold keepReserve debt statement balanceAt' },
  EntryConnection: { open: 'edges pageInfo totalCount' },
  EntryEdge: { open: 'cursor node' },
  PageInfo: { open: 'hasNextPage hasPreviousPage startCursor endCursor' },
  Entry: { open: 'id version delta balanceAfter createdAt transfer counterparty' },
  Transfer: { open: 'id kind amount createdAt memo from to counterparty actor customer undoneBy undoableUntil' },
  PurchaseConnection: { open: 'edges pageInfo totalCount' },
  PurchaseEdge: { open: 'cursor node' },
  Purchase: {
    open: 'id number buyer seller sellerCanDeliver chargedBack quantity totalMinor currency status provider createdAt expiresAt settledAt reference transfer paymentInstructions returnedMinor reportedAt reportNote',
  },
  CreditPackage: { open: 'id quantity unitPriceMinor totalMinor currency' },
  BalanceChange: { open: 'account version balance delta locked lowBalance at entry' },
  LockChange: { open: 'account version locked at' },

  ResellerConnection: { beyond: 'edges pageInfo totalCount' },
  ResellerEdge: { beyond: 'cursor node' },
  CustomerConnection: { beyond: 'edges pageInfo totalCount' },
  CustomerEdge: { beyond: 'cursor node' },
  Customer: {
    beyond:
      'id name contact notes status screens nextScreens screensChangeAt spans expiresAt creditsSpent history reseller createdAt access service plan muted renewalLink',
  },
  CustomerPayment: {
    beyond:
      'id status customer planName priceMinor currency periods screens createdAt expiresAt paidAt provider reference returnedMinor appliedBy',
  },
  CustomerPaymentConnection: { beyond: 'edges pageInfo totalCount' },
  CustomerPaymentEdge: { beyond: 'cursor node' },
  Access: { beyond: 'login secret updatedAt' },
  Plan: { beyond: 'id name periods screens priceMinor currency' },
  ReminderRule: { beyond: 'daysFromEnd trialHours hour channel template' },
  ReminderChannelState: { beyond: 'channel problem' },
  ReminderField: { beyond: 'name example' },
  QueuedMessage: { beyond: 'id customer text whatsappUrl dueAt sentAt' },
  PlanSuggestion: { beyond: 'name periods screens priceMinor currency' },
  CustomerService: { beyond: 'status reason at' },
  CustomerChange: { beyond: 'version event customer at' },
  AccessChange: { beyond: 'version event customerId login active screens expiresAt at' },
  ScreenSpan: { beyond: 'screens endsAt' },
  TransferConnection: { beyond: 'edges pageInfo totalCount' },
  TransferEdge: { beyond: 'cursor node' },
  Quote: {
    beyond: 'cost balanceAfter affordable wouldUseReserve willLock expiresAt screens screensChangeAt spans sameContact totalMinor currency',
  },
  PaymentProviderSettings: { beyond: 'provider enabled webhookPath pixKey merchantName merchantCity updatedAt' },
  UserConnection: { beyond: 'edges pageInfo totalCount' },
  UserEdge: { beyond: 'cursor node' },
  Session: { open: 'id createdAt expiresAt current userAgent address' },
  ApiKeyConnection: { beyond: 'edges pageInfo totalCount' },
  ApiKeyEdge: { beyond: 'cursor node' },
  WebhookEndpoint: { beyond: 'id url scope events enabled disabledReason createdAt deliveries' },
  DeliveryConnection: { beyond: 'edges pageInfo totalCount' },
  DeliveryEdge: { beyond: 'cursor node' },
  Delivery: { beyond: 'id event version status attempts lastStatusCode lastError nextAttemptAt createdAt' },
  ImportConnection: { beyond: 'edges pageInfo totalCount' },
  ImportEdge: { beyond: 'cursor node' },
  Import: {
    beyond:
      'id version status source fileName hash rows validRows knownRows progress totals proof problems sample columns separator encoding timeZone rootName reseller mode asOf createdAt committedAt committedBy ownersWithoutPassword',
  },
  ImportTotals: {
    beyond: 'resellers credits customers activeCustomers trialCustomers canceledCustomers expiredCustomers screens screenDays',
  },
  ImportColumn: { beyond: 'heading field' },
  ImportedRow: { beyond: 'line isReseller externalId name login email parent credits screens expiresAt contact notes known' },
  ImportProblemConnection: { beyond: 'edges pageInfo totalCount' },
  ImportProblemEdge: { beyond: 'cursor node' },
  ImportProblem: { beyond: 'line column message' },
  ApiKey: { beyond: 'id name prefix scope createdAt expiresAt lastUsedAt revokedAt' },
  AuditEntryConnection: { beyond: 'edges pageInfo totalCount' },
  AuditEntryEdge: { beyond: 'cursor node' },
  AuditEntry: { beyond: 'id at action actor address reseller subject changes' },
  AuditChange: { beyond: 'field before after' },
  TenantPolicy: { beyond: POLICY_FIELDS.join(' ') },
  Report: { beyond: 'timeZone intervals total expiring currency boughtCredits boughtMinor expectedMinor' },
  ReportRow: { beyond: 'start end sums' },
  ReportSums: {
    beyond:
      'creditsReceived creditsPassedOn activation renewal screens refunded undone withdrawn newCustomers renewedCustomers lostCustomers receivedMinor creditCostMinor profitMinor',
  },
  ExpiringDay: { beyond: 'start customers' },
  ResellerLimits: { beyond: 'mayCreateResellers maxResellers maxCustomers maxTrialsPerDay maxScreensPerCustomer' },
  BranchSummary: { beyond: 'resellers lockedResellers creditsHeld creditsConsumed activeCustomers' },
  LedgerHealth: { beyond: 'ok issued held consumed withdrawn entries problems checkedAt' },
  ImportInvitation: { answer: 'resellerId resellerName email token expiresAt' },
  OtpRequiredError: { answer: 'code message' },
  InvalidInputError: { answer: 'code message fields' },
  FieldError: { answer: 'path message' },
  InvalidCredentialsError: { answer: 'code message' },
  RateLimitedError: { answer: 'code message retryAfterSeconds' },
  ForbiddenError: { answer: 'code message' },
  NotFoundError: { answer: 'code message' },
  PanelLockedError: { answer: 'code message account' },
  PanelSuspendedError: { answer: 'code message' },
  InsufficientCreditsError: { answer: 'code message required balance' },
  LimitReachedError: { answer: 'code message limit allowed used' },
  WouldUseReserveError: { answer: 'code message reserve balanceAfter' },
  NotDirectChildError: { answer: 'code message' },
  BelowMinimumError: { answer: 'code message minimum' },
  IdempotencyConflictError: { answer: 'code message' },
  AlreadyExistsError: { answer: 'code message' },
  InvalidStateError: { answer: 'code message' },
  TrialRefusedError: { answer: 'code message' },
  BatchRefusedError: { answer: 'code message index cause' },
  ...PAYLOADS,
};

/** A call of each root field; its selection is appended. */
export const CALLS: Readonly<Record<string, (parts: CallParts) => string>> = {
  'Query.viewer': () => 'viewer',
  'Query.node': ({ id }) => `node(id: "${id}")`,
  'Query.nodes': ({ id }) => `nodes(ids: ["${id}"])`,
  'Query.reseller': ({ id }) => `reseller(id: "${id}")`,
  'Query.tenants': () => 'tenants',
  'Query.ledgerHealth': () => 'ledgerHealth',
  'Query.auditLog': ({ id }) => `auditLog(resellerId: "${id}")`,
  'Query.customer': ({ id }) => `customer(id: "${id}")`,
  'Query.quote': ({ id }) => `quote(input: { renew: { customerId: "${id}", periods: 1 } })`,
  'Query.creditPackages': () => 'creditPackages',
  'Query.paymentMethods': () => 'paymentMethods',
  'Query.passwordResetByMail': () => 'passwordResetByMail',
  'Subscription.balanceChanged': ({ id }) => `balanceChanged(resellerId: "${id}")`,
  'Subscription.lockChanged': ({ id }) => `lockChanged(resellerId: "${id}")`,
  'Subscription.purchaseChanged': () => 'purchaseChanged',
  'Subscription.supportSessionsChanged': () => 'supportSessionsChanged',
  'Subscription.customerPaymentChanged': () => 'customerPaymentChanged',
  'Subscription.customerChanged': () => 'customerChanged(after: 0)',
  'Subscription.webhookEndpointChanged': () => 'webhookEndpointChanged',
  'Subscription.accessChanged': () => 'accessChanged(after: 0)',
  'Subscription.importChanged': () => 'importChanged',
  'Subscription.branchChanged': ({ id }) => `branchChanged(resellerId: "${id}")`,
  ...MUTATION_CALLS,
};

/** A valid call except for one id argument, named "Type.field.argument". `own` is an id that is allowed there. */
export const ID_CALLS: Readonly<Record<string, (id: string, own: string) => string>> = {
  'Query.node.id': (id) => `{ node(id: ${id}) { id } }`,
  'Query.nodes.ids': (id) => `{ nodes(ids: [${id}]) { id } }`,
  'Query.reseller.id': (id) => `{ reseller(id: ${id}) { id name } }`,
  'Query.auditLog.resellerId': (id) => `{ auditLog(resellerId: ${id}) { edges { cursor } } }`,
  'Viewer.customerPayments.customerId': (id) => `{ viewer { customerPayments(customerId: ${id}) { edges { cursor } } } }`,
  'Query.customer.id': (id) => `{ customer(id: ${id}) { id name } }`,
  'Query.quote.input.renew.customerId': (id) =>
    `{ quote(input: { renew: { customerId: ${id}, periods: 1 } }) { __typename ... on Error { code message } } }`,
  'Query.quote.input.addScreens.customerId': (id) =>
    `{ quote(input: { addScreens: { customerId: ${id}, screens: 1 } }) { __typename ... on Error { code message } } }`,
  'Subscription.balanceChanged.resellerId': (id) => `subscription { balanceChanged(resellerId: ${id}) { version } }`,
  'Subscription.lockChanged.resellerId': (id) => `subscription { lockChanged(resellerId: ${id}) { version } }`,
  'Subscription.branchChanged.resellerId': (id) => `subscription { branchChanged(resellerId: ${id}) { version } }`,
  ...MUTATION_ID_CALLS,
};
