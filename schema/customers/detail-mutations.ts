/** The mutations updateCustomer and setNextScreens, which move no credits. */

import { CUSTOMER_ROLES } from '../../src/domain/customer/fields.ts';
import { setNextScreens } from '../../src/domain/customer/set-next-screens.ts';
import { updateCustomer } from '../../src/domain/customer/update-customer.ts';
import type { RowId } from '../../src/domain/input.ts';
import { Forbidden, InvalidInput, InvalidState, LimitReached, NotFound, PanelLocked, PanelSuspended } from '../../src/kernel/errors.ts';
import { builder } from '../core/builder.ts';
import { decodeIdOf } from '../core/global-id.ts';
import { mutation } from '../core/mutation.ts';
import { actingOf, reached } from '../core/scopes.ts';
import { Customer } from './customer.ts';

/** The payload of what changes a customer and moves no credits. */
export function customerPayload(name: string, description: string) {
  return builder.objectRef<RowId>(name).implement({
    description,
    ...reached('customer'),
    fields: (t) => ({
      customer: t.prismaField({
        type: Customer,
        description: 'The customer as it is now.',
        resolve: (query, { tenantId, id }, _args, { ports: { prisma } }) =>
          prisma.customer.findUniqueOrThrow({ ...query, where: { tenantId_id: { tenantId, id } } }),
      }),
    }),
  });
}

const UpdateCustomerInput = builder.inputType('UpdateCustomerInput', {
  description: 'What is left out stays as it is.',
  fields: (t) => ({
    customerId: t.id({ required: true, description: 'A customer of your own panel.' }),
    name: t.string({ description: '1 to 100 characters.' }),
    contact: t.string({ description: 'Up to 200 characters; null clears it.' }),
    notes: t.string({ description: 'Up to 2000 characters; null clears them.' }),
    planId: t.id({ description: 'A plan of your own panel; null: the customer has none.' }),
    muted: t.boolean({ description: 'Whether it gets no reminders.' }),
  }),
});

mutation('updateCustomer', {
  description: 'Changes name, contact, notes or plan of a customer, and whether it is reminded.',
  who: { role: CUSTOMER_ROLES },
  input: UpdateCustomerInput,
  argument: 'What to change.',
  payload: customerPayload('UpdateCustomerPayload', 'The customer was changed.'),
  refusals: [Forbidden, InvalidInput, PanelSuspended, PanelLocked, NotFound],
  result: 'The customer, or why it was not changed.',
  run: (input, ctx) => {
    const { customerId, ...changes } = input;
    const plan = changes.planId ? decodeIdOf(ctx, 'Plan', changes.planId) : null;
    return updateCustomer(ctx.ports, actingOf(ctx), changes, decodeIdOf(ctx, 'Customer', customerId), plan);
  },
});

const SetNextScreensInput = builder.inputType('SetNextScreensInput', {
  description: 'For how many screens the next renewal is.',
  fields: (t) => ({
    customerId: t.id({ required: true, description: 'A customer of your own panel.' }),
    screens: t.int({ required: true, description: '1 to the most that are paid for, now or later.' }),
  }),
});

mutation('setNextScreens', {
  description:
    'Says how many screens the next renewal is for. Nothing is refunded, and every screen that is paid for stays until its end: see `Customer.screensChangeAt`.',
  who: { role: CUSTOMER_ROLES },
  input: SetNextScreensInput,
  argument: 'Whose, and how many.',
  payload: customerPayload('SetNextScreensPayload', 'The next renewal is for so many screens.'),
  refusals: [Forbidden, InvalidInput, PanelSuspended, PanelLocked, NotFound, InvalidState, LimitReached],
  result: 'The customer, or why it was not changed.',
  run: ({ customerId, screens }, ctx) => setNextScreens(ctx.ports, actingOf(ctx), { screens }, decodeIdOf(ctx, 'Customer', customerId)),
});
