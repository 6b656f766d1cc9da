/** How the service stands with a customer, and the mutation retryService. */

import { retryService } from '../../src/domain/access/retry-service.ts';
import type { ServiceState } from '../../src/domain/access/service-state.ts';
import { CUSTOMER_ROLES } from '../../src/domain/customer/fields.ts';
import { Forbidden, InvalidState, NotFound, PanelLocked, PanelSuspended } from '../../src/kernel/errors.ts';
import { builder } from '../core/builder.ts';
import { decodeIdOf } from '../core/global-id.ts';
import { STATEMENT_COMPLEXITY } from '../core/limits.ts';
import { loadersOf } from '../core/loaders.ts';
import { mutation } from '../core/mutation.ts';
import { reached, viewerOf } from '../core/scopes.ts';
import { Customer } from './customer.ts';
import { customerPayload } from './detail-mutations.ts';

const ServiceStatus = builder.enumType('ServiceStatus', {
  description: 'How the service stands with a customer.',
  values: {
    WAITING: { description: 'It has not said anything since the last change.' },
    READY: { description: 'It serves the customer as of the last change.' },
    FAILED: { description: 'It could not follow the last change.' },
  } as const,
});

const CustomerService = builder.objectRef<ServiceState>('CustomerService').implement({
  description: 'What the service said of a customer last.',
  ...reached('status', 'reason', 'at'),
  fields: (t) => ({
    status: t.expose('status', { type: ServiceStatus, description: 'Whether the customer is served, as the service said.' }),
    reason: t.exposeString('reason', { nullable: true, description: 'Why it failed, in the words of the service.' }),
    at: t.expose('at', { type: 'DateTime', nullable: true, description: 'When the service said so; null while it is waited for.' }),
  }),
});

builder.prismaObjectField(Customer, 'service', (t) =>
  t.field({
    type: CustomerService,
    nullable: true,
    description: 'How the service stands with the customer; null where no service of the tenant says so, and for what was before it did.',
    authScopes: { unlocked: true },
    complexity: STATEMENT_COMPLEXITY,
    select: { tenantId: true, id: true },
    resolve: ({ id, tenantId }, _args, ctx) => loadersOf(ctx).service.load({ tenantId, id }),
  }),
);

const RetryServiceInput = builder.inputType('RetryServiceInput', {
  description: 'What is to be tried again.',
  fields: (t) => ({ customerId: t.id({ required: true, description: 'A customer of your own panel, for whom the service failed.' }) }),
});

mutation('retryService', {
  description: 'Tells the service once more what a customer may use, after it failed. It is waited for again.',
  who: { role: CUSTOMER_ROLES },
  input: RetryServiceInput,
  argument: 'The customer whose service is asked to try again.',
  payload: customerPayload('RetryServicePayload', 'The service is notified again.'),
  refusals: [Forbidden, PanelSuspended, PanelLocked, NotFound, InvalidState],
  result: 'The customer, or why the service is not notified again.',
  run: ({ customerId }, ctx) => retryService(ctx.ports, viewerOf(ctx), decodeIdOf(ctx, 'Customer', customerId)),
});
