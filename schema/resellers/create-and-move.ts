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
import { accountOf, createdResellerKey, type Done, isReplayed, transferOf, visibleAfter } from '../core/posted.ts';
import { actingOf, reached, viewerOf } from '../core/scopes.ts';
import { Account } from '../credits/account.ts';
import { Transfer } from '../credits/transfer.ts';
import { Reseller } from './reseller.ts';

const CreateResellerInput = builder.inputType('CreateResellerInput', {
  description: 'A panel to create below your own.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'The name of the panel: 1 to 100 characters.' }),
    email: t.string({ required: true, description: "The e-mail of the new panel's owner; unique on the platform." }),
    password: t.string({
      required: true,
      description: "The owner's first password: 10 to 128 characters. A replay does not change the password.",
    }),
    initialCredits: t.field({
      type: 'Credits',
      required: true,
      description: 'The first credits, from your own balance: `TenantPolicy.minimumInitialCredits` or more (R13).',
    }),
    useReserve: t.boolean({ required: true, defaultValue: false, description: USE_RESERVE }),
    idempotencyKey: t.string({ required: true, description: IDEMPOTENCY_KEY }),
  }),
});

const CreateResellerPayload = builder.objectRef<Done>('CreateResellerPayload').implement({
  description: 'The panel was created.',
  ...reached('reseller', 'from', 'transfer', 'replayed'),
  fields: (t) => ({
    reseller: t.prismaField({
      type: Reseller,
      nullable: true,
      description: 'The new panel. Null after a replay if you may no longer see it (R18).',
      resolve: async (query, done, _args, ctx) => {
        const where = createdResellerKey(done);
        const isVisible = await visibleAfter(ctx, done, where.tenantId_id);
        return isVisible ? ctx.ports.prisma.reseller.findUniqueOrThrow({ ...query, where }) : null;
      },
    }),
    from: t.field({ type: Account, description: 'Your account after the transfer.', resolve: ({ from }) => accountOf(from) }),
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
    'Creates a panel directly below your own, with its owner and its first credits, which move from your balance (R13). If your balance becomes 0, your panel is locked (R7). For OWNER and FINANCE.',
  who: { role: CREATE_RESELLER_ROLES },
  input: CreateResellerInput,
  argument: 'The panel to create.',
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
  result: 'The panel, or why it was not created.',
  run: (input, ctx) => createReseller(ctx.ports, viewerOf(ctx), input),
});

const MoveResellerInput = builder.inputType('MoveResellerInput', {
  description: 'A panel to move, with everything below it.',
  fields: (t) => ({
    resellerId: t.id({ required: true, description: 'The panel to move: any panel below your own.' }),
    newParentId: t.id({ required: true, description: 'The new parent: your own panel, or any panel below it.' }),
    dryRun: t.boolean({ required: true, defaultValue: false, description: 'If true, checks everything and changes nothing.' }),
  }),
});

const MoveResellerPayload = builder.objectRef<Moved>('MoveResellerPayload').implement({
  description: 'The panel was moved. With `dryRun`, it could be moved.',
  ...reached('reseller', 'canceledPurchases'),
  fields: (t) => ({
    reseller: t.prismaField({
      type: Reseller,
      description: 'The panel as it is now.',
      resolve: (query, { tenantId, id }, _args, { ports: { prisma } }) =>
        prisma.reseller.findUniqueOrThrow({ ...query, where: { tenantId_id: { tenantId, id } } }),
    }),
    canceledPurchases: t.exposeInt('canceledPurchases', {
      description: 'The number of pending purchases from the old parent that the move canceled, or would cancel with `dryRun`.',
    }),
  }),
});

mutation('moveReseller', {
  description: 'Moves a panel, with everything below it, under another panel of your branch (R16). Balances and history stay. For OWNER.',
  who: { role: MOVE_ROLES },
  input: MoveResellerInput,
  argument: 'The panel to move, and its new parent.',
  payload: MoveResellerPayload,
  refusals: [Forbidden, PanelSuspended, PanelLocked, NotFound, InvalidState, LimitReached],
  result: 'The moved panel, or why it was not moved.',
  run: ({ dryRun, newParentId, resellerId }, ctx) => {
    const reseller = decodeIdOf(ctx, 'Reseller', resellerId);
    const newParent = decodeIdOf(ctx, 'Reseller', newParentId);
    return moveReseller(ctx.ports, actingOf(ctx), reseller, newParent, dryRun);
  },
});
