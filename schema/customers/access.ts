/** The type Access (the login and secret of a customer for the service) and the mutation resetAccess. */

import { type Access as AccessRow, secretOf } from '../../src/domain/access/read-access.ts';
import { resetAccess } from '../../src/domain/access/reset-access.ts';
import { CUSTOMER_ROLES } from '../../src/domain/customer/fields.ts';
import { AlreadyExists, Forbidden, InvalidInput, InvalidState, NotFound, PanelLocked, PanelSuspended } from '../../src/kernel/errors.ts';
import { builder } from '../core/builder.ts';
import { decodeIdOf } from '../core/global-id.ts';
import { STATEMENT_COMPLEXITY } from '../core/limits.ts';
import { loadersOf } from '../core/loaders.ts';
import { mutation } from '../core/mutation.ts';
import { actingOf, reached, viewerOf } from '../core/scopes.ts';
import { unlessMasked } from '../core/visibility.ts';
import { Customer } from './customer.ts';
import { customerPayload } from './detail-mutations.ts';

export const LOGIN = '3 to 64 characters of `a-z 0-9 . _ -`, unique in the tenant. If not given, the server makes one of 8 digits (R46).';
export const SECRET = '6 to 64 printable characters, without spaces at the ends. If not given, the server makes one (R46).';

const Access = builder.objectRef<AccessRow>('Access').implement({
  description:
    "A customer's login and secret for the service (R46). Only the customer's own panel sees them; in a support session they are masked.",
  ...reached('login', 'secret', 'updatedAt'),
  fields: (t) => ({
    login: t.string({
      description: 'The login, unique in the tenant.',
      resolve: ({ login }, _args, ctx) => unlessMasked(ctx, login) ?? '',
    }),
    secret: t.string({
      description: 'The secret, as the customer types it.',
      resolve: (access, _args, ctx) => unlessMasked(ctx, secretOf(ctx.ports.secrets, access)) ?? '',
    }),
    updatedAt: t.field({ type: 'DateTime', description: 'When the login or secret was last set.', resolve: ({ updatedAt }) => updatedAt }),
  }),
});

builder.prismaObjectField(Customer, 'access', (t) =>
  t.field({
    type: Access,
    nullable: true,
    description:
      "The customer's login and secret for the service. Null for viewers outside the customer's own panel, and if none were made yet.",
    authScopes: { unlocked: true },
    complexity: STATEMENT_COMPLEXITY,
    select: { tenantId: true, id: true, resellerId: true },
    resolve: ({ id, resellerId, tenantId }, _args, ctx) => {
      const { panel, tenantId: own } = viewerOf(ctx);
      return panel?.id === resellerId && tenantId === own ? loadersOf(ctx).access.load({ tenantId, id }) : null;
    },
  }),
);

const ResetAccessInput = builder.inputType('ResetAccessInput', {
  description: 'The new login or secret of a customer.',
  fields: (t) => ({
    customerId: t.id({ required: true, description: 'A customer of your own panel.' }),
    login: t.string({ description: '3 to 64 characters of `a-z 0-9 . _ -`, unique in the tenant. If not given, the login stays.' }),
    secret: t.string({ description: SECRET }),
  }),
});

mutation('resetAccess', {
  description:
    'Gives a customer another secret, and another login if one is given. The old ones stop working at once (R46). For OWNER and OPERATOR.',
  who: { role: CUSTOMER_ROLES },
  input: ResetAccessInput,
  argument: 'The customer, and the new login or secret.',
  payload: customerPayload('ResetAccessPayload', 'The access was reset.'),
  refusals: [Forbidden, InvalidInput, PanelSuspended, PanelLocked, NotFound, InvalidState, AlreadyExists],
  result: 'The customer, or why nothing was changed.',
  run: ({ customerId, ...input }, ctx) => resetAccess(ctx.ports, actingOf(ctx), input, decodeIdOf(ctx, 'Customer', customerId)),
});
