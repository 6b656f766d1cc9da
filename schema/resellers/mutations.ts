/** The mutations on one panel: reclaim, update, limit, suspend, resume, close. */

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
  description: 'Unspent credits to take back from a direct child.',
  fields: (t) => ({
    fromResellerId: t.id({ required: true, description: 'The panel that gives credits back: a direct child.' }),
    amount: t.field({ type: 'Credits', required: true, description: "Credits to take back: from 1 to the child's balance." }),
    reason: t.string({ required: true, description: 'The reason, which both sides see as the memo: 1 to 500 characters.' }),
    idempotencyKey: t.string({ required: true, description: IDEMPOTENCY_KEY }),
  }),
});

const ReclaimCreditsPayload = builder.objectRef<Done>('ReclaimCreditsPayload').implement({
  description: 'The credits were taken back.',
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
      description: "The child's account after the transfer. Null after a replay if you may no longer see it (R18).",
      resolve: (done, _args, ctx) => otherAccountOf(ctx, done, done.from),
    }),
    to: t.field({ type: Account, description: 'Your account after the transfer.', resolve: ({ to }) => accountOf(to) }),
    replayed: t.boolean({ description: REPLAYED, resolve: isReplayed }),
  }),
});

mutation('reclaimCredits', {
  description: 'Takes unspent credits back from a direct child, if `TenantPolicy.reclaimAllowed` (R15). For OWNER and FINANCE.',
  who: { role: RECLAIM_ROLES },
  input: ReclaimCreditsInput,
  argument: 'The credits to take back.',
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
  result: 'The transfer, or why nothing was taken back.',
  run: (input, ctx) => reclaimCredits(ctx.ports, viewerOf(ctx), input, decodeIdOf(ctx, 'Reseller', input.fromResellerId)),
});

/** A payload that contains only the changed panel. */
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
  description: 'The changes of a panel. Fields that are not given stay as they are.',
  fields: (t) => ({
    resellerId: t.id({ required: true, description: 'Your own panel, or any panel below it.' }),
    name: t.string({ description: 'The name of the panel: 1 to 100 characters.' }),
    reserveThreshold: t.field({ type: 'Credits', description: 'The balance at or below which `lowBalance` is true (R12).' }),
    keepReserve: t.boolean({
      description:
        'Whether a spend that would leave less than `reserveThreshold` is refused with WOULD_USE_RESERVE, unless its input sets `useReserve` (R57).',
    }),
  }),
});

mutation('updateReseller', {
  description: 'Changes the name of a panel, its reserve threshold, and whether it keeps that reserve. For OWNER.',
  who: { role: UPDATE_ROLES },
  input: UpdateResellerInput,
  argument: 'The panel and the changes.',
  payload: panelPayload('UpdateResellerPayload', 'The panel was changed.'),
  refusals: [Forbidden, InvalidInput, PanelSuspended, PanelLocked, NotFound, InvalidState],
  result: 'The panel, or why it was not changed.',
  run: (input, ctx) => updateReseller(ctx.ports, actingOf(ctx), decodeIdOf(ctx, 'Reseller', input.resellerId), input),
});

const SetResellerLimitsInput = builder.inputType('SetResellerLimitsInput', {
  description: 'All limits of a direct child. Fields that are not given set no limit.',
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
    'Sets the limits of a direct child and everything below it (R56). The smallest limit on the path applies. A limit below the present number removes nothing; it only refuses more. For OWNER.',
  who: { role: LIMIT_ROLES },
  input: SetResellerLimitsInput,
  argument: 'The panel and its limits.',
  payload: panelPayload('SetResellerLimitsPayload', 'The limits were set.'),
  refusals: [Forbidden, InvalidInput, PanelSuspended, PanelLocked, NotFound, NotDirectChild, InvalidState],
  result: 'The panel with its limits, or why they were not changed.',
  run: (input, ctx) => setResellerLimits(ctx.ports, actingOf(ctx), decodeIdOf(ctx, 'Reseller', input.resellerId), input),
});

const SuspendResellerInput = builder.inputType('SuspendResellerInput', {
  description: 'A panel to suspend, with everything below it.',
  fields: (t) => ({
    resellerId: t.id({ required: true, description: 'Any panel below your own.' }),
    reason: t.string({ required: true, description: 'The reason, which the whole branch sees as `statusReason`: 1 to 500 characters.' }),
  }),
});

mutation('suspendReseller', {
  description:
    'Suspends a panel and everything below it: these panels may sign in, read, pay and receive, but not spend, create or transfer (R11). If a panel further down had suspended it already, only you and panels above you can then resume it. For OWNER.',
  who: { role: SUSPEND_ROLES },
  input: SuspendResellerInput,
  argument: 'The panel, and the reason.',
  payload: panelPayload('SuspendResellerPayload', 'The branch is suspended.'),
  refusals: [Forbidden, InvalidInput, PanelSuspended, PanelLocked, NotFound, InvalidState],
  result: 'The panel, or why it was not suspended.',
  run: (input, ctx) => suspendReseller(ctx.ports, actingOf(ctx), decodeIdOf(ctx, 'Reseller', input.resellerId), input),
});

const ResumeResellerInput = builder.inputType('ResumeResellerInput', {
  description: 'A suspended panel to resume.',
  fields: (t) => ({
    resellerId: t.id({ required: true, description: 'A panel that was suspended by your own panel or by one below it.' }),
  }),
});

mutation('resumeReseller', {
  description:
    'Ends the suspension of a panel. Only the panel that suspended it, or one above, may do this (R11). A suspension for debt ends when the debt is repaid (R29). For OWNER.',
  who: { role: SUSPEND_ROLES },
  input: ResumeResellerInput,
  argument: 'The panel to resume.',
  payload: panelPayload('ResumeResellerPayload', 'The suspension was ended. The panel stays suspended if it has a debt.'),
  refusals: [Forbidden, PanelSuspended, PanelLocked, NotFound, InvalidState],
  result: 'The panel, or why it stays suspended.',
  run: (input, ctx) => resumeReseller(ctx.ports, actingOf(ctx), decodeIdOf(ctx, 'Reseller', input.resellerId)),
});

const CloseResellerInput = builder.inputType('CloseResellerInput', {
  description: 'A panel to close for good.',
  fields: (t) => ({
    resellerId: t.id({ required: true, description: 'Any panel below your own; for the platform, a root at balance 0.' }),
    idempotencyKey: t.string({ required: true, description: IDEMPOTENCY_KEY }),
  }),
});

/** The outcome of the ledger, and the closed panel. */
interface Closed {
  readonly done: Done;
  readonly panel: RowKey;
}

const CloseResellerPayload = builder.objectRef<Closed>('CloseResellerPayload').implement({
  description: 'The panel was closed.',
  ...reached('reseller', 'to', 'transfer', 'replayed'),
  fields: (t) => ({
    reseller: t.prismaField({
      type: Reseller,
      nullable: true,
      description: 'The closed panel. Null after a replay if you may no longer see it (R18).',
      resolve: async (query, { done, panel: { tenantId, id } }, _args, ctx) =>
        (await visibleAfter(ctx, done, { tenantId, id }))
          ? ctx.ports.prisma.reseller.findUniqueOrThrow({ ...query, where: { tenantId_id: { tenantId, id } } })
          : null,
    }),
    to: t.field({
      type: Account,
      nullable: true,
      description: "The parent's account after the transfer. Null for a root, and after a replay if you may no longer see it.",
      resolve: ({ done }, _args, ctx) => done.to && otherAccountOf(ctx, done, done.to),
    }),
    transfer: t.field({
      type: Transfer,
      nullable: true,
      description: 'The transfer of the balance to the parent. Null if the balance was 0.',
      resolve: ({ done }, _args, ctx) => (hasTransfer(done) ? transferOf(ctx, done) : null),
    }),
    replayed: t.boolean({ description: REPLAYED, resolve: ({ done }) => isReplayed(done) }),
  }),
});

mutation('closeReseller', {
  description:
    'Closes a panel for good (R17). It must have no open panels below it. Its balance and customers go to its parent, its unpaid purchases are canceled, its sessions end, and its history stays. The platform closes roots, at balance 0. For OWNER and the platform.',
  who: { role: CLOSE_ROLES },
  input: CloseResellerInput,
  argument: 'The panel to close.',
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
