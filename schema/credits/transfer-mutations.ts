/** The mutations transferCredits and transferCreditsBatch. */

import { TRANSFER_ROLES, transferCredits } from '../../src/domain/reseller/transfer-credits.ts';
import { transferCreditsBatch } from '../../src/domain/reseller/transfer-credits-batch.ts';
import {
  BatchRefused,
  BelowMinimum,
  Forbidden,
  IdempotencyConflict,
  InsufficientCredits,
  InvalidInput,
  InvalidState,
  NotDirectChild,
  NotFound,
  PanelLocked,
  PanelSuspended,
  WouldUseReserve,
} from '../../src/kernel/errors.ts';
import type { Outcome } from '../../src/ledger/outcome.ts';
import { builder } from '../core/builder.ts';
import { BATCH_MODES, IDEMPOTENCY_KEY, REPLAYED, USE_RESERVE } from '../core/descriptions.ts';
import { BatchMode } from '../core/enums.ts';
import { decodeIdOf } from '../core/global-id.ts';
import { mutation } from '../core/mutation.ts';
import { accountOf, type Done, isReplayed, otherAccountOf, payerAfter, resultOf, transferOf } from '../core/posted.ts';
import { reached, viewerOf } from '../core/scopes.ts';
import { Account } from './account.ts';
import { Transfer } from './transfer.ts';

const TransferCreditsInput = builder.inputType('TransferCreditsInput', {
  description: "A transfer from the viewer's own panel to a direct child.",
  fields: (t) => ({
    toResellerId: t.id({ required: true, description: 'The panel that receives the credits: a direct child.' }),
    amount: t.field({ type: 'Credits', required: true, description: 'Credits to transfer: `TenantPolicy.minimumTransfer` or more.' }),
    memo: t.string({ description: 'A note of up to 500 characters that both sides see.' }),
    useReserve: t.boolean({ required: true, defaultValue: false, description: USE_RESERVE }),
    idempotencyKey: t.string({ required: true, description: IDEMPOTENCY_KEY }),
  }),
});

const TransferCreditsPayload = builder.objectRef<Done>('TransferCreditsPayload').implement({
  description: 'The credits were transferred.',
  ...reached('transfer', 'from', 'to', 'replayed'),
  fields: (t) => ({
    transfer: t.field({
      type: Transfer,
      description: 'The transfer of the credits.',
      resolve: (done, _args, ctx) => transferOf(ctx, done),
    }),
    from: t.field({ type: Account, description: 'Your account after the transfer.', resolve: ({ from }) => accountOf(from) }),
    to: t.field({
      type: Account,
      nullable: true,
      description: "The child's account after the transfer. Null after a replay if you may no longer see it (R18).",
      resolve: (done, _args, ctx) => otherAccountOf(ctx, done, done.to),
    }),
    replayed: t.boolean({ description: REPLAYED, resolve: isReplayed }),
  }),
});

const REFUSALS = [
  Forbidden,
  InvalidInput,
  BelowMinimum,
  IdempotencyConflict,
  PanelSuspended,
  PanelLocked,
  NotFound,
  NotDirectChild,
  InvalidState,
  InsufficientCredits,
  WouldUseReserve,
] as const;

const TransferCreditsResult = builder.errorUnion('TransferCreditsResult', {
  description: 'The transfer, or why no credits moved.',
  types: [TransferCreditsPayload, ...REFUSALS],
  resolveType: () => 'TransferCreditsPayload',
});

mutation('transferCredits', {
  description:
    'Transfers credits from your panel to a direct child (R14). If your balance becomes 0, your panel is locked (R7). For OWNER and FINANCE.',
  who: { role: TRANSFER_ROLES },
  input: TransferCreditsInput,
  argument: 'The transfer to make.',
  union: TransferCreditsResult,
  run: (input, ctx) => transferCredits(ctx.ports, viewerOf(ctx), input, decodeIdOf(ctx, 'Reseller', input.toResellerId)),
});

const TransferCreditsBatchInput = builder.inputType('TransferCreditsBatchInput', {
  description: 'Several transfers in one call.',
  fields: (t) => ({
    mode: t.field({
      type: BatchMode,
      required: true,
      defaultValue: 'ATOMIC',
      description: 'What happens to the batch when one transfer is refused.',
    }),
    transfers: t.field({
      type: [TransferCreditsInput],
      required: true,
      description: '1 to 1000 transfers, each with its own idempotency key.',
    }),
  }),
});

const TransferCreditsBatchPayload = builder.objectRef<readonly Outcome[]>('TransferCreditsBatchPayload').implement({
  description: 'The batch was processed.',
  ...reached('results', 'from'),
  fields: (t) => ({
    results: t.field({
      type: [TransferCreditsResult],
      description: 'One result for each transfer, in the order of the input.',
      resolve: (outcomes) => outcomes.map((outcome) => resultOf(outcome, REFUSALS)),
    }),
    from: t.field({
      type: Account,
      description: 'Your account after the batch.',
      resolve: (outcomes, _args, ctx) => payerAfter(ctx, outcomes),
    }),
  }),
});

mutation('transferCreditsBatch', {
  description: `Makes up to 1000 transfers in one call and one commit. ${BATCH_MODES}`,
  who: { role: TRANSFER_ROLES },
  input: TransferCreditsBatchInput,
  argument: 'The transfers to make.',
  payload: TransferCreditsBatchPayload,
  refusals: [Forbidden, InvalidInput, BatchRefused],
  result: 'The result of each transfer, or why none was made.',
  run: (input, ctx) => {
    const targets = input.transfers.map(({ toResellerId }) => decodeIdOf(ctx, 'Reseller', toResellerId));
    return transferCreditsBatch(ctx.ports, viewerOf(ctx), input, targets);
  },
});
