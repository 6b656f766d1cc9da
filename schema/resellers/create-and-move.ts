/** The mutations createReseller and moveReseller. */

import { CREATE_RESELLER_ROLES, createReseller } from '../../src/domain/reseller/create-reseller.ts';
import { MOVE_ROLES, type Moved, moveReseller } from '../../src/domain/reseller/move-reseller.ts';
import {
  AlreadyExists,
  BelowMinimum,
  Forbidden,
  IdempotencyConflict,
  InsufficientCredits,
  InvalidInput,
  InvalidState,
  LimitReached,
  NotFound,
  PanelLocked,
  PanelSuspended,
  WouldUseReserve,
} from '../../src/kernel/errors.ts';
import { builder } from '../core/builder.ts';
import { IDEMPOTENCY_KEY, REPLAYED, USE_RESERVE } from '../core/descriptions.ts';
import { decodeIdOf } from '../core/global-id.ts';
import { mutation } from '../core/mutation.ts';
import { accountOf, type Done, isReplayed, madeReseller, transferOf, visibleAfter } from '../core/posted.ts';
import { actingOf, reached, viewerOf } from '../core/scopes.ts';
import { Account } from '../credits/account.ts';
import { Transfer } from '../credits/transfer.ts';
import { Reseller } from './reseller.ts';

const CreateResellerInput = builder.inputType('CreateResellerInput', {
  description: 'A panel to open below one’s own.',
  fields: (t) => ({
    name: t.string({ required: true, description: '1 to 100 characters.' }),
    email: t.string({ required: true, description: "The e-mail of the new panel's owner; unique on the platform." }),
    password: t.string({
      required: true,
      description: "The owner's first password: 10 to 128 characters. A replay leaves the first call's.",
    }),
    initialCredits: t.field({
      type: 'Credits',
      required: true,
      description: 'As many as `TenantPolicy.minimumInitialCredits` or more: they move from your own balance.',
    }),
    useReserve: t.boolean({ required: true, defaultValue: false, description: USE_RESERVE }),
    idempotencyKey: t.string({ required: true, description: IDEMPOTENCY_KEY }),
  }),
});

const CreateResellerPayload = builder.objectRef<Done>('CreateResellerPayload').implement({
  description: 'The panel was made.',
  ...reached('reseller', 'from', 'transfer', 'replayed'),
  fields: (t) => ({
    reseller: t.prismaField({
      type: Reseller,
      nullable: true,
      description: 'The new panel. null: a replay, and the viewer may no longer see it.',
      resolve: async (query, done, _args, ctx) => {
        const where = madeReseller(done);
        const isVisible = await visibleAfter(ctx, done, where.tenantId_id);
        return isVisible ? ctx.ports.prisma.reseller.findUniqueOrThrow({ ...query, where }) : null;
      },
    }),
    from: t.field({ type: Account, description: 'Your own account, after it.', resolve: ({ from }) => accountOf(from) }),
    transfer: t.field({
      type: Transfer,
      description: 'The transfer of the first credits.',
      resolve: (done, _args, ctx) => transferOf(ctx, done),
    }),
    replayed: t.boolean({ description: REPLAYED, resolve: isReplayed }),
  }),
});

mutation('createReseller', {
  description:
    'Opens a panel below your own, with its owner and its first credits, which move from your balance. Spending the last credit locks you.',
  who: { role: CREATE_RESELLER_ROLES },
  input: CreateResellerInput,
  argument: 'The panel to open.',
  payload: CreateResellerPayload,
  refusals: [
    Forbidden,
    InvalidInput,
    BelowMinimum,
    IdempotencyConflict,
    PanelSuspended,
    PanelLocked,
    InvalidState,
    LimitReached,
    AlreadyExists,
    InsufficientCredits,
    WouldUseReserve,
  ],
  result: 'The panel, or why there is none.',
  run: (input, ctx) => createReseller(ctx.ports, viewerOf(ctx), input),
});

const MoveResellerInput = builder.inputType('MoveResellerInput', {
  description: 'A panel to move, with everything below it.',
  fields: (t) => ({
    resellerId: t.id({ required: true, description: 'The panel to move: any below your own.' }),
    newParentId: t.id({ required: true, description: 'The panel it should be below: your own, or any below it.' }),
    dryRun: t.boolean({ required: true, defaultValue: false, description: 'Check everything and change nothing.' }),
  }),
});

const MoveResellerPayload = builder.objectRef<Moved>('MoveResellerPayload').implement({
  description: 'The panel was moved, or could be.',
  ...reached('reseller', 'canceledPurchases'),
  fields: (t) => ({
    reseller: t.prismaField({
      type: Reseller,
      description: 'The panel as it is now.',
      resolve: (query, { tenantId, id }, _args, { ports: { prisma } }) =>
        prisma.reseller.findUniqueOrThrow({ ...query, where: { tenantId_id: { tenantId, id } } }),
    }),
    canceledPurchases: t.exposeInt('canceledPurchases', {
      description: 'Pending purchases from the old parent that the move cancels; with `dryRun`: that it would cancel.',
    }),
  }),
});

mutation('moveReseller', {
  description: 'Moves a panel, with everything below it, under another panel of your branch. Balances and history stay.',
  who: { role: MOVE_ROLES },
  input: MoveResellerInput,
  argument: 'What to move, and where.',
  payload: MoveResellerPayload,
  refusals: [Forbidden, PanelSuspended, PanelLocked, NotFound, InvalidState, LimitReached],
  result: 'The moved panel, or why it was not moved.',
  run: ({ dryRun, newParentId, resellerId }, ctx) => {
    const reseller = decodeIdOf(ctx, 'Reseller', resellerId);
    const newParent = decodeIdOf(ctx, 'Reseller', newParentId);
    return moveReseller(ctx.ports, actingOf(ctx), reseller, newParent, dryRun);
  },
});
