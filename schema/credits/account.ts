/** The type Account. */

import { builder } from '../core/builder.ts';
import { STATEMENT_COMPLEXITY } from '../core/limits.ts';
import { loadersOf } from '../core/loaders.ts';
import { idField, Node } from '../core/node.ts';
import { ownOrUnlocked, reached } from '../core/scopes.ts';

export const Account = builder.prismaObject('Account', {
  description: "The account with a panel's credits. Every change of the balance is an entry of its statement.",
  interfaces: [Node],
  ...reached('id', 'reseller', 'balance', 'version', 'locked', 'lockedSince', 'lowBalance', 'reserveThreshold', 'keepReserve', 'debt'),
  fields: (t) => ({
    id: t.id(idField('Account', (account) => account)),
    reseller: t.relation('reseller', { description: 'The panel that owns the account.' }),
    balance: t.expose('balance', { type: 'Credits', description: 'The credits that the account holds. They never expire (R4).' }),
    version: t.expose('version', { type: 'Version', description: 'The number of the last change; 0 before the first (R33).' }),
    locked: t.exposeBoolean('locked', { description: 'Whether the balance is 0. A locked panel can only buy credits (R7, R8).' }),
    lockedSince: t.expose('lockedSince', {
      type: 'DateTime',
      nullable: true,
      description: 'When the balance became 0. Null if the account is not locked.',
    }),
    lowBalance: t.boolean({
      description: 'Whether the balance is at or below `reserveThreshold` (R12).',
      resolve: (account) => account.balance <= account.reserveThreshold,
    }),
    reserveThreshold: t.expose('reserveThreshold', {
      type: 'Credits',
      description: 'The balance at or below which `lowBalance` is true (R12).',
    }),
    keepReserve: t.boolean({
      description:
        'Whether a spend that would leave less than `reserveThreshold` is refused with WOULD_USE_RESERVE, unless its input sets `useReserve` (R57).',
      complexity: STATEMENT_COMPLEXITY,
      resolve: async ({ id, tenantId }, _args, ctx) => (await loadersOf(ctx).account.load({ tenantId, id }))?.reseller.keepReserve ?? false,
    }),
    debt: t.expose('debt', {
      type: 'Credits',
      description: 'Credits owed after a charge-back. Incoming credits repay the debt first (R29).',
    }),
    balanceAt: t.field({
      type: 'Credits',
      description: 'The balance at a given time, including changes at exactly that time. 0 before the first change.',
      authScopes: ownOrUnlocked,
      complexity: STATEMENT_COMPLEXITY,
      args: {
        time: t.arg({ type: 'DateTime', required: true, description: 'A time in the past. A future time returns the present balance.' }),
      },
      resolve: (account, { time }, ctx) =>
        loadersOf(ctx).balanceAt.load({ tenantId: account.tenantId, accountId: account.id, atMs: time.getTime() }),
    }),
  }),
});
