/** The type Reseller. */

import type { BranchRoot, BranchSummary as Summary } from '../../src/domain/reseller/branch-summary.ts';
import type { Limits } from '../../src/kernel/limits.ts';
import { builder } from '../core/builder.ts';
import { ResellerStatus } from '../core/enums.ts';
import { STATEMENT_COMPLEXITY } from '../core/limits.ts';
import { loadersOf } from '../core/loaders.ts';
import { idField, Node } from '../core/node.ts';
import { reached } from '../core/scopes.ts';

const BranchSummary = builder.objectRef<Summary & BranchRoot>('BranchSummary').implement({
  description: 'Sums over a panel and everything below it.',
  ...reached('resellers', 'lockedResellers', 'creditsHeld', 'creditsConsumed', 'activeCustomers'),
  fields: (t) => ({
    resellers: t.exposeInt('resellers', { description: 'Open panels, the first one included.' }),
    lockedResellers: t.exposeInt('lockedResellers', { description: 'Open panels whose balance is 0.' }),
    creditsHeld: t.expose('creditsHeld', { type: 'Credits', description: 'The sum of their balances.' }),
    creditsConsumed: t.expose('creditsConsumed', { type: 'Credits', description: 'What they have spent on customers, net of refunds.' }),
    activeCustomers: t.int({
      description: 'Their customers with the status ACTIVE.',
      complexity: STATEMENT_COMPLEXITY,
      resolve: (summary, _args, ctx) => loadersOf(ctx).activeCustomers.load(branchRoot(summary)),
    }),
  }),
});

function branchRoot({ tenantId, path }: BranchRoot): BranchRoot {
  return { tenantId, path };
}

export const MAY_CREATE = 'Whether it, or a panel below it, may create resellers.';
export const MAX_RESELLERS = 'The most open panels below it; null: not limited.';
export const MAX_CUSTOMERS = 'The most customers with the status ACTIVE, of it and of the panels below it; null: not limited.';
export const MAX_TRIALS = 'The most trials in any 24 hours, of it and of the panels below it; null: not limited.';
export const MAX_SCREENS = 'The most screens of a customer, of it or of a panel below it; null: not limited.';

const ResellerLimits = builder.objectRef<Limits>('ResellerLimits').implement({
  description: 'What a panel may do at most, with everything below it, as the panel directly above has set it.',
  ...reached('mayCreateResellers', 'maxResellers', 'maxCustomers', 'maxTrialsPerDay', 'maxScreensPerCustomer'),
  fields: (t) => ({
    mayCreateResellers: t.exposeBoolean('mayCreateResellers', { description: MAY_CREATE }),
    maxResellers: t.exposeInt('maxResellers', { nullable: true, description: MAX_RESELLERS }),
    maxCustomers: t.exposeInt('maxCustomers', { nullable: true, description: MAX_CUSTOMERS }),
    maxTrialsPerDay: t.exposeInt('maxTrialsPerDay', { nullable: true, description: MAX_TRIALS }),
    maxScreensPerCustomer: t.exposeInt('maxScreensPerCustomer', { nullable: true, description: MAX_SCREENS }),
  }),
});

export const Reseller = builder.prismaObject('Reseller', {
  description: 'A panel of the tree: it holds credits, spends them on its customers, and hands them to the panels below it.',
  interfaces: [Node],
  ...reached('id', 'name', 'status', 'statusReason', 'depth', 'createdAt', 'parent', 'account'),
  fields: (t) => ({
    id: t.id(idField('Reseller', (reseller) => reseller)),
    name: t.exposeString('name', { description: 'What it is called.' }),
    status: t.field({
      type: ResellerStatus,
      description: 'Whether it may work.',
      complexity: STATEMENT_COMPLEXITY,
      resolve: async (reseller, _args, ctx) => {
        if (reseller.closedAt !== null) return 'CLOSED';
        return (await loadersOf(ctx).suspension.load(branchRoot(reseller))) === null ? 'ACTIVE' : 'SUSPENDED';
      },
    }),
    statusReason: t.string({
      nullable: true,
      description: 'Why it, or the panel above that it is suspended with, was suspended; null when it is not.',
      complexity: STATEMENT_COMPLEXITY,
      resolve: async (reseller, _args, ctx) => {
        if (reseller.closedAt !== null) return null;
        return (await loadersOf(ctx).suspension.load(branchRoot(reseller)))?.reason ?? null;
      },
    }),
    depth: t.exposeInt('depth', { description: 'Levels below the root of its tenant: 0 to 10.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    account: t.relation('account', { nullable: false, onNull: 'error', description: 'The account that holds the credits of the panel.' }),
    limits: t.field({
      type: ResellerLimits,
      nullable: true,
      description: 'What this panel may do at most, as the panel directly above has set it; null: nothing is limited here.',
      authScopes: { unlocked: true },
      resolve: (reseller) => (reseller.limited ? reseller : null),
    }),
    branch: t.field({
      type: BranchSummary,
      nullable: true,
      description: 'Sums over the panel and everything below it.',
      authScopes: { unlocked: true },
      complexity: STATEMENT_COMPLEXITY,
      resolve: async (reseller, _args, ctx) => {
        const root = branchRoot(reseller);
        return { ...(await loadersOf(ctx).branchSummary.load(root)), ...root };
      },
    }),
  }),
});

export const ResellerConnection = builder.connectionObject(
  { type: Reseller, name: 'ResellerConnection', description: 'Panels of a list.' },
  { name: 'ResellerEdge', description: 'A panel and its place in the list.' },
);
