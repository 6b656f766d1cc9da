/** The mutations on customers that spend or refund credits, and startTrial. */

import { activateCustomer } from '../../src/domain/customer/activate-customer.ts';
import { addScreens } from '../../src/domain/customer/add-screens.ts';
import { cancelCustomer } from '../../src/domain/customer/cancel-customer.ts';
import { CUSTOMER_ROLES } from '../../src/domain/customer/fields.ts';
import { renewCustomer } from '../../src/domain/customer/renew-customer.ts';
import { renewCustomers } from '../../src/domain/customer/renew-customers.ts';
import { startTrial } from '../../src/domain/customer/start-trial.ts';
import {
  AlreadyExists,
  BatchRefused,
  Forbidden,
  IdempotencyConflict,
  InsufficientCredits,
  InvalidInput,
  InvalidState,
  LimitReached,
  NotFound,
  PanelLocked,
  PanelSuspended,
  TrialRefused,
  WouldUseReserve,
} from '../../src/kernel/errors.ts';
import type { Outcome } from '../../src/ledger/outcome.ts';
import { builder } from '../core/builder.ts';
import type { Context } from '../core/context.ts';
import { BATCH_MODES, IDEMPOTENCY_KEY, REPLAYED, USE_RESERVE } from '../core/descriptions.ts';
import { BatchMode } from '../core/enums.ts';
import { decodeIdOf } from '../core/global-id.ts';
import { mutation } from '../core/mutation.ts';
import { accountOf, customerOf, type Done, hasTransfer, isReplayed, payerAfter, resultOf, transferOf } from '../core/posted.ts';
import { actingOf, reached, viewerOf } from '../core/scopes.ts';
import { Account } from '../credits/account.ts';
import { Transfer } from '../credits/transfer.ts';
import { LOGIN, SECRET } from './access.ts';
import { Customer } from './customer.ts';

const PERIODS = 'The number of 30-day periods, 1 to 36.';
const OWN_CUSTOMER = 'A customer of your own panel.';
const customer = {
  type: Customer,
  description: 'The customer as it is now.',
  resolve: (done: Done, _args: unknown, ctx: Context) => customerOf(ctx, done),
} as const;
const replayed = { description: REPLAYED, resolve: isReplayed } as const;

const StartTrialInput = builder.inputType('StartTrialInput', {
  description: 'A new customer on trial.',
  fields: (t) => ({
    name: t.string({ required: true, description: "The customer's name: 1 to 100 characters." }),
    contact: t.string({
      required: true,
      description:
        'A phone number, an e-mail or any other text of 1 to 200 characters. A contact gets one trial in the tenant, however it is written (R24).',
    }),
    hours: t.int({
      required: true,
      defaultValue: 4,
      description: 'The length of the trial in hours: 1 to `TenantPolicy.trialMaxHours`, which is at most 24.',
    }),
    login: t.string({ description: LOGIN }),
    secret: t.string({ description: SECRET }),
    idempotencyKey: t.string({ required: true, description: IDEMPOTENCY_KEY }),
  }),
});

const StartTrialPayload = builder.objectRef<Done>('StartTrialPayload').implement({
  description: 'The trial has started.',
  ...reached('customer', 'replayed'),
  fields: (t) => ({ customer: t.field(customer), replayed: t.boolean(replayed) }),
});

mutation('startTrial', {
  description:
    'Serves a new customer for some hours on one screen, without cost. A contact gets one trial; a panel starts at most `TenantPolicy.trialQuota` trials (up to 25) in any 24 hours (R24). For OWNER and OPERATOR.',
  who: { role: CUSTOMER_ROLES },
  input: StartTrialInput,
  argument: 'The customer to serve.',
  payload: StartTrialPayload,
  refusals: [
    Forbidden,
    InvalidInput,
    IdempotencyConflict,
    PanelSuspended,
    PanelLocked,
    TrialRefused,
    InvalidState,
    LimitReached,
    AlreadyExists,
  ],
  result: 'The customer, or why no trial was started.',
  run: (input, ctx) => startTrial(ctx.ports, actingOf(ctx), input),
});

const SPENDING_REFUSALS = [
  Forbidden,
  InvalidInput,
  IdempotencyConflict,
  PanelSuspended,
  PanelLocked,
  NotFound,
  InvalidState,
  LimitReached,
  InsufficientCredits,
  WouldUseReserve,
] as const;

/** The payload of a mutation that spends credits on a customer. */
function spendingPayload(name: string, description: string) {
  return builder.objectRef<Done>(name).implement({
    description,
    ...reached('customer', 'account', 'transfer', 'replayed'),
    fields: (t) => ({
      customer: t.field(customer),
      account: t.field({ type: Account, description: 'Your account after the spend.', resolve: ({ from }) => accountOf(from) }),
      transfer: t.field({
        type: Transfer,
        description: 'The transfer of the credits that were spent.',
        resolve: (done, _args, ctx) => transferOf(ctx, done),
      }),
      replayed: t.boolean(replayed),
    }),
  });
}

const ActivateCustomerInput = builder.inputType('ActivateCustomerInput', {
  description: 'The customer to activate: a new one (name, contact, notes) or an existing one (customerId).',
  fields: (t) => ({
    customerId: t.id({ description: 'A customer on trial, or one whose service has expired. If not given, a new customer is created.' }),
    name: t.string({ description: 'The name of a new customer: 1 to 100 characters.' }),
    contact: t.string({
      description: 'The contact of a new customer: a phone number, an e-mail or any other text of 1 to 200 characters.',
    }),
    notes: t.string({ description: 'Your notes on a new customer: up to 2000 characters.' }),
    periods: t.int({ required: true, description: PERIODS }),
    screens: t.int({ required: true, defaultValue: 1, description: 'The number of screens, 1 to 1000.' }),
    login: t.string({ description: `The login of a new customer. ${LOGIN}` }),
    secret: t.string({ description: `The secret of a new customer. ${SECRET}` }),
    planId: t.id({
      description: 'A plan of your panel to assign to the customer. It does not change `periods` and `screens` of this call.',
    }),
    useReserve: t.boolean({ required: true, defaultValue: false, description: USE_RESERVE }),
    idempotencyKey: t.string({ required: true, description: IDEMPOTENCY_KEY }),
  }),
});

mutation('activateCustomer', {
  description:
    'Serves a customer from now for periods of 30 days. Each screen costs one credit for each period (R1, R19). A customer with paid time left is refused with INVALID_STATE: renew it instead. For OWNER and OPERATOR.',
  who: { role: CUSTOMER_ROLES },
  input: ActivateCustomerInput,
  argument: 'The customer, the periods and the screens.',
  payload: spendingPayload('ActivateCustomerPayload', 'The customer was activated.'),
  refusals: [...SPENDING_REFUSALS, AlreadyExists],
  result: 'The customer, or why nothing was spent.',
  run: (input, ctx) => {
    const named = input.customerId ? decodeIdOf(ctx, 'Customer', input.customerId) : null;
    const plan = input.planId ? decodeIdOf(ctx, 'Plan', input.planId) : null;
    return activateCustomer(ctx.ports, viewerOf(ctx), input, named, plan);
  },
});

const RenewCustomerInput = builder.inputType('RenewCustomerInput', {
  description: 'One renewal.',
  fields: (t) => ({
    customerId: t.id({ required: true, description: OWN_CUSTOMER }),
    periods: t.int({ required: true, description: PERIODS }),
    useReserve: t.boolean({ required: true, defaultValue: false, description: USE_RESERVE }),
    idempotencyKey: t.string({ required: true, description: IDEMPOTENCY_KEY }),
  }),
});

const RenewCustomerResult = builder.errorUnion('RenewCustomerResult', {
  description: 'The customer, or why nothing was spent.',
  types: [spendingPayload('RenewCustomerPayload', 'The customer was renewed.'), ...SPENDING_REFUSALS],
  resolveType: () => 'RenewCustomerPayload',
});

mutation('renewCustomer', {
  description:
    "Adds periods of 30 days at the end of a customer's service, or from now if it has expired. Each of the customer's `nextScreens` costs one credit for each period (R20). The time left keeps its screens. At most 36 periods ahead. An expired or canceled customer may be renewed, a trial may not. For OWNER and OPERATOR.",
  who: { role: CUSTOMER_ROLES },
  input: RenewCustomerInput,
  argument: 'The customer and the periods.',
  union: RenewCustomerResult,
  run: (input, ctx) => renewCustomer(ctx.ports, viewerOf(ctx), input, decodeIdOf(ctx, 'Customer', input.customerId)),
});

const RenewCustomersInput = builder.inputType('RenewCustomersInput', {
  description: 'Several renewals in one call.',
  fields: (t) => ({
    mode: t.field({
      type: BatchMode,
      required: true,
      defaultValue: 'ATOMIC',
      description: 'What happens to the batch when one renewal is refused.',
    }),
    renewals: t.field({ type: [RenewCustomerInput], required: true, description: '1 to 250 renewals, each with its own idempotency key.' }),
  }),
});

const RenewCustomersPayload = builder.objectRef<readonly Outcome[]>('RenewCustomersPayload').implement({
  description: 'The batch was processed.',
  ...reached('results', 'account'),
  fields: (t) => ({
    results: t.field({
      type: [RenewCustomerResult],
      description: 'One result for each renewal, in the order of the input.',
      resolve: (outcomes) => outcomes.map((outcome) => resultOf(outcome, SPENDING_REFUSALS)),
    }),
    account: t.field({
      type: Account,
      description: 'Your account after the batch.',
      resolve: (outcomes, _args, ctx) => payerAfter(ctx, outcomes),
    }),
  }),
});

mutation('renewCustomers', {
  description: `Makes up to 250 renewals in one call and one commit. ${BATCH_MODES}`,
  who: { role: CUSTOMER_ROLES },
  input: RenewCustomersInput,
  argument: 'The renewals to make.',
  payload: RenewCustomersPayload,
  refusals: [Forbidden, InvalidInput, BatchRefused],
  result: 'The result of each renewal, or why none was made.',
  run: (input, ctx) => {
    const customers = input.renewals.map(({ customerId }) => decodeIdOf(ctx, 'Customer', customerId));
    return renewCustomers(ctx.ports, viewerOf(ctx), input, customers);
  },
});

const AddScreensInput = builder.inputType('AddScreensInput', {
  description: 'Screens to add for a customer whose paid service runs.',
  fields: (t) => ({
    customerId: t.id({ required: true, description: OWN_CUSTOMER }),
    screens: t.int({ required: true, description: 'The number of screens to add.' }),
    useReserve: t.boolean({ required: true, defaultValue: false, description: USE_RESERVE }),
    idempotencyKey: t.string({ required: true, description: IDEMPOTENCY_KEY }),
  }),
});

mutation('addScreens', {
  description:
    'Adds screens to a customer for all of its remaining paid time. Each screen costs one credit for each remaining period of 30 days, rounded up (R21). For OWNER and OPERATOR.',
  who: { role: CUSTOMER_ROLES },
  input: AddScreensInput,
  argument: 'The customer and the number of screens.',
  payload: spendingPayload('AddScreensPayload', 'The screens were added.'),
  refusals: [...SPENDING_REFUSALS],
  result: 'The customer, or why nothing was spent.',
  run: (input, ctx) => addScreens(ctx.ports, viewerOf(ctx), input, decodeIdOf(ctx, 'Customer', input.customerId)),
});

const CancelCustomerInput = builder.inputType('CancelCustomerInput', {
  description: 'A customer to cancel.',
  fields: (t) => ({
    customerId: t.id({ required: true, description: OWN_CUSTOMER }),
    idempotencyKey: t.string({ required: true, description: IDEMPOTENCY_KEY }),
  }),
});

const CancelCustomerPayload = builder.objectRef<Done>('CancelCustomerPayload').implement({
  description: 'The customer was canceled.',
  ...reached('customer', 'account', 'transfer', 'replayed'),
  fields: (t) => ({
    customer: t.field(customer),
    account: t.field({ type: Account, description: 'Your account after a refund, if there was one.', resolve: ({ to }) => accountOf(to) }),
    transfer: t.field({
      type: Transfer,
      nullable: true,
      description: 'The transfer of the refund. Null if nothing was refunded.',
      resolve: (done, _args, ctx) => (hasTransfer(done) ? transferOf(ctx, done) : null),
    }),
    replayed: t.boolean(replayed),
  }),
});

mutation('cancelCustomer', {
  description:
    'Cancels a customer: the service is not renewed and runs until it expires (R22). If `TenantPolicy.refundPolicy` is UNUSED_PERIODS, periods that have not begun are removed and their credits are refunded. For OWNER and OPERATOR.',
  who: { role: CUSTOMER_ROLES },
  input: CancelCustomerInput,
  argument: 'The customer to cancel.',
  payload: CancelCustomerPayload,
  refusals: [Forbidden, InvalidInput, IdempotencyConflict, PanelSuspended, PanelLocked, NotFound, InvalidState],
  result: 'The customer, or why it was not canceled.',
  run: (input, ctx) => cancelCustomer(ctx.ports, actingOf(ctx), input, decodeIdOf(ctx, 'Customer', input.customerId)),
});
