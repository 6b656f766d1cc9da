/** The query quote. */

import { type Asked, MAX_SAME_CONTACT, QUOTE_ROLES, type Quote as Quoted, quote } from '../../src/domain/quote/quote.ts';
import { BelowMinimum, InvalidInput, InvalidState, LimitReached, NotFound } from '../../src/kernel/errors.ts';
import { builder } from '../core/builder.ts';
import type { Context } from '../core/context.ts';
import { decodeIdOf } from '../core/global-id.ts';
import { STATEMENT_COMPLEXITY } from '../core/limits.ts';
import { loadersOf } from '../core/loaders.ts';
import { reached, viewerOf } from '../core/scopes.ts';
import { Customer, ScreenSpan } from './customer.ts';

const QuoteTermInput = builder.inputType('QuoteTermInput', {
  description: 'To activate a customer.',
  fields: (t) => ({
    periods: t.int({ required: true, description: 'Periods of 30 days, 1 to 36.' }),
    screens: t.int({ required: true, defaultValue: 1, description: 'Screens, 1 to 1000.' }),
    contact: t.string({ description: 'Of the new customer, for `Quote.sameContact`.' }),
  }),
});
const QuoteRenewInput = builder.inputType('QuoteRenewInput', {
  description: 'To renew a customer.',
  fields: (t) => ({
    customerId: t.id({ required: true, description: 'The customer.' }),
    periods: t.int({ required: true, description: 'Periods of 30 days, 1 to 36.' }),
  }),
});
const QuoteScreensInput = builder.inputType('QuoteScreensInput', {
  description: 'To give a customer more screens.',
  fields: (t) => ({
    customerId: t.id({ required: true, description: 'The customer.' }),
    screens: t.int({ required: true, description: 'Screens more, 1 to 1000.' }),
  }),
});
const QuoteAmountInput = builder.inputType('QuoteAmountInput', {
  description: 'To hand credits to a panel below, new or not.',
  fields: (t) => ({ amount: t.field({ type: 'Credits', required: true, description: 'Credits to hand over.' }) }),
});
const QuoteBuyInput = builder.inputType('QuoteBuyInput', {
  description: 'To buy credits.',
  fields: (t) => ({
    quantity: t.field({
      type: 'Credits',
      required: true,
      description: "The least that can be bought, or more: see `TenantPolicy.minimumPurchase` and the seller's list.",
    }),
  }),
});

const QuoteInput = builder.inputType('QuoteInput', {
  description: 'The operation to quote: exactly one.',
  isOneOf: true,
  fields: (t) => ({
    activate: t.field({ type: QuoteTermInput, description: 'The cost of activateCustomer.' }),
    renew: t.field({ type: QuoteRenewInput, description: 'The cost of renewCustomer.' }),
    addScreens: t.field({ type: QuoteScreensInput, description: 'The cost of addScreens.' }),
    createReseller: t.field({ type: QuoteAmountInput, description: 'The cost of createReseller: the amount is its initial credits.' }),
    transfer: t.field({ type: QuoteAmountInput, description: 'The cost of transferCredits.' }),
    buy: t.field({ type: QuoteBuyInput, description: 'The price of buyCredits.' }),
  }),
});

const Quote = builder.objectRef<Quoted>('Quote').implement({
  description: 'What an operation would cost and leave, as of now.',
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
    cost: t.expose('cost', { type: 'Credits', description: 'Credits it would take; 0 to buy.' }),
    balanceAfter: t.expose('balanceAfter', {
      type: 'CreditsDelta',
      description: 'The balance it would leave; negative: it cannot be paid.',
    }),
    affordable: t.boolean({ description: 'Whether the balance covers it.', resolve: ({ balanceAfter }) => balanceAfter >= 0 }),
    wouldUseReserve: t.exposeBoolean('wouldUseReserve', {
      description: 'Whether it would leave less than what the panel keeps in reserve: its input must say `useReserve` then.',
    }),
    willLock: t.boolean({ description: 'Whether it would leave the panel locked.', resolve: ({ balanceAfter }) => balanceAfter === 0 }),
    expiresAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: "When the customer's service would end.",
      resolve: ({ expiresAtMs }) => (expiresAtMs === null ? null : new Date(expiresAtMs)),
    }),
    screens: t.int({
      nullable: true,
      description: 'On how many screens the service would run at once, until the first change.',
      resolve: ({ spans }) => spans?.[0]?.screens ?? null,
    }),
    screensChangeAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: "When what is paid for with other screens would end, and the customer's next number begin; null: no change would wait.",
      resolve: ({ screensChangeAtMs }) => (screensChangeAtMs === null ? null : new Date(screensChangeAtMs)),
    }),
    spans: t.field({
      type: [ScreenSpan],
      nullable: true,
      description: 'What would be paid for, in order: how many screens, and until when.',
      resolve: ({ spans }) => spans,
    }),
    sameContact: t.field({
      type: [Customer],
      nullable: true,
      description:
        'To activate, where a contact is given: your customers with the same contact, however it is written, the newest first, 20 at most. A family may share one: nothing is refused for it.',
      complexity: { field: STATEMENT_COMPLEXITY, multiplier: MAX_SAME_CONTACT },
      resolve: async ({ sameContact }, _args, ctx) => {
        if (sameContact === null) return null;
        const customers = await Promise.all(sameContact.map((id) => loadersOf(ctx).customer.load(id)));
        return customers.filter((one) => one !== null);
      },
    }),
    totalMinor: t.expose('totalMinor', { type: 'MinorUnits', nullable: true, description: 'To buy: the price.' }),
    currency: t.exposeString('currency', { nullable: true, description: 'To buy: the currency of the price, as BRL.' }),
  }),
});

function askedFor(ctx: Context, input: typeof QuoteInput.$inferInput): Asked {
  const customer = (id: string) => decodeIdOf(ctx, 'Customer', id);
  if (input.activate) return { kind: 'activate', ...input.activate };
  if (input.renew) return { kind: 'renew', customer: customer(input.renew.customerId), periods: input.renew.periods };
  if (input.addScreens) return { kind: 'addScreens', customer: customer(input.addScreens.customerId), screens: input.addScreens.screens };
  if (input.createReseller) return { kind: 'createReseller', ...input.createReseller };
  if (input.transfer) return { kind: 'transfer', ...input.transfer };
  if (input.buy) return { kind: 'buy', ...input.buy };
  throw new Error('a @oneOf input without its one field was coerced');
}

builder.queryField('quote', (t) =>
  t.field({
    type: Quote,
    description:
      'What an operation would cost and leave, computed by the code that would do it; nothing is written. A locked panel is quoted buying only. For OWNER, OPERATOR and FINANCE.',
    authScopes: { reads: QUOTE_ROLES },
    complexity: STATEMENT_COMPLEXITY,
    errors: {
      types: [InvalidInput, BelowMinimum, NotFound, InvalidState, LimitReached],
      union: { name: 'QuoteResult', description: 'The quote, or why it would be refused.' },
    },
    args: { input: t.arg({ type: QuoteInput, required: true, description: 'The operation to quote.' }) },
    resolve: (_root, { input }, ctx) => quote(ctx.ports, viewerOf(ctx), askedFor(ctx, input)),
  }),
);
