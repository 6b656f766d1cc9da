/** The link to a customer's own page, and the mutation resetRenewalLink. */

import { CUSTOMER_ROLES } from '../../src/domain/customer/fields.ts';
import { resetRenewalLink } from '../../src/domain/renewal/reset-renewal-link.ts';
import { Forbidden, InvalidState, NotFound, PanelLocked, PanelSuspended } from '../../src/kernel/errors.ts';
import { builder } from '../core/builder.ts';
import { decodeIdOf } from '../core/global-id.ts';
import { STATEMENT_COMPLEXITY } from '../core/limits.ts';
import { loadersOf } from '../core/loaders.ts';
import { mutation } from '../core/mutation.ts';
import { actingOf, isOwn } from '../core/scopes.ts';
import { unlessMasked } from '../core/visibility.ts';
import { Customer } from './customer.ts';
import { customerPayload } from './detail-mutations.ts';

builder.prismaObjectField(Customer, 'renewalLink', (t) =>
  t.string({
    nullable: true,
    description:
      "The address of the customer's own page: whoever has it sees the first name, until when the service is paid, and your plans and card. null: none was made yet, or it is another panel's customer. Masked in a support session.",
    authScopes: { unlocked: true },
    complexity: STATEMENT_COMPLEXITY,
    select: { tenantId: true, id: true, resellerId: true },
    resolve: async ({ id, resellerId, tenantId }, _args, ctx) =>
      isOwn(ctx, { tenantId, id: resellerId }) ? unlessMasked(ctx, await loadersOf(ctx).renewalLink.load({ tenantId, id })) : null,
  }),
);

const ResetRenewalLinkInput = builder.inputType('ResetRenewalLinkInput', {
  description: 'Whose link is made, or replaced.',
  fields: (t) => ({
    customerId: t.id({ required: true, description: 'A customer of your own panel.' }),
    revoke: t.boolean({ required: true, defaultValue: false, description: 'Only end the link that there is: the customer has none then.' }),
  }),
});

mutation('resetRenewalLink', {
  description: 'Gives a customer another link to its own page. The one before opens nothing from then on.',
  who: { role: CUSTOMER_ROLES },
  input: ResetRenewalLinkInput,
  argument: 'The customer.',
  payload: customerPayload('ResetRenewalLinkPayload', 'The link is another one, or there is none.'),
  refusals: [Forbidden, PanelSuspended, PanelLocked, NotFound, InvalidState],
  result: 'The customer, or why nothing was changed.',
  run: ({ customerId, revoke }, ctx) => resetRenewalLink(ctx.ports, actingOf(ctx), { revoke }, decodeIdOf(ctx, 'Customer', customerId)),
});
