/** The mutations on one panel: reclaim, suspend, resume, update, close. */

import { CLOSE_ROLES, closeReseller } from '../../src/domain/reseller/close-reseller.ts';
import { RECLAIM_ROLES, reclaimCredits } from '../../src/domain/reseller/reclaim-credits.ts';
import { resumeReseller } from '../../src/domain/reseller/resume-reseller.ts';
import { SUSPEND_ROLES, suspendReseller } from '../../src/domain/reseller/suspend-reseller.ts';
import { UPDATE_ROLES, updateReseller } from '../../src/domain/reseller/update-reseller.ts';
import {
  Forbidden,
  IdempotencyConflict,
  InsufficientCredits,
  InvalidInput,
  InvalidState,
  NotDirectChild,
  NotFound,
  PanelLocked,
  PanelSuspended,
} from '../../src/kernel/errors.ts';
import { builder } from '../core/builder.ts';
import { IDEMPOTENCY_KEY, REPLAYED } from '../core/descriptions.ts';
import { decodeIdOf } from '../core/global-id.ts';
import { accountOf, type Done, hasTransfer, isReplayed, otherAccountOf, transferOf, visibleAfter } from '../core/posted.ts';
import { actingOf, forget, reached, viewerOf } from '../core/scopes.ts';
import { Account } from '../credits/account.ts';
import { Transfer } from '../credits/transfer.ts';
import { Reseller } from './reseller.ts';

interface RowKey {
  readonly tenantId: string;
  readonly id: string;
}

const ReclaimCreditsInput = builder.inputType('ReclaimCreditsInput', {
  description: "Unspent credits of a panel directly below the viewer's own.",
  fields: (t) => ({
    fromResellerId: t.id({ required: true, description: 'A direct child.' }),
    amount: t.field({ type: 'Credits', required: true, description: '1 or more; never more than its balance.' }),
    reason: t.string({ required: true, description: '1 to 500 characters; both sides see it as the memo.' }),
    idempotencyKey: t.string({ required: true, description: IDEMPOTENCY_KEY }),
  }),
});

const ReclaimCreditsPayload = builder.objectRef<Done>('ReclaimCreditsPayload').implement({
  description: 'The credits came back.',
  ...reached('transfer', 'from', 'to', 'replayed'),
  fields: (t) => ({
    transfer: t.field({ type: Transfer, description: 'What moved.', resolve: (done, _args, ctx) => transferOf(ctx, done) }),
    from: t.field({
      type: Account,
      nullable: true,
      description: "The child's account, after it. null: a replay, and the viewer may no longer see it.",
      resolve: (done, _args, ctx) => otherAccountOf(ctx, done, done.from),
    }),
    to: t.field({ type: Account, description: 'Your own account, after it.', resolve: ({ to }) => accountOf(to) }),
    replayed: t.boolean({ description: REPLAYED, resolve: isReplayed }),
  }),
});

builder.mutationField('reclaimCredits', (t) =>
  t.field({
    type: ReclaimCreditsPayload,
    description: "Takes unspent credits back from a panel directly below, where the tenant's policy allows it.",
    authScopes: { role: RECLAIM_ROLES },
    errors: {
      types: [
        Forbidden,
        InvalidInput,
        IdempotencyConflict,
        PanelSuspended,
        PanelLocked,
        NotFound,
        NotDirectChild,
        InvalidState,
        InsufficientCredits,
      ],
      union: { name: 'ReclaimCreditsResult', description: 'What came back, or why nothing did.' },
    },
    args: { input: t.arg({ type: ReclaimCreditsInput, required: true, description: 'What to take back.' }) },
    resolve: async (_root, { input }, ctx) => {
      const done = await reclaimCredits(ctx.ports, viewerOf(ctx), input, decodeIdOf(ctx, 'Reseller', input.fromResellerId));
      forget(ctx);
      return done;
    },
  }),
);

/** A payload that carries the panel as it is now. */
function panelPayload(name: string, description: string) {
  return builder.objectRef<RowKey>(name).implement({
    description,
    ...reached('reseller'),
    fields: (t) => ({
      reseller: t.prismaField({
        type: Reseller,
        description: 'The panel as it is now.',
        resolve: (query, { tenantId, id }, _args, { ports: { prisma } }) =>
          prisma.reseller.findUniqueOrThrow({ ...query, where: { tenantId_id: { tenantId, id } } }),
      }),
    }),
  });
}

const UpdateResellerInput = builder.inputType('UpdateResellerInput', {
  description: 'What to change of a panel; what is not given stays.',
  fields: (t) => ({
    resellerId: t.id({ required: true, description: 'Your own panel, or any below it.' }),
    name: t.string({ description: '1 to 100 characters.' }),
    reserveThreshold: t.field({ type: 'Credits', description: 'The balance at or below which `lowBalance` is raised.' }),
  }),
});

builder.mutationField('updateReseller', (t) =>
  t.field({
    type: panelPayload('UpdateResellerPayload', 'The panel was changed.'),
    description: 'Renames a panel, or sets the balance at which it is warned.',
    authScopes: { role: UPDATE_ROLES },
    errors: {
      types: [Forbidden, InvalidInput, PanelSuspended, PanelLocked, NotFound, InvalidState],
      union: { name: 'UpdateResellerResult', description: 'The panel, or why it stays as it was.' },
    },
    args: { input: t.arg({ type: UpdateResellerInput, required: true, description: 'What to change.' }) },
    resolve: async (_root, { input }, ctx) => {
      const panel = await updateReseller(ctx.ports, actingOf(ctx), decodeIdOf(ctx, 'Reseller', input.resellerId), input);
      forget(ctx);
      return panel;
    },
  }),
);

const SuspendResellerInput = builder.inputType('SuspendResellerInput', {
  description: 'A panel to suspend, with everything below it.',
  fields: (t) => ({
    resellerId: t.id({ required: true, description: 'Any panel below your own.' }),
    reason: t.string({ required: true, description: '1 to 500 characters: shown to the whole branch as `statusReason`.' }),
  }),
});

builder.mutationField('suspendReseller', (t) =>
  t.field({
    type: panelPayload('SuspendResellerPayload', 'The branch is suspended.'),
    description:
      'Suspends a panel and everything below it: they may sign in, read, pay and receive, but not spend, create or transfer. One that a panel further down had suspended becomes yours to resume.',
    authScopes: { role: SUSPEND_ROLES },
    errors: {
      types: [Forbidden, InvalidInput, PanelSuspended, PanelLocked, NotFound, InvalidState],
      union: { name: 'SuspendResellerResult', description: 'The suspended panel, or why it is not.' },
    },
    args: { input: t.arg({ type: SuspendResellerInput, required: true, description: 'What to suspend, and why.' }) },
    resolve: async (_root, { input }, ctx) => {
      const panel = await suspendReseller(ctx.ports, actingOf(ctx), decodeIdOf(ctx, 'Reseller', input.resellerId), input);
      forget(ctx);
      return panel;
    },
  }),
);

const ResumeResellerInput = builder.inputType('ResumeResellerInput', {
  description: 'A suspended panel.',
  fields: (t) => ({ resellerId: t.id({ required: true, description: 'A panel that your own, or one below it, suspended.' }) }),
});

builder.mutationField('resumeReseller', (t) =>
  t.field({
    type: panelPayload('ResumeResellerPayload', 'The suspension by hand is over.'),
    description:
      'Ends the suspension of a panel: by the panel that suspended it, or one above that one. One for debt ends when the debt is paid.',
    authScopes: { role: SUSPEND_ROLES },
    errors: {
      types: [Forbidden, PanelSuspended, PanelLocked, NotFound, InvalidState],
      union: { name: 'ResumeResellerResult', description: 'The panel, or why it stays suspended.' },
    },
    args: { input: t.arg({ type: ResumeResellerInput, required: true, description: 'What to resume.' }) },
    resolve: async (_root, { input }, ctx) => {
      const panel = await resumeReseller(ctx.ports, actingOf(ctx), decodeIdOf(ctx, 'Reseller', input.resellerId));
      forget(ctx);
      return panel;
    },
  }),
);

const CloseResellerInput = builder.inputType('CloseResellerInput', {
  description: 'A panel to close for good.',
  fields: (t) => ({
    resellerId: t.id({ required: true, description: 'Any panel below your own; for the platform, a root.' }),
    idempotencyKey: t.string({ required: true, description: IDEMPOTENCY_KEY }),
  }),
});

/** What the ledger did, and the panel it was done to. */
interface Closed {
  readonly done: Done;
  readonly panel: RowKey;
}

const CloseResellerPayload = builder.objectRef<Closed>('CloseResellerPayload').implement({
  description: 'The panel is closed.',
  ...reached('reseller', 'to', 'transfer', 'replayed'),
  fields: (t) => ({
    reseller: t.prismaField({
      type: Reseller,
      nullable: true,
      description: 'The closed panel. Its history stays. null: a replay, and the viewer may no longer see it.',
      resolve: async (query, { done, panel: { tenantId, id } }, _args, ctx) =>
        (await visibleAfter(ctx, done, { tenantId, id }))
          ? ctx.ports.prisma.reseller.findUniqueOrThrow({ ...query, where: { tenantId_id: { tenantId, id } } })
          : null,
    }),
    to: t.field({
      type: Account,
      nullable: true,
      description: "Its parent's account, after it; null for a root, and after a replay when the viewer may no longer see it.",
      resolve: ({ done }, _args, ctx) => done.to && otherAccountOf(ctx, done, done.to),
    }),
    transfer: t.field({
      type: Transfer,
      nullable: true,
      description: 'The balance that went to its parent; null when there was none.',
      resolve: ({ done }, _args, ctx) => (hasTransfer(done) ? transferOf(ctx, done) : null),
    }),
    replayed: t.boolean({ description: REPLAYED, resolve: ({ done }) => isReplayed(done) }),
  }),
});

builder.mutationField('closeReseller', (t) =>
  t.field({
    type: CloseResellerPayload,
    description:
      'Closes a panel that has no open panels below it, for good: its balance and its customers go to its parent, its unpaid purchases are canceled, its sessions end. The platform closes roots, at balance 0.',
    authScopes: { role: CLOSE_ROLES },
    errors: {
      types: [Forbidden, InvalidInput, IdempotencyConflict, PanelSuspended, PanelLocked, NotFound, InvalidState],
      union: { name: 'CloseResellerResult', description: 'The closed panel, or why it stays open.' },
    },
    args: { input: t.arg({ type: CloseResellerInput, required: true, description: 'What to close.' }) },
    resolve: async (_root, { input }, ctx) => {
      const panel = decodeIdOf(ctx, 'Reseller', input.resellerId);
      const done = await closeReseller(ctx.ports, actingOf(ctx), input, panel);
      if (panel === null) throw new NotFound();
      forget(ctx);
      return { done, panel };
    },
  }),
);
