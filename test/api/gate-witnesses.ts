/** Sample queries and mutations that reach every type of the schema, for the gate's tests. */

import { type GraphQLField, getNamedType, isCompositeType } from 'graphql';
import { PASSWORD } from '../support/clients/api.ts';
import type { Demo } from '../support/worlds/demo.ts';
import type { ObjectRule } from './gate-viewers.ts';
import { objectTypes } from './gate-world.ts';

const PERIOD = '(from: "2030-01-01T00:00:00Z", to: "2030-01-03T00:00:00Z")';

/** The way to a panel's objects from its `reseller`, by type. */
const BELOW_RESELLER: Readonly<Record<string, (selection: string) => string>> = {
  Reseller: (selection) => selection,
  Account: (selection) => `{ account ${selection} }`,
  EntryConnection: (selection) => `{ account { statement(first: 3) ${selection} } }`,
  EntryEdge: (selection) => `{ account { statement(first: 3) { edges ${selection} } } }`,
  PageInfo: (selection) => `{ account { statement(first: 3) { pageInfo ${selection} } } }`,
  Entry: (selection) => `{ account { statement(first: 3) { edges { node ${selection} } } } }`,
  Transfer: (selection) => `{ account { statement(first: 3) { edges { node { transfer ${selection} } } } } }`,
  PurchaseConnection: (selection) => `{ purchases(first: 3) ${selection} }`,
  PurchaseEdge: (selection) => `{ purchases(first: 3) { edges ${selection} } }`,
  Purchase: (selection) => `{ purchases(first: 3) { edges { node ${selection} } } }`,
  ResellerConnection: (selection) => `{ children ${selection} }`,
  ResellerEdge: (selection) => `{ descendants { edges ${selection} } }`,
  CustomerConnection: (selection) => `{ customers(first: 3) ${selection} }`,
  CustomerEdge: (selection) => `{ customers(first: 3) { edges ${selection} } }`,
  Customer: (selection) => `{ customers(first: 3) { edges { node ${selection} } } }`,
  ScreenSpan: (selection) => `{ customers(first: 3) { edges { node { spans ${selection} } } } }`,
  Access: (selection) => `{ customers(first: 3) { edges { node { access ${selection} } } } }`,
  CustomerService: (selection) => `{ customers(first: 3) { edges { node { service ${selection} } } } }`,
  TransferConnection: (selection) => `{ customers(first: 3) { edges { node { history(first: 3) ${selection} } } } }`,
  TransferEdge: (selection) => `{ customers(first: 3) { edges { node { history(first: 3) { edges ${selection} } } } } }`,
  Plan: (selection) => `{ plans ${selection} }`,
  PlanSuggestion: (selection) => `{ suggestedPlans ${selection} }`,
  ResellerLimits: (selection) => `{ limits ${selection} }`,
  BranchSummary: (selection) => `{ branch ${selection} }`,
  Report: (selection) => `{ report${PERIOD} ${selection} }`,
  ReportRow: (selection) => `{ report${PERIOD} { intervals ${selection} } }`,
  ReportSums: (selection) => `{ report${PERIOD} { intervals { sums ${selection} } total ${selection} } }`,
  ExpiringDay: (selection) => `{ report${PERIOD} { expiring ${selection} } }`,
};

const ELSEWHERE: Readonly<Record<string, (selection: string) => string>> = {
  Viewer: (selection) => `{ viewer ${selection} }`,
  User: (selection) => `{ viewer { user ${selection} } }`,
  SellerCard: (selection) => `{ viewer { seller ${selection} } }`,
  ReminderRule: (selection) => `{ viewer { reminderRules ${selection} } }`,
  ReminderChannelState: (selection) => `{ viewer { reminderChannels ${selection} } }`,
  ReminderField: (selection) => `{ viewer { reminderFields ${selection} } }`,
  QueuedMessage: (selection) => `{ viewer { messageQueue ${selection} } }`,
  CustomerPayment: (selection) => `{ viewer { customerPayments { edges { node ${selection} } } } }`,
  CustomerPaymentConnection: (selection) => `{ viewer { customerPayments ${selection} } }`,
  CustomerPaymentEdge: (selection) => `{ viewer { customerPayments { edges ${selection} } } }`,
  CreditPackage: (selection) => `{ creditPackages ${selection} }`,
  TenantPolicy: (selection) => `{ viewer { policy ${selection} } }`,
  SupportSession: (selection) => `{ viewer { support ${selection} supportSessions ${selection} } }`,
  Session: (selection) => `{ viewer { sessions ${selection} } }`,
};

/**
 * A query that reaches an object of the type: below the panel with this id, or else the viewer's own. Null if no
 * query reaches the type.
 */
export function witness(type: string, selection: string, resellerId: string | null = null): string | null {
  const elsewhere = ELSEWHERE[type];
  if (elsewhere) return elsewhere(selection);
  const below = BELOW_RESELLER[type]?.(selection);
  if (below === undefined) return null;
  return resellerId === null ? `{ viewer { reseller ${below} } }` : `{ reseller(id: "${resellerId}") ${below} }`;
}

/** Objects that only OWNERs reach. */
export const OWNERS_WITNESSES: Readonly<Record<string, (selection: string) => string>> = {
  UserConnection: (selection) => `{ viewer { team ${selection} } }`,
  UserEdge: (selection) => `{ viewer { team { edges ${selection} } } }`,
  ApiKeyConnection: (selection) => `{ viewer { apiKeys ${selection} } }`,
  ApiKeyEdge: (selection) => `{ viewer { apiKeys { edges ${selection} } } }`,
  ApiKey: (selection) => `{ viewer { apiKeys { edges { node ${selection} } } } }`,
  WebhookEndpoint: (selection) => `{ viewer { webhookEndpoints ${selection} } }`,
  DeliveryConnection: (selection) => `{ viewer { webhookEndpoints { deliveries ${selection} } } }`,
  DeliveryEdge: (selection) => `{ viewer { webhookEndpoints { deliveries { edges ${selection} } } } }`,
  Delivery: (selection) => `{ viewer { webhookEndpoints { deliveries { edges { node ${selection} } } } } }`,
  ImportConnection: (selection) => `{ viewer { imports ${selection} } }`,
  ImportEdge: (selection) => `{ viewer { imports { edges ${selection} } } }`,
  Import: (selection) => `{ viewer { imports { edges { node ${selection} } } } }`,
  ImportTotals: (selection) => `{ viewer { imports { edges { node { totals ${selection} } } } } }`,
  ImportColumn: (selection) => `{ viewer { imports { edges { node { columns ${selection} } } } } }`,
  ImportedRow: (selection) => `{ viewer { imports { edges { node { sample ${selection} } } } } }`,
  ImportProblemConnection: (selection) => `{ viewer { imports { edges { node { problems ${selection} } } } } }`,
  ImportProblemEdge: (selection) => `{ viewer { imports { edges { node { problems { edges ${selection} } } } } } }`,
  ImportProblem: (selection) => `{ viewer { imports { edges { node { problems { edges { node ${selection} } } } } } } }`,
  PaymentProviderSettings: (selection) => `{ viewer { paymentProviders ${selection} } }`,
  AuditEntryConnection: (selection) => `{ auditLog ${selection} }`,
  AuditEntryEdge: (selection) => `{ auditLog { edges ${selection} } }`,
  AuditEntry: (selection) => `{ auditLog { edges { node ${selection} } } }`,
  AuditChange: (selection) => `{ auditLog { edges { node { changes ${selection} } } } }`,
};

/** Fields that require an argument. */
export const REQUIRED_ARGUMENTS: Readonly<Record<string, string>> = {
  'Account.balanceAt': '(time: "2030-01-01T00:00:00Z")',
  'Reseller.report': PERIOD,
};

/** Selects a field, with a minimal selection below it. */
function select(type: string, field: GraphQLField<unknown, unknown>): string {
  const below = !isCompositeType(getNamedType(field.type))
    ? ''
    : String(field.type).includes('FieldError')
      ? ' { path message }'
      : ' { __typename }';
  return `${field.name}${REQUIRED_ARGUMENTS[`${type}.${field.name}`] ?? ''}${below}`;
}

/** The names that a rule lists under these kinds. */
export function namesOf(rule: ObjectRule | undefined, ...kinds: (keyof ObjectRule)[]): string[] {
  return kinds.flatMap((kind) => rule?.[kind]?.split(' ') ?? []);
}

/** Selects these fields of a type. */
export function selection(type: string, names: readonly string[]): string {
  const fields =
    objectTypes()
      .find(({ name }) => name === type)
      ?.getFields() ?? {};
  return `{ ${names.map((name) => (fields[name] ? select(type, fields[name]) : name)).join(' ')} }`;
}

/** Answers that need several steps; covered by gate-people.test.ts. */
export const PEOPLE_ANSWERS: readonly string[] = [
  ...[
    'InviteUserPayload',
    'UpdateUserPayload',
    'ResetUserAccessPayload',
    'ChangeEmailPayload',
    'OpenSupportSessionPayload',
    'ChangePasswordPayload',
    'RevokeSessionPayload',
    'RevokeOtherSessionsPayload',
  ],
  ...['RequestPasswordResetPayload', 'ResetPasswordPayload'],
  ...['StartTotpPayload', 'ConfirmTotpPayload', 'OtpRequiredError', 'RegenerateRecoveryCodesPayload', 'DisableTotpPayload'],
  ...['CreateApiKeyPayload', 'RevokeApiKeyPayload'],
  ...['CreateWebhookEndpointPayload', 'UpdateWebhookEndpointPayload', 'RotateWebhookSecretPayload', 'SendTestEventPayload'],
  ...['ReplayEventsPayload', 'RemoveWebhookEndpointPayload'],
];

/** Answers about imports, each of which needs an upload; covered by imports.test.ts. */
export const IMPORT_ANSWERS: readonly string[] = [
  ...['PreviewImportPayload', 'DiscardImportPayload', 'CommitImportPayload'],
  ...['CreateImportInvitationsPayload', 'ImportInvitation'],
];

/** Answers about purchases, each of which needs an earlier one; covered by purchases-gate.test.ts. */
export const BUYING_ANSWERS: readonly string[] = [
  ...['SetCreditPackagesPayload', 'SetPaymentProviderPayload', 'BuyCreditsPayload', 'CancelPurchasePayload'],
  ...['SetSellerCardPayload', 'ReportPaymentPayload', 'ConfirmPurchasePayload', 'ChargeBackPurchasePayload'],
];

/** Answers about customers' credentials; covered by customer-access.test.ts. */
export const ACCESS_ANSWERS: readonly string[] = ['ResetAccessPayload'];

/** Answers about services' messages on customers; covered by service-state.test.ts. */
export const STATE_ANSWERS: readonly string[] = ['RetryServicePayload'];

/** Answers about customer payments; covered by customer-payments.test.ts. */
export const PAYMENT_ANSWERS: readonly string[] = ['ConfirmCustomerPaymentPayload'];

/** Answers about reminders; covered by reminders.test.ts. */
export const REMINDER_ANSWERS: readonly string[] = ['SetReminderRulesPayload', 'MarkMessageSentPayload'];

/** Answers about undoing a spend; covered by undo.test.ts. */
export const UNDO_ANSWERS: readonly string[] = ['UndoSpendingPayload', 'LimitReachedError'];

/** Every other answer about customers, most of which need one; covered by customers.test.ts. */
export const SERVICE_ANSWERS: readonly string[] = [
  ...['TrialRefusedError', 'RenewCustomersPayload'],
  ...objectTypes()
    .filter((type) => type.name.endsWith('Payload') && 'customer' in type.getFields())
    .map(({ name }) => name)
    .filter((name) => ![...ACCESS_ANSWERS, ...STATE_ANSWERS, ...UNDO_ANSWERS].includes(name)),
  'SetPlansPayload',
];

/** Answers that occur once; covered by reseller-management.test.ts. */
export const MANAGEMENT_ANSWERS: readonly string[] = ['SuspendResellerPayload', 'ResumeResellerPayload', 'CloseResellerPayload'];

export interface Call {
  readonly type: string;
  readonly as: string | null;
  /** A mutation that returns the type. Its `selection` is of the type's fields. */
  readonly document: string;
}

/**
 * For every payload and every error, a call that returns it, by a caller who may make it. The order matters.
 * `stranger` signs in for the last time; `suspended` is the token of a suspended panel.
 */
export function answeringCalls(
  { platform, root, ana, bruno, zero }: Demo,
  { rootForPlatform, stranger, suspended }: { rootForPlatform: string; stranger: string; suspended: string },
  selectionOf: (type: string) => string,
): readonly Call[] {
  const call = (type: string, as: string | null, field: string): Call => ({
    type,
    as,
    document: `mutation { answer: ${field} { __typename ... on ${type} ${selectionOf(type)} } }`,
  });
  const transfer = (to: string, amount: number, key: string) =>
    `transferCredits(input: { toResellerId: "${to}", amount: ${amount}, idempotencyKey: "${key}" })`;
  const batch = (to: string, key: string) =>
    `transferCreditsBatch(input: { transfers: [{ toResellerId: "${to}", amount: 1, idempotencyKey: "${key}" }] })`;
  const create = (email: string, credits: number, key: string) =>
    `createReseller(input: { name: "n", email: "${email}", password: "${PASSWORD}", initialCredits: ${credits}, idempotencyKey: "${key}" })`;
  const move = (panel: string, parent: string) => `moveReseller(input: { resellerId: "${panel}", newParentId: "${parent}" })`;
  const signIn = (email: string, password: string) => `signIn(input: { email: "${email}", password: "${password}" })`;
  const issue = `issueCredits(input: { resellerId: "${rootForPlatform}", amount: 5, idempotencyKey: "w" })`;
  const tenant = `createTenant(input: { name: "N", ownerEmail: "n@new.test", ownerPassword: "${PASSWORD}", idempotencyKey: "w tenant" })`;
  return [
    call('SignInPayload', null, signIn(ana.email, PASSWORD)),
    call('InvalidCredentialsError', null, signIn(ana.email, 'not the password')),
    {
      type: 'SignOutPayload',
      as: stranger,
      document: `mutation { answer: signOut { __typename ${selectionOf('SignOutPayload').slice(1)} }`,
    },
    call('CreateTenantPayload', platform, tenant),
    call('IssueCreditsPayload', platform, issue),
    call('CreateResellerPayload', ana.token, create('new@demo.test', 10, 'w')),
    call('TransferCreditsPayload', ana.token, transfer(bruno.id, 1, 'w1')),
    call('TransferCreditsBatchPayload', ana.token, batch(bruno.id, 'w2')),
    call('MoveResellerPayload', root.token, move(bruno.id, ana.id)),
    call('SetTenantPolicyPayload', root.token, 'setTenantPolicy(input: { reclaimAllowed: true })'),
    call(
      'ReclaimCreditsPayload',
      ana.token,
      `reclaimCredits(input: { fromResellerId: "${bruno.id}", amount: 1, reason: "r", idempotencyKey: "w4" })`,
    ),
    call('SetResellerLimitsPayload', root.token, `setResellerLimits(input: { resellerId: "${ana.id}", maxCustomers: 1000 })`),
    call('UpdateResellerPayload', ana.token, `updateReseller(input: { resellerId: "${bruno.id}", reserveThreshold: 5 })`),
    call('InvalidInputError', ana.token, transfer(bruno.id, 0, 'w3')),
    call('ForbiddenError', ana.token, tenant),
    call('NotFoundError', ana.token, transfer('nothing', 1, 'w3')),
    call('PanelLockedError', zero.token, transfer('nothing', 1, 'w3')),
    call('PanelSuspendedError', suspended, transfer('nothing', 1, 'w3')),
    call(
      'UpdateResellerPayload',
      ana.token,
      `updateReseller(input: { resellerId: "${ana.id}", reserveThreshold: 1000000, keepReserve: true })`,
    ),
    call('WouldUseReserveError', ana.token, transfer(bruno.id, 1, 'w5')),
    call('UpdateResellerPayload', ana.token, `updateReseller(input: { resellerId: "${ana.id}", reserveThreshold: 1, keepReserve: false })`),
    call('InsufficientCreditsError', ana.token, transfer(bruno.id, 1_000_000, 'w3')),
    call('NotDirectChildError', root.token, transfer(bruno.id, 1, 'w3')),
    call('BelowMinimumError', ana.token, create('x@demo.test', 9, 'w3')),
    call('IdempotencyConflictError', ana.token, transfer(bruno.id, 2, 'w1')),
    call('AlreadyExistsError', ana.token, create(zero.email, 10, 'w3')),
    call('InvalidStateError', root.token, move(ana.id, bruno.id)),
    call('BatchRefusedError', ana.token, batch('nothing', 'w3')),
  ];
}
