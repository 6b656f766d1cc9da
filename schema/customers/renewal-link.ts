/** The renewal link of a customer, and the mutation resetRenewalLink (R53). */

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
      "The address of the customer's renewal page. Everyone who has it sees the customer's first name, the end of the service, and your plans and card (R53). Null if no link was made, or for another panel's customer. Masked in a support session.",
    authScopes: { unlocked: true },
    complexity: STATEMENT_COMPLEXITY,
    select: { tenantId: true, id: true, resellerId: true },
    resolve: async ({ id, resellerId, tenantId }, _args, ctx) =>
      isOwn(ctx, { tenantId, id: resellerId }) ? unlessMasked(ctx, await loadersOf(ctx).renewalLink.load({ tenantId, id })) : null,
  }),
);

const ResetRenewalLinkInput = builder.inputType('ResetRenewalLinkInput', {
  description: 'The renewal link to replace or revoke.',
  fields: (t) => ({
    customerId: t.id({ required: true, description: 'A customer of your own panel.' }),
    revoke: t.boolean({
      required: true,
      defaultValue: false,
      description: 'If true, only revokes the present link, so that the customer has none.',
    }),
  }),
});

mutation('resetRenewalLink', {
  description: 'Makes a new renewal link for a customer. The previous link stops working at once (R53). For OWNER and OPERATOR.',
  who: { role: CUSTOMER_ROLES },
  input: ResetRenewalLinkInput,
  argument: 'The customer.',
  payload: customerPayload('ResetRenewalLinkPayload', 'The link was replaced or revoked.'),
  refusals: [Forbidden, PanelSuspended, PanelLocked, NotFound, InvalidState],
  result: 'The customer, or why nothing was changed.',
  run: ({ customerId, revoke }, ctx) => resetRenewalLink(ctx.ports, actingOf(ctx), { revoke }, decodeIdOf(ctx, 'Customer', customerId)),
});
