/** The type Access, which a customer signs in to the service with, and the mutation resetAccess. */

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

export const LOGIN = '3 to 64 of `a-z 0-9 . _ -`, unique in the whole tree; 8 digits are made without it.';
export const SECRET = '6 to 64 printable characters, with no space around them; one is made without it.';

const Access = builder.objectRef<AccessRow>('Access').implement({
  description: 'What a customer signs in to the service with. Told to its own panel and to nobody else; masked in a support session.',
  ...reached('login', 'secret', 'updatedAt'),
  fields: (t) => ({
    login: t.string({ description: 'Unique in the whole tree.', resolve: ({ login }, _args, ctx) => unlessMasked(ctx, login) ?? '' }),
    secret: t.string({
      description: 'As it is typed.',
      resolve: (access, _args, ctx) => unlessMasked(ctx, secretOf(ctx.ports.secrets, access)) ?? '',
    }),
    updatedAt: t.field({ type: 'DateTime', description: 'When it was made or reset.', resolve: ({ updatedAt }) => updatedAt }),
  }),
});

builder.prismaObjectField(Customer, 'access', (t) =>
  t.field({
    type: Access,
    nullable: true,
    description: 'What the customer signs in to the service with; null to others than its own panel, and where none was made yet.',
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
  description: 'What is to be changed.',
  fields: (t) => ({
    customerId: t.id({ required: true, description: 'A customer of your own panel.' }),
    login: t.string({ description: '3 to 64 of `a-z 0-9 . _ -`, unique in the whole tree. Without it, the login stays.' }),
    secret: t.string({ description: SECRET }),
  }),
});

mutation('resetAccess', {
  description: 'Gives a customer another secret, and another login where one is given. What it had before opens nothing from then on.',
  who: { role: CUSTOMER_ROLES },
  input: ResetAccessInput,
  argument: 'The customer, and the new login or secret.',
  payload: customerPayload('ResetAccessPayload', 'The customer signs in with this from now on.'),
  refusals: [Forbidden, InvalidInput, PanelSuspended, PanelLocked, NotFound, InvalidState, AlreadyExists],
  result: 'The customer, or why nothing was changed.',
  run: ({ customerId, ...input }, ctx) => resetAccess(ctx.ports, actingOf(ctx), input, decodeIdOf(ctx, 'Customer', customerId)),
});
