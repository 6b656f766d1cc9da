/** Whether the service server follows the changes of a customer (ADR-0081), and the mutation retryService. */

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
  description: 'Whether the service server has followed the last change of a customer.',
  values: {
    WAITING: { description: 'It has not reported anything since the last change.' },
    READY: { description: 'It reported that it serves the customer as of the last change.' },
    FAILED: { description: 'It reported that it could not follow the last change.' },
  } as const,
});

const CustomerService = builder.objectRef<ServiceState>('CustomerService').implement({
  description: 'The last report of the service server about a customer.',
  ...reached('status', 'reason', 'at'),
  fields: (t) => ({
    status: t.expose('status', { type: ServiceStatus, description: 'The reported status, or WAITING.' }),
    reason: t.exposeString('reason', {
      nullable: true,
      description: 'Why it failed, as the service reported it. Null if it did not fail or gave no reason.',
    }),
    at: t.expose('at', { type: 'DateTime', nullable: true, description: 'When the service reported. Null while WAITING.' }),
  }),
});

builder.prismaObjectField(Customer, 'service', (t) =>
  t.field({
    type: CustomerService,
    nullable: true,
    description:
      'Whether the service server follows the customer. Null if no service of the tenant reports, and for changes before the first report.',
    authScopes: { unlocked: true },
    complexity: STATEMENT_COMPLEXITY,
    select: { tenantId: true, id: true },
    resolve: ({ id, tenantId }, _args, ctx) => loadersOf(ctx).service.load({ tenantId, id }),
  }),
);

const RetryServiceInput = builder.inputType('RetryServiceInput', {
  description: 'The customer to retry.',
  fields: (t) => ({ customerId: t.id({ required: true, description: 'A customer of your own panel, for whom the service failed.' }) }),
});

mutation('retryService', {
  description:
    'Notifies the service again of what a customer may use, after it failed. The status is then WAITING. For OWNER and OPERATOR.',
  who: { role: CUSTOMER_ROLES },
  input: RetryServiceInput,
  argument: 'The customer to retry.',
  payload: customerPayload('RetryServicePayload', 'The service was notified again.'),
  refusals: [Forbidden, PanelSuspended, PanelLocked, NotFound, InvalidState],
  result: 'The customer, or why the service was not notified again.',
  run: ({ customerId }, ctx) => retryService(ctx.ports, viewerOf(ctx), decodeIdOf(ctx, 'Customer', customerId)),
});
