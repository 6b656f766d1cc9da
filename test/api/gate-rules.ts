import { POLICY_FIELDS } from '../../src/kernel/policy.ts';

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
  'Mutation.retryService': { allowed: SERVICE, locked: 'PANEL_LOCKED' },
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
  'Mutation.resetRenewalLink': { allowed: SERVICE, locked: 'PANEL_LOCKED' },
  'Mutation.setPlans': { allowed: OWNERS, locked: 'PANEL_LOCKED' },
  'Mutation.confirmCustomerPayment': { allowed: [...MONEY, 'OPERATOR'], locked: 'PANEL_LOCKED' },
  'Mutation.setReminderRules': { allowed: OWNERS, locked: 'PANEL_LOCKED' },
  'Mutation.markMessageSent': { allowed: SERVICE, locked: 'PANEL_LOCKED' },
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
  'Mutation.createWebhookEndpoint': { allowed: OWNERS, locked: 'INVALID_INPUT' },
  'Mutation.updateWebhookEndpoint': { allowed: OWNERS, locked: 'PANEL_LOCKED' },
  'Mutation.removeWebhookEndpoint': { allowed: OWNERS, locked: 'PANEL_LOCKED' },
  'Mutation.rotateWebhookSecret': { allowed: OWNERS, locked: 'PANEL_LOCKED' },
  'Mutation.sendTestEvent': { allowed: OWNERS, locked: 'PANEL_LOCKED' },
  'Mutation.replayEvents': { allowed: OWNERS, locked: 'PANEL_LOCKED' },

  'Mutation.previewImport': { allowed: ['PLATFORM', 'ROOT_OWNER'], locked: 'FORBIDDEN' },
  'Mutation.commitImport': { allowed: ['PLATFORM'], locked: 'FORBIDDEN' },
  'Mutation.createImportInvitations': { allowed: ['PLATFORM'], locked: 'FORBIDDEN' },
  'Mutation.discardImport': { allowed: ['PLATFORM', 'ROOT_OWNER'], locked: 'FORBIDDEN' },

  'Subscription.importChanged': { allowed: ['PLATFORM', 'ROOT_OWNER'], locked: 'PANEL_LOCKED' },
  'Subscription.balanceChanged': { allowed: EVERYONE, locked: 'own' },
  'Subscription.lockChanged': { allowed: EVERYONE, locked: 'own' },
  'Subscription.purchaseChanged': { allowed: EVERYONE, locked: 'open' },
  'Subscription.supportSessionsChanged': { allowed: EVERYONE, locked: 'open' },
  'Subscription.customerPaymentChanged': { allowed: PANEL_USERS, locked: 'PANEL_LOCKED' },
  'Subscription.customerChanged': { allowed: PANEL_USERS, locked: 'PANEL_LOCKED' },
  'Subscription.webhookEndpointChanged': { allowed: OWNERS, locked: 'PANEL_LOCKED' },
  // By a key of the scope SERVICE only: api-keys.test.ts.
  'Subscription.accessChanged': { allowed: [], locked: 'FORBIDDEN' },
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
  ResetRenewalLinkPayload: { answer: 'customer' },
  RetryServicePayload: { answer: 'customer' },
  CancelCustomerPayload: { answer: 'customer account transfer replayed' },
  BuyCreditsPayload: { answer: 'purchase replayed' },
  CancelPurchasePayload: { answer: 'purchase' },
  ReportPaymentPayload: { answer: 'purchase' },
  ConfirmPurchasePayload: { answer: 'purchase account transfer replayed' },
  ChargeBackPurchasePayload: { answer: 'purchase account transfer replayed' },
  SetCreditPackagesPayload: { answer: 'packages' },
  SetPaymentProviderPayload: { answer: 'settings' },
  SetSellerCardPayload: { answer: 'sellerCard' },
  SetPlansPayload: { answer: 'plans' },
  ConfirmCustomerPaymentPayload: { answer: 'payment account replayed' },
  SetReminderRulesPayload: { answer: 'reminderRules' },
  MarkMessageSentPayload: { answer: 'message' },
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
  CreateWebhookEndpointPayload: { answer: 'endpoint secret' },
  UpdateWebhookEndpointPayload: { answer: 'endpoint' },
  RemoveWebhookEndpointPayload: { answer: 'endpointId' },
  RotateWebhookSecretPayload: { answer: 'endpoint secret' },
  SendTestEventPayload: { answer: 'delivery' },
  ReplayEventsPayload: { answer: 'endpoint' },
  PreviewImportPayload: { answer: 'import' },
  CommitImportPayload: { answer: 'import replayed' },
  CreateImportInvitationsPayload: { answer: 'invitations hasMore' },
  ImportInvitation: { answer: 'resellerId resellerName email token expiresAt' },
  DiscardImportPayload: { answer: 'importId' },
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
