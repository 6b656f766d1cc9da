/** A call of every field and with every id, for the tests that try who may reach what. */

import { PASSWORD } from '../support/clients/api.ts';

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
  'Viewer.customerPayments.customerId': (id) => `{ viewer { customerPayments(customerId: ${id}) { edges { cursor } } } }`,
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
