/** The mutation undoSpending, and the fields of a transfer about undoing (R45). */

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
    description: 'The transfer that undid this spend. Null if it was not undone, or is not a spend.',
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
      "Until when `undoSpending` can undo this spend. Null if it cannot be undone (any more), or is not a spend of the viewer's own panel (R45).",
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
  description: 'A spend to undo.',
  fields: (t) => ({
    transferId: t.id({ required: true, description: 'The transfer of an activation, a renewal or added screens, made by your own panel.' }),
    idempotencyKey: t.string({ required: true, description: IDEMPOTENCY_KEY }),
  }),
});

const UndoSpendingPayload = builder.objectRef<Done>('UndoSpendingPayload').implement({
  description: 'The credits came back.',
  ...reached('customer', 'account', 'transfer', 'replayed'),
  fields: (t) => ({
    customer: t.field({
      type: Customer,
      description: 'The customer as before the spend. A customer that the spend created is canceled and no longer served.',
      resolve: (done, _args, ctx) => customerOf(ctx, done),
    }),
    account: t.field({ type: Account, description: 'Your account after the undo.', resolve: ({ to }) => accountOf(to) }),
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
    'Undoes an activation, a renewal or added screens: all credits return, and the customer is as before (R45). Only while nothing else has changed the customer, within `TenantPolicy.undoMinutes`, and at most 5 times in 24 hours. A locked or suspended panel may undo too. For OWNER and OPERATOR.',
  who: { role: CUSTOMER_ROLES },
  input: UndoSpendingInput,
  argument: 'The spend to undo.',
  payload: UndoSpendingPayload,
  refusals: [Forbidden, InvalidInput, IdempotencyConflict, NotFound, InvalidState, LimitReached],
  result: 'The customer and the credits, or why nothing was undone.',
  run: (input, ctx) => undoSpending(ctx.ports, viewerOf(ctx), input, decodeIdOf(ctx, 'Transfer', input.transferId)),
});
