/** The mutations on one panel: reclaim, suspend, resume, update, close. */

import { CLOSE_ROLES, closeReseller } from '../../src/domain/reseller/close-reseller.ts';
import { RECLAIM_ROLES, reclaimCredits } from '../../src/domain/reseller/reclaim-credits.ts';
import { resumeReseller } from '../../src/domain/reseller/resume-reseller.ts';
import { LIMIT_ROLES, setResellerLimits } from '../../src/domain/reseller/set-reseller-limits.ts';
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
import { mutation } from '../core/mutation.ts';
import { accountOf, type Done, hasTransfer, isReplayed, otherAccountOf, transferOf, visibleAfter } from '../core/posted.ts';
import { actingOf, reached, viewerOf } from '../core/scopes.ts';
import { Account } from '../credits/account.ts';
import { Transfer } from '../credits/transfer.ts';
import { MAX_CUSTOMERS, MAX_RESELLERS, MAX_SCREENS, MAX_TRIALS, MAY_CREATE, Reseller } from './reseller.ts';

interface RowKey {
  readonly tenantId: string;
  readonly id: string;
}

const ReclaimCreditsInput = builder.inputType('ReclaimCreditsInput', {
  description: "Unspent credits of a panel directly below the viewer's own.",
  fields: (t) => ({
    fromResellerId: t.id({ required: true, description: 'The panel that gives credits back: a direct child.' }),
    amount: t.field({ type: 'Credits', required: true, description: '1 or more; never more than its balance.' }),
    reason: t.string({ required: true, description: '1 to 500 characters; both sides see it as the memo.' }),
    idempotencyKey: t.string({ required: true, description: IDEMPOTENCY_KEY }),
  }),
});

const ReclaimCreditsPayload = builder.objectRef<Done>('ReclaimCreditsPayload').implement({
  description: 'The credits came back.',
  ...reached('transfer', 'from', 'to', 'replayed'),
  fields: (t) => ({
    transfer: t.field({
      type: Transfer,
      description: 'The transfer of the credits.',
      resolve: (done, _args, ctx) => transferOf(ctx, done),
    }),
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

mutation('reclaimCredits', {
  description: "Takes unspent credits back from a panel directly below, where the tenant's policy allows it.",
  who: { role: RECLAIM_ROLES },
  input: ReclaimCreditsInput,
  argument: 'What to take back.',
  payload: ReclaimCreditsPayload,
  refusals: [
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
  result: 'What came back, or why nothing did.',
  run: (input, ctx) => reclaimCredits(ctx.ports, viewerOf(ctx), input, decodeIdOf(ctx, 'Reseller', input.fromResellerId)),
});

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
    keepReserve: t.boolean({ description: 'Whether what would leave less than that is refused, unless its input says `useReserve`.' }),
  }),
});

mutation('updateReseller', {
  description: 'Renames a panel, or sets the balance at which it is warned, and whether so much is kept.',
  who: { role: UPDATE_ROLES },
  input: UpdateResellerInput,
  argument: 'What to change.',
  payload: panelPayload('UpdateResellerPayload', 'The panel was changed.'),
  refusals: [Forbidden, InvalidInput, PanelSuspended, PanelLocked, NotFound, InvalidState],
  result: 'The panel, or why it stays as it was.',
  run: (input, ctx) => updateReseller(ctx.ports, actingOf(ctx), decodeIdOf(ctx, 'Reseller', input.resellerId), input),
});

const SetResellerLimitsInput = builder.inputType('SetResellerLimitsInput', {
  description: 'All limits of a panel directly below your own: what is not given is not limited.',
  fields: (t) => ({
    resellerId: t.id({ required: true, description: 'The panel to limit: a direct child.' }),
    mayCreateResellers: t.boolean({ required: true, defaultValue: true, description: MAY_CREATE }),
    maxResellers: t.int({ description: MAX_RESELLERS }),
    maxCustomers: t.int({ description: MAX_CUSTOMERS }),
    maxTrialsPerDay: t.int({ description: MAX_TRIALS }),
    maxScreensPerCustomer: t.int({ description: MAX_SCREENS }),
  }),
});

mutation('setResellerLimits', {
  description:
    'Sets what a panel directly below may do at most, with everything below it. The least limit on the path counts; what is there already stays, and a limit below it only refuses more.',
  who: { role: LIMIT_ROLES },
  input: SetResellerLimitsInput,
  argument: 'Whose limits, and which.',
  payload: panelPayload('SetResellerLimitsPayload', 'The limits hold from now on.'),
  refusals: [Forbidden, InvalidInput, PanelSuspended, PanelLocked, NotFound, NotDirectChild, InvalidState],
  result: 'The panel with its limits, or why they stay as they were.',
  run: (input, ctx) => setResellerLimits(ctx.ports, actingOf(ctx), decodeIdOf(ctx, 'Reseller', input.resellerId), input),
});

const SuspendResellerInput = builder.inputType('SuspendResellerInput', {
  description: 'A panel to suspend, with everything below it.',
  fields: (t) => ({
    resellerId: t.id({ required: true, description: 'Any panel below your own.' }),
    reason: t.string({ required: true, description: '1 to 500 characters: shown to the whole branch as `statusReason`.' }),
  }),
});

mutation('suspendReseller', {
  description:
    'Suspends a panel and everything below it: they may sign in, read, pay and receive, but not spend, create or transfer. One that a panel further down had suspended becomes yours to resume.',
  who: { role: SUSPEND_ROLES },
  input: SuspendResellerInput,
  argument: 'What to suspend, and why.',
  payload: panelPayload('SuspendResellerPayload', 'The branch is suspended.'),
  refusals: [Forbidden, InvalidInput, PanelSuspended, PanelLocked, NotFound, InvalidState],
  result: 'The suspended panel, or why it is not.',
  run: (input, ctx) => suspendReseller(ctx.ports, actingOf(ctx), decodeIdOf(ctx, 'Reseller', input.resellerId), input),
});

const ResumeResellerInput = builder.inputType('ResumeResellerInput', {
  description: 'A suspended panel.',
  fields: (t) => ({ resellerId: t.id({ required: true, description: 'A panel that your own, or one below it, suspended.' }) }),
});

mutation('resumeReseller', {
  description:
    'Ends the suspension of a panel: by the panel that suspended it, or one above that one. One for debt ends when the debt is paid.',
  who: { role: SUSPEND_ROLES },
  input: ResumeResellerInput,
  argument: 'What to resume.',
  payload: panelPayload('ResumeResellerPayload', 'The suspension by hand is over.'),
  refusals: [Forbidden, PanelSuspended, PanelLocked, NotFound, InvalidState],
  result: 'The panel, or why it stays suspended.',
  run: (input, ctx) => resumeReseller(ctx.ports, actingOf(ctx), decodeIdOf(ctx, 'Reseller', input.resellerId)),
});

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

mutation('closeReseller', {
  description:
    'Closes a panel that has no open panels below it, for good: its balance and its customers go to its parent, its unpaid purchases are canceled, its sessions end. The platform closes roots, at balance 0.',
  who: { role: CLOSE_ROLES },
  input: CloseResellerInput,
  argument: 'What to close.',
  payload: CloseResellerPayload,
  refusals: [Forbidden, InvalidInput, IdempotencyConflict, PanelSuspended, PanelLocked, NotFound, InvalidState],
  result: 'The closed panel, or why it stays open.',
  run: async (input, ctx) => {
    const panel = decodeIdOf(ctx, 'Reseller', input.resellerId);
    const done = await closeReseller(ctx.ports, actingOf(ctx), input, panel);
    if (panel === null) throw new NotFound();
    return { done, panel };
  },
});
