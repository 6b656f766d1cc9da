/** For each mutation: who may call it, the fields of its payload, and sample calls. */

import { PASSWORD } from '../support/clients/api.ts';
import { type CallParts, EVERYONE, MONEY, type ObjectRule, OWNERS, type RootRule, SERVICE } from './gate-viewers.ts';

/** Who may call each mutation. */
export const MUTATIONS: Readonly<Record<string, RootRule>> = {
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
  // For its own team a locked panel may reset access; for any other id it gets PANEL_LOCKED.
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
};

/** The fields of each payload. */
export const PAYLOADS: Readonly<Record<string, ObjectRule>> = {
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
  DiscardImportPayload: { answer: 'importId' },
};

/**
 * A sample call of each mutation. No credits move: ids are unknown, so each call is refused by a check after role and
 * lock (R35).
 */
export const MUTATION_CALLS: Readonly<Record<string, (parts: CallParts) => string>> = {
  'Mutation.buyCredits': ({ key }) => `buyCredits(input: { quantity: 10, idempotencyKey: "${key}" })`,
  'Mutation.cancelPurchase': ({ id }) => `cancelPurchase(input: { purchaseId: "${id}" })`,
  'Mutation.reportPayment': ({ id }) => `reportPayment(input: { purchaseId: "${id}" })`,
  'Mutation.confirmPurchase': ({ id }) => `confirmPurchase(input: { purchaseId: "${id}" })`,
  'Mutation.chargeBackPurchase': ({ id }) => `chargeBackPurchase(input: { purchaseId: "${id}", reason: "r" })`,
  'Mutation.setCreditPackages': () => 'setCreditPackages(input: { currency: "BRL", packages: [{ quantity: 10, unitPriceMinor: 100 }] })',
  'Mutation.setSellerCard': () => 'setSellerCard(input: { name: "n" })',
  'Mutation.confirmCustomerPayment': ({ id }) => `confirmCustomerPayment(input: { paymentId: "${id}" })`,
  'Mutation.setPlans': () => 'setPlans(input: { currency: "BRL", plans: [] })',
  'Mutation.setReminderRules': () => 'setReminderRules(input: { rules: [] })',
  'Mutation.markMessageSent': ({ id }) => `markMessageSent(input: { messageId: "${id}" })`,
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
  'Mutation.retryService': ({ id }) => `retryService(input: { customerId: "${id}" })`,
  'Mutation.resetRenewalLink': ({ id }) => `resetRenewalLink(input: { customerId: "${id}" })`,
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
  'Mutation.createWebhookEndpoint': () => 'createWebhookEndpoint(input: { url: "https://192.0.2.1/gate", events: [ACCESS_RESET] })',
  'Mutation.updateWebhookEndpoint': ({ id }) => `updateWebhookEndpoint(input: { endpointId: "${id}", enabled: true })`,
  'Mutation.removeWebhookEndpoint': ({ id }) => `removeWebhookEndpoint(input: { endpointId: "${id}" })`,
  'Mutation.rotateWebhookSecret': ({ id }) => `rotateWebhookSecret(input: { endpointId: "${id}" })`,
  'Mutation.sendTestEvent': ({ id }) => `sendTestEvent(input: { endpointId: "${id}" })`,
  'Mutation.replayEvents': ({ id }) => `replayEvents(input: { endpointId: "${id}", afterVersion: 0 })`,
  'Mutation.previewImport': ({ id }) => `previewImport(input: { importId: "${id}" })`,
  'Mutation.commitImport': ({ id, key }) => `commitImport(input: { importId: "${id}", hash: "h", idempotencyKey: "${key}" })`,
  'Mutation.createImportInvitations': ({ id }) => `createImportInvitations(input: { importId: "${id}" })`,
  'Mutation.discardImport': ({ id }) => `discardImport(input: { importId: "${id}" })`,
  'Mutation.revokeApiKey': ({ id }) => `revokeApiKey(input: { apiKeyId: "${id}" })`,
  'Mutation.reclaimCredits': ({ id, key }) =>
    `reclaimCredits(input: { fromResellerId: "${id}", amount: 1, reason: "r", idempotencyKey: "${key}" })`,
  'Mutation.updateReseller': ({ id }) => `updateReseller(input: { resellerId: "${id}", reserveThreshold: 1 })`,
  'Mutation.setResellerLimits': ({ id }) => `setResellerLimits(input: { resellerId: "${id}" })`,
  'Mutation.suspendReseller': ({ id }) => `suspendReseller(input: { resellerId: "${id}", reason: "r" })`,
  'Mutation.resumeReseller': ({ id }) => `resumeReseller(input: { resellerId: "${id}" })`,
  'Mutation.closeReseller': ({ id, key }) => `closeReseller(input: { resellerId: "${id}", idempotencyKey: "${key}" })`,
  'Mutation.setTenantPolicy': () => 'setTenantPolicy(input: { trialQuota: 25 })',
};

/** A call for each argument of a mutation that takes an id. */
export const MUTATION_ID_CALLS: Readonly<Record<string, (id: string, own: string) => string>> = {
  'Mutation.cancelPurchase.input.purchaseId': (id) =>
    `mutation { cancelPurchase(input: { purchaseId: ${id} }) { __typename ... on Error { code message } } }`,
  'Mutation.reportPayment.input.purchaseId': (id) =>
    `mutation { reportPayment(input: { purchaseId: ${id} }) { __typename ... on Error { code message } } }`,
  'Mutation.confirmPurchase.input.purchaseId': (id) =>
    `mutation { confirmPurchase(input: { purchaseId: ${id} }) { __typename ... on Error { code message } } }`,
  'Mutation.chargeBackPurchase.input.purchaseId': (id) =>
    `mutation { chargeBackPurchase(input: { purchaseId: ${id}, reason: "r" }) { __typename ... on Error { code message } } }`,
  'Mutation.confirmCustomerPayment.input.paymentId': (id) =>
    `mutation { confirmCustomerPayment(input: { paymentId: ${id} }) { __typename ... on Error { code message } } }`,
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
  'Mutation.updateWebhookEndpoint.input.endpointId': (id) =>
    `mutation { updateWebhookEndpoint(input: { endpointId: ${id}, enabled: true }) { __typename ... on Error { code message } } }`,
  'Mutation.removeWebhookEndpoint.input.endpointId': (id) =>
    `mutation { removeWebhookEndpoint(input: { endpointId: ${id} }) { __typename ... on Error { code message } } }`,
  'Mutation.rotateWebhookSecret.input.endpointId': (id) =>
    `mutation { rotateWebhookSecret(input: { endpointId: ${id} }) { __typename ... on Error { code message } } }`,
  'Mutation.sendTestEvent.input.endpointId': (id) =>
    `mutation { sendTestEvent(input: { endpointId: ${id} }) { __typename ... on Error { code message } } }`,
  'Mutation.replayEvents.input.endpointId': (id) =>
    `mutation { replayEvents(input: { endpointId: ${id}, afterVersion: 0 }) { __typename ... on Error { code message } } }`,
  'Mutation.replayEvents.input.deliveryId': (id) =>
    `mutation { replayEvents(input: { deliveryId: ${id} }) { __typename ... on Error { code message } } }`,
  'Mutation.previewImport.input.importId': (id) =>
    `mutation { previewImport(input: { importId: ${id} }) { __typename ... on Error { code message } } }`,
  'Mutation.commitImport.input.importId': (id) =>
    `mutation { commitImport(input: { importId: ${id}, hash: "h", idempotencyKey: "id" }) { __typename ... on Error { code message } } }`,
  'Mutation.createImportInvitations.input.importId': (id) =>
    `mutation { createImportInvitations(input: { importId: ${id} }) { __typename ... on Error { code message } } }`,
  'Mutation.createImportInvitations.input.after': (id) =>
    `mutation { createImportInvitations(input: { importId: ${id}, after: ${id} }) { __typename ... on Error { code message } } }`,
  'Mutation.discardImport.input.importId': (id) =>
    `mutation { discardImport(input: { importId: ${id} }) { __typename ... on Error { code message } } }`,
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
  'Mutation.updateCustomer.input.planId': (id) =>
    `mutation { updateCustomer(input: { customerId: ${id}, planId: ${id} }) { __typename ... on Error { code message } } }`,
  'Mutation.setPlans.input.plans.id': (id) => `mutation {
    setPlans(input: { currency: "BRL", plans: [{ id: ${id}, name: "n", periods: 1, priceMinor: 1 }] }) { __typename ... on Error { code message } }
  }`,
  'Mutation.markMessageSent.input.messageId': (id) =>
    `mutation { markMessageSent(input: { messageId: ${id} }) { __typename ... on Error { code message } } }`,
  'Mutation.retryService.input.customerId': (id) =>
    `mutation { retryService(input: { customerId: ${id} }) { __typename ... on Error { code message } } }`,
  'Mutation.resetAccess.input.customerId': (id) =>
    `mutation { resetAccess(input: { customerId: ${id} }) { __typename ... on Error { code message } } }`,
  'Mutation.resetRenewalLink.input.customerId': (id) =>
    `mutation { resetRenewalLink(input: { customerId: ${id} }) { __typename ... on Error { code message } } }`,
  'Mutation.setNextScreens.input.customerId': (id) =>
    `mutation { setNextScreens(input: { customerId: ${id}, screens: 1 }) { __typename ... on Error { code message } } }`,
  'Mutation.cancelCustomer.input.customerId': (id) =>
    `mutation { cancelCustomer(input: { customerId: ${id}, idempotencyKey: "id" }) { __typename ... on Error { code message } } }`,
  'Mutation.activateCustomer.input.customerId': (id) =>
    `mutation { activateCustomer(input: { customerId: ${id}, periods: 1, idempotencyKey: "id" }) { __typename ... on Error { code message } } }`,
  'Mutation.activateCustomer.input.planId': (id) =>
    `mutation { activateCustomer(input: { name: "n", planId: ${id}, periods: 1, idempotencyKey: "id" }) { __typename ... on Error { code message } } }`,
  'Mutation.renewCustomers.input.renewals.customerId': (id) => `mutation {
    renewCustomers(input: { renewals: [{ customerId: ${id}, periods: 1, idempotencyKey: "id" }] }) {
      __typename ... on BatchRefusedError { index code message cause { __typename code message } }
    }
  }`,
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
};
