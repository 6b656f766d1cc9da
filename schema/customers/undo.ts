/** The mutation undoSpending, and what a transfer says of being undone. */

import { CUSTOMER_ROLES } from '../../src/domain/customer/fields.ts';
import { undoSpending } from '../../src/domain/customer/undo-spending.ts';
import { Forbidden, IdempotencyConflict, InvalidInput, InvalidState, LimitReached, NotFound } from '../../src/kernel/errors.ts';
import type { TransferKind } from '../../src/kernel/journal.ts';
import { builder } from '../core/builder.ts';
import { IDEMPOTENCY_KEY, REPLAYED } from '../core/descriptions.ts';
import { decodeIdOf } from '../core/global-id.ts';
import { STATEMENT_COMPLEXITY } from '../core/limits.ts';
import { loadersOf } from '../core/loaders.ts';
import { mutation } from '../core/mutation.ts';
import { accountOf, customerOf, type Done, isReplayed, transferOf } from '../core/posted.ts';
import { isOwn, reached, viewerOf } from '../core/scopes.ts';
import { Account } from '../credits/account.ts';
import { Transfer } from '../credits/transfer.ts';
import { Customer } from './customer.ts';

const SPENDING: readonly TransferKind[] = ['ACTIVATION', 'RENEWAL', 'SCREENS'];
const OF_SPENDING = { tenantId: true, id: true, kind: true, fromId: true } as const;

builder.prismaObjectField(Transfer, 'undoneBy', (t) =>
  t.field({
    type: Transfer,
    nullable: true,
    description: 'The transfer that undid this spend; null when it stands.',
    authScopes: { signedIn: true },
    complexity: STATEMENT_COMPLEXITY,
    select: OF_SPENDING,
    resolve: async ({ id, kind, tenantId }, _args, ctx) => {
      if (!SPENDING.includes(kind)) return null;
      const { undoing, transfer } = loadersOf(ctx);
      const { undoneById } = await undoing.load({ tenantId, id });
      return undoneById === null ? null : transfer.load({ tenantId, id: undoneById });
    },
  }),
);

builder.prismaObjectField(Transfer, 'undoableUntil', (t) =>
  t.field({
    type: 'DateTime',
    nullable: true,
    description:
      "Until when `undoSpending` takes this spend of the viewer's own panel back; null when it cannot be undone, or not any more.",
    authScopes: { signedIn: true },
    complexity: STATEMENT_COMPLEXITY,
    select: OF_SPENDING,
    resolve: async ({ fromId, id, kind, tenantId }, _args, ctx) => {
      if (fromId === null || !SPENDING.includes(kind) || !isOwn(ctx, { tenantId, id: fromId })) return null;
      return (await loadersOf(ctx).undoing.load({ tenantId, id })).undoableUntil;
    },
  }),
);

const UndoSpendingInput = builder.inputType('UndoSpendingInput', {
  description: 'A spend that was a mistake.',
  fields: (t) => ({
    transferId: t.id({ required: true, description: 'The transfer of an activation, a renewal or screens, made by your own panel.' }),
    idempotencyKey: t.string({ required: true, description: IDEMPOTENCY_KEY }),
  }),
});

const UndoSpendingPayload = builder.objectRef<Done>('UndoSpendingPayload').implement({
  description: 'The credits came back.',
  ...reached('customer', 'account', 'transfer', 'replayed'),
  fields: (t) => ({
    customer: t.field({
      type: Customer,
      description: 'The customer as it is now: as before the spend; one that the spend made is canceled and not served any more.',
      resolve: (done, _args, ctx) => customerOf(ctx, done),
    }),
    account: t.field({ type: Account, description: 'Your own account, after it.', resolve: ({ to }) => accountOf(to) }),
    transfer: t.field({
      type: Transfer,
      description: 'The transfer of the credits that came back.',
      resolve: (done, _args, ctx) => transferOf(ctx, done),
    }),
    replayed: t.boolean({ description: REPLAYED, resolve: isReplayed }),
  }),
});

mutation('undoSpending', {
  description:
    'Takes back an activation, a renewal or screens: all credits return, and the customer is as before. Only while nothing else changed the customer, within the minutes that the policy of the tenant gives, and at most 5 times in 24 hours. A locked or suspended panel may do it, too.',
  who: { role: CUSTOMER_ROLES },
  input: UndoSpendingInput,
  argument: 'What to undo.',
  payload: UndoSpendingPayload,
  refusals: [Forbidden, InvalidInput, IdempotencyConflict, NotFound, InvalidState, LimitReached],
  result: 'The customer and the credits, or why the spend stands.',
  run: (input, ctx) => undoSpending(ctx.ports, viewerOf(ctx), input, decodeIdOf(ctx, 'Transfer', input.transferId)),
});
