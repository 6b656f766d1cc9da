/** The subscriptions balanceChanged, lockChanged and branchChanged. */

import type { BalanceEvent } from '../../src/feed/feed.ts';
import type { Stream } from '../../src/kernel/stream.ts';
import { builder } from '../core/builder.ts';
import type { Context } from '../core/context.ts';
import { accountRow, entryRow } from '../core/prisma-rows.ts';
import { forget, reached } from '../core/scopes.ts';
import { Account } from '../credits/account.ts';
import { Entry } from '../credits/transfer.ts';
import { SubscriptionRights, type WatchedPanel } from './rights.ts';
import { watched } from './watched-stream.ts';

const AT_THIS_VERSION =
  'balance, version, locked, lockedSince and lowBalance are those at this version; its other fields are those of now. A cache must let no older version replace a newer one.';

const BalanceChange = builder.objectRef<BalanceEvent>('BalanceChange').implement({
  description: 'A change of an account, or its present state, which has delta 0, no entry, and the time of the last change.',
  ...reached('account', 'version', 'balance', 'delta', 'locked', 'lowBalance', 'at', 'entry'),
  fields: (t) => ({
    account: t.field({ type: Account, description: `The account: ${AT_THIS_VERSION}`, resolve: ({ account }) => accountRow(account) }),
    version: t.field({ type: 'Version', description: 'The number of the change.', resolve: ({ account }) => account.version }),
    balance: t.field({ type: 'Credits', description: 'The balance it left.', resolve: ({ account }) => account.balance }),
    delta: t.expose('delta', { type: 'CreditsDelta', description: 'Credits that came in; negative: that went out.' }),
    locked: t.boolean({ description: 'Whether it left the panel locked.', resolve: ({ account }) => account.balance === 0 }),
    lowBalance: t.boolean({
      description: 'Whether it left the balance at or below the reserve threshold.',
      resolve: ({ account }) => account.balance <= account.reserveThreshold,
    }),
    at: t.field({ type: 'DateTime', description: 'When the account changed.', resolve: ({ account }) => new Date(account.changedAtMs) }),
    entry: t.field({
      type: Entry,
      nullable: true,
      description: 'The entry of the statement; null for the present state.',
      resolve: entryRow,
    }),
  }),
});

const LockChange = builder.objectRef<BalanceEvent>('LockChange').implement({
  description: 'A change that locked or unlocked a panel, or its present state.',
  ...reached('account', 'version', 'locked', 'at'),
  fields: (t) => ({
    account: t.field({ type: Account, description: `The account: ${AT_THIS_VERSION}`, resolve: ({ account }) => accountRow(account) }),
    version: t.field({ type: 'Version', description: 'The number of the change.', resolve: ({ account }) => account.version }),
    locked: t.boolean({ description: 'Whether it left the panel locked.', resolve: ({ account }) => account.balance === 0 }),
    at: t.field({ type: 'DateTime', description: 'When the account changed.', resolve: ({ account }) => new Date(account.changedAtMs) }),
  }),
});

const PANEL = "A panel of the viewer's branch; the viewer's own when not given. The platform must name one.";
const AFTER = 'Every change numbered above this, from the journal, then live; 0: all. Not given: the present state first.';

async function subscribeTo(ctx: Context, panel: WatchedPanel): Promise<Stream<BalanceEvent>> {
  const stream = await watched(new SubscriptionRights(ctx, panel));
  // The context stays for as long as the subscription, and what the scopes concluded to open it is of no more use.
  forget(ctx);
  return stream;
}

/** One account's stream: goes on while the viewer's own panel is locked, if it is the viewer's own. */
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

/** What an earlier event concluded and loaded must not answer this one. */
function fresh(event: BalanceEvent, _args: unknown, ctx: Context): BalanceEvent {
  forget(ctx);
  return event;
}

builder.subscriptionFields((t) => ({
  balanceChanged: t.field({
    type: BalanceChange,
    description:
      'Every change of one account, in version order, none missing and none twice. Without `after`: the present state first (entry null), then each change. With `after: v`: every change numbered above v, from the journal, then live; `after: 0` replays all, `after` above the present is BAD_USER_INPUT. Goes on while the own panel is locked.',
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
    description: 'The changes that lock or unlock the panel, with the same start and resume as balanceChanged.',
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
      'The newest state of any panel in the branch (self and below) as it changes; fast bursts may be merged to the newest; nothing is sent at the start. Not for a locked panel.',
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
