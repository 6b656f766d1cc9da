/** The query quote. */

import { MAX_SAME_CONTACT, QUOTE_ROLES, type Quote as Quoted, type QuoteRequest, quote } from '../../src/domain/quote/quote.ts';
import { BelowMinimum, InvalidInput, InvalidState, LimitReached, NotFound } from '../../src/kernel/errors.ts';
import { builder } from '../core/builder.ts';
import type { Context } from '../core/context.ts';
import { decodeIdOf } from '../core/global-id.ts';
import { STATEMENT_COMPLEXITY } from '../core/limits.ts';
import { loadersOf } from '../core/loaders.ts';
import { reached, viewerOf } from '../core/scopes.ts';
import { Customer, ScreenSpan } from './customer.ts';

const QuoteTermInput = builder.inputType('QuoteTermInput', {
  description: 'An activation of a new customer.',
  fields: (t) => ({
    periods: t.int({ required: true, description: 'The number of 30-day periods, 1 to 36.' }),
    screens: t.int({ required: true, defaultValue: 1, description: 'The number of screens, 1 to 1000.' }),
    contact: t.string({ description: 'The contact of the new customer, for `Quote.sameContact`.' }),
  }),
});
const QuoteRenewInput = builder.inputType('QuoteRenewInput', {
  description: 'A renewal.',
  fields: (t) => ({
    customerId: t.id({ required: true, description: 'The customer to renew.' }),
    periods: t.int({ required: true, description: 'The number of 30-day periods, 1 to 36.' }),
  }),
});
const QuoteScreensInput = builder.inputType('QuoteScreensInput', {
  description: 'Screens to add.',
  fields: (t) => ({
    customerId: t.id({ required: true, description: 'The customer who gets the screens.' }),
    screens: t.int({ required: true, description: 'The number of screens to add, 1 to 1000.' }),
  }),
});
const QuoteAmountInput = builder.inputType('QuoteAmountInput', {
  description: 'Credits for a new or existing direct child.',
  fields: (t) => ({ amount: t.field({ type: 'Credits', required: true, description: 'The number of credits.' }) }),
});
const QuoteBuyInput = builder.inputType('QuoteBuyInput', {
  description: 'A purchase of credits.',
  fields: (t) => ({
    quantity: t.field({
      type: 'Credits',
      required: true,
      description:
        "Credits to buy: not below the minimum, which is `TenantPolicy.minimumPurchase` or the start of the seller's price list.",
    }),
  }),
});

const QuoteInput = builder.inputType('QuoteInput', {
  description: 'The operation to quote. Exactly one field must be given.',
  isOneOf: true,
  fields: (t) => ({
    activate: t.field({ type: QuoteTermInput, description: 'Quotes activateCustomer.' }),
    renew: t.field({ type: QuoteRenewInput, description: 'Quotes renewCustomer.' }),
    addScreens: t.field({ type: QuoteScreensInput, description: 'Quotes addScreens.' }),
    createReseller: t.field({ type: QuoteAmountInput, description: 'Quotes createReseller. The amount is `initialCredits`.' }),
    transfer: t.field({ type: QuoteAmountInput, description: 'Quotes transferCredits.' }),
    buy: t.field({ type: QuoteBuyInput, description: 'Quotes buyCredits.' }),
  }),
});

const Quote = builder.objectRef<Quoted>('Quote').implement({
  description: 'The cost of an operation and the state after it, if it were done now (R12).',
  ...reached(
    ...[
      'cost',
      'balanceAfter',
      'affordable',
      'wouldUseReserve',
      'willLock',
      'expiresAt',
      'screens',
      'screensChangeAt',
      'spans',
      'sameContact',
    ],
    ...['totalMinor', 'currency'],
  ),
  fields: (t) => ({
    cost: t.expose('cost', { type: 'Credits', description: 'The credits that the operation would cost; 0 for buying.' }),
    balanceAfter: t.expose('balanceAfter', {
      type: 'CreditsDelta',
      description: 'The balance after the operation. Negative if the balance does not cover the cost.',
    }),
    affordable: t.boolean({ description: 'Whether the balance covers the cost.', resolve: ({ balanceAfter }) => balanceAfter >= 0 }),
    wouldUseReserve: t.exposeBoolean('wouldUseReserve', {
      description: 'Whether the operation would use the reserve that the panel keeps, so that its input must set `useReserve` (R57).',
    }),
    willLock: t.boolean({
      description: 'Whether the panel would be locked afterwards (R7).',
      resolve: ({ balanceAfter }) => balanceAfter === 0,
    }),
    expiresAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: "When the customer's service would end. Null if the operation is not about a customer.",
      resolve: ({ expiresAtMs }) => (expiresAtMs === null ? null : new Date(expiresAtMs)),
    }),
    screens: t.int({
      nullable: true,
      description: 'The number of screens until the first change. Null if the operation is not about a customer.',
      resolve: ({ spans }) => spans?.[0]?.screens ?? null,
    }),
    screensChangeAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: "When the time with other screens would end and the customer's `nextScreens` begin. Null if no change would be pending.",
      resolve: ({ screensChangeAtMs }) => (screensChangeAtMs === null ? null : new Date(screensChangeAtMs)),
    }),
    spans: t.field({
      type: [ScreenSpan],
      nullable: true,
      description: 'The paid time after the operation, in order: the screens and the end of each span. Null if it is not about a customer.',
      resolve: ({ spans }) => spans,
    }),
    sameContact: t.field({
      type: [Customer],
      nullable: true,
      description:
        'For an activation with a contact: your customers with the same contact, however it is written, newest first, at most 20. This is only a hint, because a family may share a contact. Null for other operations, and without a contact.',
      complexity: { field: STATEMENT_COMPLEXITY, multiplier: MAX_SAME_CONTACT },
      resolve: async ({ sameContact }, _args, ctx) => {
        if (sameContact === null) return null;
        const customers = await Promise.all(sameContact.map((id) => loadersOf(ctx).customer.load(id)));
        return customers.filter((one) => one !== null);
      },
    }),
    totalMinor: t.expose('totalMinor', {
      type: 'MinorUnits',
      nullable: true,
      description: 'The price of a purchase, in minor units of `currency`. Null for other operations.',
    }),
    currency: t.exposeString('currency', {
      nullable: true,
      description: 'The currency of `totalMinor`, for example BRL. Null for other operations.',
    }),
  }),
});

function quotedOperation(ctx: Context, input: typeof QuoteInput.$inferInput): QuoteRequest {
  const customer = (id: string) => decodeIdOf(ctx, 'Customer', id);
  if (input.activate) return { kind: 'activate', ...input.activate };
  if (input.renew) return { kind: 'renew', customer: customer(input.renew.customerId), periods: input.renew.periods };
  if (input.addScreens) return { kind: 'addScreens', customer: customer(input.addScreens.customerId), screens: input.addScreens.screens };
  if (input.createReseller) return { kind: 'createReseller', ...input.createReseller };
  if (input.transfer) return { kind: 'transfer', ...input.transfer };
  if (input.buy) return { kind: 'buy', ...input.buy };
  throw new Error('a @oneOf input was coerced without a field');
}

builder.queryField('quote', (t) =>
  t.field({
    type: Quote,
    description:
      'Computes what an operation would cost and leave, with the code that would do it. Writes nothing. A locked panel can only quote buying: PANEL_LOCKED otherwise. For OWNER, OPERATOR and FINANCE.',
    authScopes: { reads: QUOTE_ROLES },
    complexity: STATEMENT_COMPLEXITY,
    errors: {
      types: [InvalidInput, BelowMinimum, NotFound, InvalidState, LimitReached],
      union: { name: 'QuoteResult', description: 'The quote, or why the operation would be refused.' },
    },
    args: { input: t.arg({ type: QuoteInput, required: true, description: 'The operation to quote.' }) },
    resolve: (_root, { input }, ctx) => quote(ctx.ports, viewerOf(ctx), quotedOperation(ctx, input)),
  }),
);
