/** The types Plan and PlanSuggestion, the plans of panels and customers, and the mutation setPlans (R52). */

import { type Plan as PlanRow, plansOf, suggestedPlans } from '../../src/domain/plan/plans.ts';
import { MAX_PLANS, PLAN_ROLES, setPlans } from '../../src/domain/plan/set-plans.ts';
import { Forbidden, InvalidInput, NotFound, PanelLocked } from '../../src/kernel/errors.ts';
import { builder } from '../core/builder.ts';
import type { Context } from '../core/context.ts';
import { decodeIdOf, type Named } from '../core/global-id.ts';
import { STATEMENT_COMPLEXITY } from '../core/limits.ts';
import { loadersOf } from '../core/loaders.ts';
import { mutation } from '../core/mutation.ts';
import { idField, Node } from '../core/node.ts';
import { actingOf, isOwn, reached } from '../core/scopes.ts';
import { Reseller } from '../resellers/reseller.ts';
import { Customer } from './customer.ts';

const NAME = 'The name that customers see.';
const PERIODS = 'The number of 30-day periods.';
const SCREENS = 'The number of screens.';
const PRICE = 'The price for a customer, in minor units of `currency`.';
const CURRENCY = 'The currency in ISO 4217, for example BRL.';

export const Plan = builder.objectRef<PlanRow>('Plan').implement({
  description: 'A price that a panel charges its customers for a number of periods and screens (R52). Only that panel sees it.',
  interfaces: [Node],
  ...reached('id', 'name', 'periods', 'screens', 'priceMinor', 'currency'),
  fields: (t) => ({
    id: t.id(idField('Plan', (plan) => plan)),
    name: t.exposeString('name', { description: NAME }),
    periods: t.exposeInt('periods', { description: PERIODS }),
    screens: t.exposeInt('screens', { description: SCREENS }),
    priceMinor: t.expose('priceMinor', { type: 'MinorUnits', description: PRICE }),
    currency: t.exposeString('currency', { description: CURRENCY }),
  }),
});

const PlanSuggestion = builder.objectRef<Omit<PlanRow, 'id'>>('PlanSuggestion').implement({
  description: 'A plan of the parent, suggested to a panel without plans. It has no effect until the panel sets it with setPlans (R52).',
  ...reached('name', 'periods', 'screens', 'priceMinor', 'currency'),
  fields: (t) => ({
    name: t.exposeString('name', { description: NAME }),
    periods: t.exposeInt('periods', { description: PERIODS }),
    screens: t.exposeInt('screens', { description: SCREENS }),
    priceMinor: t.expose('priceMinor', { type: 'MinorUnits', description: PRICE }),
    currency: t.exposeString('currency', { description: CURRENCY }),
  }),
});

builder.prismaObjectFields(Reseller, (t) => ({
  plans: t.field({
    type: [Plan],
    nullable: true,
    description: "The panel's plans, in the order in which it set them. Null if it is not the viewer's own panel.",
    authScopes: { unlocked: true },
    complexity: STATEMENT_COMPLEXITY,
    select: { tenantId: true, id: true },
    resolve: ({ id, tenantId }, _args, ctx) => (isOwn(ctx, { tenantId, id }) ? plansOf(ctx.ports.sql, { tenantId, id }) : null),
  }),
  suggestedPlans: t.field({
    type: [PlanSuggestion],
    nullable: true,
    description:
      "The parent's plans, as suggestions while this panel has none. Empty if there is nothing to suggest. Null if it is not the viewer's own panel.",
    authScopes: { unlocked: true },
    complexity: STATEMENT_COMPLEXITY,
    select: { tenantId: true, id: true },
    resolve: ({ id, tenantId }, _args, ctx) => (isOwn(ctx, { tenantId, id }) ? suggestedPlans(ctx.ports.sql, { tenantId, id }) : null),
  }),
}));

builder.prismaObjectField(Customer, 'plan', (t) =>
  t.field({
    type: Plan,
    nullable: true,
    description: "The customer's plan. Null if it has none, or if the plan was removed or belongs to a former panel.",
    authScopes: { unlocked: true },
    complexity: STATEMENT_COMPLEXITY,
    select: { tenantId: true, planId: true, resellerId: true },
    resolve: async ({ planId, resellerId, tenantId }, _args, ctx) => {
      const plan = planId === null ? null : await loadersOf(ctx).plan.load({ tenantId, id: planId });
      return plan?.resellerId === resellerId && isOwn(ctx, { tenantId, id: resellerId }) ? plan : null;
    },
  }),
);

export async function findPlan(ctx: Context, { id, tenantId }: Named): Promise<PlanRow | null> {
  const plan = await loadersOf(ctx).plan.load({ tenantId, id });
  return plan !== null && isOwn(ctx, { tenantId, id: plan.resellerId }) ? plan : null;
}

const PlanInput = builder.inputType('PlanInput', {
  description: 'One plan of the list.',
  fields: (t) => ({
    id: t.id({
      description: 'The id of an existing plan to keep or change. Its customers keep it. If not given, the plan is new.',
    }),
    name: t.string({ required: true, description: 'The name that customers see: 1 to 100 characters.' }),
    periods: t.int({ required: true, description: 'The number of 30-day periods, 1 to 36.' }),
    screens: t.int({ required: true, defaultValue: 1, description: 'The number of screens, 1 to 1000.' }),
    priceMinor: t.field({ type: 'MinorUnits', required: true, description: 'The price in minor units of `currency`: 1 or more.' }),
  }),
});

const SetPlansInput = builder.inputType('SetPlansInput', {
  description: 'The whole list of your plans.',
  fields: (t) => ({
    currency: t.string({ required: true, description: 'The currency of all prices: ISO 4217 in upper case, for example BRL.' }),
    plans: t.field({ type: [PlanInput], required: true, description: `Up to ${MAX_PLANS} plans, in the order in which they are shown.` }),
  }),
});

const SetPlansPayload = builder.objectRef<readonly PlanRow[]>('SetPlansPayload').implement({
  description: 'The plans were replaced.',
  ...reached('plans'),
  fields: (t) => ({ plans: t.field({ type: [Plan], description: 'The new list of plans, in order.', resolve: (list) => list }) }),
});

mutation('setPlans', {
  description: 'Replaces the list of your plans (R52). Plans that the new list does not name are removed. For OWNER.',
  who: { role: PLAN_ROLES },
  input: SetPlansInput,
  argument: 'The new list.',
  payload: SetPlansPayload,
  refusals: [Forbidden, InvalidInput, PanelLocked, NotFound],
  result: 'The new list, or why it was not changed.',
  run: ({ currency, plans }, ctx) => {
    const named = plans.map(({ id, ...plan }) => ({
      ...plan,
      plan: id === null || id === undefined ? undefined : decodeIdOf(ctx, 'Plan', id),
    }));
    return setPlans(ctx.ports, actingOf(ctx), { currency, plans: named });
  },
});
