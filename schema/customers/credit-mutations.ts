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

const PERIODS = 'Periods of 30 days, 1 to 36.';
const WHOM = 'A customer of your own panel.';
const customer = {
  type: Customer,
  description: 'The customer as it is now.',
  resolve: (done: Done, _args: unknown, ctx: Context) => customerOf(ctx, done),
} as const;
const replayed = { description: REPLAYED, resolve: isReplayed } as const;

const StartTrialInput = builder.inputType('StartTrialInput', {
  description: 'A new customer to try the service.',
  fields: (t) => ({
    name: t.string({ required: true, description: '1 to 100 characters.' }),
    contact: t.string({
      required: true,
      description: 'A phone number, an e-mail, or any 1 to 200 characters: each has one trial in the whole tree, however it is written.',
    }),
    hours: t.int({ required: true, defaultValue: 4, description: '1 to 24, or as many as the policy of the tenant allows.' }),
    login: t.string({ description: LOGIN }),
    secret: t.string({ description: SECRET }),
    idempotencyKey: t.string({ required: true, description: IDEMPOTENCY_KEY }),
  }),
});

const StartTrialPayload = builder.objectRef<Done>('StartTrialPayload').implement({
  description: 'The trial runs.',
  ...reached('customer', 'replayed'),
  fields: (t) => ({ customer: t.field(customer), replayed: t.boolean(replayed) }),
});

mutation('startTrial', {
  description: 'Serves a new customer for some hours on one screen, for nothing. Once a contact, and at most 25 a panel in any 24 hours.',
  who: { role: CUSTOMER_ROLES },
  input: StartTrialInput,
  argument: 'Whom to serve.',
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
  result: 'The customer, or why there is no trial.',
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

/** The payload of what credits were spent on. */
function spendingPayload(name: string, description: string) {
  return builder.objectRef<Done>(name).implement({
    description,
    ...reached('customer', 'account', 'transfer', 'replayed'),
    fields: (t) => ({
      customer: t.field(customer),
      account: t.field({ type: Account, description: 'Your own account, after it.', resolve: ({ from }) => accountOf(from) }),
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
  description: 'A new customer (name, contact, notes), or an existing one (customerId).',
  fields: (t) => ({
    customerId: t.id({ description: 'A customer on trial, or whose service has run out; without it, a new one is made.' }),
    name: t.string({ description: 'Of a new customer: 1 to 100 characters.' }),
    contact: t.string({ description: 'Of a new customer: a phone number, an e-mail, or any 1 to 200 characters.' }),
    notes: t.string({ description: 'Of a new customer: up to 2000 characters, for yourself.' }),
    periods: t.int({ required: true, description: PERIODS }),
    screens: t.int({ required: true, defaultValue: 1, description: 'Screens, 1 to 1000.' }),
    login: t.string({ description: `Of a new customer. ${LOGIN}` }),
    secret: t.string({ description: `Of a new customer. ${SECRET}` }),
    planId: t.id({ description: "A plan of your own panel, which is the customer's from then on. Periods and screens are as given here." }),
    useReserve: t.boolean({ required: true, defaultValue: false, description: USE_RESERVE }),
    idempotencyKey: t.string({ required: true, description: IDEMPOTENCY_KEY }),
  }),
});

mutation('activateCustomer', {
  description:
    'Serves a customer for periods of 30 days from now, for one credit a screen and period. Who has paid time left is renewed instead.',
  who: { role: CUSTOMER_ROLES },
  input: ActivateCustomerInput,
  argument: 'Whom to serve, and how.',
  payload: spendingPayload('ActivateCustomerPayload', 'The customer is served from now on.'),
  refusals: [...SPENDING_REFUSALS, AlreadyExists],
  result: 'The customer, or why nothing was spent.',
  run: (input, ctx) => {
    const named = input.customerId ? decodeIdOf(ctx, 'Customer', input.customerId) : null;
    const plan = input.planId ? decodeIdOf(ctx, 'Plan', input.planId) : null;
    return activateCustomer(ctx.ports, viewerOf(ctx), input, named, plan);
  },
});

const RenewCustomerInput = builder.inputType('RenewCustomerInput', {
  description: 'A customer to renew.',
  fields: (t) => ({
    customerId: t.id({ required: true, description: WHOM }),
    periods: t.int({ required: true, description: PERIODS }),
    useReserve: t.boolean({ required: true, defaultValue: false, description: USE_RESERVE }),
    idempotencyKey: t.string({ required: true, description: IDEMPOTENCY_KEY }),
  }),
});

const RenewCustomerResult = builder.errorUnion('RenewCustomerResult', {
  description: 'The customer, or why nothing was spent.',
  types: [spendingPayload('RenewCustomerPayload', 'The customer is served for longer.'), ...SPENDING_REFUSALS],
  resolveType: () => 'RenewCustomerPayload',
});

mutation('renewCustomer', {
  description:
    "Adds periods of 30 days to what is left, or from now, for one credit a screen (the customer's `nextScreens`) and period. What is left keeps its screens. At most 36 periods ahead; an expired or canceled customer may be renewed.",
  who: { role: CUSTOMER_ROLES },
  input: RenewCustomerInput,
  argument: 'Whom to renew, and for how long.',
  union: RenewCustomerResult,
  run: (input, ctx) => renewCustomer(ctx.ports, viewerOf(ctx), input, decodeIdOf(ctx, 'Customer', input.customerId)),
});

const RenewCustomersInput = builder.inputType('RenewCustomersInput', {
  description: 'Many renewals in one call.',
  fields: (t) => ({
    mode: t.field({
      type: BatchMode,
      required: true,
      defaultValue: 'ATOMIC',
      description: 'What becomes of the others when one is refused.',
    }),
    renewals: t.field({ type: [RenewCustomerInput], required: true, description: '1 to 250, each with a key of its own.' }),
  }),
});

const RenewCustomersPayload = builder.objectRef<readonly Outcome[]>('RenewCustomersPayload').implement({
  description: 'The renewals were made.',
  ...reached('results', 'account'),
  fields: (t) => ({
    results: t.field({
      type: [RenewCustomerResult],
      description: 'One for each renewal, in the order of the input.',
      resolve: (outcomes) => outcomes.map((outcome) => resultOf(outcome, SPENDING_REFUSALS)),
    }),
    account: t.field({
      type: Account,
      description: 'Your own account, after it.',
      resolve: (outcomes, _args, ctx) => payerAfter(ctx, outcomes),
    }),
  }),
});

mutation('renewCustomers', {
  description: `Up to 250 renewals in one call, and one commit. ${BATCH_MODES}`,
  who: { role: CUSTOMER_ROLES },
  input: RenewCustomersInput,
  argument: 'Whom to renew.',
  payload: RenewCustomersPayload,
  refusals: [Forbidden, InvalidInput, BatchRefused],
  result: 'What became of each renewal, or why none was made.',
  run: (input, ctx) => {
    const customers = input.renewals.map(({ customerId }) => decodeIdOf(ctx, 'Customer', customerId));
    return renewCustomers(ctx.ports, viewerOf(ctx), input, customers);
  },
});

const AddScreensInput = builder.inputType('AddScreensInput', {
  description: 'Screens for a customer whose paid service runs.',
  fields: (t) => ({
    customerId: t.id({ required: true, description: WHOM }),
    screens: t.int({ required: true, description: 'Screens to add.' }),
    useReserve: t.boolean({ required: true, defaultValue: false, description: USE_RESERVE }),
    idempotencyKey: t.string({ required: true, description: IDEMPOTENCY_KEY }),
  }),
});

mutation('addScreens', {
  description:
    'Gives a customer more screens in all that is paid for until the service ends, each for one credit a period of 30 days that is left, rounded up.',
  who: { role: CUSTOMER_ROLES },
  input: AddScreensInput,
  argument: 'Whom to give how many.',
  payload: spendingPayload('AddScreensPayload', 'The customer has more screens.'),
  refusals: [...SPENDING_REFUSALS],
  result: 'The customer, or why nothing was spent.',
  run: (input, ctx) => addScreens(ctx.ports, viewerOf(ctx), input, decodeIdOf(ctx, 'Customer', input.customerId)),
});

const CancelCustomerInput = builder.inputType('CancelCustomerInput', {
  description: 'A customer who is not to be renewed.',
  fields: (t) => ({
    customerId: t.id({ required: true, description: WHOM }),
    idempotencyKey: t.string({ required: true, description: IDEMPOTENCY_KEY }),
  }),
});

const CancelCustomerPayload = builder.objectRef<Done>('CancelCustomerPayload').implement({
  description: 'The customer is not renewed any more.',
  ...reached('customer', 'account', 'transfer', 'replayed'),
  fields: (t) => ({
    customer: t.field(customer),
    account: t.field({ type: Account, description: 'Your own account, after it.', resolve: ({ to }) => accountOf(to) }),
    transfer: t.field({
      type: Transfer,
      nullable: true,
      description: 'What was refunded; null when nothing was.',
      resolve: (done, _args, ctx) => (hasTransfer(done) ? transferOf(ctx, done) : null),
    }),
    replayed: t.boolean(replayed),
  }),
});

mutation('cancelCustomer', {
  description:
    'Says that a customer is not to be renewed: the service runs out by itself. Where the policy of the tenant refunds, the periods that were not begun are taken back, and what each of them cost is returned.',
  who: { role: CUSTOMER_ROLES },
  input: CancelCustomerInput,
  argument: 'Whom to cancel.',
  payload: CancelCustomerPayload,
  refusals: [Forbidden, InvalidInput, IdempotencyConflict, PanelSuspended, PanelLocked, NotFound, InvalidState],
  result: 'The customer, or why it was not canceled.',
  run: (input, ctx) => cancelCustomer(ctx.ports, actingOf(ctx), input, decodeIdOf(ctx, 'Customer', input.customerId)),
});
