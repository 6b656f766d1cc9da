/** The types Plan and PlanSuggestion, a panel's and a customer's plan, and the mutation setPlans. */

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

const NAME = 'What customers call it.';
const PERIODS = 'For how many periods of 30 days it is.';
const SCREENS = 'For how many screens it is.';
const PRICE = 'What a customer pays for it.';
const CURRENCY = 'ISO 4217, as BRL.';

export const Plan = builder.objectRef<PlanRow>('Plan').implement({
  description: 'What a panel asks of its customers: so much money for so many periods and screens. Seen by that panel only.',
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
  description: 'A plan of the panel above, for a panel that has none of its own. It counts for nothing until it is set as one.',
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
    description: "What the panel asks of its customers, in its order. null: it is not the viewer's own panel.",
    authScopes: { unlocked: true },
    complexity: STATEMENT_COMPLEXITY,
    select: { tenantId: true, id: true },
    resolve: ({ id, tenantId }, _args, ctx) => (isOwn(ctx, { tenantId, id }) ? plansOf(ctx.ports.sql, { tenantId, id }) : null),
  }),
  suggestedPlans: t.field({
    type: [PlanSuggestion],
    nullable: true,
    description:
      "The plans of the panel above, while this one has none; empty: there is nothing to suggest. null: it is not the viewer's own panel.",
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
    description: "The customer's plan, of its own panel. null: it has none, or not any more.",
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
  description: 'One plan of a list.',
  fields: (t) => ({
    id: t.id({
      description: 'The id of a plan that stays, changed or not, and with it the plan of its customers; without it, the plan is new.',
    }),
    name: t.string({ required: true, description: '1 to 100 characters.' }),
    periods: t.int({ required: true, description: 'Periods of 30 days, 1 to 36.' }),
    screens: t.int({ required: true, defaultValue: 1, description: 'Screens, 1 to 1000.' }),
    priceMinor: t.field({ type: 'MinorUnits', required: true, description: 'What a customer pays for it: 1 or more.' }),
  }),
});

const SetPlansInput = builder.inputType('SetPlansInput', {
  description: 'The plans of your panel, as a whole.',
  fields: (t) => ({
    currency: t.string({ required: true, description: 'Of all prices: ISO 4217 in upper case, as BRL.' }),
    plans: t.field({ type: [PlanInput], required: true, description: `Up to ${MAX_PLANS}, in the order in which they are shown.` }),
  }),
});

const SetPlansPayload = builder.objectRef<readonly PlanRow[]>('SetPlansPayload').implement({
  description: 'The plans are as given.',
  ...reached('plans'),
  fields: (t) => ({ plans: t.field({ type: [Plan], description: 'The list, in its order.', resolve: (list) => list }) }),
});

mutation('setPlans', {
  description: 'Replaces what your panel asks of its customers. For OWNERs.',
  who: { role: PLAN_ROLES },
  input: SetPlansInput,
  argument: 'The new list.',
  payload: SetPlansPayload,
  refusals: [Forbidden, InvalidInput, PanelLocked, NotFound],
  result: 'The list, or why it was not taken.',
  run: ({ currency, plans }, ctx) => {
    const named = plans.map(({ id, ...plan }) => ({
      ...plan,
      plan: id === null || id === undefined ? undefined : decodeIdOf(ctx, 'Plan', id),
    }));
    return setPlans(ctx.ports, actingOf(ctx), { currency, plans: named });
  },
});
