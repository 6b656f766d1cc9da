import { PASSWORD } from '../support/clients/api.ts';

/**
 * Who may reach what, as the rules of the business say it (R8, R11, R18, the table of roles), field by field. This is
 * written down, not derived: a field without a line here fails the gate's test until somebody decides.
 */

export type Viewer = 'PLATFORM' | 'ROOT_OWNER' | 'OWNER' | 'OPERATOR' | 'FINANCE' | 'VIEWER';

const PANEL_USERS: readonly Viewer[] = ['ROOT_OWNER', 'OWNER', 'OPERATOR', 'FINANCE', 'VIEWER'];
const EVERYONE: readonly Viewer[] = ['PLATFORM', ...PANEL_USERS];
const OWNERS: readonly Viewer[] = ['ROOT_OWNER', 'OWNER'];
const MONEY: readonly Viewer[] = [...OWNERS, 'FINANCE'];
const SERVICE: readonly Viewer[] = [...OWNERS, 'OPERATOR'];

export interface RootRule {
  /** Who is not refused with FORBIDDEN. */
  readonly allowed: readonly Viewer[];
  /** What a locked panel's owner is answered: `own`: about its own objects only, PANEL_LOCKED about any other id. */
  readonly locked: 'open' | 'own' | 'PANEL_LOCKED' | 'FORBIDDEN' | 'NOT_FOUND' | 'INVALID_INPUT' | 'INVALID_STATE' | 'INVALID_CREDENTIALS';
  /** Open to the signed out; what they are answered, if not that it was done. */
  readonly public?: true | 'INVALID_CREDENTIALS';
}

/** null: no refusal. */
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

  'Mutation.signIn': { allowed: EVERYONE, locked: 'open', public: true },
  'Mutation.signOut': { allowed: EVERYONE, locked: 'open' },
  'Mutation.requestPasswordReset': { allowed: EVERYONE, locked: 'open', public: true },
  'Mutation.resetPassword': { allowed: EVERYONE, locked: 'INVALID_CREDENTIALS', public: 'INVALID_CREDENTIALS' },
  'Mutation.createTenant': { allowed: ['PLATFORM'], locked: 'FORBIDDEN' },
  'Mutation.issueCredits': { allowed: ['PLATFORM'], locked: 'FORBIDDEN' },
  'Mutation.createReseller': { allowed: MONEY, locked: 'PANEL_LOCKED' },
  'Mutation.transferCredits': { allowed: MONEY, locked: 'PANEL_LOCKED' },
  'Mutation.transferCreditsBatch': { allowed: MONEY, locked: 'PANEL_LOCKED' },
  'Mutation.moveReseller': { allowed: OWNERS, locked: 'PANEL_LOCKED' },
  'Mutation.reclaimCredits': { allowed: MONEY, locked: 'PANEL_LOCKED' },
  'Mutation.updateReseller': { allowed: OWNERS, locked: 'PANEL_LOCKED' },
  'Mutation.setResellerLimits': { allowed: OWNERS, locked: 'PANEL_LOCKED' },
  'Mutation.suspendReseller': { allowed: OWNERS, locked: 'PANEL_LOCKED' },
  'Mutation.resumeReseller': { allowed: OWNERS, locked: 'PANEL_LOCKED' },
  'Mutation.closeReseller': { allowed: ['PLATFORM', ...OWNERS], locked: 'PANEL_LOCKED' },
  'Mutation.setTenantPolicy': { allowed: ['ROOT_OWNER'], locked: 'FORBIDDEN' },
  'Mutation.startTrial': { allowed: SERVICE, locked: 'PANEL_LOCKED' },
  'Mutation.activateCustomer': { allowed: SERVICE, locked: 'PANEL_LOCKED' },
  'Mutation.renewCustomer': { allowed: SERVICE, locked: 'PANEL_LOCKED' },
  'Mutation.renewCustomers': { allowed: SERVICE, locked: 'PANEL_LOCKED' },
  'Mutation.addScreens': { allowed: SERVICE, locked: 'PANEL_LOCKED' },
  'Mutation.undoSpending': { allowed: SERVICE, locked: 'NOT_FOUND' },
  'Mutation.updateCustomer': { allowed: SERVICE, locked: 'PANEL_LOCKED' },
  'Mutation.resetAccess': { allowed: SERVICE, locked: 'PANEL_LOCKED' },
  'Mutation.setNextScreens': { allowed: SERVICE, locked: 'PANEL_LOCKED' },
  'Mutation.cancelCustomer': { allowed: SERVICE, locked: 'PANEL_LOCKED' },
  'Mutation.buyCredits': { allowed: MONEY, locked: 'open' },
  'Mutation.cancelPurchase': { allowed: MONEY, locked: 'NOT_FOUND' },
  'Mutation.reportPayment': { allowed: MONEY, locked: 'NOT_FOUND' },
  'Mutation.confirmPurchase': { allowed: ['PLATFORM', ...MONEY], locked: 'PANEL_LOCKED' },
  'Mutation.chargeBackPurchase': { allowed: ['PLATFORM', ...MONEY], locked: 'PANEL_LOCKED' },
  'Mutation.setCreditPackages': { allowed: ['PLATFORM', ...OWNERS], locked: 'PANEL_LOCKED' },
  'Mutation.setPaymentProvider': { allowed: ['PLATFORM', ...OWNERS], locked: 'PANEL_LOCKED' },
  'Mutation.setSellerCard': { allowed: ['PLATFORM', ...OWNERS], locked: 'PANEL_LOCKED' },
  'Mutation.inviteUser': { allowed: OWNERS, locked: 'PANEL_LOCKED' },
  'Mutation.updateUser': { allowed: OWNERS, locked: 'PANEL_LOCKED' },
  // Of its own team a locked panel resets the access; of any other id it is told nothing.
  'Mutation.resetUserAccess': { allowed: ['PLATFORM', ...OWNERS], locked: 'PANEL_LOCKED' },
  'Mutation.changePassword': { allowed: EVERYONE, locked: 'open' },
  'Mutation.openSupportSession': { allowed: ['PLATFORM', ...OWNERS], locked: 'PANEL_LOCKED' },
  'Mutation.changeEmail': { allowed: EVERYONE, locked: 'INVALID_INPUT' },
  'Mutation.revokeSession': { allowed: EVERYONE, locked: 'NOT_FOUND' },
  'Mutation.revokeOtherSessions': { allowed: EVERYONE, locked: 'open' },
  'Mutation.startTotp': { allowed: EVERYONE, locked: 'open' },
  'Mutation.confirmTotp': { allowed: EVERYONE, locked: 'INVALID_INPUT' },
  'Mutation.disableTotp': { allowed: EVERYONE, locked: 'INVALID_STATE' },
  'Mutation.regenerateRecoveryCodes': { allowed: EVERYONE, locked: 'INVALID_STATE' },
  'Mutation.createApiKey': { allowed: OWNERS, locked: 'PANEL_LOCKED' },
  'Mutation.revokeApiKey': { allowed: OWNERS, locked: 'PANEL_LOCKED' },

  'Subscription.balanceChanged': { allowed: EVERYONE, locked: 'own' },
  'Subscription.lockChanged': { allowed: EVERYONE, locked: 'own' },
  'Subscription.purchaseChanged': { allowed: EVERYONE, locked: 'open' },
  'Subscription.customerChanged': { allowed: PANEL_USERS, locked: 'PANEL_LOCKED' },
  'Subscription.branchChanged': { allowed: EVERYONE, locked: 'PANEL_LOCKED' },
};

export interface ObjectRule {
  /** Whoever was given the object reads these, a locked panel those of its own objects. */
  readonly open?: string;
  /** Answered PANEL_LOCKED to a locked panel, on its own object too. */
  readonly closed?: string;
  /** As `closed`; and answered FORBIDDEN to whoever is not an OWNER. */
  readonly owners?: string;
  /** As `owners`; the platform reads them too. */
  readonly sellers?: string;
  /** A locked panel cannot get at the object at all: what leads to it is closed. */
  readonly beyond?: string;
  /** The answer to a call, for whoever made it. */
  readonly answer?: string;
}

export const OBJECT_FIELDS: Readonly<Record<string, ObjectRule>> = {
  Viewer: {
    open: 'user reseller role sessions seller support supportSessions',
    closed: 'policy priceList sales sellerCard',
    owners: 'team apiKeys',
    sellers: 'paymentProviders',
  },
  SupportSession: { open: 'reseller openedBy reason expiresAt' },
  SellerCard: { open: 'name whatsapp pixKey instructions' },
  User: { open: 'id email role createdAt disabled totpEnabled mustChangePassword lastSignInAt' },
  Reseller: {
    open: 'id name status statusReason depth createdAt parent account purchases',
    closed: 'children descendants branch customers report limits',
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
      'id name contact notes status screens nextScreens screensChangeAt spans expiresAt creditsSpent history reseller createdAt access',
  },
  Access: { beyond: 'login secret updatedAt' },
  CustomerChange: { beyond: 'version event customer at' },
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
  ApiKey: { beyond: 'id name prefix scope createdAt expiresAt lastUsedAt revokedAt' },
  AuditEntryConnection: { beyond: 'edges pageInfo totalCount' },
  AuditEntryEdge: { beyond: 'cursor node' },
  AuditEntry: { beyond: 'id at action actor address reseller subject changes' },
  AuditChange: { beyond: 'field before after' },
  TenantPolicy: {
    beyond:
      'trialMaxHours trialQuota reclaimAllowed purchaseSource refundPolicy minimumTransfer undoMinutes minimumPurchase minimumInitialCredits lockMode trialsForNewContactsOnly timeZone',
  },
  Report: { beyond: 'timeZone intervals total expiring' },
  ReportRow: { beyond: 'start end sums' },
  ReportSums: {
    beyond:
      'creditsReceived creditsPassedOn activation renewal screens refunded undone withdrawn newCustomers renewedCustomers lostCustomers',
  },
  ExpiringDay: { beyond: 'start customers' },
  ResellerLimits: { beyond: 'mayCreateResellers maxResellers maxCustomers maxTrialsPerDay maxScreensPerCustomer' },
  BranchSummary: { beyond: 'resellers lockedResellers creditsHeld creditsConsumed activeCustomers' },
  LedgerHealth: { beyond: 'ok issued held consumed withdrawn entries problems checkedAt' },

  SignInPayload: { answer: 'token expiresAt viewer' },
  SignOutPayload: { answer: 'ok' },
  CreateTenantPayload: { answer: 'reseller replayed' },
  IssueCreditsPayload: { answer: 'transfer to replayed' },
  CreateResellerPayload: { answer: 'reseller from transfer replayed' },
  TransferCreditsPayload: { answer: 'transfer from to replayed' },
  TransferCreditsBatchPayload: { answer: 'results from' },
  MoveResellerPayload: { answer: 'reseller canceledPurchases' },
  ReclaimCreditsPayload: { answer: 'transfer from to replayed' },
  UpdateResellerPayload: { answer: 'reseller' },
  SetResellerLimitsPayload: { answer: 'reseller' },
  SuspendResellerPayload: { answer: 'reseller' },
  ResumeResellerPayload: { answer: 'reseller' },
  CloseResellerPayload: { answer: 'reseller to transfer replayed' },
  SetTenantPolicyPayload: { answer: 'policy' },
  StartTrialPayload: { answer: 'customer replayed' },
  ActivateCustomerPayload: { answer: 'customer account transfer replayed' },
  RenewCustomerPayload: { answer: 'customer account transfer replayed' },
  RenewCustomersPayload: { answer: 'results account' },
  AddScreensPayload: { answer: 'customer account transfer replayed' },
  UndoSpendingPayload: { answer: 'customer account transfer replayed' },
  UpdateCustomerPayload: { answer: 'customer' },
  SetNextScreensPayload: { answer: 'customer' },
  ResetAccessPayload: { answer: 'customer' },
  CancelCustomerPayload: { answer: 'customer account transfer replayed' },
  BuyCreditsPayload: { answer: 'purchase replayed' },
  CancelPurchasePayload: { answer: 'purchase' },
  ReportPaymentPayload: { answer: 'purchase' },
  ConfirmPurchasePayload: { answer: 'purchase account transfer replayed' },
  ChargeBackPurchasePayload: { answer: 'purchase account transfer replayed' },
  SetCreditPackagesPayload: { answer: 'packages' },
  SetPaymentProviderPayload: { answer: 'settings' },
  SetSellerCardPayload: { answer: 'sellerCard' },
  InviteUserPayload: { answer: 'user' },
  UpdateUserPayload: { answer: 'user' },
  ResetUserAccessPayload: { answer: 'user oneTimePassword' },
  ChangePasswordPayload: { answer: 'user endedSessions' },
  OpenSupportSessionPayload: { answer: 'token expiresAt reseller' },
  ChangeEmailPayload: { answer: 'user' },
  RevokeSessionPayload: { answer: 'sessionId' },
  RevokeOtherSessionsPayload: { answer: 'endedSessions' },
  RequestPasswordResetPayload: { answer: 'ok' },
  ResetPasswordPayload: { answer: 'ok' },
  StartTotpPayload: { answer: 'secret otpauthUri' },
  ConfirmTotpPayload: { answer: 'user recoveryCodes' },
  DisableTotpPayload: { answer: 'user' },
  RegenerateRecoveryCodesPayload: { answer: 'recoveryCodes' },
  CreateApiKeyPayload: { answer: 'apiKey secret' },
  RevokeApiKeyPayload: { answer: 'apiKey' },
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
};

/** A call of each root field; what it selects is added. `id` is any object's, `key` an idempotency key. */
export interface CallParts {
  readonly id: string;
  readonly key: string;
}

/** No credits move in these: with an unknown id, all are refused for something that is looked at after the role and the lock (R35). */
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
  'Mutation.buyCredits': ({ key }) => `buyCredits(input: { quantity: 10, idempotencyKey: "${key}" })`,
  'Mutation.cancelPurchase': ({ id }) => `cancelPurchase(input: { purchaseId: "${id}" })`,
  'Mutation.reportPayment': ({ id }) => `reportPayment(input: { purchaseId: "${id}" })`,
  'Mutation.confirmPurchase': ({ id }) => `confirmPurchase(input: { purchaseId: "${id}" })`,
  'Mutation.chargeBackPurchase': ({ id }) => `chargeBackPurchase(input: { purchaseId: "${id}", reason: "r" })`,
  'Mutation.setCreditPackages': () => 'setCreditPackages(input: { currency: "BRL", packages: [{ quantity: 10, unitPriceMinor: 100 }] })',
  'Mutation.setSellerCard': () => 'setSellerCard(input: { name: "n" })',
  'Mutation.setPaymentProvider': () => 'setPaymentProvider(input: { stripe: { enabled: false } })',
  'Mutation.signIn': () => `signIn(input: { email: "caio@demo.test", password: "${PASSWORD}" })`,
  'Mutation.signOut': () => 'signOut',
  'Mutation.requestPasswordReset': () => 'requestPasswordReset(input: { email: "caio@demo.test" })',
  'Mutation.resetPassword': () => `resetPassword(input: { token: "unknown", newPassword: "${PASSWORD}" })`,
  'Mutation.createTenant': ({ key }) =>
    `createTenant(input: { name: "", ownerEmail: "x@y.test", ownerPassword: "1234567890", idempotencyKey: "${key}" })`,
  'Mutation.issueCredits': ({ id, key }) => `issueCredits(input: { resellerId: "${id}", amount: 0, idempotencyKey: "${key}" })`,
  'Mutation.createReseller': ({ key }) =>
    `createReseller(input: { name: "n", email: "x@y.test", password: "1234567890", initialCredits: 1000000000, idempotencyKey: "${key}" })`,
  'Mutation.transferCredits': ({ id, key }) => `transferCredits(input: { toResellerId: "${id}", amount: 1, idempotencyKey: "${key}" })`,
  'Mutation.transferCreditsBatch': ({ id, key }) =>
    `transferCreditsBatch(input: { transfers: [{ toResellerId: "${id}", amount: 1, idempotencyKey: "${key}" }] })`,
  'Mutation.moveReseller': ({ id }) => `moveReseller(input: { resellerId: "${id}", newParentId: "${id}", dryRun: true })`,
  'Mutation.startTrial': ({ key }) => `startTrial(input: { name: "n", contact: "gate used it", idempotencyKey: "${key}" })`,
  'Mutation.activateCustomer': ({ id, key }) => `activateCustomer(input: { customerId: "${id}", periods: 1, idempotencyKey: "${key}" })`,
  'Mutation.renewCustomer': ({ id, key }) => `renewCustomer(input: { customerId: "${id}", periods: 1, idempotencyKey: "${key}" })`,
  'Mutation.renewCustomers': ({ id, key }) =>
    `renewCustomers(input: { renewals: [{ customerId: "${id}", periods: 1, idempotencyKey: "${key}" }] })`,
  'Mutation.addScreens': ({ id, key }) => `addScreens(input: { customerId: "${id}", screens: 1, idempotencyKey: "${key}" })`,
  'Mutation.undoSpending': ({ id, key }) => `undoSpending(input: { transferId: "${id}", idempotencyKey: "${key}" })`,
  'Mutation.updateCustomer': ({ id }) => `updateCustomer(input: { customerId: "${id}", name: "n" })`,
  'Mutation.resetAccess': ({ id }) => `resetAccess(input: { customerId: "${id}" })`,
  'Mutation.setNextScreens': ({ id }) => `setNextScreens(input: { customerId: "${id}", screens: 1 })`,
  'Mutation.cancelCustomer': ({ id, key }) => `cancelCustomer(input: { customerId: "${id}", idempotencyKey: "${key}" })`,
  'Mutation.inviteUser': () => 'inviteUser(input: { email: "platform@revenda.test", password: "1234567890", role: VIEWER })',
  'Mutation.updateUser': ({ id }) => `updateUser(input: { userId: "${id}", disabled: true })`,
  'Mutation.resetUserAccess': ({ id }) => `resetUserAccess(input: { userId: "${id}" })`,
  'Mutation.changePassword': () => `changePassword(input: { currentPassword: "${PASSWORD}", newPassword: "${PASSWORD}" })`,
  'Mutation.openSupportSession': ({ id }) => `openSupportSession(input: { resellerId: "${id}", reason: "gate" })`,
  'Mutation.changeEmail': () => `changeEmail(input: { email: "nobody", password: "${PASSWORD}" })`,
  'Mutation.revokeSession': ({ id }) => `revokeSession(input: { sessionId: "${id}" })`,
  'Mutation.revokeOtherSessions': () => 'revokeOtherSessions',
  'Mutation.startTotp': () => `startTotp(input: { password: "${PASSWORD}" })`,
  'Mutation.confirmTotp': () => 'confirmTotp(input: { otp: "" })',
  'Mutation.disableTotp': () => `disableTotp(input: { password: "${PASSWORD}", otp: "000000" })`,
  'Mutation.regenerateRecoveryCodes': () => `regenerateRecoveryCodes(input: { password: "${PASSWORD}", otp: "000000" })`,
  'Mutation.createApiKey': () => 'createApiKey(input: { name: "gate", scope: READ, expiresAt: "2000-01-01T00:00:00Z" })',
  'Mutation.revokeApiKey': ({ id }) => `revokeApiKey(input: { apiKeyId: "${id}" })`,
  'Mutation.reclaimCredits': ({ id, key }) =>
    `reclaimCredits(input: { fromResellerId: "${id}", amount: 1, reason: "r", idempotencyKey: "${key}" })`,
  'Mutation.updateReseller': ({ id }) => `updateReseller(input: { resellerId: "${id}", reserveThreshold: 1 })`,
  'Mutation.setResellerLimits': ({ id }) => `setResellerLimits(input: { resellerId: "${id}" })`,
  'Mutation.suspendReseller': ({ id }) => `suspendReseller(input: { resellerId: "${id}", reason: "r" })`,
  'Mutation.resumeReseller': ({ id }) => `resumeReseller(input: { resellerId: "${id}" })`,
  'Mutation.closeReseller': ({ id, key }) => `closeReseller(input: { resellerId: "${id}", idempotencyKey: "${key}" })`,
  'Mutation.setTenantPolicy': () => 'setTenantPolicy(input: { trialQuota: 25 })',
  'Subscription.balanceChanged': ({ id }) => `balanceChanged(resellerId: "${id}")`,
  'Subscription.lockChanged': ({ id }) => `lockChanged(resellerId: "${id}")`,
  'Subscription.purchaseChanged': () => 'purchaseChanged',
  'Subscription.customerChanged': () => 'customerChanged(after: 0)',
  'Subscription.branchChanged': ({ id }) => `branchChanged(resellerId: "${id}")`,
};

/** Every argument that takes an id, as "Type.field.argument", in a call that is fine but for that id. `own`: an id that may stand there. */
export const ID_CALLS: Readonly<Record<string, (id: string, own: string) => string>> = {
  'Query.node.id': (id) => `{ node(id: ${id}) { id } }`,
  'Query.nodes.ids': (id) => `{ nodes(ids: [${id}]) { id } }`,
  'Query.reseller.id': (id) => `{ reseller(id: ${id}) { id name } }`,
  'Query.auditLog.resellerId': (id) => `{ auditLog(resellerId: ${id}) { edges { cursor } } }`,
  'Mutation.cancelPurchase.input.purchaseId': (id) =>
    `mutation { cancelPurchase(input: { purchaseId: ${id} }) { __typename ... on Error { code message } } }`,
  'Mutation.reportPayment.input.purchaseId': (id) =>
    `mutation { reportPayment(input: { purchaseId: ${id} }) { __typename ... on Error { code message } } }`,
  'Mutation.confirmPurchase.input.purchaseId': (id) =>
    `mutation { confirmPurchase(input: { purchaseId: ${id} }) { __typename ... on Error { code message } } }`,
  'Mutation.chargeBackPurchase.input.purchaseId': (id) =>
    `mutation { chargeBackPurchase(input: { purchaseId: ${id}, reason: "r" }) { __typename ... on Error { code message } } }`,
  'Mutation.updateUser.input.userId': (id) =>
    `mutation { updateUser(input: { userId: ${id}, disabled: false }) { __typename ... on Error { code message } } }`,
  'Mutation.resetUserAccess.input.userId': (id) =>
    `mutation { resetUserAccess(input: { userId: ${id} }) { __typename ... on Error { code message } } }`,
  'Mutation.openSupportSession.input.resellerId': (id) =>
    `mutation { openSupportSession(input: { resellerId: ${id}, reason: "id" }) { __typename ... on Error { code message } } }`,
  'Mutation.revokeSession.input.sessionId': (id) =>
    `mutation { revokeSession(input: { sessionId: ${id} }) { __typename ... on Error { code message } } }`,
  'Mutation.revokeApiKey.input.apiKeyId': (id) =>
    `mutation { revokeApiKey(input: { apiKeyId: ${id} }) { __typename ... on Error { code message } } }`,
  'Mutation.issueCredits.input.resellerId': (id) =>
    `mutation { issueCredits(input: { resellerId: ${id}, amount: 1, idempotencyKey: "id" }) { __typename ... on Error { code message } } }`,
  'Mutation.transferCredits.input.toResellerId': (id) =>
    `mutation { transferCredits(input: { toResellerId: ${id}, amount: 1, idempotencyKey: "id" }) { __typename ... on Error { code message } } }`,
  'Mutation.transferCreditsBatch.input.transfers.toResellerId': (id) => `mutation {
    transferCreditsBatch(input: { transfers: [{ toResellerId: ${id}, amount: 1, idempotencyKey: "id" }] }) {
      __typename ... on BatchRefusedError { index code message cause { __typename code message } }
    }
  }`,
  'Mutation.renewCustomer.input.customerId': (id) =>
    `mutation { renewCustomer(input: { customerId: ${id}, periods: 1, idempotencyKey: "id" }) { __typename ... on Error { code message } } }`,
  'Mutation.addScreens.input.customerId': (id) =>
    `mutation { addScreens(input: { customerId: ${id}, screens: 1, idempotencyKey: "id" }) { __typename ... on Error { code message } } }`,
  'Mutation.undoSpending.input.transferId': (id) =>
    `mutation { undoSpending(input: { transferId: ${id}, idempotencyKey: "id" }) { __typename ... on Error { code message } } }`,
  'Mutation.updateCustomer.input.customerId': (id) =>
    `mutation { updateCustomer(input: { customerId: ${id} }) { __typename ... on Error { code message } } }`,
  'Mutation.resetAccess.input.customerId': (id) =>
    `mutation { resetAccess(input: { customerId: ${id} }) { __typename ... on Error { code message } } }`,
  'Mutation.setNextScreens.input.customerId': (id) =>
    `mutation { setNextScreens(input: { customerId: ${id}, screens: 1 }) { __typename ... on Error { code message } } }`,
  'Mutation.cancelCustomer.input.customerId': (id) =>
    `mutation { cancelCustomer(input: { customerId: ${id}, idempotencyKey: "id" }) { __typename ... on Error { code message } } }`,
  'Mutation.activateCustomer.input.customerId': (id) =>
    `mutation { activateCustomer(input: { customerId: ${id}, periods: 1, idempotencyKey: "id" }) { __typename ... on Error { code message } } }`,
  'Mutation.renewCustomers.input.renewals.customerId': (id) => `mutation {
    renewCustomers(input: { renewals: [{ customerId: ${id}, periods: 1, idempotencyKey: "id" }] }) {
      __typename ... on BatchRefusedError { index code message cause { __typename code message } }
    }
  }`,
  'Query.customer.id': (id) => `{ customer(id: ${id}) { id name } }`,
  'Query.quote.input.renew.customerId': (id) =>
    `{ quote(input: { renew: { customerId: ${id}, periods: 1 } }) { __typename ... on Error { code message } } }`,
  'Query.quote.input.addScreens.customerId': (id) =>
    `{ quote(input: { addScreens: { customerId: ${id}, screens: 1 } }) { __typename ... on Error { code message } } }`,
  'Mutation.moveReseller.input.resellerId': (id, own) =>
    `mutation { moveReseller(input: { resellerId: ${id}, newParentId: "${own}" }) { __typename ... on Error { code message } } }`,
  'Mutation.moveReseller.input.newParentId': (id, own) =>
    `mutation { moveReseller(input: { resellerId: "${own}", newParentId: ${id} }) { __typename ... on Error { code message } } }`,
  'Mutation.reclaimCredits.input.fromResellerId': (id) =>
    `mutation { reclaimCredits(input: { fromResellerId: ${id}, amount: 1, reason: "r", idempotencyKey: "id" }) { __typename ... on Error { code message } } }`,
  'Mutation.updateReseller.input.resellerId': (id) =>
    `mutation { updateReseller(input: { resellerId: ${id}, reserveThreshold: 1 }) { __typename ... on Error { code message } } }`,
  'Mutation.setResellerLimits.input.resellerId': (id) =>
    `mutation { setResellerLimits(input: { resellerId: ${id} }) { __typename ... on Error { code message } } }`,
  'Mutation.suspendReseller.input.resellerId': (id) =>
    `mutation { suspendReseller(input: { resellerId: ${id}, reason: "r" }) { __typename ... on Error { code message } } }`,
  'Mutation.resumeReseller.input.resellerId': (id) =>
    `mutation { resumeReseller(input: { resellerId: ${id} }) { __typename ... on Error { code message } } }`,
  'Mutation.closeReseller.input.resellerId': (id) =>
    `mutation { closeReseller(input: { resellerId: ${id}, idempotencyKey: "id" }) { __typename ... on Error { code message } } }`,
  'Subscription.balanceChanged.resellerId': (id) => `subscription { balanceChanged(resellerId: ${id}) { version } }`,
  'Subscription.lockChanged.resellerId': (id) => `subscription { lockChanged(resellerId: ${id}) { version } }`,
  'Subscription.branchChanged.resellerId': (id) => `subscription { branchChanged(resellerId: ${id}) { version } }`,
};
