/** The types Reseller, ResellerLimits and BranchSummary. */

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
    resellers: t.exposeInt('resellers', { description: 'The number of open panels, including the panel itself.' }),
    lockedResellers: t.exposeInt('lockedResellers', { description: 'The number of open panels whose balance is 0.' }),
    creditsHeld: t.expose('creditsHeld', { type: 'Credits', description: 'The sum of the balances.' }),
    creditsConsumed: t.expose('creditsConsumed', {
      type: 'Credits',
      description: 'Credits spent on customers, less refunds and undone spends.',
    }),
    activeCustomers: t.int({
      description: 'The number of customers with the status ACTIVE.',
      complexity: STATEMENT_COMPLEXITY,
      resolve: (summary, _args, ctx) => loadersOf(ctx).activeCustomers.load(branchRoot(summary)),
    }),
  }),
});

function branchRoot({ tenantId, path }: BranchRoot): BranchRoot {
  return { tenantId, path };
}

export const MAY_CREATE = 'Whether the panel and panels below it may create resellers.';
export const MAX_RESELLERS = 'The most open panels below the panel. Null for no limit.';
export const MAX_CUSTOMERS = 'The most customers with the status ACTIVE, of the panel and the panels below it together. Null for no limit.';
export const MAX_TRIALS = 'The most trials in any 24 hours, of the panel and the panels below it together. Null for no limit.';
export const MAX_SCREENS = 'The most screens of any one customer of the panel or a panel below it. Null for no limit.';

const ResellerLimits = builder.objectRef<Limits>('ResellerLimits').implement({
  description: 'The limits that the parent has set for a panel and everything below it (R56).',
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
  description:
    'A panel: a reseller in the tree. It has credits, spends them on its customers, and transfers them to the panels directly below.',
  interfaces: [Node],
  ...reached('id', 'name', 'status', 'statusReason', 'depth', 'createdAt', 'parent', 'account'),
  fields: (t) => ({
    id: t.id(idField('Reseller', (reseller) => reseller)),
    name: t.exposeString('name', { description: 'The name of the panel.' }),
    status: t.field({
      type: ResellerStatus,
      description: 'Whether the panel is open, suspended or closed.',
      complexity: STATEMENT_COMPLEXITY,
      resolve: async (reseller, _args, ctx) => {
        if (reseller.closedAt !== null) return 'CLOSED';
        return (await loadersOf(ctx).suspension.load(branchRoot(reseller))) === null ? 'ACTIVE' : 'SUSPENDED';
      },
    }),
    statusReason: t.string({
      nullable: true,
      description: 'Why the panel, or the panel above whose suspension covers it, was suspended. Null if it is not suspended.',
      complexity: STATEMENT_COMPLEXITY,
      resolve: async (reseller, _args, ctx) => {
        if (reseller.closedAt !== null) return null;
        return (await loadersOf(ctx).suspension.load(branchRoot(reseller)))?.reason ?? null;
      },
    }),
    depth: t.exposeInt('depth', { description: 'The number of levels below the root of the tenant, 0 to 10.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the panel was created.' }),
    account: t.relation('account', { nullable: false, onNull: 'error', description: "The account with the panel's credits." }),
    limits: t.field({
      type: ResellerLimits,
      nullable: true,
      description: 'The limits that the parent has set for this panel. Null if it has set none (R56).',
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
  { type: Reseller, name: 'ResellerConnection', description: 'A page of panels.' },
  { name: 'ResellerEdge', description: 'A panel and its cursor.' },
);
