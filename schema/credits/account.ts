/** The type Account. */

import { builder } from '../core/builder.ts';
import { STATEMENT_COMPLEXITY } from '../core/limits.ts';
import { loadersOf } from '../core/loaders.ts';
import { idField, Node } from '../core/node.ts';
import { ownOrUnlocked, reached } from '../core/scopes.ts';

export const Account = builder.prismaObject('Account', {
  description: "A panel's credits. Every change of the balance is an entry of its statement.",
  interfaces: [Node],
  ...reached('id', 'reseller', 'balance', 'version', 'locked', 'lockedSince', 'lowBalance', 'reserveThreshold', 'keepReserve', 'debt'),
  fields: (t) => ({
    id: t.id(idField('Account', (account) => account)),
    reseller: t.relation('reseller', { description: 'Whose account it is.' }),
    balance: t.expose('balance', { type: 'Credits', description: 'Credits it holds. They never expire.' }),
    version: t.expose('version', { type: 'Version', description: 'The number of its last change; 0 before the first.' }),
    locked: t.exposeBoolean('locked', { description: 'Whether the balance is 0: a locked panel can only buy credits.' }),
    lockedSince: t.expose('lockedSince', {
      type: 'DateTime',
      nullable: true,
      description: 'When the balance became 0; null when it is not.',
    }),
    lowBalance: t.boolean({
      description: 'Whether the balance is at or below the reserve threshold.',
      resolve: (account) => account.balance <= account.reserveThreshold,
    }),
    reserveThreshold: t.expose('reserveThreshold', { type: 'Credits', description: 'The balance at which `lowBalance` is raised.' }),
    keepReserve: t.boolean({
      description: 'Whether what would leave less than `reserveThreshold` is refused, unless its input says `useReserve`.',
      complexity: STATEMENT_COMPLEXITY,
      resolve: async ({ id, tenantId }, _args, ctx) => (await loadersOf(ctx).account.load({ tenantId, id }))?.reseller.keepReserve ?? false,
    }),
    debt: t.expose('debt', { type: 'Credits', description: 'Credits owed after a charged-back purchase: what comes in repays it first.' }),
    balanceAt: t.field({
      type: 'Credits',
      description: 'The balance at a time, changes at exactly that time included; 0 before the first.',
      authScopes: ownOrUnlocked,
      complexity: STATEMENT_COMPLEXITY,
      args: { time: t.arg({ type: 'DateTime', required: true, description: 'A time in the past; in the future it is as now.' }) },
      resolve: (account, { time }, ctx) =>
        loadersOf(ctx).balanceAt.load({ tenantId: account.tenantId, accountId: account.id, atMs: time.getTime() }),
    }),
  }),
});
