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

/** The payload of a mutation that changes a customer and moves no credits. */
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
  description: 'The changes of a customer. Fields that are not given stay as they are.',
  fields: (t) => ({
    customerId: t.id({ required: true, description: 'A customer of your own panel.' }),
    name: t.string({ description: "The customer's name: 1 to 100 characters." }),
    contact: t.string({ description: 'Up to 200 characters. Null clears it.' }),
    notes: t.string({ description: 'Up to 2000 characters. Null clears them.' }),
    planId: t.id({ description: 'A plan of your own panel. Null removes the plan from the customer.' }),
    muted: t.boolean({ description: 'Whether the customer gets no reminders.' }),
  }),
});

mutation('updateCustomer', {
  description: 'Changes the name, contact, notes or plan of a customer, and whether the customer gets reminders. For OWNER and OPERATOR.',
  who: { role: CUSTOMER_ROLES },
  input: UpdateCustomerInput,
  argument: 'The customer and the changes.',
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
  description: 'The number of screens of the next renewal.',
  fields: (t) => ({
    customerId: t.id({ required: true, description: 'A customer of your own panel.' }),
    screens: t.int({
      required: true,
      description: 'From 1 to the largest number of screens that is paid for now or later. More: addScreens.',
    }),
  }),
});

mutation('setNextScreens', {
  description:
    'Sets the number of screens of the next renewal (R22). Nothing is refunded, and every paid screen works until its time ends: see `Customer.screensChangeAt`. For OWNER and OPERATOR.',
  who: { role: CUSTOMER_ROLES },
  input: SetNextScreensInput,
  argument: 'The customer and the number of screens.',
  payload: customerPayload('SetNextScreensPayload', 'The number of screens of the next renewal was set.'),
  refusals: [Forbidden, InvalidInput, PanelSuspended, PanelLocked, NotFound, InvalidState, LimitReached],
  result: 'The customer, or why it was not changed.',
  run: ({ customerId, screens }, ctx) => setNextScreens(ctx.ports, actingOf(ctx), { screens }, decodeIdOf(ctx, 'Customer', customerId)),
});
