/** The subscriptions balanceChanged, lockChanged and branchChanged. */

import type { BalanceEvent } from '../../src/feed/feed.ts';
import type { Stream } from '../../src/kernel/stream.ts';
import { builder } from '../core/builder.ts';
import type { Context } from '../core/context.ts';
import { accountRow, entryRow } from '../core/prisma-rows.ts';
import { clearCaches, reached } from '../core/scopes.ts';
import { Account } from '../credits/account.ts';
import { Entry } from '../credits/transfer.ts';
import { SubscriptionRights, type WatchedPanel } from './rights.ts';
import { watched } from './watched-stream.ts';

const AT_THIS_VERSION =
  '`balance`, `version`, `locked`, `lockedSince` and `lowBalance` are as of this version; the other fields are as of now. A cache must not replace a newer version by an older one.';

const BalanceChange = builder.objectRef<BalanceEvent>('BalanceChange').implement({
  description: 'A change of an account, or its present state. The present state has delta 0, no entry, and the time of the last change.',
  ...reached('account', 'version', 'balance', 'delta', 'locked', 'lowBalance', 'at', 'entry'),
  fields: (t) => ({
    account: t.field({ type: Account, description: `The account. ${AT_THIS_VERSION}`, resolve: ({ account }) => accountRow(account) }),
    version: t.field({ type: 'Version', description: 'The number of the change (R33).', resolve: ({ account }) => account.version }),
    balance: t.field({ type: 'Credits', description: 'The balance after the change.', resolve: ({ account }) => account.balance }),
    delta: t.expose('delta', { type: 'CreditsDelta', description: 'The credits that came in, or went out if negative.' }),
    locked: t.boolean({ description: 'Whether the panel was locked after the change.', resolve: ({ account }) => account.balance === 0 }),
    lowBalance: t.boolean({
      description: 'Whether the balance after the change was at or below the reserve threshold (R12).',
      resolve: ({ account }) => account.balance <= account.reserveThreshold,
    }),
    at: t.field({ type: 'DateTime', description: 'When the account changed.', resolve: ({ account }) => new Date(account.changedAtMs) }),
    entry: t.field({
      type: Entry,
      nullable: true,
      description: 'The entry of the statement. Null for the present state.',
      resolve: entryRow,
    }),
  }),
});

const LockChange = builder.objectRef<BalanceEvent>('LockChange').implement({
  description: 'A change that locked or unlocked a panel, or its present state.',
  ...reached('account', 'version', 'locked', 'at'),
  fields: (t) => ({
    account: t.field({ type: Account, description: `The account. ${AT_THIS_VERSION}`, resolve: ({ account }) => accountRow(account) }),
    version: t.field({ type: 'Version', description: 'The number of the change (R33).', resolve: ({ account }) => account.version }),
    locked: t.boolean({ description: 'Whether the panel was locked after the change.', resolve: ({ account }) => account.balance === 0 }),
    at: t.field({ type: 'DateTime', description: 'When the account changed.', resolve: ({ account }) => new Date(account.changedAtMs) }),
  }),
});

const PANEL = "A panel of the viewer's branch. If not given, the viewer's own panel. The platform must give one.";
const AFTER =
  'Sends every change numbered above this from the journal, then live changes. 0 for all changes. If not given, sends the present state first.';

async function subscribeTo(ctx: Context, panel: WatchedPanel): Promise<Stream<BalanceEvent>> {
  const stream = await watched(new SubscriptionRights(ctx, panel));
  // The context lives as long as the subscription, so values that were cached for opening it are cleared.
  clearCaches(ctx);
  return stream;
}

/** The stream of one account. It stays open while the viewer's panel is locked, if it is the viewer's own account. */
function subscribeToAccount(
  ctx: Context,
  stream: 'balance' | 'locks',
  { after, resellerId }: { readonly after?: number | null; readonly resellerId?: string | null },
): Promise<Stream<BalanceEvent>> {
  return subscribeTo(ctx, {
    resellerId: resellerId ?? null,
    isOpenWhileLocked: true,
    source: ({ tenantId, id }) => ({ key: id, open: () => ctx.feed[stream](tenantId, id, after ?? null) }),
  });
}

/** Clears values that an earlier event cached, so that they do not answer this event. */
function fresh(event: BalanceEvent, _args: unknown, ctx: Context): BalanceEvent {
  clearCaches(ctx);
  return event;
}

builder.subscriptionFields((t) => ({
  balanceChanged: t.field({
    type: BalanceChange,
    description:
      "Every change of one account, in the order of versions, none missing and none twice. Without `after`, it sends the present state first (`entry` is null), then each change. With `after: v`, it sends every change numbered above v from the journal, then live changes. If v is above the present version: BAD_USER_INPUT. The subscription to the viewer's own account stays open while the panel is locked (R8).",
    authScopes: { signedIn: true },
    args: {
      resellerId: t.arg.id({ description: PANEL }),
      after: t.arg({ type: 'Version', description: AFTER }),
    },
    subscribe: (_root, args, ctx) => subscribeToAccount(ctx, 'balance', args),
    resolve: fresh,
  }),
  lockChanged: t.field({
    type: LockChange,
    description: 'The changes that lock or unlock a panel. It starts and resumes like balanceChanged.',
    authScopes: { signedIn: true },
    args: {
      resellerId: t.arg.id({ description: PANEL }),
      after: t.arg({ type: 'Version', description: AFTER }),
    },
    subscribe: (_root, args, ctx) => subscribeToAccount(ctx, 'locks', args),
    resolve: fresh,
  }),
  branchChanged: t.field({
    type: BalanceChange,
    description:
      'The newest state of each panel in a branch (the panel itself and all below) when it changes. Fast changes may be merged. Sends nothing at the start. Closed to a locked panel: PANEL_LOCKED.',
    authScopes: { signedIn: true },
    args: { resellerId: t.arg.id({ description: PANEL }) },
    subscribe: (_root, { resellerId }, ctx) =>
      subscribeTo(ctx, {
        resellerId: resellerId ?? null,
        isOpenWhileLocked: false,
        source: ({ path, tenantId }, movedSinceMs) => ({ key: path, open: () => ctx.feed.branch(tenantId, path, movedSinceMs) }),
      }),
    resolve: fresh,
  }),
}));
